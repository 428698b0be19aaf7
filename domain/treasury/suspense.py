"""The suspense account must be empty before a period is locked: what waits there, by month."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from domain.book.event import Recorded
from domain.book.refusal import Refused, words
from domain.treasury.assignment import PaymentAssigned
from domain.treasury.payment import PaymentRecorded, waiting_tag
from domain.treasury.reversal import PaymentReversed

SHOWN = 50
MONTHS_BACK = 120
"""How far back a book that was never locked is looked through, in months."""


class WaitingLine(Struct, frozen=True, kw_only=True):
    """A payment that nobody has claimed; `amount` is negative for money sent."""

    payment_id: str
    position: int
    day: date
    amount: int
    currency: str


class SuspenseIsNotEmpty(Refused, frozen=True, kw_only=True):
    """Payments of the period wait on the suspense account; `lines` names the first of them."""

    code = "suspense_not_empty"
    rule = "C4"
    text = words(
        en="{count} payments up to {until} wait on the suspense account: assign them first.",
        fr="{count} paiements jusqu'au {until} sont en compte d'attente : affectez-les d'abord.",
        nl="{count} betalingen tot {until} staan op de wachtrekening: wijs ze eerst toe.",
    )

    count: int
    until: date
    lines: tuple[WaitingLine, ...]


def check_empty(lines: Iterable[WaitingLine], until: date) -> SuspenseIsNotEmpty | None:
    """Refuses to lock up to a day while a payment of that time waits; its balance is zero then."""
    waiting = sorted((line for line in lines if line.day <= until), key=lambda line: line.position)
    if not waiting:
        return None
    return SuspenseIsNotEmpty(
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
        tags.append(waiting_tag(day))
        day = _month_before(day)
    return tags


def unclaimed(facts: Iterable[Recorded], until: date) -> dict[str, WaitingLine]:
    """What went on the suspense account and had not left it at the end of a day, by payment."""
    found: dict[str, WaitingLine] = {}
    for fact in facts:
        match fact.event:
            case PaymentRecorded() as paid:
                found[paid.payment_id] = WaitingLine(
                    payment_id=paid.payment_id,
                    position=fact.position,
                    day=paid.date,
                    amount=paid.amount if paid.direction == "received" else -paid.amount,
                    currency=paid.currency,
                )
            case (
                PaymentAssigned(payment_id=payment_id, date=day)
                | PaymentReversed(payment_id=payment_id, date=day)
            ) if day <= until:
                found.pop(payment_id, None)
    return found


def _month_before(day: date) -> date:
    return date(day.year - (day.month == 1), 12 if day.month == 1 else day.month - 1, 1)
