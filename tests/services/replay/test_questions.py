"""The questions to the registers against plain Python over the rows: pages, filters, sums."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from domain.archives.tabs import TABS_AT_FIRST
from projections import archives_view, freshness_view, history_view, unpaid_view, vat_view
from projections.archives import ArchivedDocument
from projections.archives_view import ArchiveFilter
from projections.history import HistoryLine
from projections.history_view import HistoryFilter
from projections.page import sort_key
from projections.unpaid import OpenItem, Settlement
from projections.unpaid_view import UnpaidFilter
from projections.vat_register import VatDetail
from projections.vat_view import VatFilter
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.store import Store
from tests.books import make_book, recorded, write_book
from tests.registers import Tables, in_memory

SEED, SIZE = 61, 900
DAY = date(2026, 9, 1)


@pytest.fixture
def book(store: Store, engine: Engine) -> str:
    """A book in the live registers."""
    made = write_book(store, make_book(SEED, SIZE))
    engine.run_to_head(made)
    return made


@pytest.fixture(scope="module")
def tables() -> Tables:
    """The same book's rows in memory."""
    return in_memory(recorded(make_book(SEED, SIZE)))


def whole(ask: Callable[..., Any], limit: int, **how: Any) -> Iterator[Any]:
    """All rows of a list, page by page."""
    after = None
    while True:
        page = ask(after=after, limit=limit, **how)
        assert len(page.rows) <= limit
        yield from page.rows
        if page.next is None:
            return
        after = page.next


@pytest.mark.parametrize("sort", ["due_date", "-due_date", "party", "-party_name"])
@pytest.mark.parametrize("limit", [7, 100])
@pytest.mark.feature("V26")
def test_pages_of_the_unpaid_list_hold_every_open_item_once(
    readers: Readers, book: str, tables: Tables, sort: str, limit: int
) -> None:
    with readers.of(book) as conn:
        rows = list(
            whole(
                lambda **page: unpaid_view.list_items(conn, book, UnpaidFilter(), **page),
                limit,
                sort=sort,
            )
        )
    expected = {k for k, item in tables["open_item"].items() if item.open}  # type: ignore[attr-defined]
    assert {(row.entry, row.line) for row in rows} == expected
    assert len(rows) == len(expected)
    keys = [sort_key(row, unpaid_view.order_of(sort)) for row in rows]
    assert keys == sorted(keys, reverse=sort.startswith("-"))


def test_the_unpaid_list_of_an_earlier_day(readers: Readers, book: str, tables: Tables) -> None:
    open_then = defaultdict[Any, int](int)
    for key, item in tables["open_item"].items():
        assert isinstance(item, OpenItem)
        if item.date <= DAY:
            open_then[key] = item.amount
    for row in tables["open_item_settlement"].values():
        assert isinstance(row, Settlement)
        if row.date <= DAY and (row.entry, row.line) in open_then:
            open_then[row.entry, row.line] -= row.amount
    with readers.of(book) as conn:
        page = unpaid_view.list_items(conn, book, UnpaidFilter(as_of=DAY), limit=SIZE)
        _, totals = unpaid_view.summarise(conn, book, UnpaidFilter(as_of=DAY))
    found = {(row.entry, row.line): row.open for row in page.rows}
    assert found == {key: amount for key, amount in open_then.items() if amount}
    assert sum(total.open for total in totals) == sum(found.values())


@pytest.mark.parametrize("by", ["due_date", "issue_date"])
def test_ages_split_what_is_open_into_bands(
    readers: Readers, book: str, tables: Tables, by: Any
) -> None:
    with readers.of(book) as conn:
        _, aged = unpaid_view.age(conn, book, UnpaidFilter(side="customers"), on=DAY, by=by)
    expected = defaultdict[Any, list[int]](lambda: [0] * 5)
    for item in tables["open_item"].values():
        assert isinstance(item, OpenItem)
        days = (DAY - getattr(item, by)).days
        band = next((i for i, upto in enumerate((0, 30, 60, 90)) if days <= upto), 4)
        if item.side == "customers" and item.open:
            expected[item.party, item.currency][band] += item.open
    assert {(each.party, each.currency): each.bands for each in aged} == expected
    assert all(each.open == sum(each.bands) for each in aged)


@pytest.mark.parametrize("limit", [3, 1_000])
@pytest.mark.parametrize("lettered", [None, True, False])
@pytest.mark.parametrize("since", [None, DAY])
@pytest.mark.feature("C14")
def test_the_running_balance_is_carried_over_pages_and_dates(
    readers: Readers,
    book: str,
    tables: Tables,
    *,
    limit: int,
    lettered: bool | None,
    since: date | None,
) -> None:
    wanted = HistoryFilter(party="con_0002", lettered=lettered, date_from=since)
    with readers.of(book) as conn:
        rows = list(
            whole(lambda **page: history_view.list_lines(conn, book, wanted, **page), limit)
        )
    lines = [line for line in tables["history_line"].values() if isinstance(line, HistoryLine)]
    chosen = [
        line
        for line in lines
        if line.party == "con_0002" and (lettered is None or bool(line.codes) == lettered)
    ]
    chosen.sort(key=lambda x: (x.account, x.currency, x.date, x.entry, x.line))
    balance, expected = defaultdict[Any, int](int), []
    for line in chosen:
        balance[line.account, line.currency] += line.debit - line.credit
        if since is None or line.date >= since:
            expected.append((line.entry, line.line, balance[line.account, line.currency]))
    assert [(row.entry, row.line, row.balance) for row in rows] == expected
    assert all(row.carried == row.balance - row.debit + row.credit for row in rows[:1])


