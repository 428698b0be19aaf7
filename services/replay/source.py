"""Where the engine reads books: the event table, over the engine's own connection."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg import sql

from domain.book.event import Event, Recorded
from projections.register import Register
from services.replay.connection import Replaying
from services.store.mapper import Mapper
from services.trip import Statement

# The types that nobody reads are said in the statement itself: PostgreSQL looks them up by hash.
PAGE = """
SELECT position, recorded_at, type, CASE WHEN type <> ALL({unread}::text[]) THEN body END
FROM public.event WHERE book_id = %s AND position > %s AND position <= %s ORDER BY position LIMIT %s
"""
WHOLE = """
SELECT position, recorded_at, type, CASE WHEN type <> ALL(%(unread)s::text[]) THEN body END
FROM public.event WHERE book_id = %(book)s AND position <= %(upto)s
AND (type <> ALL(%(unread)s::text[]) OR position = %(upto)s) ORDER BY position
"""
HEADS = "SELECT book_id, size FROM public.book ORDER BY book_id"
HEAD = "SELECT size FROM public.book WHERE book_id = %s"
POSITION_AT = """
SELECT coalesce(max(position), 0) FROM public.event WHERE book_id = %s AND recorded_at <= %s
"""

END = 2**62
CHUNK = 200
"""Events taken from the wire at once: while they are folded, the server sends the next ones."""

UNREAD = Event()
"""Stands for an event that no register here reads: its body is neither fetched nor decoded."""


class Source:
    """Decoded events of every book, in order; those of the types in `unread` as UNREAD.

    A type that is not in the catalogue is refused all the same.
    """

    def __init__(self, mapper: Mapper | None = None, unread: frozenset[str] = frozenset()) -> None:
        self._mapper = mapper or Mapper()
        self._unread = sorted(unread)
        self._page = sql.SQL(PAGE).format(unread=sql.Literal(self._unread))

    def narrowed(self, registers: Iterable[Register]) -> "Source":
        """The same events, as far as these registers read them."""
        wanted = {event for register in registers for event in register.events}
        return Source(self._mapper, self._mapper.others(wanted))

    def heads(self, conn: Replaying) -> dict[UUID, int]:
        """The size of every book."""
        return dict(conn.execute(HEADS).fetchall())

    def head(self, conn: Replaying, book_id: UUID) -> int:
        """The size of one book; 0 when there is no such book."""
        found = conn.execute(HEAD, (book_id,)).fetchone()
        return found[0] if found else 0

    def position_at(self, conn: Replaying, book_id: UUID, moment: datetime) -> int:
        """The last position recorded up to a moment."""
        found = conn.execute(POSITION_AT, (book_id, moment)).fetchone()
        return found[0] if found else 0

    def read(
        self, conn: Replaying, book_id: UUID, after: int, upto: int, limit: int
    ) -> list[Recorded]:
        """At most `limit` events after a position; raises Unreadable with the faulty position."""
        found = conn.execute(self._page, (book_id, after, upto, limit), binary=True)
        return self.decoded(book_id, found.fetchall())

    def page(self, conn: Replaying) -> Statement:
        """The statement for the same events: a book, after and up to which position, how many."""
        return Statement(conn, self._page.as_bytes(conn))

    def decoded(self, book_id: UUID, rows: Iterable[Sequence[Any]]) -> list[Recorded]:
        """The events of a page that was read; raises Unreadable."""
        return list(self._decoded(book_id, rows))

    def stream(self, conn: Replaying, book_id: UUID, upto: int) -> Iterator[Recorded]:
        """The events of a book up to a position or its head, as the server sends them.

        Those that nobody reads are left out, but for the last. The connection is not free for other
        statements before the end. Raises Unreadable with the faulty position.
        """
        last = min(upto, self.head(conn, book_id))
        wanted = {"book": book_id, "upto": last, "unread": self._unread}
        return self._decoded(book_id, conn.cursor().stream(WHOLE, wanted, binary=True, size=CHUNK))

    def _decoded(self, book_id: UUID, rows: Iterable[Sequence[Any]]) -> Iterator[Recorded]:
        recorded, name = self._mapper.recorded, str(book_id)
        for position, recorded_at, type_, body in rows:
            if body is not None:
                yield recorded(name, position, recorded_at, type_, body)
            else:
                yield Recorded(
                    book_id=name, position=position, recorded_at=recorded_at, event=UNREAD
                )
