"""Closings: one order, no gap, none before its time, and sums that add up."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given as draws
from hypothesis import settings
from hypothesis import strategies as st

from domain.book.event import Decision, Event
from domain.ledger import closing
from domain.ledger.closed_days import DayIsClosed
from domain.ledger.closing import (
    CLOSING_TAG,
    Closing,
    ClosingOutOfOrder,
    Period,
    PeriodClosed,
    PeriodIsNotOver,
    Span,
)
from domain.ledger.closing_totals import GrandTotal, PeriodTotals, Sums
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.invoice import InvoiceDrafted, InvoiceValidated
from tests.books import make_book
from tests.domain.spec import Story, given
from tests.domain.steps import DAY, draft, new_invoice, opened, validate

FRIDAY = date(2026, 1, 30)
NOTHING = PeriodTotals()


def close(story: Story, today: date, totals: PeriodTotals = NOTHING, **others: Period) -> Decision:
    """The step of a closing: what is due, over nothing but `totals`."""
    last = closing.of_fact(story.last(CLOSING_TAG))
    due = closing.next_due(last, FRIDAY, 1)
    span = Span(after=1, last=2, chain="00", totals=totals)
    if due.level != "day":
        parts: tuple[PeriodClosed, ...] = ()
        span = closing.span_of(story.fold(closing.evolve, parts, closing.parts_tag(due)))
    period = others.get("period", due)
    return closing.close(last, span, period=period, due=due, previous_chain="00", today=today)


def periods(opened_on: date, start_month: int, count: int) -> list[Period]:
    """The first `count` periods in the order in which they are due."""

    found: list[Period] = []
    last: Closing | None = None
    while len(found) < count:
        found.append(closing.next_due(last, opened_on, start_month))
        last = closed(last, found[-1], PeriodTotals())
    return found


def closed(last: Closing | None, due: Period, totals: PeriodTotals) -> Closing:
    """The closing of the period that is due."""
    span = Span(after=0, last=1, chain="", totals=totals)
    decided = closing.close(last, span, period=due, due=due, previous_chain="", today=date.max)
    assert isinstance(decided, list)
    (event,) = decided
    assert isinstance(event, PeriodClosed)
    return Closing(position=1, event=event)


def test_the_first_day_is_that_of_the_opening_and_a_month_follows_its_last_day() -> None:
    found = periods(FRIDAY, 1, 4)
    assert [(p.level, p.first, p.until) for p in found] == [
        ("day", FRIDAY, FRIDAY),
        ("day", date(2026, 1, 31), date(2026, 1, 31)),
        ("month", FRIDAY, date(2026, 1, 31)),
        ("day", date(2026, 2, 1), date(2026, 2, 1)),
    ]


@settings(max_examples=40)
@draws(
    opened_on=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    start_month=st.integers(1, 12),
)
def test_no_day_month_or_year_is_skipped(opened_on: date, start_month: int) -> None:
    found = periods(opened_on, start_month, 450)
    for level in ("day", "month", "year"):
        own = [p for p in found if p.level == level]
        assert own[0].first == opened_on
        for one, other in pairwise(own):
            assert other.first == one.until + timedelta(days=1)
    days = 0
    for period in found:
        if period.level == "day":
            days += 1
            assert period.until == opened_on + timedelta(days=days - 1)
        if period.level == "year":
            assert (period.until + timedelta(days=1)).month == start_month


def test_a_day_is_closed_when_it_is_over_and_not_before() -> None:
    given().when(close, FRIDAY).refused(PeriodIsNotOver, until=FRIDAY)
    given().when(close, FRIDAY + timedelta(days=1)).then(PeriodClosed)


def test_a_period_that_is_not_the_next_one_is_refused() -> None:
    later = Period(level="day", first=DAY, until=DAY, exercise=2026)
    story = given().when(close, DAY).then(PeriodClosed)
    story.when(close, date.max, period=later).refused(
        ClosingOutOfOrder, until=FRIDAY + timedelta(days=1)
    )
    again = Period(level="day", first=FRIDAY, until=FRIDAY, exercise=2026)
    story.when(close, date.max, period=again).refused(ClosingOutOfOrder)


def test_a_month_is_the_sum_of_its_days_and_leaves_the_grand_total_alone() -> None:
    sums = Sums()
    for event in make_book(seed=7, size=200):
        sums.count(event)
    story = given()
    for _ in range(2):
        story = story.when(close, DAY, sums.totals()).then(PeriodClosed)
    day = story.newest(PeriodClosed)
    month = story.when(close, DAY).then(PeriodClosed).newest(PeriodClosed)
    assert month.level == "month"
    assert month.perpetual == day.perpetual
    assert [x.net for x in month.totals.rates] == [2 * x.net for x in day.totals.rates]
    assert [x.count for x in month.totals.payments] == [2 * x.count for x in day.totals.payments]
    assert story.newest(PeriodClosed).previous_position == 2


def test_no_sales_document_is_dated_in_a_closed_day() -> None:
    """It cannot happen while the clock of a book never steps back; the decision refuses anyway."""
    story = opened().when(draft, new_invoice()).then(InvoiceDrafted)
    closed = PeriodClosed(
        level="day",
        first=DAY,
        until=DAY,
        exercise=2026,
        totals=PeriodTotals(),
        perpetual=(),
        after=0,
        last_position=1,
        chain="00",
        previous_position=0,
        previous_chain="00",
    )
    story.happened(closed)
    story.when(validate).refused(DayIsClosed, day=DAY, until=DAY)


@settings(max_examples=50)
@draws(seed=st.integers(0, 10**9), cuts=st.lists(st.integers(0, 300), max_size=8))
def test_the_grand_total_is_all_invoices_minus_all_credit_notes(seed: int, cuts: list[int]) -> None:
    """Whatever the book, and wherever its days end."""
    events = make_book(seed, 300)
    bounds = [0, *sorted(min(cut, len(events)) for cut in cuts), len(events)]
    perpetual: tuple[GrandTotal, ...] = ()
    last: Closing | None = None
    day = FRIDAY
    for one, other in pairwise(bounds):
        sums = Sums()
        for event in events[one:other]:
            sums.count(event)
        due = Period(level="day", first=day, until=day, exercise=2026)
        last = closed(last, due, sums.totals())
        perpetual, day = last.event.perpetual, day + timedelta(days=1)
    for currency in ("EUR", "USD"):
        expected = gross(events, currency)
        found = next((g.total for g in perpetual if g.currency == currency), 0)
        assert found == expected


def gross(events: list[Event], currency: str) -> int:
    """Σ gross of the invoices of a currency, minus that of its credit notes."""
    total = 0
    for event in events:
        match event:
            case InvoiceValidated(currency=own) if own == currency:
                total += event.totals.gross
            case CreditNoteIssued(currency=own) if own == currency:
                total -= event.totals.gross
    return total


def test_sums_of_parts_are_the_sum_of_the_whole() -> None:
    events = make_book(seed=3, size=400)
    whole, parts = Sums(), Sums()
    for event in events:
        whole.count(event)
    for chunk in (events[:90], events[90:91], events[91:]):
        part = Sums()
        for event in chunk:
            part.count(event)
        parts.take(part.totals())
    assert parts.totals() == whole.totals()
    assert all(x.count == x.last - x.first + 1 for x in whole.totals().series)


def test_there_is_no_closing_before_the_first() -> None:
    assert closing.of_fact(None) is None
    assert closing.of_fact(opened().facts[0]) is None
