"""Allocation: which debit of a lettering is settled by which credit of it, and by how much."""

from collections.abc import Sequence

from msgspec import Struct


class Allocation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`amount` (positive) of one part, a debit, is settled by another, a credit.

    `debit` and `credit` are places in the parts of the lettering, from 0.
    """

    debit: int
    credit: int
    amount: int


def allocate(amounts: Sequence[int], kin: Sequence[str] = ()) -> tuple[Allocation, ...]:
    """Pairs debits (positive) with credits (negative), Σ = 0, until nothing is left of either.

    Parts of one `kin` (an invoice and what reduces it) settle each other first; then each side in
    the order given.
    """
    debits = {nth: amount for nth, amount in enumerate(amounts) if amount > 0}
    credits_ = {nth: -amount for nth, amount in enumerate(amounts) if amount < 0}
    family = kin or ("",) * len(amounts)
    related = [
        (debit, credit)
        for debit in debits
        for credit in credits_
        if family[debit] and family[debit] == family[credit]
    ]
    first = [_take(debit, credit, debits, credits_) for debit, credit in related]
    return tuple(found for found in (*first, *_in_order(debits, credits_)) if found.amount)


def tells_itself(amounts: Sequence[int]) -> bool:
    """Whether one side is a single part, so that nothing needs to be said of the pairs."""
    return min(sum(amount > 0 for amount in amounts), sum(amount < 0 for amount in amounts)) <= 1


def _in_order(debits: dict[int, int], credits_: dict[int, int]) -> list[Allocation]:
    """What is left of each side, one after the other: in one walk, however many there are."""
    found: list[Allocation] = []
    waiting = [nth for nth, amount in credits_.items() if amount][::-1]
    for debit in [nth for nth, amount in debits.items() if amount]:
        while debits[debit] and waiting:
            found.append(_take(debit, waiting[-1], debits, credits_))
            if not credits_[waiting[-1]]:
                waiting.pop()
    return found


def _take(debit: int, credit: int, debits: dict[int, int], credits_: dict[int, int]) -> Allocation:
    amount = min(debits[debit], credits_[credit])
    debits[debit] -= amount
    credits_[credit] -= amount
    return Allocation(debit=debit, credit=credit, amount=amount)
