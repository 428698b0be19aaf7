"""The head of a book: how long it is, and the hashes that the next event continues."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection

from domain.book import merkle
from services.store import statements

_CANONICAL = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class Head(Struct, frozen=True, kw_only=True):
    """The head row of a book; `size` is also the position of its newest event."""

    book_id: str
    size: int
    chain: bytes
    frontier: merkle.Frontier
    last_recorded_at: datetime | None

    @property
    def root(self) -> bytes:
        """The Merkle tree head over all events."""
        return merkle.root(self.frontier)


class UnknownBook(LookupError):
    """There is no such book, or none that this role may see."""


class Unsound(RuntimeError):
    """An invariant of the book does not hold; nothing is written until somebody has looked."""


def require_canonical(book_id: str) -> None:
    """Raises UnknownBook unless the id is written as the records of its book write it.

    PostgreSQL takes other spellings of a UUID for the same book, but their hashes differ.
    """
    if _CANONICAL.fullmatch(book_id) is None:
        raise UnknownBook(book_id[:40])


def from_row(conn: Connection[Any], book_id: str, row: Sequence[Any] | None) -> Head:
    """The head as stored; a frontier that does not fit its size is rebuilt from the leaves."""
    if row is None:
        raise UnknownBook(book_id)
    size, chain, packed, last_recorded_at = row
    frontier = unpack(packed)
    if not merkle.fits(frontier, size):
        frontier = rebuild_frontier(conn, book_id, size)
    return Head(
        book_id=book_id,
        size=size,
        chain=chain,
        frontier=frontier,
        last_recorded_at=last_recorded_at,
    )


def current_head(conn: Connection[Any], book_id: str) -> Head:
    """The head of a book, not locked, over a connection that has entered it."""
    row = conn.execute(statements.HEAD, {"book": book_id}, binary=True).fetchone()
    return from_row(conn, book_id, row)


def rebuild_frontier(conn: Connection[Any], book_id: str, size: int) -> merkle.Frontier:
    """The frontier over the first `size` leaves of a book, from the stored leaves."""
    frontier: merkle.Frontier = ()
    with conn.transaction(), conn.cursor(name="leaves", binary=True) as cursor:
        count = 0
        cursor.itersize = 10_000
        cursor.execute(statements.LEAVES, {"book": book_id, "upto": size})
        while rows := cursor.fetchmany(10_000):
            frontier = merkle.extend(frontier, count, [leaf for (leaf,) in rows])
            count += len(rows)
    if count != size:
        raise Unsound(f"book {book_id} has {count} events, its head says {size}")
    return frontier


def pack(frontier: merkle.Frontier) -> bytes:
    """The frontier as the head row keeps it: its hashes one after the other."""
    return b"".join(frontier)


def unpack(packed: bytes) -> merkle.Frontier:
    """The hashes of a stored frontier."""
    return tuple(packed[at : at + 32] for at in range(0, len(packed), 32))
