"""Closings of a real book: everything due is closed, once, whenever it is asked."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from threading import Thread

import pytest

from domain.book.event import Recorded
from domain.book.refusal import Refusals
from domain.ledger.closing import Closing, PeriodClosed, PeriodIsNotOver
from domain.sales.credit_note import NewCreditNote
from services import invoicing, treasury
from services.closing import close_periods
from tests.domain.steps import new_line, received
from tests.services.use_cases.conftest import Desk

MONDAY = date(2026, 3, 16)


def at(desk: Desk, day: date, hour: int = 9) -> None:
    """The clock moves on."""
    desk.clock.now = datetime(day.year, day.month, day.day, hour, tzinfo=desk.clock.now.tzinfo)


def close(desk: Desk, until: date | None = None) -> list[PeriodClosed]:
    """Closes what is due and gives the new closings."""
    return [x.event for x in close_periods(desk.store, desk.book, until, desk.command())]


def all_closings(desk: Desk) -> list[Recorded]:
    """Every closing of the book, as it stands there."""
    return list(desk.store.read(desk.book, types=[PeriodClosed.stored_as]))


def test_what_is_due_is_closed_day_by_day_with_months_between(desk: Desk) -> None:
    desk.invoiced(new_line("100.00"))
    at(desk, date(2026, 3, 18))
    invoice_id = desk.invoiced(new_line("50.00", rate="5.5"))
    note = NewCreditNote(reason="Retour")
    invoicing.issue_credit_note(desk.store, desk.book, invoice_id, note, desk.command())
    paid = received(12_000, party=desk.customer, date=date(2026, 3, 2))
    treasury.record_payment(desk.store, desk.book, paid, desk.command())
    at(desk, date(2026, 4, 2))

    closings = close(desk)

    assert [(x.level, x.until) for x in closings[:3]] == [
        ("day", date(2026, 3, 16)),
        ("day", date(2026, 3, 17)),
        ("day", date(2026, 3, 18)),
    ]
    assert [x.level for x in closings].count("month") == 1
    month = next(x for x in closings if x.level == "month")
    assert month.first == MONDAY
    assert {(x.kind, x.rate): (x.net, x.tax, x.gross) for x in month.totals.rates} == {
        ("invoice", "20"): (10_000, 2_000, 12_000),
        ("invoice", "5.5"): (5_000, 275, 5_275),
        ("credit_note", "5.5"): (5_000, 275, 5_275),
    }
    assert [(x.series, x.first, x.last, x.count) for x in month.totals.series] == [
        ("AV-2026", 1, 1, 1),
        ("FA-2026", 1, 2, 2),
    ]
    (grand,) = closings[-1].perpetual
    assert (grand.invoiced, grand.credited, grand.total) == (17_275, 5_275, 12_000)
    assert grand.received == 12_000
    # A payment counts in the day it was recorded, whatever its value date.
    assert [x.until for x in closings if x.level == "day" and x.totals.payments] == [
        date(2026, 3, 18)
    ]


def test_closings_name_each_other_and_the_chain_of_what_they_cover(desk: Desk) -> None:
    desk.invoiced()
    at(desk, date(2026, 4, 2))
    close(desk)
    facts = all_closings(desk)
    chains = chain_values(desk)
    for one, other in pairwise(facts):
        before, after = one.event, other.event
        assert isinstance(before, PeriodClosed)
        assert isinstance(after, PeriodClosed)
        assert after.previous_position == one.position
        assert after.previous_chain == chains[one.position]
        assert after.chain == chains[after.last_position]
        if after.level == "day":
            assert after.after == before.last_position
    first = facts[0].event
    assert isinstance(first, PeriodClosed)
    assert (first.after, first.previous_position) == (0, 0)


def chain_values(desk: Desk) -> dict[int, str]:
    """The chain value at each position."""
    with desk.store.entered(desk.book) as conn:
        rows = conn.execute(
            "SELECT position, encode(chain, 'hex') FROM event WHERE book_id = %s", [desk.book]
        )
        return dict(rows.fetchall())


def test_closing_twice_closes_nothing_twice(desk: Desk) -> None:
    at(desk, date(2026, 3, 20))
    assert len(close(desk)) == 4
    size = desk.size
    assert close(desk) == []
    assert desk.size == size


def test_what_was_stopped_goes_on(desk: Desk) -> None:
    """A seal that fails stands for any end in between; the closing before it stays."""
    desk.invoiced()
    at(desk, date(2026, 3, 20))
    sealed: list[str] = []

    def seal(book_id: str) -> None:
        sealed.append(book_id)
        if len(sealed) == 2:
            raise ConnectionError

    with pytest.raises(ConnectionError):
        close_periods(desk.store, desk.book, None, desk.command(), seal)
    assert len(all_closings(desk)) == 2
    rest = close_periods(desk.store, desk.book, None, desk.command(), seal)
    assert [x.event.until for x in rest] == [date(2026, 3, 18), date(2026, 3, 19)]
    assert len(sealed) == 4
    close_periods(desk.store, desk.book, None, desk.command(), seal)
    assert len(sealed) == 5  # a seal that was missed is made good


def test_two_at_once_close_each_period_once(desk: Desk) -> None:
    desk.invoiced()
    at(desk, date(2026, 5, 1))
    found: list[list[Closing]] = []
    threads = [
        Thread(
            target=lambda: found.append(close_periods(desk.store, desk.book, None, desk.command()))
        )
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    periods = [(x.event.level, x.event.until) for x in all_closings(desk)]  # type: ignore[attr-defined]
    assert len(periods) == len(set(periods)) == 16 + 1 + 30 + 1


def test_today_is_not_closed_even_when_it_is_asked_for(desk: Desk) -> None:
    with pytest.raises(Refusals) as refused:
        close(desk, MONDAY)
    assert refused.value.refused == PeriodIsNotOver(until=MONDAY, pointer="/until")
    assert close(desk) == []


def test_midnight_is_that_of_the_legal_time_zone(desk: Desk) -> None:
    """At 23:30 UTC it is 17 March in Paris: the sixteenth is over, and this sale is not in it."""
    at(desk, MONDAY, hour=22)
    desk.invoiced(new_line("10.00"))
    at(desk, MONDAY, hour=23)
    desk.clock.now += timedelta(minutes=30)
    desk.invoiced(new_line("30.00"))
    (closed,) = close(desk)
    assert closed.until == MONDAY
    assert [x.net for x in closed.totals.rates] == [1_000]


def test_a_fiscal_year_is_closed_after_its_last_month(desk: Desk) -> None:
    desk.invoiced()
    at(desk, date(2027, 1, 1))
    closings = close(desk)
    assert [x.level for x in closings[-3:]] == ["day", "month", "year"]
    year = closings[-1]
    assert (year.first, year.until, year.exercise) == (MONDAY, date(2026, 12, 31), 2026)
    assert year.totals == closings[0].totals
    assert [x.level for x in closings].count("month") == 10


def test_events_are_read_once_however_many_days_are_due(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Goal: to catch up costs the events since, not as many pages as there are days."""
    desk.invoiced()
    at(desk, date(2026, 4, 20))
    pages: list[int] = []
    ask = desk.store._page

    def page(book_id: str, after: int, upto: int) -> object:
        pages.append(after)
        return ask(book_id, after, upto)

    monkeypatch.setattr(desk.store, "_page", page)
    closings = close(desk)
    assert sum(x.level == "day" for x in closings) == 35
    assert len(pages) <= 3
