"""Append-only and one book at a time, held by the database itself; each wall holds alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection, errors, sql

from services.store.datastore import BookDatastore
from services.store.pen import Command, Pen
from services.store.store import Store
from tests.services.store.slips import MAPPER, note, nothing, stamp

TABLES = ("event", "event_tag", "subtree", "file")
RECORDED = [*TABLES, *(f"{table}_{part}" for table in TABLES for part in range(8))]
TOUCH = {"event": "type", "event_tag": "tag", "subtree": "nth", "file": "name"}


def change(verb: str, table: str) -> sql.Composed:
    """A statement that would change rows of a table, were it let."""
    column = TOUCH[table.rstrip("_01234567")]
    text = {"UPDATE": f"UPDATE {{}} SET {column} = {column}", "DELETE": "DELETE FROM {}"}
    return sql.SQL(text.get(verb, "TRUNCATE {} CASCADE")).format(sql.Identifier(table))


@pytest.fixture
def full(store: Store) -> Store:
    """A store whose database has rows in every partition."""
    while not is_full(store):
        fill(store, str(uuid4()))
    return store


def is_full(store: Store) -> bool:
    """Whether every partition of every table that only grows has rows."""
    held = " UNION ALL ".join(f"SELECT count(DISTINCT tableoid) FROM {table}" for table in TABLES)
    with psycopg.connect(store.datastore.url) as conn:
        return conn.execute(held).fetchall() == [(8,)] * len(TABLES)


def fill(store: Store, book: str) -> None:
    """A book with a number, a tag, a complete subtree and a file."""

    def decide(pen: Pen) -> None:
        stamp("S")(pen)
        note("n", "t")(pen)
        for _ in range(254):
            note("n")(pen)
        pen.keep(b"file", "text/plain")

    store.open_book(book)
    store.write(book, Command(id="c", actor="u"), decide, nothing)


@contextmanager
def acting(url: str, role: str | None = None, book: str = "") -> Iterator[Connection[Any]]:
    """A connection that acts in a role on a book; nothing that it does remains."""
    with psycopg.connect(url) as conn:
        if role:
            conn.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
        conn.execute("SELECT set_config('paraphe.book_id', %s, true)", [book])
        yield conn
        conn.rollback()


def refused(conn: Connection[Any], statement: sql.Composed) -> type[BaseException] | None:
    """The error a statement meets, and none of its traces."""
    try:
        with conn.transaction(force_rollback=True):
            conn.execute(statement)
    except psycopg.Error as error:
        return type(error)
    return None


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_what_is_recorded_stays_even_for_its_owner(full: Store, verb: str) -> None:
    with acting(full.datastore.url) as conn:
        for table in RECORDED:
            assert refused(conn, change(verb, table)) is errors.RestrictViolation, table


@pytest.mark.parametrize("role", ["paraphe_app", "paraphe_replay"])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_no_role_may_change_what_is_recorded(full: Store, book: str, verb: str, role: str) -> None:
    with acting(full.datastore.url, role, book) as conn:
        for table in RECORDED:
            assert refused(conn, change(verb, table)) is errors.InsufficientPrivilege, table


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_grants_hold_without_triggers(full: Store, verb: str) -> None:
    fill(full, book := str(uuid4()))
    with acting(full.datastore.url, None, book) as conn:
        for table in RECORDED:
            name = sql.Identifier(table)
            conn.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
        assert refused(conn, change(verb, "event")) is None, "a wall besides that of triggers"
        conn.execute("SET ROLE paraphe_app")
        for table in RECORDED:
            assert refused(conn, change(verb, table)) is errors.InsufficientPrivilege, table


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "TRUNCATE"])
def test_triggers_hold_without_grants(full: Store, verb: str) -> None:
    fill(full, book := str(uuid4()))
    with acting(full.datastore.url, None, book) as conn:
        conn.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO paraphe_app")
        conn.execute("SET ROLE paraphe_app")
        for table in TABLES:
            assert refused(conn, change(verb, table)) is errors.RestrictViolation, table


HEAD_CHANGES = [
    "UPDATE book SET size = size - 1",
    "UPDATE book SET size = 0",
    "UPDATE book SET last_recorded_at = last_recorded_at - interval '1 microsecond'",
    "UPDATE book SET last_recorded_at = NULL, size = size + 1",
    "UPDATE book SET chain = sha256('')",
    "UPDATE book SET frontier = ''",
]


@pytest.mark.parametrize("role", [None, "paraphe_app"])
@pytest.mark.parametrize("text", HEAD_CHANGES)
def test_a_head_does_not_shrink(full: Store, role: str | None, text: str) -> None:
    fill(full, book := str(uuid4()))
    with acting(full.datastore.url, role, book) as conn:
        statement = sql.SQL(text + " WHERE book_id = {}").format(sql.Literal(book))
        assert refused(conn, statement) is errors.RestrictViolation


HEAD_REMOVALS = ["DELETE FROM book", "TRUNCATE book CASCADE", "UPDATE book SET book_id = book_id"]


@pytest.mark.parametrize("text", HEAD_REMOVALS)
def test_a_head_stays(full: Store, book: str, text: str) -> None:
    moved = sql.SQL(text.replace("= book_id", "= gen_random_uuid()")).format()
    with acting(full.datastore.url, None, book) as conn:
        assert refused(conn, moved) is errors.RestrictViolation
    with acting(full.datastore.url, "paraphe_app", book) as conn:
        assert refused(conn, moved) is errors.InsufficientPrivilege


def counts(conn: Connection[Any]) -> list[int]:
    """How many books, events, tags, subtrees and files a connection sees."""
    tables = ("book", *TABLES)
    asked = [sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)) for table in tables]
    return [conn.execute(ask).fetchall()[0][0] for ask in asked]


def test_without_a_book_the_application_sees_nothing(full: Store) -> None:
    with acting(full.datastore.url, "paraphe_app") as conn:
        assert counts(conn) == [0, 0, 0, 0, 0]
    with psycopg.connect(full.datastore.url) as conn:
        conn.execute("SET ROLE paraphe_app")
        assert counts(conn) == [0, 0, 0, 0, 0]


def test_the_application_sees_one_book(full: Store) -> None:
    fill(full, book := str(uuid4()))
    with acting(full.datastore.url, "paraphe_app", book) as conn:
        assert counts(conn) == [1, 256, 2, 1, 1]
    with acting(full.datastore.url, "paraphe_replay") as conn:
        assert min(counts(conn)) >= 8


def test_the_application_reaches_no_partition_by_itself(full: Store, book: str) -> None:
    with acting(full.datastore.url, "paraphe_app", book) as conn:
        for table in RECORDED[len(TABLES) :]:
            ask = sql.SQL("SELECT 1 FROM {}").format(sql.Identifier(table))
            assert refused(conn, ask) is errors.InsufficientPrivilege


INSERTS = {
    "book": "INSERT INTO book (book_id, chain) VALUES ({}, sha256(''))",
    "event": "INSERT INTO event (book_id, position, recorded_at, type, leaf, chain, body) "
    "VALUES ({}, 99, now(), 't', sha256(''), sha256(''), '')",
    "event_tag": "INSERT INTO event_tag VALUES ({}, 't', 99, 0)",
    "subtree": "INSERT INTO subtree VALUES ({}, 8, 99, sha256(''))",
    "file": "INSERT INTO file VALUES ({}, repeat('0', 64), '', '', '')",
}


@pytest.mark.parametrize("table", INSERTS)
def test_nothing_is_added_to_another_book(full: Store, book: str, table: str) -> None:
    for foreign in (str(uuid4()), book):
        into = sql.SQL(INSERTS[table]).format(sql.Literal(foreign))
        for named in ("", str(uuid4())):
            with acting(full.datastore.url, "paraphe_app", named) as conn:
                assert refused(conn, into) is errors.InsufficientPrivilege


def test_another_book_s_head_is_out_of_reach(full: Store, book: str) -> None:
    with acting(full.datastore.url, "paraphe_app", str(uuid4())) as conn:
        done = conn.execute("UPDATE book SET size = size + 1 WHERE book_id = %s", [book])
        assert done.rowcount == 0


def test_the_named_book_does_not_stay_with_the_connection(database_url: str, book: str) -> None:
    store = Store(BookDatastore(database_url, pool_size=1, max_overflow=0), mapper=MAPPER)

    def fail(pen: Pen) -> None:
        raise ZeroDivisionError

    store.write(book, Command(id="c", actor="u"), note("n", "t"), nothing)
    assert seen_next(store) == [0, 0, 0, 0, 0]
    list(store.read(book))
    assert seen_next(store) == [0, 0, 0, 0, 0]
    with pytest.raises(ZeroDivisionError):
        store.write(book, Command(id="d", actor="u"), fail, nothing)
    assert seen_next(store) == [0, 0, 0, 0, 0]
    with pytest.raises(ZeroDivisionError), store.entered(book):
        raise ZeroDivisionError
    assert seen_next(store) == [0, 0, 0, 0, 0]
    store.close()


def seen_next(store: Store) -> list[int]:
    """What the next user of the one pooled connection sees."""
    with store.datastore.connection() as conn:
        assert conn.execute("SELECT current_user").fetchone() == ("paraphe_app",)
        return counts(conn)


TWICE = {
    "a position": ("position", "event_pkey|_pkey"),
    "a number of a series": ("series, number", "series_number"),
    "a command": ("command_id, ordinal", "command"),
}


@pytest.mark.parametrize("what", TWICE)
def test_the_database_refuses_the_second(full: Store, what: str) -> None:
    fill(full, book := str(uuid4()))
    own, constraint = TWICE[what]
    columns = {
        "position": "999",
        "series": "'T'",
        "number": "1",
        "command_id": "'d'",
        "ordinal": "0",
    }
    kept = {name: name if name in own.split(", ") else value for name, value in columns.items()}
    copy = sql.SQL(
        f"INSERT INTO event (book_id, recorded_at, type, leaf, chain, body, {', '.join(kept)}) "
        f"SELECT book_id, recorded_at, type, leaf, chain, body, {', '.join(kept.values())} "
        "FROM event WHERE position = 1"
    )
    with acting(full.datastore.url, "paraphe_app", book) as conn:
        with pytest.raises(errors.UniqueViolation) as caught:
            conn.execute(copy)
        assert any(part in str(caught.value) for part in constraint.split("|"))
