"""The suspense account must be at zero before a period is closed or locked: what stands on it.

Its balance counts whatever was posted there: payments, what left it, and entries written by hand.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from domain.book.event import Recorded
from domain.book.refusal import Refused, words
from domain.ledger.entry import EntryPosted, suspense_tag
from domain.values.money import written

SHOWN = 50
MONTHS_BACK = 120
"""How far back a book that was never locked is looked through, in months."""
OWN: dict[str, str] = {"payment_reversal": "payment"}
"""Kinds whose entries undo those of another kind's document."""


class SuspenseLine(Struct, frozen=True, kw_only=True):
    """What a document leaves on the suspense account: debit minus credit, in minor units.

    `position` is that of its first entry, `day` the day of it.
    """

    kind: str
    document_id: str
    number: str
    position: int
    day: date
    amount: int
    currency: str


class SuspenseIsNotEmpty(Refused, frozen=True, kw_only=True):
    """The suspense account has a balance on a day; `lines` names the first documents on it."""

    code = "suspense_not_empty"
    rule = "C4"
    text = words(
        en="The suspense account has a balance of {balance} on {until}, from {count} documents: "
        "assign them first.",
        fr="Le compte d'attente a un solde de {balance} au {until}, venant de {count} pièces : "
        "affectez-les d'abord.",
        nl="De wachtrekening heeft een saldo van {balance} op {until}, uit {count} stukken: wijs "
        "ze eerst toe.",
    )

    balance: str
    count: int
    until: date
    lines: tuple[SuspenseLine, ...]


def check_empty(lines: Iterable[SuspenseLine], until: date) -> SuspenseIsNotEmpty | None:
    """Refuses a period up to a day while the balance of that day is not zero in each currency."""
    waiting = sorted((line for line in lines if line.amount), key=lambda line: line.position)
    balances: dict[str, int] = {}
    for line in waiting:
        balances[line.currency] = balances.get(line.currency, 0) + line.amount
    left = {currency: amount for currency, amount in balances.items() if amount}
    waiting = [line for line in waiting if line.currency in left]
    if not waiting:
        return None
    return SuspenseIsNotEmpty(
        balance=", ".join(f"{written(left[each], each)} {each}" for each in sorted(left)),
        count=len(waiting),
        until=until,
        lines=tuple(waiting[:SHOWN]),
        position=waiting[0].position,
        pointer="/until",
    )


def months(after: date | None, until: date) -> list[str]:
    """The tags of the months from the last locked day to `until`, the newest first."""
    tags: list[str] = []
    day = until.replace(day=1)
    least = after.replace(day=1) if after is not None else None
    while len(tags) < MONTHS_BACK and (least is None or day >= least):
        tags.append(suspense_tag(day))
        day = _month_before(day)
    return tags


def standing(
    facts: Iterable[Recorded], account: str, after: date | None, until: date
) -> Mapping[tuple[str, str, str], SuspenseLine]:
    """What each document left on the account in the days behind `after`, up to `until`."""
    found: dict[tuple[str, str, str], SuspenseLine] = {}
    for fact in sorted(facts, key=lambda fact: fact.position):
        entry = fact.event
        if not isinstance(entry, EntryPosted) or entry.date > until:
            continue
        if after is not None and entry.date <= after:
            continue
        amount = sum(line.debit - line.credit for line in entry.lines if line.account == account)
        kind = OWN.get(entry.document.kind, entry.document.kind)
        key = kind, entry.document.id, entry.currency
        before = found.get(key)
        found[key] = SuspenseLine(
            kind=kind,
            document_id=entry.document.id,
            number=before.number if before is not None else entry.document.number,
            position=before.position if before is not None else fact.position,
            day=before.day if before is not None else entry.date,
            amount=amount + (before.amount if before is not None else 0),
            currency=entry.currency,
        )
    return found


def _month_before(day: date) -> date:
    return date(day.year - (day.month == 1), 12 if day.month == 1 else day.month - 1, 1)
