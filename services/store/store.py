"""The store: commands write a book through its pen, everybody else reads it."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Generic, TypeVar

import psycopg
from msgspec import Struct
from psycopg import Connection, IsolationLevel

from domain.book.event import Recorded
from domain.book.record import genesis
from domain.book.refusal import Refusals
from services.metrics import COMMANDS, COMMIT_SIZE, PEN_WAIT
from services.store import statements
from services.store.datastore import BookDatastore
from services.store.head import Head, current_head, require_canonical
from services.store.line import Job, Line
from services.store.mapper import Mapper
from services.store.notifier import Notifier
from services.store.pen import Command, KeptFile, Pen, Reader
from services.store.reading import NEWEST, Past, Reads
from services.store.transaction import CommandReused, Transaction, Watch

T = TypeVar("T")
Clock = Callable[[datetime], datetime]
PAGE_SIZE = 5_000
PAUSES = (0.0, 0.05, 0.2, 0.8)
"""Seconds before each attempt of a command whose database does not answer."""
PATIENCE = 3.0
"""Seconds after which no further attempt begins."""

log = logging.getLogger(__name__)


class Written(Struct, Generic[T], frozen=True, kw_only=True):
    """What a command gave: its answer, its events, and whether it had been run before."""

    answer: T
    position: int
    events: tuple[Recorded, ...]
    replayed: bool


class StoreUnavailable(Exception):
    """The database could not be reached; asking again with the same command id is safe."""


class StorageFull(StoreUnavailable):
    """There is no room on the disk; nothing was written, and nothing will be until there is."""


class Store:
    """Books in one PostgreSQL database.

    `clock` makes the time of a command from the database's own; only tests and demonstrations
    pass another one. It never runs backwards in a book, whatever it says. `watch` notes what
    happens to the system itself.
    """

    def __init__(
        self,
        datastore: BookDatastore,
        *,
        mapper: Mapper | None = None,
        clock: Clock = lambda database_time: database_time,
        watch: Watch | None = None,
    ) -> None:
        self.datastore = datastore
        self.mapper = mapper or Mapper()
        self.clock = clock
        self.watch = watch
        self.gate: Callable[[str], None] | None = None
        """Asked before each command; raises for a book that may not be written now."""
        self._lines: dict[str, Line] = {}
        self._lines_lock = threading.Lock()
        self._notifier = Notifier(datastore.url)

    def open_book(self, book_id: str) -> None:
        """Makes the head row of a new book; an existing book stays as it is."""
        with self.entered(book_id) as conn:
            conn.execute(statements.OPEN, {"book": book_id, "chain": genesis(book_id)})

    def head(self, book_id: str) -> Head:
        """The head of a book; raises UnknownBook."""
        with self.entered(book_id) as conn:
            return current_head(conn, book_id)

    def write(
        self,
        book_id: str,
        command: Command,
        decide: Callable[[Pen], None],
        answer: Callable[[Reader], T],
        reads: Sequence[str] = (),
        *,
        ahead: Callable[[Pen], Sequence[str]] | None = None,
    ) -> Written[T]:
        """Runs a command under the pen of its book, perhaps in one transaction with others.

        `decide` may run more than once and must depend on nothing but the pen. `reads` are tags
        whose events it will fold: they come with the lock. `ahead` tells from those whose newest
        events it will look up: they come in one round trip for all commands run together. A command
        id that was written before runs no `decide`: `answer` is given the book as it stood right
        after it.

        Raises Refusals (nothing was written), CommandReused, UnknownBook or StoreUnavailable.
        """
        require_canonical(book_id)
        if self.gate is not None:
            self.gate(book_id)
        job = Job(command, decide, answer, reads, ahead)
        self._line(book_id).serve(job, lambda batch: self._run(book_id, batch))
        COMMANDS.labels(outcome(job)).inc()
        if job.error is not None:
            raise job.error
        position = job.events[-1].position if job.events else 0
        return Written(
            answer=job.result, position=position, events=job.events, replayed=job.replayed
        )

    def read(
        self,
        book_id: str,
        *,
        after: int = 0,
        upto: int | None = None,
        types: Sequence[str] = (),
        limit: int | None = None,
    ) -> Iterator[Recorded]:
        """The events of a book in order, a page at a time."""
        last = self.head(book_id).size if upto is None else upto
        count = 0
        while after < last:
            page = self._page(book_id, after, last)
            for row in page:
                if not types or row[2] in types:
                    yield self.mapper.recorded(book_id, *row)
                    count += 1
                    if count == limit:
                        return
            if not page:
                return
            after = page[-1][0]

    def past(self, book_id: str, upto: int | None = None) -> Past:
        """The book as it stood right after position `upto` (default: now)."""
        position = self.head(book_id).size if upto is None else upto
        return Past(book_id, lambda: self.entered(book_id), self.mapper, position)

    def written_by(self, book_id: str, command_id: str) -> tuple[Recorded, ...]:
        """The events that a command wrote; none when it was refused or never came."""
        with self.entered(book_id) as conn:
            reads = Reads(conn, self.mapper, book_id, upto=NEWEST)
            return tuple(fact for fact, _ in reads.of_command(command_id))

    def file(self, book_id: str, digest: str) -> KeptFile | None:
        """A kept file by its SHA-256 digest in hex."""
        with self.entered(book_id) as conn:
            found = {"book": book_id, "digest": digest}
            row = conn.execute(statements.FILE, found, binary=True).fetchone()
        if row is None:
            return None
        return KeptFile(digest=digest, media_type=row[0], name=row[1], content=bytes(row[2]))

    @contextmanager
    def entered(self, book_id: str) -> Iterator[Connection[Any]]:
        """A connection in a transaction that sees this book and no other."""
        require_canonical(book_id)
        with self.datastore.connection() as conn, conn.transaction():
            conn.execute(statements.ENTER, {"book": book_id})
            yield conn

    @contextmanager
    def snapshot(self, book_id: str) -> Iterator[Connection[Any]]:
        """A connection that sees this book as it stands now, whatever is written meanwhile."""
        require_canonical(book_id)
        with self.datastore.connection() as conn:
            conn.isolation_level, conn.read_only = IsolationLevel.REPEATABLE_READ, True
            try:
                with conn.transaction():
                    conn.execute(statements.ENTER, {"book": book_id})
                    yield conn
            finally:
                conn.isolation_level, conn.read_only = None, None

    def close(self) -> None:
        """Gives the connections back."""
        self._notifier.close()
        self.datastore.close()

    def _page(self, book_id: str, after: int, upto: int) -> list[Any]:
        bounds = {"book": book_id, "after": after, "upto": upto, "limit": PAGE_SIZE}
        with self.entered(book_id) as conn:
            return conn.execute(statements.PAGE, bounds, binary=True).fetchall()

    def _line(self, book_id: str) -> Line:
        with self._lines_lock:
            return self._lines.setdefault(book_id, Line())

    def _run(self, book_id: str, jobs: list[Job]) -> None:
        """Runs jobs in one transaction; when that fails, each in its own."""
        now = time.monotonic()
        until = now + PATIENCE
        for job in jobs:
            PEN_WAIT.observe(now - job.came)
        if len(jobs) > 1:
            try:
                return self._attempt(book_id, jobs)
            except Exception as error:  # noqa: BLE001  whose fault it is shows when each runs alone
                log.info("running %d commands of %s one by one: %s", len(jobs), book_id, error)
        waiting = deque(jobs)
        while waiting and self._run_alone(book_id, waiting.popleft(), until):
            pass
        for job in waiting:
            job.fail(StoreUnavailable("the database could not be reached"))
        return None

    def _run_alone(self, book_id: str, job: Job, until: float) -> bool:
        """Runs one job until the database has answered; a lost answer is found by command id.

        False when the database did not answer: then the jobs behind need not try.
        """
        for pause in PAUSES:
            if pause and time.monotonic() + pause > until:
                break
            try:
                if pause:
                    time.sleep(pause)
                    self.datastore.pool.check()  # a restart of the server leaves dead connections
                self._attempt(book_id, [job])
                return True
            except psycopg.errors.DiskFull:
                job.fail(StorageFull("the database has no room on its disk"))
                return False
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                job.fail(StoreUnavailable(str(error)))
            except Exception as error:  # noqa: BLE001  it is raised in the thread that asked
                job.fail(error)
                return True
        return False

    def _attempt(self, book_id: str, jobs: list[Job]) -> None:
        with self.datastore.connection() as conn:
            grew = Transaction(conn, book_id, self.mapper, self.clock, self.watch).run(jobs)
        if grew:
            COMMIT_SIZE.observe(len(jobs))
            self._notifier.tell(book_id)


def outcome(job: Job) -> str:
    """In a word, what came of a command."""
    match job.error:
        case None:
            return "replayed" if job.replayed else "written" if job.events else "nothing"
        case Refusals():
            return "refused"
        case CommandReused():
            return "reused"
        case StoreUnavailable():
            return "unavailable"
        case _:
            return "failed"
