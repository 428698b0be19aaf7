"""Before a period is closed or locked: the suspense account is at zero on its last day (C4)."""

from datetime import date

from domain.book.event import Recorded
from domain.book.refusal import Refusals
from domain.ledger import period
from domain.ledger.period import PERIOD_TAG
from domain.parties.company import Company
from domain.treasury import suspense
from services.store.pen import Pen


def check_suspense(pen: Pen, company: Company, until: date) -> None:
    """Raises Refusals while the suspense account has a balance on the day `until`.

    It was at zero on the last locked day, and nothing is posted before that any more.
    """
    lock = period.of_fact(pen.last(PERIOD_TAG))
    locked = lock.until if lock is not None else None
    months = suspense.months(locked, until)
    pen.look_up(months)
    facts: list[Recorded] = []
    for month in months:
        if pen.last(month) is not None:
            facts = pen.fold(_collect, facts, month)
    account = company.accounts["suspense"]
    standing = suspense.standing(facts, account, locked, until)
    refused = suspense.check_empty(standing.values(), until)
    if refused is not None:
        raise Refusals(refused)


def _collect(facts: list[Recorded], fact: Recorded) -> list[Recorded]:
    facts.append(fact)
    return facts
