"""Pages walk their index, even without statistics: their cost does not grow with the book."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest
from msgspec import json
from psycopg import Connection, Cursor, sql

from projections import archives_view, history_view, unpaid_view, vat_view
from projections.archives_view import ArchiveFilter
from projections.history_view import HistoryFilter
from projections.registers import REGISTERS
from projections.rows import key_of
from projections.unpaid_view import UnpaidFilter
from projections.vat_view import VatFilter
from services.replay.connection import connect
from services.replay.engine import Engine
from services.replay.place import live
from services.replay.reading import Readers
from services.replay.tables import tables_of
from services.store.store import Store
from tests.books import make_book, write_book

NEWEST_STATEMENT = """
SELECT name, cardinality(parameter_types) FROM pg_prepared_statements
ORDER BY prepare_time DESC LIMIT 1
"""


class Explaining:
    """A connection that also keeps the plan of what it runs: the one that is kept for all books."""

    def __init__(self, conn: Connection[Any]) -> None:
        self._conn = conn
        self.plan = ""

    def execute(
        self, query: sql.Composable, parameters: Mapping[str, Any], **how: Any
    ) -> Cursor[Any]:
        """Runs, then explains."""
        found = self._conn.execute(query, parameters, prepare=True, **how)
        [(name, count)] = self._conn.execute(NEWEST_STATEMENT, prepare=False).fetchall()
        explain = sql.SQL("EXPLAIN EXECUTE {} ({})").format(
            sql.Identifier(name), sql.SQL(", ").join([sql.NULL] * count)
        )
        self.plan = "\n".join(row[0] for row in self._conn.execute(explain, prepare=False))
        return found


LONG = 100
"""Of a table with fewer rows in a book, any index of the book is as good as another."""

Ask = Callable[[Any, str], Any]
PAGES: dict[str, tuple[str, Ask]] = {
    "unpaid by due date": (
        "open_item_by_due_date",
        lambda conn, book: unpaid_view.list_items(conn, book, UnpaidFilter()),
    ),
    "unpaid by party": (
        "open_item_by_party",
        lambda conn, book: unpaid_view.list_items(conn, book, UnpaidFilter(), sort="party"),
    ),
    "unpaid of one party": (
        "open_item_by_party",
        lambda conn, book: unpaid_view.list_items(conn, book, UnpaidFilter(party="con_0001")),
    ),
    "history of one party": (
        "history_line_in_order",
        lambda conn, book: history_view.list_lines(conn, book, HistoryFilter(party="con_0001")),
    ),
    "a tab of the archives": (
        "archive_document_by_kind",
        lambda conn, book: archives_view.list_documents(conn, book, ArchiveFilter(tab="sales")),
    ),
    "all archives": (
        "archive_document_by_date",
        lambda conn, book: archives_view.list_documents(conn, book, ArchiveFilter()),
    ),
    "VAT totals": (
        "vat_total_pkey",
        lambda conn, book: vat_view.total_rates(conn, book, VatFilter(direction="sales")),
    ),
    "VAT documents": (
        "vat_detail_in_order",
        lambda conn, book: vat_view.list_details(conn, book, VatFilter(direction="sales")),
    ),
}


@pytest.fixture
def book(store: Store, engine: Engine) -> str:
    """A book whose tables nobody has analysed, beside two others."""
    books = [write_book(store, make_book(seed, 1_500, contacts=20)) for seed in (71, 72, 73)]
    for each in books:
        engine.run_to_head(each)
    return books[1]


def test_every_page_walks_its_index(book: str, readers: Readers) -> None:
    for name, (index, ask) in PAGES.items():
        with readers.of(book) as conn:
            explaining = Explaining(conn)
            ask(explaining, book)
        used = re.findall(
            r"(?:Index|Index Only|Bitmap Index) Scan(?: Backward)? (?:using|on) (\S+)",
            explaining.plan,
        )
        assert index in used, f"{name}: {explaining.plan}"
        assert "Seq Scan" not in explaining.plan, f"{name}: {explaining.plan}"


def test_rows_are_found_by_their_whole_key(url: str, book: str) -> None:
    """Goal: what a batch reads, changes and drops is found row by row, without statistics too."""
    with connect(url) as conn:
        for table in (each for place in map(live, REGISTERS) for each in tables_of(conn, place)):
            stored = conn.execute(table.all_of_book, (UUID(book),)).fetchall()
            rows = list(map(table.row, stored[:3]))
            keys = [key_of(table.row_type)(row) for row in rows]
            if len(stored) < LONG or not table.row_type.key:
                continue
            key = table.keys(UUID(book), keys)
            given = json.encode(rows).decode(), UUID(book)
            for statement, parameters in (
                (table.find, key),
                (table.remove, key),
                (table.update, given),
            ):
                found = conn.execute(b"EXPLAIN " + statement, parameters).fetchall()
                plan = "\n".join(row[0] for row in found)
                found_by = re.findall(r"Index Cond: (.+)", plan)
                assert found_by, plan
                assert all("book_id = " in each and " AND " in each for each in found_by), plan
                assert not re.search(rf"Seq Scan on {table.row_type.table}", plan), plan
