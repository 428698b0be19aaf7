"""A book exactly as it is stored: rows and tags in order, a batch at a time, nothing decoded."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple

from psycopg import Connection

from domain.book import merkle
from services.store.head import UnknownBook

BATCH = 5_000

ROWS = """
SELECT position, recorded_at, type, series, number, command_id, ordinal, leaf, chain, body
FROM event WHERE book_id = %(book)s AND position > %(after)s ORDER BY position LIMIT %(limit)s
"""

TAGS = """
SELECT position, array_agg(nth ORDER BY nth, tag), array_agg(tag ORDER BY nth, tag) FROM event_tag
WHERE book_id = %(book)s GROUP BY position ORDER BY position
"""

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


StoredRow = tuple[
    int, datetime, str, str | None, int | None, str | None, int | None, bytes, bytes, bytes
]
"""A row as it is fetched; a StoredEvent is one with names, which a million rows do not pay for."""

StoredTags = tuple[list[int], list[str]]
"""The tags that an event is stored under: the place of each, and the tag."""

TaggedPosition = tuple[int, list[int], list[str]]
"""The same with its position, as it is fetched."""


class StoredPage(NamedTuple):
    """Rows in order, and the tags stored at positions up to the last of them."""

    events: list[StoredRow]
    tags: dict[int, StoredTags]


def events(conn: Connection[Any], book_id: str) -> Iterator[StoredEvent]:
    """Every row of a book, in order."""
    for rows in row_pages(conn, book_id):
        yield from map(StoredEvent._make, rows)


def row_pages(conn: Connection[Any], book_id: str, after: int = 0) -> Iterator[list[StoredRow]]:
    """The rows after a position, in order, a page at a time."""
    while True:
        bounds = {"book": book_id, "after": after, "limit": BATCH}
        rows: list[StoredRow] = conn.execute(ROWS, bounds, binary=True).fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def pages(conn: Connection[Any], book_id: str) -> Iterator[StoredPage]:
    """Every row with its tags; the last page has no rows, but the tags of none."""
    with conn.cursor(name="tags", binary=True) as cursor:
        cursor.execute(TAGS, {"book": book_id})
        waiting: list[TaggedPosition] = []
        for rows in row_pages(conn, book_id):
            last = rows[-1][0]
            while (not waiting or waiting[-1][0] <= last) and (more := cursor.fetchmany(BATCH)):
                waiting += more
            upto = bisect_right(waiting, last, key=itemgetter(0))
            yield StoredPage(rows, {at: (nths, tags) for at, nths, tags in waiting[:upto]})
            del waiting[:upto]
        waiting += cursor.fetchall()
        yield StoredPage([], {at: (nths, tags) for at, nths, tags in waiting})


def head(conn: Connection[Any], book_id: str) -> StoredHead:
    """The head row of a book; raises UnknownBook."""
    row = conn.execute(HEAD, {"book": book_id}, binary=True).fetchone()
    if row is None:
        raise UnknownBook(book_id)
    return StoredHead._make(row)


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
