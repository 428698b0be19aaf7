"""The ledger over random books: every balance at any day is the sum of its lines."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.book.event import Event
from domain.ledger.entry import EntryPosted
from projections import ledger_view
from projections.ledger import AccountMonth, Ledger, LedgerLine
from projections.ledger_view import LedgerFilter
from services.replay.as_of import loaded
from services.replay.connection import connect
from services.store.migrations import migrate
from tests.books import make_book, recorded
from tests.registers import in_memory

books = st.builds(make_book, st.integers(0, 10**9), st.integers(10, 250))


@given(books)
def test_every_line_stands_in_the_ledger_and_months_add_up(events: list[Event]) -> None:
    tables = in_memory(recorded(events), [Ledger()])
    lines = [row for row in tables["ledger_line"].values() if isinstance(row, LedgerLine)]
    posted = [event for event in events if isinstance(event, EntryPosted)]
    assert len(lines) == sum(len(entry.lines) for entry in posted)
    months = defaultdict[Any, list[int]](lambda: [0, 0, 0])
    for line in lines:
        sums = months[line.account, line.currency, line.date.replace(day=1)]
        sums[0] += line.debit
        sums[1] += line.credit
        sums[2] += 1
    found = {
        key: [row.debit, row.credit, row.lines]
        for key, row in tables["ledger_month"].items()
        if isinstance(row, AccountMonth)
    }
    assert found == months


@pytest.fixture(scope="module")
def url(database_url: str) -> str:
    """The worker's database, with the right to make schemas."""
    migrate(database_url)
    return database_url


@pytest.mark.feature("C14")
@settings(max_examples=25, deadline=None)
@given(
    events=books,
    start=st.dates(date(2025, 12, 1), date(2026, 12, 31)),
    days=st.integers(0, 200),
)
def test_the_trial_balance_is_the_sum_of_the_lines_between_any_two_days(
    url: str, events: list[Event], start: date, days: int
) -> None:
    end = start + timedelta(days=days)
    expected = defaultdict[Any, list[int]](lambda: [0, 0, 0])
    for entry in events:
        if isinstance(entry, EntryPosted) and entry.date <= end:
            for line in entry.lines:
                sums = expected[line.account, entry.currency]
                if entry.date < start:
                    sums[0] += line.debit - line.credit
                else:
                    sums[1] += line.debit
                    sums[2] += line.credit
    book = str(uuid4())
    with connect(url) as conn, loaded(conn, [Ledger()], book, recorded(events)) as scratch:
        _, rows = ledger_view.balance_accounts(scratch, book, date_from=start, date_to=end)
    found = {(row.account, row.currency): [row.opening, row.debit, row.credit] for row in rows}
    assert found == {key: sums for key, sums in expected.items() if any(sums)}
    assert all(row.closing == row.opening + row.debit - row.credit for row in rows)


@pytest.mark.feature("C14", "M53")
@settings(max_examples=10, deadline=None)
@given(events=books, limit=st.integers(1, 20))
def test_pages_of_the_ledger_and_of_the_journals_are_whole_and_balanced(
    url: str, events: list[Event], limit: int
) -> None:
    posted = {n: event for n, event in enumerate(events, 1) if isinstance(event, EntryPosted)}
    every = {(n, line) for n, entry in posted.items() for line in range(len(entry.lines))}
    book = str(uuid4())
    with connect(url) as conn, loaded(conn, [Ledger()], book, recorded(events)) as scratch:
        for read in (ledger_view.list_lines, ledger_view.list_journal):
            seen: list[Any] = []
            after = None
            while True:
                page = read(scratch, book, LedgerFilter(), after=after, limit=limit)  # type: ignore[operator]
                seen += page.rows
                after = page.next
                if after is None:
                    break
            assert len(seen) == len(every)
            assert {(row.entry, row.line) for row in seen} == every
            if read is ledger_view.list_lines:
                running = defaultdict[Any, int](int)
                for row in seen:
                    running[row.account, row.currency] += row.debit - row.credit
                    assert row.balance == running[row.account, row.currency]
        _, totals = ledger_view.total_journals(scratch, book, LedgerFilter())
        assert all(total.debit == total.credit for total in totals)
        assert sum(total.lines for total in totals) == len(every)
