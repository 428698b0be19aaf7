"""Before a period is locked: nothing of it waits on the suspense account any more (C4)."""

from datetime import date

from domain.book.event import Recorded
from domain.book.refusal import Refusals
from domain.treasury import suspense
from services.store.pen import Pen


def check_suspense(pen: Pen, locked: date | None, until: date) -> None:
    """Raises Refusals while a payment dated `until` or before waits on the suspense account."""
    months = suspense.months(locked, until)
    pen.look_up(months)
    facts: list[Recorded] = []
    for month in months:
        if pen.last(month) is not None:
            pen.fold(_collect, facts, month)
    refused = suspense.check_empty(suspense.unclaimed(facts, until).values(), until)
    if refused is not None:
        raise Refusals(refused)


def _collect(facts: list[Recorded], fact: Recorded) -> list[Recorded]:
    facts.append(fact)
    return facts
