"""A book exactly as it is stored: rows and tags in order, a batch at a time, nothing decoded."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

from psycopg import Connection

from domain.book import merkle
from services.store.head import UnknownBook

BATCH = 5_000

ROWS = """
SELECT position, recorded_at, type, series, number, command_id, ordinal, leaf, chain, body
FROM event WHERE book_id = %(book)s AND position > %(after)s ORDER BY position LIMIT %(limit)s
"""

TAGS = "SELECT position, nth, tag FROM event_tag WHERE book_id = %(book)s ORDER BY position, nth"

FILES = """
SELECT digest, content FROM file WHERE book_id = %(book)s AND digest > %(after)s
ORDER BY digest LIMIT 1
"""

FILE = "SELECT content FROM file WHERE book_id = %(book)s AND digest = %(digest)s"

SEALS = """
SELECT nth, note || coalesce((
    SELECT string_agg(line, '' ORDER BY line) FROM seal_cosignature AS cosigned
    WHERE cosigned.book_id = seal.book_id AND cosigned.nth = seal.nth), '')
FROM seal WHERE book_id = %(book)s AND size <= %(size)s ORDER BY nth
"""

TIMESTAMPS = """
SELECT nth, ordinal, token FROM seal_timestamp AS stamped JOIN seal USING (book_id, nth)
WHERE book_id = %(book)s AND size <= %(size)s ORDER BY nth, ordinal
"""

HEAD = "SELECT size, chain, frontier, last_recorded_at FROM book WHERE book_id = %(book)s"


class StoredEvent(NamedTuple):
    """A row of the event table."""

    position: int
    recorded_at: datetime
    type: str
    series: str | None
    number: int | None
    command_id: str | None
    ordinal: int | None
    leaf: bytes
    chain: bytes
    body: bytes


SUBTREES = "SELECT level, nth, hash FROM subtree WHERE book_id = %(book)s"


class StoredHead(NamedTuple):
    """The head row."""

    size: int
    chain: bytes
    frontier: bytes
    last_recorded_at: datetime | None


StoredTags = tuple[int, list[tuple[int, str]]]


def events(conn: Connection[Any], book_id: str) -> Iterator[StoredEvent]:
    """Every row of a book, in order."""
    after = 0
    while True:
        bounds = {"book": book_id, "after": after, "limit": BATCH}
        rows = conn.execute(ROWS, bounds, binary=True).fetchall()
        if not rows:
            return
        for row in rows:
            yield StoredEvent._make(row)
        after = rows[-1][0]


def head(conn: Connection[Any], book_id: str) -> StoredHead:
    """The head row of a book; raises UnknownBook."""
    row = conn.execute(HEAD, {"book": book_id}, binary=True).fetchone()
    if row is None:
        raise UnknownBook(book_id)
    return StoredHead._make(row)


def tags(conn: Connection[Any], book_id: str) -> Iterator[StoredTags]:
    """The stored tags of each position that has any, each with its place, in order."""
    with conn.cursor(name="tags", binary=True) as cursor:
        cursor.itersize = BATCH
        cursor.execute(TAGS, {"book": book_id})
        for position, group in groupby(cursor, key=lambda row: row[0]):
            yield position, [(nth, tag) for _, nth, tag in group]


def subtrees(conn: Connection[Any], book_id: str) -> set[merkle.Milestone]:
    """The kept roots of complete subtrees: one in 256 events, so all of them at once."""
    rows = conn.execute(SUBTREES, {"book": book_id}, binary=True).fetchall()
    return {merkle.Milestone._make(row) for row in rows}


def files(conn: Connection[Any], book_id: str) -> Iterator[tuple[str, bytes]]:
    """Every kept file of a book with the digest it is kept under, one at a time."""
    after = ""
    while row := conn.execute(FILES, {"book": book_id, "after": after}, binary=True).fetchone():
        after = row[0]
        yield after, bytes(row[1])


def file(conn: Connection[Any], book_id: str, digest: str) -> bytes | None:
    """The kept file of a digest; None when it is not there."""
    wanted = {"book": book_id, "digest": digest}
    row = conn.execute(FILE, wanted, binary=True).fetchone()
    return None if row is None else bytes(row[0])


def seals(conn: Connection[Any], book_id: str, size: int) -> list[tuple[int, str]]:
    """The seals of the first `size` events, with the lines of their witnesses, in order."""
    return conn.execute(SEALS, {"book": book_id, "size": size}).fetchall()


def timestamps(conn: Connection[Any], book_id: str, size: int) -> list[tuple[int, int, bytes]]:
    """The tokens of authorities about those seals: which seal, which token, its bytes."""
    return conn.execute(TIMESTAMPS, {"book": book_id, "size": size}, binary=True).fetchall()
