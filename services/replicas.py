"""Read replicas: servers that follow the primary and answer questions to the registers.

Streaming replication carries rows and cursors together, so a replica shows the registers as they
were on the primary a moment ago, and its cursors say when. A thread looks at each replica once a
second: one that is down, far behind, or no replica of ours is left alone until it is well again.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import Connection, sql
from psycopg_pool import PoolTimeout

from projections.registers import REGISTERS
from services.replay.place import live
from services.replay.reading import Readers

SECONDS_TO_CONNECT = 0.5
"""A question waits no longer for a connection to a replica: the primary is there."""
SECONDS_TO_LEAVE = 3.0
MOST_LAG_SECONDS = 10.0
"""A replica further behind answers nobody."""
PATIENCE: dict[str, Any] = {"connect_timeout": 2, "tcp_user_timeout": 2000}
"""For hosts that have vanished from the network: seconds, and milliseconds."""

OF_PRIMARY = """
SELECT system_identifier::text, (pg_current_wal_lsn() - '0/0'::pg_lsn)::text
FROM pg_control_system()
"""
OF_REPLICA = """
SELECT system_identifier::text, (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::text
FROM pg_control_system() WHERE pg_is_in_recovery()
"""
POSITION = sql.SQL("SELECT least({})").format(
    sql.SQL(", ").join(
        sql.SQL("coalesce((SELECT position FROM {} WHERE book_id = %(book)s), 0)").format(
            live(register).cursor
        )
        for register in REGISTERS
    )
)

log = logging.getLogger(__name__)


class ReplicaFailed(Exception):
    """A replica broke off, or stood too far behind after all: the primary must answer."""


class Replica:
    """One server that follows the primary."""

    def __init__(self, url: str) -> None:
        self._readers = Readers(
            url, seconds=SECONDS_TO_CONNECT, reconnect_seconds=SECONDS_TO_CONNECT, options=PATIENCE
        )
        self._gauge = Gauge(url, OF_REPLICA)
        self._looked_at = 0.0
        self._why = ""
        self.lag: float | None = None
        """Seconds behind the primary; None while it cannot be asked."""

    def is_usable(self, fresh_seconds: float) -> bool:
        """Whether it may answer, by what was seen of it in the last so many seconds."""
        fresh = time.monotonic() - self._looked_at <= fresh_seconds
        return fresh and self.lag is not None and self.lag <= MOST_LAG_SECONDS

    @contextmanager
    def of(self, book_id: str) -> Iterator[Connection[Any]]:
        """A connection in a transaction that sees this book alone; raises ReplicaFailed."""
        try:
            with self._readers.of(book_id) as conn:
                yield conn
        except (psycopg.Error, PoolTimeout) as error:
            # Gone, cancelled for the sake of its replay, or without tables that the primary has.
            log.info("a replica did not answer: %s", type(error).__name__)
            if isinstance(error, PoolTimeout | psycopg.OperationalError):
                self.lag = None
            raise ReplicaFailed from error

    def position(self, book_id: str) -> int:
        """The position that every register of a book has reached here; raises ReplicaFailed."""
        with self.of(book_id) as conn:
            [(position,)] = conn.execute(POSITION, {"book": book_id}, binary=True).fetchall()
        return int(position)

    def look(self, primary: "Track") -> None:
        """Finds out how far behind it is."""
        lag, why = None, ""
        try:
            found = self._gauge.read()
            if found is None:
                why = "it follows nobody"
            elif primary.system not in (None, found[0]):
                why = "it follows another primary"
            elif primary.system is not None:
                lag = primary.behind(found[1])
        except psycopg.Error as error:
            why = f"it is away: {type(error).__name__}"
        if why and why != self._why:
            log.warning("a replica is not asked: %s", why)
        self.lag, self._why, self._looked_at = lag, why, time.monotonic()

    def close(self) -> None:
        """Gives the connections back."""
        self._readers.close()
        self._gauge.close()


class Replicas:
    """The replicas that the settings name; perhaps none."""

    def __init__(self, primary: str, urls: Sequence[str], *, look_seconds: float = 1.0) -> None:
        self._replicas = [Replica(url) for url in urls]
        self._track = Track(Gauge(primary, OF_PRIMARY))
        self._look_seconds = look_seconds
        self._next = 0
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._watch: threading.Thread | None = None

    def __bool__(self) -> bool:
        return bool(self._replicas)

    def find(self, book_id: str, least: int = 0) -> Replica | None:
        """A replica whose registers have reached a position in a book, in turn; None: ask the
        primary. Without a position it may be some seconds behind."""
        self._begin_to_watch()
        for replica in self._in_turn():
            if replica.is_usable(3 * self._look_seconds):
                try:
                    if least == 0 or replica.position(book_id) >= least:
                        return replica
                except ReplicaFailed:
                    continue
        return None

    @property
    def are_usable(self) -> bool:
        """Whether any of them may be asked now."""
        return any(replica.is_usable(3 * self._look_seconds) for replica in self._replicas)

    def lags(self) -> list[float | None]:
        """How far behind each is, in seconds; None for one that cannot be asked."""
        self._begin_to_watch()
        return [replica.lag for replica in self._replicas]

    def close(self) -> None:
        """Stops looking, and gives the connections back."""
        self._stopping.set()
        if self._watch is not None:
            self._watch.join(SECONDS_TO_LEAVE)
        for replica in self._replicas:
            replica.close()
        self._track.close()

    def _in_turn(self) -> list[Replica]:
        with self._lock:
            self._next += 1
            first = self._next % max(1, len(self._replicas))
        return self._replicas[first:] + self._replicas[:first]

    def _begin_to_watch(self) -> None:
        """Commands that ask no register never start the thread."""
        with self._lock:
            if self._watch is None and self._replicas:
                self._watch = threading.Thread(target=self._look, name="replicas", daemon=True)
                self._watch.start()

    def _look(self) -> None:
        while not self._stopping.is_set():
            self._track.look()
            for replica in self._replicas:
                replica.look(self._track)
            self._stopping.wait(self._look_seconds)


class Track:
    """Where the end of the primary's WAL was, second by second, for a minute."""

    def __init__(self, gauge: "Gauge") -> None:
        self._gauge = gauge
        self._seen: deque[tuple[float, int]] = deque(maxlen=60)
        self.system: str | None = None
        """The identity that the primary shares with its replicas alone."""

    def look(self) -> None:
        """Notes where it is now; while the primary is away its replicas do not fall behind."""
        try:
            if (found := self._gauge.read()) is not None:
                self.system, end = found
                self._seen.append((time.monotonic(), end))
        except psycopg.Error as error:
            log.info("the primary cannot be compared with: %s", type(error).__name__)

    def behind(self, replayed: int) -> float:
        """Seconds since the primary first had more than somebody who replayed up to there."""
        missing = [at for at, end in self._seen if end > replayed]
        return time.monotonic() - missing[0] if missing else 0.0

    def close(self) -> None:
        """Gives the connection back."""
        self._gauge.close()


class Gauge:
    """A kept connection on which one thread reads a server's identity and place in the WAL."""

    def __init__(self, url: str, statement: str) -> None:
        self._url = url
        self._statement = statement
        self._conn: Connection[Any] | None = None

    def read(self) -> tuple[str, int] | None:
        """Both, or None from a server that the statement is not meant for."""
        if self._conn is None:
            self._conn = psycopg.connect(self._url, autocommit=True, **PATIENCE)
        try:
            row = self._conn.execute(self._statement.encode()).fetchone()
        except psycopg.Error:
            self.close()
            raise
        return None if row is None else (row[0], int(row[1]))

    def close(self) -> None:
        """Gives the connection back."""
        if self._conn is not None:
            self._conn.close()
            self._conn = None
