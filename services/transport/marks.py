"""How far each book stands in the stream: kept in PostgreSQL, moved by the one who publishes."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import AsyncConnection, sql

from services.replay.connection import SETTINGS
from services.replay.crew import CHANNEL

TAKE_TURN = "SELECT pg_try_advisory_lock(hashtextextended('paraphe.outbox', 0))"
BEHIND = """
SELECT book.book_id FROM public.book LEFT JOIN public.outbox USING (book_id)
WHERE book.size > coalesce(outbox.position, 0)
"""
NEXT_EVENTS = """
SELECT wanted.book_id, found.position, found.recorded_at, found.type, found.body
FROM unnest(%(books)s::uuid[]) WITH ORDINALITY AS wanted (book_id, nth), LATERAL (
    SELECT position, recorded_at, type, body FROM public.event
    WHERE event.book_id = wanted.book_id AND event.position > coalesce(
        (SELECT outbox.position FROM public.outbox WHERE outbox.book_id = wanted.book_id), 0)
    ORDER BY event.position LIMIT %(limit)s
) AS found ORDER BY wanted.nth, found.position
"""
MOVE = """
INSERT INTO public.outbox (book_id, position, sequence, epoch)
SELECT book_id, position, sequence, %(epoch)s
FROM unnest(%(books)s::uuid[], %(positions)s::bigint[], %(sequences)s::bigint[])
    AS moved (book_id, position, sequence)
ON CONFLICT (book_id) DO UPDATE SET position = excluded.position, sequence = excluded.sequence,
    epoch = excluded.epoch, moved_at = now()
"""
BEGIN_EPOCH = """
UPDATE public.outbox SET position = 0, sequence = 0, epoch = %(epoch)s, moved_at = now()
WHERE epoch <> %(epoch)s
"""
ALL = "SELECT book_id, position, sequence FROM public.outbox ORDER BY sequence DESC"


class Mark(NamedTuple):
    """The last position of a book that the stream acknowledged, and its place in the stream."""

    position: int
    sequence: int


class Waiting(NamedTuple):
    """An event as it is stored, on its way to the stream."""

    book_id: UUID
    position: int
    recorded_at: datetime
    type: str
    body: bytes


class Marks:
    """The marks of all books, on the connection whose advisory lock makes this the only publisher.

    Marks may be lost with a crash of the database: events are then published twice.
    """

    def __init__(self, conn: AsyncConnection[Any]) -> None:
        self._conn = conn

    async def take_turn(self) -> bool:
        """Becomes the publisher of this database, unless another process is."""
        found = await (await self._conn.execute(TAKE_TURN)).fetchone()
        return found is not None and found[0]

    async def listen(self) -> None:
        """Begins to hear of books that grow."""
        await self._conn.execute(f"LISTEN {CHANNEL}".encode())

    async def grown(self, seconds: float) -> list[UUID]:
        """The books that were said to have grown; waits for the first at most so long."""
        notices = self._conn.notifies(timeout=seconds, stop_after=1)
        return [UUID(notice.payload) async for notice in notices]

    async def behind(self) -> list[UUID]:
        """The books with events that the stream has not acknowledged."""
        return [row[0] for row in await (await self._conn.execute(BEHIND)).fetchall()]

    async def next_events(self, books: Sequence[UUID], limit: int) -> list[Waiting]:
        """At most `limit` events of each book after its mark, in the order of each book."""
        asked = {"books": list(books), "limit": limit}
        found = await self._conn.execute(NEXT_EVENTS, asked, binary=True)
        return [Waiting(*row) for row in await found.fetchall()]

    async def move(self, epoch: str, marks: Mapping[UUID, Mark]) -> None:
        """Sets the marks of some books, in one statement."""
        columns = {
            "books": list(marks),
            "positions": [mark.position for mark in marks.values()],
            "sequences": [mark.sequence for mark in marks.values()],
        }
        await self._conn.execute(MOVE, {"epoch": epoch, **columns})

    async def begin_epoch(self, epoch: str) -> int:
        """Sets every mark of another stream back to nothing; tells how many there were."""
        return (await self._conn.execute(BEGIN_EPOCH, {"epoch": epoch})).rowcount

    async def all(self) -> dict[UUID, Mark]:
        """Every mark, the one furthest in the stream first."""
        found = await (await self._conn.execute(ALL)).fetchall()
        return {book_id: Mark(position, sequence) for book_id, position, sequence in found}


@asynccontextmanager
async def open_marks(url: str) -> AsyncIterator[Marks]:
    """The marks over a connection of their own, as paraphe_replay."""
    conn = await AsyncConnection.connect(url, autocommit=True, prepare_threshold=1)
    async with conn:
        for name, value in SETTINGS.items():
            setting = sql.SQL("SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
            await conn.execute(setting, prepare=False)
        await conn.execute("SET ROLE paraphe_replay")
        yield Marks(conn)
