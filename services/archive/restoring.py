"""Puts a book back from the archive alone: the same bytes, positions, times, leaves and numbers.

A book is one transaction: a restore that is killed leaves nothing of it, and is begun again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection

from domain.book import merkle, record
from services.archive.place import ArchivedSeal
from services.archive.reading import ArchivedBook
from services.archive.writing import require_continues
from services.audit.stored import StoredEvent
from services.audit.verify import Said
from services.store import statements
from services.store.head import pack, unpack

NOW_LIKE_THIS = """
UPDATE book SET size = %(size)s, chain = %(chain)s, frontier = %(frontier)s,
    last_recorded_at = %(recorded_at)s WHERE book_id = %(book)s
"""
LAST_COMMAND = """
SELECT command_id, ordinal FROM event WHERE book_id = %(book)s AND position = %(size)s
"""
COPY_EVENTS = """
COPY event (book_id, position, recorded_at, type, series, number, command_id, ordinal, leaf, chain,
    body) FROM STDIN (FORMAT binary)
"""
EVENT_TYPES = (
    "uuid", "int8", "timestamptz", "text", "text", "int8", "text", "int4", "bytea", "bytea", "bytea"
)  # fmt: skip
COPY_TAGS = "COPY event_tag (book_id, tag, position, nth) FROM STDIN (FORMAT binary)"
TAG_TYPES = ("uuid", "text", "int8", "int2")
COPY_SUBTREES = "COPY subtree (book_id, level, nth, hash) FROM STDIN (FORMAT binary)"
SUBTREE_TYPES = ("uuid", "int2", "int8", "bytea")
SEAL = """
INSERT INTO seal (book_id, nth, size, root, note, sealed_at)
VALUES (%(book)s, %(nth)s, %(size)s, %(root)s, %(note)s, %(sealed_at)s) ON CONFLICT DO NOTHING
"""
STAMP = """
INSERT INTO seal_timestamp (book_id, nth, ordinal, stamped_at, token)
VALUES (%(book)s, %(nth)s, %(ordinal)s, %(stamped_at)s, %(token)s) ON CONFLICT DO NOTHING
"""
COSIGNATURE = """
INSERT INTO seal_cosignature (book_id, nth, line) VALUES (%(book)s, %(nth)s, %(line)s)
ON CONFLICT DO NOTHING
"""
PERSONAL_KEY = """
INSERT INTO personal_key (book_id, key_id, subject, field, wrapped, wrapped_by, created_at)
VALUES (%(book)s, %(key_id)s, %(subject)s, %(field)s, %(wrapped)s, %(wrapped_by)s, %(created_at)s)
ON CONFLICT DO NOTHING
"""


class NotThisBook(Exception):
    """The archive does not continue the book that the database has, or not come to its own root."""


class State(NamedTuple):
    """What the next record continues."""

    size: int
    chain: bytes
    frontier: merkle.Frontier
    command: tuple[str | None, int]
    moment: datetime | None


def restore_book(owner_url: str, book: ArchivedBook) -> int:
    """Adds what the database lacks of a book, as the owner of the tables; gives how many events.

    Raises NotThisBook; an archive that is not sound raises before anything is committed.
    """
    with psycopg.connect(owner_url) as conn:
        conn.execute(statements.OPEN, {"book": book.book_id, "chain": record.genesis(book.book_id)})
        here, state = _standing(conn, book)
        for events in book.events(after=here):
            state = _load(conn, book.book_id, state, events)
        if state.size > here:
            _move_head(conn, book, state)
        _restore_beside(conn, book)
    return state.size - here


def _standing(conn: Connection[Any], book: ArchivedBook) -> tuple[int, State]:
    """How long the book in the database is, and what its next record continues.

    A book that has gone on since it was archived must begin with what is archived.
    """
    wanted = {"book": book.book_id}
    locked = conn.execute(statements.LOCK, wanted, binary=True).fetchone()
    size, chain, frontier, moment = locked or (0, b"", b"", None)
    if size >= book.index.size:
        require_continues(conn, book.index)
    last = conn.execute(LAST_COMMAND, {**wanted, "size": size}).fetchone()
    command: tuple[str | None, int] = (last[0], last[1]) if last else (None, 0)
    return size, State(size, bytes(chain), unpack(bytes(frontier)), command, moment)


def _load(
    conn: Connection[Any], book_id: str, state: State, events: Sequence[StoredEvent]
) -> State:
    """Loads a segment, every hash recomputed and compared; gives what the next continues."""
    rows, tags, leaves, uuid = list[Any](), list[Any](), list[bytes](), UUID(book_id)
    chain, (command, ordinal), decoder = state.chain, state.command, msgspec.json.Decoder(Said)
    for position, event in enumerate(events, state.size + 1):
        leaf = record.leaf(book_id, position, event.recorded_at, event.body)
        chain = record.link(chain, leaf)
        if (event.position, event.leaf, event.chain) != (position, leaf, chain):
            raise NotThisBook(f"event {position} of book {book_id} does not continue the book")
        said = decoder.decode(event.body)
        ordinal = ordinal + 1 if said.command == command else 0
        command = said.command
        numbered = (said.data.series, said.data.number)
        rows.append((uuid, position, event.recorded_at, said.type, *numbered, command, ordinal,
                     leaf, chain, event.body))  # fmt: skip
        tags += [(uuid, tag, position, nth) for nth, tag in enumerate(said.tags)]
        leaves.append(leaf)
    frontier, milestones = merkle.grow(state.frontier, state.size, leaves)
    _copy(conn, COPY_EVENTS, EVENT_TYPES, rows)
    _copy(conn, COPY_TAGS, TAG_TYPES, tags)
    _copy(conn, COPY_SUBTREES, SUBTREE_TYPES, [(uuid, *one) for one in milestones])
    moment = events[-1].recorded_at
    return State(state.size + len(events), chain, frontier, (command, ordinal), moment)


def _copy(conn: Connection[Any], statement: str, types: Sequence[str], rows: Sequence[Any]) -> None:
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _move_head(conn: Connection[Any], book: ArchivedBook, state: State) -> None:
    root = merkle.root(state.frontier).hex()
    if (state.size, root) != (book.index.size, book.index.root):
        raise NotThisBook(f"book {book.book_id} does not come to the root that its index says")
    head = {
        "book": book.book_id,
        "size": state.size,
        "chain": state.chain,
        "frontier": pack(state.frontier),
        "recorded_at": state.moment,
    }
    conn.execute(NOW_LIKE_THIS, head)


def _restore_beside(conn: Connection[Any], book: ArchivedBook) -> None:
    """What belongs to a book beside its events: originals, seals, keys of personal data."""
    named = {"book": book.book_id}
    for file in book.files():
        conn.execute(statements.KEEP, {**named, **msgspec.structs.asdict(file)})
    for seal in book.seals():
        _restore_seal(conn, book.book_id, seal)
    for key in book.personal_keys():
        conn.execute(PERSONAL_KEY, {**named, **msgspec.structs.asdict(key)})


def _restore_seal(conn: Connection[Any], book_id: str, seal: ArchivedSeal) -> None:
    said = seal.checkpoint
    row = {"book": book_id, "nth": seal.nth, "note": seal.note, "sealed_at": seal.sealed_at}
    conn.execute(SEAL, {**row, "size": said.size, "root": said.root})
    for stamp in seal.timestamps:
        conn.execute(STAMP, {**row, **msgspec.structs.asdict(stamp)})
    for line in seal.cosignatures:
        conn.execute(COSIGNATURE, {**row, "line": line})
