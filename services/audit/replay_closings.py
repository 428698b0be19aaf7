"""The check of closings: in order, none skipped, with the totals of the events they cover."""

from datetime import date
from typing import Any

from domain.book.event import Recorded
from domain.book.record import genesis
from domain.ledger import closing
from domain.ledger.closing import Closing, Level, PeriodClosed, Span
from domain.ledger.closing_totals import SALES_AND_PAYMENTS, GrandTotal, Sums, grown
from domain.parties.company import CompanyOpened
from domain.values.days import legal_day
from services.audit.replay_check import Check, Step


class Day:
    """The events recorded in one legal day: their sums, the last one and the chain after it."""

    def __init__(self) -> None:
        self.sums = Sums()
        self.last = 0
        self.chain = ""


class ClosingsFollow(Check):
    """Each day, month and fiscal year in its turn, with totals, grand total and chain as computed.

    A day covers the events recorded in it; a month its days; a year its months.
    """

    name = "closings-follow"

    def __init__(self) -> None:
        super().__init__()
        self._company: CompanyOpened | None = None
        self._opened: date | None = None
        self._days: dict[date, Day] = {}
        self._last: Closing | None = None
        self._chains = (0, "")
        self._parts: dict[Level, list[PeriodClosed]] = {"day": [], "month": []}
        self._covered: tuple[int, str] = (0, "")

    def take(self, step: Step) -> None:
        fact = step.fact
        match fact.event:
            case CompanyOpened() as company:
                self._company = company
                self._covered = self._chains = (0, genesis(fact.book_id).hex())
                self._opened = legal_day(fact.recorded_at, company.time_zone)
        if self._company is None or self._opened is None:
            return
        if isinstance(fact.event, PeriodClosed):
            self.checked += 1
            self._compare(fact, fact.event, self._company, self._opened)
            self._last = Closing(position=fact.position, event=fact.event)
            self._chains = fact.position, step.chain
        self._count(fact, step.chain, self._company)

    def _count(self, fact: Recorded, chain: str, company: CompanyOpened) -> None:
        """Puts the event into its legal day: what a later closing of that day must say."""
        today = legal_day(fact.recorded_at, company.time_zone)
        day = self._days.setdefault(today, Day())
        if isinstance(fact.event, SALES_AND_PAYMENTS):
            day.sums.count(fact.event)
        day.last, day.chain = fact.position, chain

    def _compare(
        self, fact: Recorded, closed: PeriodClosed, company: CompanyOpened, opened: date
    ) -> None:
        due = closing.next_due(self._last, opened, company.fiscal_year_start_month)
        span = self._span(closed)
        before: tuple[GrandTotal, ...] = ()
        if self._last is not None:
            before = self._last.event.perpetual
        expected: dict[str, Any] = {
            "level": due.level,
            "first": due.first,
            "until": due.until,
            "exercise": due.exercise,
            "totals": span.totals,
            "perpetual": grown(before, span.totals) if closed.level == "day" else before,
            "after": span.after,
            "last_position": span.last,
            "chain": span.chain,
            "previous_position": self._chains[0],
            "previous_chain": self._chains[1],
        }
        name = f"{closed.level} {closed.until}"
        for field, computed in expected.items():
            found = getattr(closed, field)
            if found != computed:
                detail = f"{field} is {found}, computed is {computed}"
                self.wrong(fact.position, detail, document=name, field=field)

    def _span(self, closed: PeriodClosed) -> Span:
        """What the closing must cover, from the events themselves; it is then taken off."""
        if closed.level == "day":
            return self._day_span(closed)
        parts = self._parts["day" if closed.level == "month" else "month"]
        if not parts:
            return Span(after=0, last=0, chain="", totals=Sums().totals())
        span = closing.span_of(parts)
        parts.clear()
        if closed.level == "month":
            self._parts["month"].append(closed)
        return span

    def _day_span(self, closed: PeriodClosed) -> Span:
        after, chain = self._covered
        last, sums = after, Sums()
        for day in sorted(day for day in self._days if day <= closed.until):
            counted = self._days.pop(day)
            sums.take(counted.sums.totals())
            last, chain = counted.last, counted.chain
        self._covered = last, chain
        self._parts["day"].append(closed)
        return Span(after=after, last=last, chain=chain, totals=sums.totals())
