"""Unticking one instalment: which payments settled it, and what of theirs stays (A2.3, M39)."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.book.refusal import Refused, words
from domain.treasury.lettering import EntriesLettered
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import NewPayment, PaymentRecorded
from domain.treasury.reversing import NewReversal
from domain.treasury.ticking import Owed

Place = tuple[int, int]
"""A line: the position of its entry, and its index from 0."""


class NewUntick(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which instalment (from 0) was not paid after all, why, and when its money went back."""

    instalment: int
    reason: str
    returned_on: date | None = None

    @property
    def reversal(self) -> NewReversal:
        """How its payments are taken back."""
        return NewReversal(reason=self.reason, returned_on=self.returned_on)


class Kept(Struct, frozen=True, kw_only=True):
    """What a payment settled beside the instalment: the lines to letter again, by lettering.

    A line of the payment itself stands among them by its entry.
    """

    groups: tuple[tuple[PartToLetter, ...], ...]
    own: int
    other: int


class InstalmentIsNotPaid(Refused, frozen=True, kw_only=True):
    """No payment settles the instalment, or there is no such instalment."""

    code = "instalment_not_paid"
    rule = "M39"
    text = words(
        en="No payment settles instalment {instalment} of {document_id}.",
        fr="Aucun paiement ne règle l'échéance {instalment} de {document_id}.",
        nl="Geen betaling vereffent termijn {instalment} van {document_id}.",
    )

    instalment: int
    document_id: str


class PaymentIsShared(Refused, frozen=True, kw_only=True):
    """The payment was assigned in parts and settles more: its letterings are undone one by one."""

    code = "payment_shared"
    rule = "M39"
    text = words(
        en="Payment {payment_id} was assigned in parts: undo its letterings instead.",
        fr="Le paiement {payment_id} a été ventilé : défaites plutôt ses lettrages.",
        nl="Betaling {payment_id} is verdeeld toegewezen: maak de afpuntingen ongedaan.",
    )

    payment_id: str


def find_line(owed: Owed, new: NewUntick) -> Place | InstalmentIsNotPaid:
    """The line of the document's entry that an instalment is, of which something is settled."""
    lines = [index for index, line in enumerate(owed.entry.lines) if line.party]
    if 0 <= new.instalment < len(lines) and owed.settled.get(lines[new.instalment], 0):
        return owed.position, lines[new.instalment]
    return not_paid(owed, new)


def not_paid(owed: Owed, new: NewUntick) -> InstalmentIsNotPaid:
    """The refusal of an instalment that no payment settles."""
    return InstalmentIsNotPaid(
        instalment=new.instalment,
        document_id=owed.document_id,
        position=owed.position,
        pointer="/instalment",
    )


def settled_by(lettering: EntriesLettered, place: Place) -> list[int]:
    """The entries of the lines with which a lettering settles a line, each once."""
    found = [other for this, other, _ in _both_ways(lettering) if this == place]
    return list(dict.fromkeys(entry for entry, _ in found))


def keep(letterings: Iterable[EntriesLettered], payment: int, place: Place) -> Kept:
    """What the letterings of a payment (its entry's position) settle without that line."""
    groups, own, other = [], 0, 0
    for lettering in letterings:
        amounts: dict[Place, int] = {}
        for this, that, amount in _both_ways(lettering):
            if this[0] == payment:
                own += amount if that == place else 0
                other += amount if that != place else 0
            if place in (this, that) and payment in (this[0], that[0]):
                continue
            amounts[this] = amounts.get(this, 0) + amount
        parts = tuple(
            PartToLetter(entry=entry, line=line, amount=amount)
            for (entry, line), amount in amounts.items()
        )
        groups += [parts] if parts else []
    return Kept(groups=tuple(groups), own=own, other=other)


def anew(paid: PaymentRecorded, own: int, day: date) -> NewPayment:
    """The payment as it was without what settled the instalment, on a day."""
    return NewPayment(
        direction=paid.direction,
        date=day,
        value_date=paid.value_date,
        amount=paid.amount - own,
        role=paid.role,
        party=paid.party,
        journal=paid.journal,
        currency=paid.currency,
        reference=paid.reference,
        label=paid.label,
        means=paid.means,
        counterparty=paid.counterparty,
        communication=paid.communication,
        structured=paid.structured,
    )


def moved(parts: Iterable[PartToLetter], payment: int, entry: int) -> tuple[PartToLetter, ...]:
    """The lines with those of the payment's entry standing on another entry, its second line."""
    return tuple(
        replace(part, entry=entry, line=1) if part.entry == payment else part for part in parts
    )


def _both_ways(lettering: EntriesLettered) -> list[tuple[Place, Place, int]]:
    """Each pair of lines that settle each other, seen from either."""
    found = []
    for pair in lettering.pairs:
        debit, credit = lettering.parts[pair.debit], lettering.parts[pair.credit]
        sides = (debit.entry, debit.line), (credit.entry, credit.line)
        found += [(*sides, pair.amount), (*sides[::-1], pair.amount)]
    return found
