"""The register of sales documents: its list is what a plain filter over the whole book gives."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any, get_args
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import Connection

from domain.book.event import Event
from domain.values.days import legal_day
from projections.sales_documents import SalesDocuments
from projections.sales_documents_view import (
    SORT_COLUMNS,
    SalesFilter,
    list_documents,
    summarise,
)
from projections.sales_states import Kind, State, Type
from services.replay.as_of import loaded
from services.replay.connection import connect
from services.store.migrations import migrate
from tests.books import FIRST_DAY, recorded
from tests.sales_books import Expected, Reading, make_sales_book, plain

ON = date(2026, 2, 20)
books = st.builds(make_sales_book, st.integers(0, 10**9), st.integers(20, 160))
days = st.one_of(st.none(), st.dates(FIRST_DAY, date(2026, 5, 1)))
cents = st.one_of(st.none(), st.integers(0, 200_000))
# Which quote a document comes from is nothing that it says: tests/services/lists/test_orders.py.
SAID = [column for column in SORT_COLUMNS if column != "quote_id"]
sorts = st.sampled_from([*SAID, *(f"-{column}" for column in SAID)])


def day_of_records(events: list[Event]) -> date:
    """The day on which a book is written, and its drafts are begun."""
    return legal_day(recorded(events)[0].recorded_at, "Europe/Paris")


def maybe(*values: Any) -> st.SearchStrategy[Any]:
    """One of these values, or mostly nothing at all."""
    return st.one_of(st.none(), st.none(), st.sampled_from(values))


filters = st.builds(
    SalesFilter,
    kind=maybe(*get_args(Kind)),
    type=maybe(*get_args(Type)),
    state=maybe(*get_args(State)),
    party=maybe("con_0000", "con_0003", "nobody"),
    currency=maybe("EUR", "USD"),
    external_id=maybe("X-1", "REV"),
    date_from=days,
    date_to=days,
    due_from=days,
    due_to=days,
    gross_from=cents,
    gross_to=cents,
    open_from=cents,
    open_to=cents,
    overdue=maybe(True, False),
    q=maybe("evry", "CON_0001", "100 %", "t_p", "fa-0000", "noel", "%", "_"),
    on=st.just(ON),
)


@pytest.fixture(scope="module")
def url(database_url: str) -> str:
    """The worker's database, with the right to make schemas."""
    migrate(database_url)
    return database_url


@contextmanager
def folded_into_tables(url: str, events: list[Event]) -> Iterator[tuple[Connection[Any], str]]:
    """The register of these events, in tables of its own."""
    book = str(uuid4())
    with (
        connect(url) as conn,
        loaded(conn, [SalesDocuments()], book, recorded(events, book)) as scratch,
    ):
        yield scratch, book


def walk(conn: Connection[Any], book: str, wanted: SalesFilter, sort: str, limit: int) -> list[Any]:
    """All pages of a list, one after the other."""
    rows: list[Any] = []
    after = None
    while True:
        page = list_documents(conn, book, wanted, sort=sort, after=after, limit=limit)
        rows += page.rows
        if (after := page.next) is None:
            return rows


def matches(reading: Reading, document: Expected, wanted: SalesFilter) -> bool:
    """Whether a document is asked for, condition by condition."""
    state, (_, left) = reading.state(document), reading.amounts(document)
    overdue = document.due_date is not None and document.due_date < ON and left > 0
    exact = {
        "kind": document.kind,
        "type": document.type,
        "state": state,
        "party": document.customer_id,
        "currency": document.currency,
        "external_id": document.external_id,
        "overdue": overdue,
    }
    ranges = {"date": document.date, "due": document.due_date, "gross": document.gross}
    ranges["open"] = left
    for name, value in exact.items():
        if getattr(wanted, name) not in (None, value):
            return False
    for name, value in ranges.items():
        low, high = getattr(wanted, f"{name}_from"), getattr(wanted, f"{name}_to")
        if (low is not None and (value is None or value < low)) or (
            high is not None and (value is None or value > high)
        ):
            return False
    return wanted.q is None or any(plain(wanted.q) in plain(text) for text in document.texts)


def in_order(reading: Reading, found: list[Expected], sort: str) -> list[str]:
    """The ids of documents in the order of a column: those without a day last, those without a
    number first."""
    column = sort.removeprefix("-")

    def key(document: Expected) -> Any:
        values = {"state": reading.state(document), "open": reading.amounts(document)[1]}
        value = values[column] if column in values else getattr(document, column)
        never = -1 if column in {"probability", "weighted"} else date.max
        return (never if value is None else value, document.position, document.id)

    return [each.id for each in sorted(found, key=key, reverse=sort.startswith("-"))]


@pytest.mark.feature("M12", "M27", "M36", "V28")
@settings(max_examples=60)
@given(books, filters, sorts, st.integers(1, 40))
def test_the_list_is_what_a_plain_filter_gives(
    url: str, events: list[Event], wanted: SalesFilter, sort: str, limit: int
) -> None:
    """Goal: any filter in any order gives the documents that a filter in Python over the whole
    book gives, and pages put together are the whole list. Method: random books and filters."""
    reading = Reading(events, day_of_records(events))
    found = [each for each in reading.documents.values() if matches(reading, each, wanted)]
    with folded_into_tables(url, events) as (conn, book):
        rows = walk(conn, book, wanted, sort, limit)
        _, totals = summarise(conn, book, wanted)
    assert [row.id for row in rows] == in_order(reading, found, sort)
    sums: dict[Any, list[int]] = {}
    for row in rows:
        group = sums.setdefault((row.kind, row.state, row.currency), [0] * 5)
        for at, amount in enumerate((1, row.net, row.tax, row.gross, row.open)):
            group[at] += amount
    assert sums == {
        (t.kind, t.state, t.currency): [t.documents, t.net, t.tax, t.gross, t.open] for t in totals
    }


@settings(max_examples=25)
@given(books)
def test_each_row_says_what_the_book_says(url: str, events: list[Event]) -> None:
    reading = Reading(events, day_of_records(events))
    names = (
        "position",
        "kind",
        "type",
        "number",
        "date",
        "issue_date",
        "due_date",
        "valid_until",
        "customer_id",
        "customer_name",
        "currency",
        "net",
        "tax",
        "gross",
        "credited",
        "external_id",
        "invoice_id",
        "probability",
        "weighted",
    )
    with folded_into_tables(url, events) as (conn, book):
        rows = walk(conn, book, SalesFilter(on=ON), "date", 200)
    assert {row.id for row in rows} == reading.documents.keys()
    for row in rows:
        document = reading.documents[row.id]
        assert {n: getattr(row, n) for n in names} == {n: getattr(document, n) for n in names}
        assert row.state == reading.state(document)
        assert row.open == reading.amounts(document)[1]


def test_the_list_begins_with_the_oldest(url: str) -> None:
    with folded_into_tables(url, make_sales_book(7, 150)) as (conn, book):
        rows = walk(conn, book, SalesFilter(), "date", 7)
        newest = walk(conn, book, SalesFilter(), "-date", 200)
    assert [row.date for row in rows] == sorted(row.date for row in rows)
    assert [row.id for row in newest] == [row.id for row in rows][::-1]
    assert {row.kind for row in rows} == {"invoice", "credit_note", "order", "delivery"}
