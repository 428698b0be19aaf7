"""What people would write instead: rows in plain tables, by plain psycopg."""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection

from services.store.appending import NewEvent

TABLES = """
CREATE TABLE IF NOT EXISTS plain_event (LIKE event INCLUDING ALL);
CREATE TABLE IF NOT EXISTS plain_event_tag (LIKE event_tag INCLUDING ALL);
"""
EVENT = """
INSERT INTO plain_event (book_id, position, recorded_at, type, series, number, command_id, ordinal,
    leaf, chain, body)
VALUES (%s, %s, now(), %s, %s, %s, %s, %s, %s, %s, %s)
"""
TAG = "INSERT INTO plain_event_tag (book_id, tag, position, nth) VALUES (%s, %s, %s, %s)"
HASH = bytes(32)


class PlainLog:
    """The same rows with the same indexes: no chain, no lock, no partitions, no guards."""

    def __init__(self, conn: Connection[Any], book_id: str, size: int = 0) -> None:
        conn.execute(TABLES, prepare=False)
        self._conn = conn
        self._book_id = book_id
        self.size = size

    def insert(self, event: NewEvent) -> None:
        """One event without its tags: the least that a log can do."""
        self._conn.execute(EVENT, self._row(event))

    def insert_all(self, events: Sequence[NewEvent]) -> None:
        """Events with their tags in one transaction."""
        rows = [self._row(event) for event in events]
        tags = [
            (self._book_id, tag, row[1], nth)
            for row, event in zip(rows, events, strict=True)
            for nth, tag in enumerate(event.tags)
        ]
        with self._conn.transaction(), self._conn.cursor() as cursor:
            cursor.executemany(EVENT, rows)
            cursor.executemany(TAG, tags)

    def _row(self, event: NewEvent) -> tuple[Any, ...]:
        self.size += 1
        return (
            self._book_id,
            self.size,
            event.type,
            event.series,
            event.number,
            event.command_id,
            event.ordinal,
            HASH,
            HASH,
            event.body,
        )
