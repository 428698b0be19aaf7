"""Proposals: what a line of the bank may settle, in the order in which it is likely (C4, C7).

Pure: the same line and the same open items give the same proposals. Nothing is proposed beyond what
is open, and money that goes out never settles a customer's invoice: only a credit note is refunded.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from domain.treasury.explaining import Rule, explain
from domain.treasury.named_numbers import names
from domain.treasury.proposal import (
    CONFIDENCE,
    BankLine,
    Known,
    Open,
    Proposal,
    Settling,
    Side,
)
from domain.treasury.subset_sums import subsets
from domain.values.structured import find_structured

MOST_PROPOSALS = 10
REFUNDABLE = {"customers": ("credit_note",), "suppliers": ("bill_credit_note",)}


def propose(line: BankLine, known: Known) -> list[Proposal]:
    """The proposals for a line, the most likely first, each way to settle once."""
    found: dict[object, Proposal] = {}
    for rule in RULES:
        for proposal in rule(line, known):
            what = proposal.account, proposal.party, proposal.items
            if what not in found or found[what].confidence < proposal.confidence:
                found[what] = proposal
    ordered = sorted(found.values(), key=lambda each: -each.confidence)
    return ordered[:MOST_PROPOSALS]


def third_party(line: BankLine, proposals: Sequence[Proposal], known: Known) -> Proposal | None:
    """The proposal that says for certain whose a line is, even where not what it settles."""
    best = proposals[0] if proposals else None
    if best is not None and best.party and best.is_certain:
        rivals = {each.party for each in proposals if each.confidence == best.confidence}
        return best if len(rivals) == 1 else None
    parties = {(each.party, each.side) for each in known.acquaintances}
    side = "customers" if line.amount > 0 else "suppliers"
    if len(parties) != 1 or next(iter(parties))[1] != side:
        return None
    return next((each for each in proposals if each.party), None)


def _by_structured(line: BankLine, known: Known) -> Iterator[Proposal]:
    typed = find_structured(line.communication)
    said = {line.structured} if line.structured else set(typed)
    items = [item for item in known.items if item.reference and item.reference in said]
    who = {each.party for each in known.acquaintances}
    groups = list(_groups(line, items))
    for group in groups:
        rule: Rule = "structured" if line.structured else "structured_in_text"
        if group[0].party in who and line.structured:
            rule = "structured_and_account"
        alone = len(groups) == 1 or rule == "structured_and_account"
        yield _settle(line, group, rule, None if alone else CONFIDENCE["numbers_in_part"])
    if not groups:
        yield from _paid_before(line, items)


def _paid_before(line: BankLine, items: Sequence[Open]) -> Iterator[Proposal]:
    """The communication of what is settled already: paid twice, and certainly by that party."""
    paid = [
        item
        for item in items
        if not item.open and item.currency == line.currency and _could_pay(line, item)
    ]
    if len({(item.party, item.account) for item in paid}) == 1:
        yield _advance(line, paid[0], "paid_before")


def _by_numbers(line: BankLine, known: Known) -> Iterator[Proposal]:
    named = names(line.communication, [(item.number, item.kind) for item in known.items])
    items = [item for item in known.items if item.number in named]
    groups = list(_groups(line, items, netted=True))
    for group in groups:
        exact = sum(item.open for item in group) == line.amount
        rule: Rule = "numbers" if exact and len(groups) == 1 else "numbers_in_part"
        yield _settle(line, group, rule)


def _by_amount(line: BankLine, known: Known) -> Iterator[Proposal]:
    items = _of_acquaintances(known)
    exact = [item for item in items if item.open == line.amount and _payable(line, item)]
    if len(exact) == 1:
        yield _settle(line, exact, "account_and_amount")
    elif exact:
        yield _settle(line, _oldest_first(exact)[:1], "account_and_one_of")


def _by_sum(line: BankLine, known: Known) -> Iterator[Proposal]:
    for group in _groups(line, _of_acquaintances(known), netted=True):
        found = subsets([item.open for item in group], line.amount)
        for chosen in found:
            items = [group[at] for at in chosen]
            if len(items) < 2 or not _refunds(line, items):
                continue
            rule: Rule = "account_and_sum" if len(found) == 1 else "account_and_one_of"
            yield _settle(line, items, rule)


def _by_account(line: BankLine, known: Known) -> Iterator[Proposal]:
    for each in known.acquaintances:
        if each.side == ("customers" if line.amount > 0 else "suppliers"):
            yield Proposal(
                rule="account",
                confidence=CONFIDENCE["account"],
                side=each.side,
                account="",
                party=each.party,
                party_name=each.party_name,
                left=line.amount,
                explanation=explain("account", party=each.party_name),
            )


def _between_banks(line: BankLine, known: Known) -> Iterator[Proposal]:
    if known.own and known.transfers:
        yield _on_account(known.transfers, line, "internal_transfer")


def _charged(line: BankLine, known: Known) -> Iterator[Proposal]:
    """Costs that the bank takes for itself: CODA family 35 or 80, ISO 20022 …/CHRG, SWIFT NCHG."""
    of_bank = line.code[1:3] in {"35", "80"} and line.code.isdigit()
    said = of_bank or "CHRG" in line.code or line.code in {"NCHG", "NCOM"}
    if said and line.amount < 0 and not line.counterparty.iban and known.charges:
        yield _on_account(known.charges, line, "charges")


RULES: tuple[Callable[[BankLine, Known], Iterator[Proposal]], ...] = (
    _by_structured,
    _by_numbers,
    _by_amount,
    _by_sum,
    _by_account,
    _between_banks,
    _charged,
)


def _groups(line: BankLine, items: Iterable[Open], *, netted: bool = False) -> Iterator[list[Open]]:
    """The items that one line can settle together: of one account and party, the oldest first.

    `netted`: with what reduces them (credit notes); without, only what the money itself pays.
    """
    wanted = [item for item in items if _belongs(line, item) and (netted or _payable(line, item))]
    ordered = sorted(wanted, key=lambda item: (item.account, item.party))
    for _, kin in groupby(ordered, key=lambda item: (item.account, item.party)):
        group = _oldest_first(kin)
        if any(_payable(line, item) for item in group) and _refunds(line, group):
            yield group


def _oldest_first(items: Iterable[Open]) -> list[Open]:
    return sorted(items, key=lambda item: (item.due_date, item.entry, item.line))


def _of_acquaintances(known: Known) -> list[Open]:
    who = {(each.party, each.side) for each in known.acquaintances}
    return [item for item in known.items if (item.party, item.side) in who]


def _belongs(line: BankLine, item: Open) -> bool:
    return item.currency == line.currency and item.open != 0


def _payable(line: BankLine, item: Open) -> bool:
    """Whether money of that direction pays the item, and does not only net it."""
    if not _belongs(line, item) or (item.open > 0) != (line.amount > 0):
        return False
    return _could_pay(line, item)


def _could_pay(line: BankLine, item: Open) -> bool:
    usual: Side = "customers" if line.amount > 0 else "suppliers"
    return item.side == usual or item.kind in REFUNDABLE[item.side]


def _refunds(line: BankLine, items: Sequence[Open]) -> bool:
    """Whether what is settled against the usual direction are refunds of credit notes alone."""
    return all(_could_pay(line, item) for item in items if (item.open > 0) == (line.amount > 0))


def _settle(
    line: BankLine, items: Sequence[Open], rule: Rule, confidence: int | None = None
) -> Proposal:
    """The line settles the items in order: what reduces them whole, the others while it lasts."""
    sign = 1 if line.amount > 0 else -1
    room = abs(line.amount) + sum(-sign * item.open for item in items if sign * item.open < 0)
    parts = []
    for item in items:
        amount = item.open if sign * item.open < 0 else sign * min(sign * item.open, room)
        room -= max(sign * amount, 0)
        if amount:
            parts.append(
                Settling(entry=item.entry, line=item.line, number=item.number, amount=amount)
            )
    first = items[0]
    numbers = ", ".join(dict.fromkeys(part.number for part in parts))
    return Proposal(
        rule=rule,
        confidence=CONFIDENCE[rule] if confidence is None else confidence,
        side=first.side,
        account=first.account,
        party=first.party,
        party_name=first.party_name,
        items=tuple(parts),
        left=sign * room,
        explanation=explain(rule, party=first.party_name, numbers=numbers),
    )


def _advance(line: BankLine, item: Open, rule: Rule) -> Proposal:
    return Proposal(
        rule=rule,
        confidence=CONFIDENCE[rule],
        side=item.side,
        account=item.account,
        party=item.party,
        party_name=item.party_name,
        left=line.amount,
        explanation=explain(rule, party=item.party_name, numbers=item.number),
    )


def _on_account(account: str, line: BankLine, rule: Rule) -> Proposal:
    return Proposal(
        rule=rule,
        confidence=CONFIDENCE[rule],
        side="account",
        account=account,
        left=line.amount,
        explanation=explain(rule),
    )
