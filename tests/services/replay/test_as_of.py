"""As known at a moment, and from an exported book: a replay that leaves nothing behind."""

from datetime import date

import psycopg
import pytest

from projections import archives_view, freshness_view, history_view, unpaid_view, vat_view
from projections.archives_view import ArchiveFilter
from projections.history_view import HistoryFilter
from projections.registers import REGISTERS
from projections.unpaid_view import UnpaidFilter
from projections.vat_view import VatFilter
from services.replay.as_of import loaded
from services.replay.connection import connect
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.store import Store
from tests.books import make_book, recorded, write_book

EVERYTHING = 10_000


def answers(conn: psycopg.Connection, book: str) -> list[object]:
    """Every question once, over whatever registers the connection sees."""
    return [
        unpaid_view.list_items(conn, book, UnpaidFilter(), limit=EVERYTHING),
        unpaid_view.age(conn, book, UnpaidFilter(), on=date(2026, 6, 1)),
        freshness_view.list_banks(conn, book),
        history_view.list_lines(conn, book, HistoryFilter(), limit=EVERYTHING),
        archives_view.list_documents(conn, book, ArchiveFilter(), limit=EVERYTHING),
        vat_view.total_rates(conn, book, VatFilter()),
        vat_view.list_details(conn, book, VatFilter(), limit=EVERYTHING),
    ]


@pytest.mark.parametrize("position", [0, 1, 137, 300])
def test_known_at_a_position_is_the_live_answer_of_then(
    store: Store, engine: Engine, readers: Readers, position: int
) -> None:
    events = make_book(41, 300)
    book = write_book(store, events[:position])
    engine.run_to_head(book)
    with readers.of(book) as conn:
        then = answers(conn, book)
    write_book(store, events[position:], book)
    engine.run_to_head(book)
    with engine.known_at(book, position) as conn:
        assert answers(conn, book) == then


def test_known_at_a_recorded_time(store: Store, engine: Engine) -> None:
    book = write_book(store, make_book(42, 1_200))
    facts = list(store.read(book))
    moment = facts[700].recorded_at
    known = max(fact.position for fact in facts if fact.recorded_at <= moment)
    with engine.known_at(book, moment) as conn:
        by_time = answers(conn, book)
    with engine.known_at(book, known) as conn:
        assert answers(conn, book) == by_time


def test_a_scratch_place_holds_only_what_was_asked_for(store: Store, engine: Engine) -> None:
    book = write_book(store, make_book(43, 50))
    with engine.known_at(book, 40, ["unpaid"]) as conn:
        unpaid_view.summarise(conn, book, UnpaidFilter())
        with pytest.raises(psycopg.errors.UndefinedTable), conn.transaction():
            history_view.list_lines(conn, book, HistoryFilter())


def test_a_scratch_place_leaves_nothing_behind(url: str, store: Store, engine: Engine) -> None:
    book = write_book(store, make_book(44, 50))
    engine.run_to_head(book)
    with engine.known_at(book, 20) as conn:
        answers(conn, book)
    with psycopg.connect(url) as conn:
        left = conn.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'scratch%'")
        assert left.fetchone() == (0,)
    assert engine.run_to_head(book) == store.head(book).size


def test_an_exported_book_is_loaded_the_same_way(
    url: str, store: Store, engine: Engine, readers: Readers
) -> None:
    """Goal: a book this database has never seen answers like the one it was exported from."""
    events = make_book(45, 250)
    book = write_book(store, events)
    engine.run_to_head(book)
    with readers.of(book) as conn:
        live = answers(conn, book)
    exported = "11111111-1111-1111-1111-111111111111"
    with connect(url) as conn, loaded(conn, REGISTERS, exported, recorded(events)) as scratch:
        assert answers(scratch, exported) == live


def test_readers_see_their_own_book_alone(store: Store, engine: Engine, readers: Readers) -> None:
    """Goal: each wall alone holds: asking for another book, and forgetting to name one."""
    mine, other = write_book(store, make_book(46, 80)), write_book(store, make_book(47, 80))
    for book in (mine, other):
        engine.run_to_head(book)
    tables = [row.table for register in REGISTERS for row in register.rows]
    cursors = [f"{register.name}_cursor" for register in REGISTERS]
    filled = set()
    with readers.of(mine) as conn:
        for table in [*tables, *cursors]:
            found = conn.execute(f"SELECT DISTINCT book_id::text FROM {table}").fetchall()
            assert found in ([], [(mine,)])
            filled |= {table} if found else set()
        stranger = unpaid_view.list_items(conn, other, UnpaidFilter())
        assert (stranger.rows, stranger.standpoint.position) == ((), 0)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            conn.execute("DELETE FROM open_item")
    assert filled >= {*cursors, "open_item", "history_line", "archive_document", "vat_detail"}
