"""The live engine: keeps every register of every book near the head of its book.

It wakes when the store says that a book has grown, and looks for itself now and then. A batch is
one transaction: rows and cursors together, so that a crash at any moment repeats or keeps it whole.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from psycopg import Connection

from projections.register import Register
from projections.registers import REGISTERS
from services.replay import as_of, schema
from services.replay.as_of import Moment
from services.replay.batch import Batcher, State
from services.replay.connection import connect
from services.replay.crew import Crew
from services.replay.lookout import Lookout
from services.replay.passes import LiveBook
from services.replay.place import live
from services.replay.sharing import Alone, Sharing
from services.replay.source import Source

BATCH = 1_000
TURN_SECONDS = 1.0
"""A book that is far behind gives way to the others after such a time."""


class ProjectionBehind(Exception):
    """A register has not reached the position that was waited for; it may be parked."""


class Engine:
    """The registers of one database, moved by this process.

    A register whose tables were made by other code stays as it is until it is rebuilt: new code
    never continues rows of the old.
    """

    def __init__(
        self,
        url: str,
        registers: Sequence[Register] = REGISTERS,
        *,
        source: Source | None = None,
        batch: int = BATCH,
        workers: int = 2,
        poll_seconds: float = 1.0,
        sharing: Sharing | None = None,
    ) -> None:
        self.url = url
        self.registers = tuple(registers)
        self.source = source or Source()
        self.batch = batch
        self._crew = Crew(
            url,
            self._follow,
            self._look,
            self.is_behind,
            sharing or Alone(),
            workers=workers,
            poll_seconds=poll_seconds,
        )
        self._lookout = Lookout()
        self._reached: dict[UUID, int] = {}
        self._spare: list[Batcher] = []
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begins to follow the books; parked registers are tried again, for the code may be new."""
        self.retry()
        self._crew.start()

    def stop(self) -> None:
        """Ends the work after the batches in hand, and closes the connections."""
        self._crew.stop()
        with self._lock:
            spare, self._spare = self._spare, []
        for batcher in spare:
            batcher.conn.close()

    def wake(self, book_id: str) -> None:
        """Says that a book has grown."""
        self._crew.wake(UUID(book_id))

    def run_to_head(self, book_id: str) -> int:
        """Brings a book's registers to its head in this thread; gives the position reached."""
        with self.batcher() as batcher:
            return LiveBook(batcher, UUID(book_id), self.batch).run()

    def wait_for(self, book_id: str, position: int, timeout: float = 2.0) -> None:
        """Returns once every register stands at a position; raises ProjectionBehind."""
        deadline = time.monotonic() + timeout
        pause = 0.001
        while (reached := self.position(book_id)) < position:
            if time.monotonic() > deadline:
                raise ProjectionBehind(f"{book_id}: at {reached}, waited for {position}")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.05)

    def position(self, book_id: str) -> int:
        """The position that every register has reached in a book."""
        with self.batcher() as batcher:
            return min(each.position for each in batcher.standing(UUID(book_id)).values())

    def retry(self, book_id: str | None = None) -> None:
        """Lets parked registers try their event again, in one book or in all."""
        with self.batcher() as batcher:
            batcher.unpark(UUID(book_id) if book_id else None)
        if book_id:
            self.wake(book_id)

    def behind(self) -> list[UUID]:
        """The books that have events some register could take in."""
        with self.batcher() as batcher:
            return batcher.behind()

    def is_behind(self, book_id: UUID) -> bool:
        """Whether a book has events that some register could take in."""
        with self.batcher() as batcher:
            head = self.source.head(batcher.conn, book_id)
            standing = batcher.standing(book_id).values()
        return any(each.runs and each.position < head for each in standing)

    @contextmanager
    def known_at(
        self, book_id: str, moment: Moment, names: Sequence[str] = ()
    ) -> Iterator[Connection[Any]]:
        """A connection to the registers (all, or some) of a book as they stood at a moment."""
        wanted = [each for each in self.registers if not names or each.name in names]
        with (
            self.batcher() as batcher,
            as_of.known_at(batcher.conn, self.source, wanted, book_id, moment) as conn,
        ):
            yield conn

    def states(self) -> list[State]:
        """Every register with its code and its books, for people to look at."""
        with self.batcher() as batcher:
            return [batcher.state(register.name) for register in self.registers]

    @contextmanager
    def batcher(self) -> Iterator[Batcher]:
        """A batcher on a connection of its own; kept for the next caller unless it broke."""
        with self._lock:
            batcher = self._spare.pop() if self._spare else None
        batcher = batcher or self._make_batcher()
        try:
            yield batcher
        finally:
            if batcher.conn.closed or batcher.conn.broken:
                batcher.conn.close()
            else:
                with self._lock:
                    self._spare.append(batcher)

    def _look(self) -> list[UUID]:
        with self.batcher() as batcher:
            return self._lookout.look(batcher.conn, batcher.questions)

    def _make_batcher(self) -> Batcher:
        conn = connect(self.url)
        try:
            for register in self.registers:
                schema.create(conn, live(register))
            return Batcher(conn, self.source, list(map(live, self.registers)))
        except BaseException:
            conn.close()
            raise

    def _follow(self, book_id: UUID) -> bool:
        until = time.monotonic() + TURN_SECONDS
        with self.batcher() as batcher:
            book = LiveBook(batcher, book_id, self.batch, self._reached.get(book_id))
            while more := book.step():
                if self._crew.stopping or time.monotonic() > until:
                    break
        self._reached[book_id] = book.position
        return more
