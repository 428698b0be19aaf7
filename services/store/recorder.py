"""One book as a recorder of the eventsourcing library: its interface for dynamic boundaries.

The pen is how Paraphe itself writes; this is the same book, lock, statement and hashes for code
written against `eventsourcing.dcb`. Bodies are opaque bytes here.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from eventsourcing.dcb.api import (
    DCBAppendCondition,
    DCBEvent,
    DCBQuery,
    DCBQueryItem,
    DCBReadResponse,
    DCBRecorder,
    DCBSequencedEvent,
)
from eventsourcing.dcb.persistence import DCBListenNotifySubscription
from eventsourcing.persistence import IntegrityError, ProgrammingError
from psycopg import Connection, sql

from services.store import appending, statements
from services.store.datastore import BookDatastore
from services.store.head import Head, current_head, from_row, require_canonical
from services.trip import Trip

EVERYTHING = DCBQuery()


class BookReadResponse(DCBReadResponse):
    """The events found, and the position up to which they are all there are."""

    def __init__(self, events: Iterator[DCBSequencedEvent], head: int | None) -> None:
        self._events = events
        self._head = head

    @property
    def head(self) -> int | None:
        """The last position read, or that of the book when nothing limited the reading."""
        return self._head

    def __next__(self) -> DCBSequencedEvent:
        return next(self._events)


class BookRecorder(DCBRecorder):
    """Appends to and reads from one book; a condition is checked under the lock of its head."""

    def __init__(self, datastore: BookDatastore, book_id: str) -> None:
        require_canonical(book_id)
        self.datastore = datastore
        self.book_id = book_id

    def append(
        self, events: Sequence[DCBEvent], condition: DCBAppendCondition | None = None
    ) -> int:
        """Appends all events or none; raises IntegrityError when the condition fails."""
        if not events:
            raise ProgrammingError("append needs at least one event")
        with self._entered() as conn:
            head = self._locked(conn)
            if condition is not None and self._matches(conn, condition):
                raise IntegrityError(condition)
            ((now,),) = conn.execute(statements.CLOCK).fetchall()
            recorded_at = max(now, head.last_recorded_at or now)
            new = [
                appending.NewEvent(type=event.type, body=event.data, tags=tuple(event.tags))
                for event in events
            ]
            trip = Trip(conn)
            answer = appending.append(trip, head, new, recorded_at)
            trip.run()
            appending.confirmed(answer, self.book_id)
        with self.datastore.connection() as conn:
            conn.execute(statements.NOTIFY, {"books": [self.book_id]})
        return head.size + len(events)

    def read(
        self,
        query: DCBQuery | None = None,
        *,
        after: int | None = None,
        limit: int | None = None,
    ) -> BookReadResponse:
        """The events after a position that match any item of the query, at most `limit`."""
        with self._entered() as conn:
            found = self._tagged(conn, self._find(conn, query or EVERYTHING, after or 0, limit))
            if limit is not None:
                head = found[-1].position if found else None
            else:
                head = current_head(conn, self.book_id).size or None
        return BookReadResponse(iter(found), head)

    def subscribe(
        self, query: DCBQuery | None = None, *, after: int | None = None
    ) -> "BookSubscription":
        """The events after a position, and then each new one as it is recorded."""
        return BookSubscription(self, query=query, after=after)

    @contextmanager
    def _entered(self) -> Iterator[Connection[Any]]:
        with self.datastore.connection() as conn, conn.transaction():
            conn.execute(statements.ENTER, {"book": self.book_id})
            yield conn

    def _locked(self, conn: Connection[Any]) -> Head:
        row = conn.execute(statements.LOCK, {"book": self.book_id}, binary=True).fetchone()
        return from_row(conn, self.book_id, row)

    def _matches(self, conn: Connection[Any], condition: DCBAppendCondition) -> bool:
        return bool(self._find(conn, condition.fail_if_events_match, condition.after or 0, 1))

    def _find(
        self, conn: Connection[Any], query: DCBQuery, after: int, limit: int | None
    ) -> list[tuple[int, str, bytes]]:
        parameters: dict[str, Any] = {"book": self.book_id, "after": after, "limit": limit}
        wanted = [matching(item, nth, parameters) for nth, item in enumerate(query.items)]
        either = sql.SQL(" OR ").join(wanted) if wanted else sql.SQL("true")
        return conn.execute(FIND.format(either=either), parameters, binary=True).fetchall()

    def _tagged(
        self, conn: Connection[Any], rows: list[tuple[int, str, bytes]]
    ) -> list[DCBSequencedEvent]:
        """The rows as the library's events, their tags in the order they were given."""
        tags: dict[int, list[str]] = {position: [] for position, _, _ in rows}
        wanted = {"book": self.book_id, "positions": list(tags)}
        for position, tag in conn.execute(TAGS, wanted, binary=True):
            tags[position].append(tag)
        return [
            DCBSequencedEvent(DCBEvent(type=type_, data=bytes(body), tags=tags[position]), position)
            for position, type_, body in rows
        ]


FIND = sql.SQL("""
SELECT position, type, body
FROM event WHERE book_id = %(book)s AND position > %(after)s AND ({either})
ORDER BY position LIMIT %(limit)s
""")

TAGS = """
SELECT position, tag FROM event_tag
WHERE book_id = %(book)s AND position = ANY(%(positions)s::bigint[]) ORDER BY position, nth
"""


def matching(item: DCBQueryItem, nth: int, parameters: dict[str, Any]) -> sql.Composable:
    """The condition of one query item: one of its types, and all of its tags."""
    conditions: list[sql.Composable] = [sql.SQL("true")]
    if item.types:
        parameters[f"types{nth}"] = item.types
        conditions.append(sql.SQL("type = ANY({})").format(sql.Placeholder(f"types{nth}")))
    for tag_nth, tag in enumerate(item.tags):
        name = f"tag{nth}_{tag_nth}"
        parameters[name] = tag
        conditions.append(WITH_TAG.format(tag=sql.Placeholder(name)))
    return sql.SQL("({})").format(sql.SQL(" AND ").join(conditions))


WITH_TAG = sql.SQL("""
position = ANY(ARRAY(SELECT position FROM event_tag WHERE book_id = %(book)s AND tag = {tag}))
""")


class BookSubscription(DCBListenNotifySubscription[BookRecorder]):
    """Follows one book by LISTEN."""

    def __init__(
        self, recorder: BookRecorder, query: DCBQuery | None = None, after: int | None = None
    ) -> None:
        super().__init__(recorder=recorder, query=query, after=after)
        self._listen_thread = threading.Thread(target=self._listen, daemon=True)
        self._listen_thread.start()

    def __exit__(self, *args: object, **kwargs: Any) -> None:
        super().__exit__(*args, **kwargs)
        self._listen_thread.join()

    def _listen(self) -> None:
        with psycopg.connect(self._recorder.datastore.url, autocommit=True) as conn:
            conn.execute("LISTEN paraphe_book")
            self._has_been_notified.set()  # what came before the LISTEN
            while not self._has_been_stopped:
                for told in conn.notifies(timeout=0.5, stop_after=1):
                    if told.payload == self._recorder.book_id:
                        self._has_been_notified.set()
