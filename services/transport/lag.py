"""How far the stream is behind the books: for metrics and for people."""

from msgspec import Struct

from services.replay.connection import Replaying

LAG = """
SELECT count(*), coalesce(sum(size - reached), 0)::bigint, coalesce(extract(epoch FROM
    clock_timestamp() - min((SELECT recorded_at FROM public.event
        WHERE event.book_id = late.book_id AND event.position = reached + 1))), 0)::float8
FROM (
    SELECT book.book_id, book.size, coalesce(outbox.position, 0) AS reached
    FROM public.book LEFT JOIN public.outbox USING (book_id)
) AS late WHERE size > reached
"""


class OutboxLag(Struct, frozen=True, kw_only=True):
    """Books with unpublished events, how many events, and the age of the oldest in seconds."""

    books: int
    events: int
    seconds: float


def outbox_lag(conn: Replaying) -> OutboxLag:
    """The lag of the outbox now; with no publisher ever started it is everything."""
    books, events, seconds = conn.execute(LAG).fetchall()[0]
    return OutboxLag(books=books, events=events, seconds=max(0.0, seconds))
