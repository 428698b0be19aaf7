"""Where the engine reads books: the event table, over the engine's own connection."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from domain.book.event import Event, Recorded
from projections.register import Register
from services.replay.connection import Replaying
from services.store.mapper import Mapper

PAGE = """
SELECT position, recorded_at, type, CASE WHEN type <> ALL(%s::text[]) THEN body END
FROM public.event WHERE book_id = %s AND position > %s AND position <= %s ORDER BY position LIMIT %s
"""
HEADS = "SELECT book_id, size FROM public.book ORDER BY book_id"
HEAD = "SELECT size FROM public.book WHERE book_id = %s"
POSITION_AT = """
SELECT coalesce(max(position), 0) FROM public.event WHERE book_id = %s AND recorded_at <= %s
"""


UNREAD = Event()
"""Stands for an event that no register here reads: its body is neither fetched nor decoded."""


class Source:
    """Decoded events of every book, in order; those of the types in `unread` as UNREAD.

    A type that is not in the catalogue is refused all the same.
    """

    def __init__(self, mapper: Mapper | None = None, unread: frozenset[str] = frozenset()) -> None:
        self._mapper = mapper or Mapper()
        self._unread = list(unread)

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
        rows: Sequence[Any] = conn.execute(
            PAGE, (self._unread, book_id, after, upto, limit), binary=True
        ).fetchall()
        recorded, name = self._mapper.recorded, str(book_id)
        return [
            recorded(name, *row)
            if row[3] is not None
            else Recorded(book_id=name, position=row[0], recorded_at=row[1], event=UNREAD)
            for row in rows
        ]
