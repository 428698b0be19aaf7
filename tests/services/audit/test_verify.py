"""Verification finds and locates what was changed behind the store's back, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.book import merkle, record
from domain.book.event import numbered
from services.audit.findings import Finding
from services.audit.verify import Kept, verify_book
from services.store.store import Store
from tests.books import write_book
from tests.golden.events.examples import EXAMPLES
from tests.services.audit.conftest import write_entries

COLUMNS = {
    "event": ("position", "recorded_at", "type", "series", "number", "command_id", "ordinal",
              "leaf", "chain", "body"),
    "event_tag": ("tag", "position", "nth"),
    "book": ("size", "chain", "frontier", "last_recorded_at"),
    "file": ("digest", "content"),
}  # fmt: skip
PLACES = [(table, column) for table, columns in COLUMNS.items() for column in columns]


@contextmanager
def unguarded(store: Store) -> Iterator[psycopg.Connection[Any]]:
    """What a database administrator can do: triggers off, every right; undone at the end."""
    with psycopg.connect(store.datastore.url) as conn:
        conn.execute("SET session_replication_role = replica")
        yield conn


def findings(store: Store, book: str, *kept: Kept) -> tuple[Finding, ...]:
    return verify_book(store, book, kept).findings


def test_a_sound_book_has_no_finding(store: Store, book: str) -> None:
    report = verify_book(store, book)
    assert report.status == "pass"
    assert (report.size, report.root) == (20, store.head(book).root.hex())


def test_no_event_of_the_catalogue_raises_a_false_alarm(store: Store) -> None:
    """An event may call something its number without taking one: it has no series then."""
    free = [event for event in EXAMPLES.values() if numbered(event) is None]
    sound = write_book(store, free)
    alarms = [each for each in findings(store, sound) if each.check != "files"]
    assert alarms == []


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(PLACES), which=st.integers(0, 19), bit=st.integers(0, 10**6))
def test_one_changed_bit_is_found_and_located(
    store: Store, book: str, place: tuple[str, str], which: int, bit: int
) -> None:
    """Flips one bit of one column of one row, as stored, and verifies; then puts it back."""
    table, column = place
    with unguarded(store) as conn:
        row = flip(conn, book, place, which, bit)
        if row is None:
            return
        conn.commit()
        try:
            found = findings(store, book)
        finally:
            restore(conn, book, table, column, row)
            conn.commit()
    assert found, f"bit {bit} of {table}.{column} went unseen"
    if table == "event":
        assert any(abs(finding.position - row.position) <= 1 for finding in found)
    assert findings(store, book) == ()


class Flipped:
    """A row that was changed: where it is now, and what it was."""

    def __init__(self, ctid: str, table: str, old: Any, position: int) -> None:
        self.ctid, self.table, self.old, self.position = ctid, table, old, position


def flip(
    conn: psycopg.Connection[Any], book: str, place: tuple[str, str], which: int, bit: int
) -> Flipped | None:
    """Changes one bit of a value; None where the value has no bit or the type refuses it."""
    table, column = place
    rows = conn.execute(
        f"SELECT ctid::text, tableoid::regclass::text, {column} FROM {table} "
        "WHERE book_id = %s ORDER BY 2, 1",
        (book,),
    ).fetchall()
    ctid, partition, old = rows[which % len(rows)]
    new = flipped(old, bit)
    if new is None:
        return None
    position = 0
    if table == "event":
        found = conn.execute(f"SELECT position FROM {partition} WHERE ctid = %s", (ctid,))
        position = found.fetchone()[0]  # type: ignore[index]
    try:
        with conn.transaction():
            moved = conn.execute(
                f"UPDATE {partition} SET {column} = %s WHERE ctid = %s RETURNING ctid::text",
                (new, ctid),
            ).fetchone()
    except psycopg.Error:
        return None  # the database itself refuses such a value
    return Flipped(moved[0], partition, old, position)  # type: ignore[index]


def flipped(value: Any, bit: int) -> Any:
    """The value with one bit changed."""
    match value:
        case bytes() if value:
            at = bit // 8 % len(value)
            return value[:at] + bytes([value[at] ^ 1 << bit % 8]) + value[at + 1 :]
        case str() if value:
            at = bit // 7 % len(value)
            return value[:at] + chr(ord(value[at]) ^ 1 << bit % 7) + value[at + 1 :]
        case int():
            return value ^ 1 << bit % 15
        case None | b"" | "":
            return None
        case _:  # a moment: PostgreSQL keeps microseconds
            from datetime import timedelta

            return value + timedelta(microseconds=1 << bit % 40)


def restore(
    conn: psycopg.Connection[Any], book: str, table: str, column: str, row: Flipped
) -> None:
    conn.execute(f"UPDATE {row.table} SET {column} = %s WHERE ctid = %s", (row.old, row.ctid))


def test_a_removed_tail_is_found_against_a_kept_size(store: Store, book: str) -> None:
    kept = Kept(size=20, root=store.head(book).root.hex())
    cut(store, book, 15)
    assert findings(store, book) == ()  # by itself the shorter book is sound
    (found,) = findings(store, book, kept)
    assert (found.check, found.position, found.upto) == ("kept-root", 16, 20)


def test_a_rewritten_book_is_found_against_a_kept_root(store: Store, book: str) -> None:
    """Everything is hashed again after a change at 12: only what was kept outside tells."""
    early = Kept(size=8, root=root_at(store, book, 8))
    late = Kept(size=16, root=root_at(store, book, 16))
    rewrite(store, book, 12)
    assert findings(store, book) == ()
    (found,) = findings(store, book, early, late)
    assert (found.check, found.position, found.upto) == ("kept-root", 9, 16)


def test_an_unknown_type_is_verified_as_bytes(store: Store, book: str) -> None:
    with unguarded(store) as conn:
        conn.execute(
            "UPDATE event SET type = 'no.such.v9' WHERE book_id = %s AND position = 3", (book,)
        )
    (found,) = findings(store, book)
    assert (found.check, found.position) == ("columns", 3)


def test_a_gap_in_a_number_series_is_found(store: Store, book: str) -> None:
    write_entries(store, book, 12)  # entries 25 and 26 follow 20
    (found,) = findings(store, book)
    assert (found.check, found.position) == ("numbers-gapless", 21)


def root_at(store: Store, book: str, size: int) -> str:
    with store.entered(book) as conn:
        rows = conn.execute("SELECT leaf FROM event ORDER BY position LIMIT %s", (size,)).fetchall()
    return merkle.root(merkle.extend((), 0, [leaf for (leaf,) in rows])).hex()


def cut(store: Store, book: str, size: int) -> None:
    """Removes the tail of a book and mends the head, as one who holds the database can."""
    with unguarded(store) as conn:
        for table in ("event", "event_tag"):
            conn.execute(f"DELETE FROM {table} WHERE book_id = %s AND position > %s", (book, size))
        rehash(conn, book)


def rewrite(store: Store, book: str, position: int) -> None:
    """Changes one event and hashes the whole book again."""
    with unguarded(store) as conn:
        conn.execute(
            "UPDATE event SET body = convert_to(replace(convert_from(body, 'UTF8'), 'essai', "
            "'autre'), 'UTF8') WHERE book_id = %s AND position = %s",
            (book, position),
        )
        rehash(conn, book)


def rehash(conn: psycopg.Connection[Any], book: str) -> None:
    chain, leaves, moment = record.genesis(book), [], None
    rows = conn.execute(
        "SELECT position, recorded_at, body FROM event WHERE book_id = %s ORDER BY position",
        (book,),
    ).fetchall()
    for position, moment, body in rows:
        leaves.append(record.leaf(book, position, moment, body))
        chain = record.link(chain, leaves[-1])
        conn.execute(
            "UPDATE event SET leaf = %s, chain = %s WHERE book_id = %s AND position = %s",
            (leaves[-1], chain, book, position),
        )
    conn.execute(
        "UPDATE book SET size = %s, chain = %s, frontier = %s, last_recorded_at = %s "
        "WHERE book_id = %s",
        (len(leaves), chain, b"".join(merkle.extend((), 0, leaves)), moment, book),
    )


@pytest.mark.parametrize("column", ["media_type", "name"])
def test_what_is_not_checked_is_said(store: Store, book: str, column: str) -> None:
    report = verify_book(store, book)
    assert any("names of kept files" in words for words in report.not_checked)