def test_balances_of_third_parties(readers: Readers, book: str, tables: Tables) -> None:
    with readers.of(book) as conn:
        _, balances = history_view.balance_parties(conn, book, HistoryFilter())
    expected = defaultdict[Any, int](int)
    for line in tables["history_line"].values():
        assert isinstance(line, HistoryLine)
        expected[line.account, line.party, line.currency] += line.debit - line.credit
    assert {(b.account, b.party, b.currency): b.balance for b in balances} == expected


@pytest.mark.feature("C5", "C7", "C13")
def test_each_document_is_in_one_tab_and_paid_only_when_wholly_lettered(
    readers: Readers, book: str, tables: Tables
) -> None:
    seen = []
    with readers.of(book) as conn:
        for tab in TABS_AT_FIRST:
            wanted = ArchiveFilter(tab=tab.name)
            seen += whole(
                lambda w=wanted, **page: archives_view.list_documents(conn, book, w, **page), 40
            )
    assert sorted(row.entry for row in seen) == sorted(tables["archive_document"])
    for row in seen:
        document = tables["archive_document"][row.entry]
        assert isinstance(document, ArchivedDocument)
        assert row.paid == (None if document.unsettled is None else document.unsettled == 0)
        if document.unsettled is None:
            assert row.open is None
        else:
            assert abs(row.open) == document.unsettled
            assert bool(row.settled_by) or row.open == row.amount or row.kind == "entry"


def test_what_settled_a_document_adds_up(readers: Readers, book: str, tables: Tables) -> None:
    with readers.of(book) as conn:
        page = archives_view.list_documents(
            conn, book, ArchiveFilter(tab="sales", paid=True), limit=SIZE
        )
    assert page.rows
    for row in page.rows:
        assert sum(settled["amount"] for settled in row.settled_by) == abs(row.amount)
        assert row.settled_how in {"bank", "credit_note", "entry", "invoice", "mixed"}
        for settled in row.settled_by:
            assert sum(each["amount"] for each in settled["documents"]) >= settled["amount"]


def test_filters_of_the_archives(readers: Readers, book: str, tables: Tables) -> None:
    wanted = ArchiveFilter(
        party="con_0001", date_from=DAY, date_to=DAY + timedelta(days=200), currency="EUR"
    )
    with readers.of(book) as conn:
        page = archives_view.list_documents(conn, book, wanted, limit=SIZE, sort="date")
        _, totals = archives_view.summarise(conn, book, wanted)
    expected = [
        key
        for key, row in tables["archive_document"].items()
        if isinstance(row, ArchivedDocument)
        and row.party == "con_0001"
        and DAY <= row.date <= DAY + timedelta(days=200)
        and row.currency == "EUR"
    ]
    assert sorted(row.entry for row in page.rows) == sorted(expected)
    assert sum(total.documents for total in totals) == len(expected)


@pytest.mark.feature("V24")
def test_vat_totals_are_the_sum_of_their_documents(
    readers: Readers, book: str, tables: Tables
) -> None:
    with readers.of(book) as conn:
        _, rates = vat_view.total_rates(conn, book, VatFilter())
        _, year = vat_view.summarise(conn, book, VatFilter())
        lines = list(
            whole(lambda **page: vat_view.list_details(conn, book, VatFilter(), **page), 50)
        )
    sums = defaultdict[Any, list[int]](lambda: [0, 0])
    for line in lines:
        key = line.direction, line.period, line.currency, line.category, line.rate
        sums[key][0] += line.base
        sums[key][1] += line.tax
    found = {
        (r.direction, r.period, r.currency, r.category, r.rate): [r.net_base, r.net_tax]
        for r in rates
    }
    assert found == sums
    assert sum(r.net_tax for r in year) == sum(r.net_tax for r in rates)
    assert len(lines) == sum(isinstance(row, VatDetail) for row in tables["vat_detail"].values())


def test_an_answer_says_where_it_stands(readers: Readers, store: Store, book: str) -> None:
    with readers.of(book) as conn:
        page = unpaid_view.list_items(conn, book, UnpaidFilter(party="nobody"))
        banks = freshness_view.list_banks(conn, book)[1]
    assert page.rows == ()
    assert page.standpoint.position == store.head(book).size
    booked = [bank.booked_until for bank in banks if bank.booked_until]
    assert page.standpoint.bank_booked_until == min(booked)
