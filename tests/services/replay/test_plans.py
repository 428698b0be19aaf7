"""Pages walk their index, even without statistics: their cost does not grow with the book."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

import pytest
from psycopg import Connection, Cursor, sql

from projections import archives_view, history_view, unpaid_view, vat_view
from projections.archives_view import ArchiveFilter
from projections.history_view import HistoryFilter
from projections.registers import REGISTERS
from projections.unpaid_view import UnpaidFilter
from projections.vat_view import VatFilter
from services.replay import schema
from services.replay.connection import Replaying, connect
from services.replay.engine import Engine
from services.replay.place import Place, live
from services.replay.reading import Readers
from services.replay.tables import Table, tables_of
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
            assert_found_by_key(conn, table)


def test_rows_of_empty_tables_are_found_by_their_whole_key(url: str, engine: Engine) -> None:
    """Goal: a plan that was made for an empty table and is kept is right for a full one."""
    engine.behind()
    with connect(url) as conn, conn.transaction(force_rollback=True):
        schema.make_schema(conn, "empty")
        for register in REGISTERS:
            place = Place(register, "empty")
            schema.create_tables(conn, place)
            schema.finish_tables(conn, place)
            for table in tables_of(conn, place):
                assert_found_by_key(conn, table)


def assert_found_by_key(conn: Replaying, table: Table) -> None:
    """Raises unless the plan that is kept for each statement walks the primary key alone."""
    if not table.row_type.key:
        return
    for statement in table.find, table.remove, table.update:
        plan = kept_plan(conn, statement.text)
        assert re.findall(r"Index Scan using (\w+)", plan) == [f"{table.row_type.table}_pkey"], plan
        assert "Seq Scan" not in plan, plan
        assert "Filter" not in plan, plan


def kept_plan(conn: Replaying, statement: bytes) -> str:
    """The plan of a prepared statement, whatever its parameters."""
    name, values = sql.Identifier(f"kept_{uuid4().hex}"), len(set(re.findall(rb"\$\d+", statement)))
    conn.execute(sql.SQL("PREPARE {} AS ").format(name).as_bytes(conn) + statement)
    asked = sql.SQL("EXPLAIN EXECUTE {} ({})").format(name, sql.SQL(", ").join([sql.NULL] * values))
    return "\n".join(row[0] for row in conn.execute(asked))
