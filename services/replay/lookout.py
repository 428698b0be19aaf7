"""Which books are behind: of all of them now and then, in between of those that grew lately.

The live engine hears of books that grow. What it did not hear, because somebody died between commit
and notice, the lookout finds.
"""

import time
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from psycopg import sql

from services.replay.connection import Replaying
from services.replay.place import Place

NEVER = 2**62
"""Stands for the position of a register that is parked: it does not wait for events."""
SHARE = 0.01
"""Asking about the whole shelf takes time by its length, and at most this share of all time."""

# One pass over each table: a lookup for each book and register takes five times as long here.
ALL = sql.SQL("""
SELECT book_id FROM (
    SELECT book_id, size, NULL::bigint AS position FROM public.book WHERE size > 0
    UNION ALL {cursors}
) AS place GROUP BY book_id
HAVING max(size) > min(position) OR (max(size) > 0 AND count(position) < ({count}))
""")
CURSORS = sql.SQL(
    "SELECT book_id, NULL, CASE WHEN parked_at IS NULL THEN position ELSE {never} END "
    "FROM {cursor} WHERE {current}"
)
# A command reads the clock after it has the book, and is over in milliseconds; one that took longer
# is found in the whole shelf.
LATELY = sql.SQL("""
SELECT book_id FROM (
    SELECT book_id, size FROM public.book
    WHERE last_recorded_at >= %(since)s::timestamptz - interval '5 seconds'
    UNION
    SELECT book_id, size FROM public.book WHERE book_id = ANY(%(also)s::uuid[])
) AS grown WHERE {behind}
""")
BEHIND = sql.SQL(
    "size > coalesce((SELECT CASE WHEN parked_at IS NULL THEN position ELSE {never} END "
    "FROM {cursor} AS held WHERE held.book_id = grown.book_id), 0) AND {current}"
)
CURRENT = sql.SQL("(SELECT digest = {digest} FROM {about})")
NOW = "SELECT clock_timestamp()"


class Questions(Protocol):
    """Which books are behind in something: two questions with, in the end, the same answer."""

    def all(self, conn: Replaying) -> list[UUID]:
        """The books that are behind, of the whole shelf."""
        ...

    def lately(self, conn: Replaying, since: datetime, also: Collection[UUID]) -> list[UUID]:
        """The same of the books that grew since a moment, and of some others."""
        ...


class RegistersBehind:
    """The questions about some registers; one whose tables other code made is never behind."""

    def __init__(self, places: Sequence[Place]) -> None:
        named = [
            {
                "cursor": place.cursor,
                "never": sql.Literal(NEVER),
                "current": CURRENT.format(
                    digest=sql.Literal(place.register.digest()), about=place.about
                ),
            }
            for place in places
        ]
        self._all = ALL.format(
            cursors=sql.SQL(" UNION ALL ").join(CURSORS.format(**each) for each in named),
            count=sql.SQL(" + ").join(sql.SQL("{current}::int").format(**each) for each in named),
        )
        self.short = LATELY.format(
            behind=sql.SQL(" OR ").join(BEHIND.format(**each) for each in named)
        )

    def all(self, conn: Replaying) -> list[UUID]:
        """The books with events that a register which is not parked there has not taken in."""
        return [row[0] for row in conn.execute(self._all).fetchall()]

    def lately(self, conn: Replaying, since: datetime, also: Collection[UUID]) -> list[UUID]:
        """The same of the books that grew since a moment, and of those in `also`."""
        asked = {"since": since, "also": list(also)}
        return [row[0] for row in conn.execute(self.short, asked).fetchall()]


class Lookout:
    """Asks in turn, and remembers when it looked last and what was behind then."""

    def __init__(self) -> None:
        self._since: datetime | None = None
        self._found: list[UUID] = []
        self._whole_at = 0.0

    def look(self, conn: Replaying, questions: Questions) -> list[UUID]:
        """The books that are behind, as far as this look shows."""
        began, now = time.monotonic(), conn.execute(NOW).fetchall()[0][0]
        if self._since is None or began >= self._whole_at:
            self._found = questions.all(conn)
            ended = time.monotonic()
            self._whole_at = ended + (ended - began) / SHARE
        else:
            self._found = questions.lately(conn, self._since, self._found)
        self._since = now
        return self._found
