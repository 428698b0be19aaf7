"""Closings: each day, month and fiscal year is summed up once, in order, and never reopened.

French law wants them of software that records payments of private customers (CGI 286 I 3° bis,
BOI-TVA-DECLA-30-10-30 §170); every book has them, in Belgium too. A closing covers what was
*recorded* in its days: see docs/adr/0007-closings.md.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import ClassVar, Literal

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.ledger.closed_days import LAW, Closed
from domain.ledger.closing_totals import GrandTotal, PeriodTotals, Sums, grown
from domain.values.days import fiscal_year

Level = Literal["day", "month", "year"]
CLOSING_TAG = "closing"


class PeriodClosed(Event, frozen=True, kw_only=True):
    """A day, month or fiscal year is closed for ever, with its totals and the grand total.

    A day covers the events after `after` up to `last_position`, whose chain value is `chain`; a
    month covers its days and a year its months. `previous_position` and `previous_chain` name the
    closing before, of whatever level (0 and the start of the chain for the first).
    """

    stored_as: ClassVar[str] = "period.closed.v1"

    level: Level
    first: date
    until: date
    exercise: int
    totals: PeriodTotals
    perpetual: tuple[GrandTotal, ...]
    after: int
    last_position: int
    chain: str
    previous_position: int
    previous_chain: str

    @property
    def tags(self) -> tuple[str, ...]:
        parts = {
            "day": (month_tag(self.until),),
            "month": (exercise_tag(self.exercise),),
            "year": (),
        }
        return (CLOSING_TAG, *parts[self.level])


class Closing(Struct, frozen=True, kw_only=True):
    """A closing as it stands in the book."""

    position: int
    event: PeriodClosed

    @property
    def closed(self) -> Closed:
        """The days that are closed since."""
        return Closed(until=self.event.until, position=self.position)


class Period(Struct, frozen=True, kw_only=True):
    """A period to close: its level, its first and last day, the fiscal year it lies in."""

    level: Level
    first: date
    until: date
    exercise: int


class Span(Struct, frozen=True, kw_only=True):
    """What a closing covers: the events after `after` up to `last`, their chain and totals."""

    after: int
    last: int
    chain: str
    totals: PeriodTotals


class PeriodIsNotOver(Refused, frozen=True, kw_only=True):
    """A period is closed once its last day is over in the company's legal time zone."""

    code = "period_not_over"
    rule = LAW
    text = words(
        en="{until} is not over yet: it cannot be closed.",
        fr="Le {until} n'est pas encore terminé : il ne peut être clôturé.",
        nl="{until} is nog niet voorbij en kan niet afgesloten worden.",
    )

    until: date


class ClosingOutOfOrder(Refused, frozen=True, kw_only=True):
    """Closings follow each other without a gap: this period is not the next one."""

    code = "closing_out_of_order"
    rule = LAW
    text = words(
        en="The next {level} to close ends on {until}.",
        fr="La prochaine clôture ({level}) est celle du {until}.",
        nl="De volgende afsluiting ({level}) is die van {until}.",
    )

    level: str
    until: date


def next_due(last: Closing | None, opened: date, start_month: int) -> Period:
    """The one period that can be closed next: the rule leaves no choice, so none is skipped.

    A month follows its last day, a fiscal year its last month; else the next day is due. The first
    month and year begin with the day the book was opened.
    """
    if last is None:
        return _day(opened, start_month)
    closed = last.event
    if closed.level == "day" and _ends_month(closed.until):
        first = max(closed.until.replace(day=1), opened)
        return _period("month", first, closed.until, start_month)
    if closed.level == "month" and _ends_year(closed.until, start_month):
        first = max(_year_start(closed.until, start_month), opened)
        return _period("year", first, closed.until, start_month)
    return _day(closed.until + timedelta(days=1), start_month)


def close(
    last: Closing | None,
    span: Span,
    *,
    period: Period,
    due: Period,
    previous_chain: str,
    today: date,
) -> Decision:
    """Closes `period`, which must be the one that is `due` and over.

    `previous_chain` is the chain value at `last`, or the start of the chain.
    """
    if period != due:
        return ClosingOutOfOrder(level=due.level, until=due.until)
    if period.until >= today:
        return PeriodIsNotOver(until=period.until, pointer="/until")
    before = last.event.perpetual if last is not None else ()
    return [
        PeriodClosed(
            level=period.level,
            first=period.first,
            until=period.until,
            exercise=period.exercise,
            totals=span.totals,
            # A month and a year hold what their days have put into the grand total already.
            perpetual=grown(before, span.totals) if period.level == "day" else before,
            after=span.after,
            last_position=span.last,
            chain=span.chain,
            previous_position=last.position if last is not None else 0,
            previous_chain=previous_chain,
        )
    ]


def span_of(parts: Iterable[PeriodClosed]) -> Span:
    """What a month covers, from its days, or a year, from its months (at least one)."""
    closings, sums = list(parts), Sums()
    for part in closings:
        sums.take(part.totals)
    first, last = closings[0], closings[-1]
    return Span(after=first.after, last=last.last_position, chain=last.chain, totals=sums.totals())


def parts_tag(period: Period) -> str:
    """The tag of the closings that a month or a year is made of."""
    return month_tag(period.until) if period.level == "month" else exercise_tag(period.exercise)


def evolve(parts: tuple[PeriodClosed, ...], fact: Recorded) -> tuple[PeriodClosed, ...]:
    """The closings of a tag after one more event of it."""
    return (*parts, fact.event) if isinstance(fact.event, PeriodClosed) else parts


def of_fact(fact: Recorded | None) -> Closing | None:
    """The newest closing, from the newest event of its tag; None before the first."""
    match fact:
        case Recorded(event=PeriodClosed() as closed):
            return Closing(position=fact.position, event=closed)
    return None


def month_tag(day: date) -> str:
    """The tag of the daily closings of a month."""
    return f"closing:month:{day.isoformat()[:7]}"


def exercise_tag(exercise: int) -> str:
    """The tag of the monthly closings of a fiscal year."""
    return f"closing:year:{exercise}"


def _day(day: date, start_month: int) -> Period:
    return _period("day", day, day, start_month)


def _period(level: Level, first: date, until: date, start_month: int) -> Period:
    exercise = fiscal_year(until, start_month)
    return Period(level=level, first=first, until=until, exercise=exercise)


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _ends_year(day: date, start_month: int) -> bool:
    following = day + timedelta(days=1)
    return following.day == 1 and following.month == start_month


def _year_start(day: date, start_month: int) -> date:
    year = day.year if day.month >= start_month else day.year - 1
    return date(year, start_month, 1)
