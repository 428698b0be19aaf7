"""Rehearsals: commands decided for real, by the same decisions and reads, and never written.

A rehearsal needs no lock: it reads one snapshot in a transaction that PostgreSQL itself holds to
reading, and its pen begins behind the head of that snapshot. What it buffers is shown and let go.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any, TypeVar

from domain.book.event import Recorded
from domain.book.record import genesis
from services.metrics import COMMANDS
from services.store import statements, vault
from services.store.head import Head, UnknownBook, current_head
from services.store.line import Job
from services.store.pen import Command, Pen, Reader
from services.store.reading import Reads
from services.store.store import Store, Written
from services.store.transaction import replay, run_one
from services.store.vault import WrongKeyEncryptionKey

T = TypeVar("T")


class Snapshot(Reads):
    """The reads of a rehearsal; not even the first use of a key-encryption key is noted."""

    def require_vault(self) -> None:
        """Raises WrongKeyEncryptionKey when this database uses another key-encryption key."""
        kept = self._conn.execute(vault.KEPT_FINGERPRINT, binary=True).fetchone()
        if kept is not None and kept[0] != self._mapper.vault.fingerprint:
            raise WrongKeyEncryptionKey("this database uses another key-encryption key")


class Rehearsal(Store):
    """The same store for one request: what is written through it is only said.

    Several commands of one request see what those before them would have written.
    """

    def __init__(self, store: Store) -> None:
        vars(self).update(vars(store))  # the same books, keys, clock and gate
        self.events: list[Recorded] = []
        """What would have been written, in order, with the positions it would have had."""
        self._pens: dict[str, tuple[Pen, Reads]] = {}
        self._opened: set[str] = set()
        self._held = ExitStack()

    def open_book(self, book_id: str) -> None:
        """Lets a book that is not there begin at its first position."""
        self._opened.add(book_id)

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
        """What `Store.write` would give now; raises what it would raise."""
        if self.gate is not None:
            self.gate(book_id)
        pen, known = self._pen(book_id)
        job = Job(command, decide, answer, reads, ahead)
        if known.of_command(command.id):
            replay(known, job)
        else:
            run_one(pen, job)
        COMMANDS.labels("rehearsed").inc()
        if job.error is not None:
            raise job.error
        self.events += job.events
        position = job.events[-1].position if job.events else 0
        return Written(
            answer=job.result, position=position, events=job.events, replayed=job.replayed
        )

    def past(self, book_id: str, upto: int | None = None) -> Any:
        """The book as it stood right after a position, what was rehearsed included."""
        held = self._pens.get(book_id)
        if held is None or (upto is not None and upto < held[0].next_position - 1):
            return super().past(book_id, upto)
        return held[0]

    def close(self) -> None:
        """Lets go of what was buffered and of the snapshot; the store itself stays open."""
        self._held.close()

    def _pen(self, book_id: str) -> tuple[Pen, Reads]:
        """The one pen of this rehearsal in a book, and what is really written there."""
        if book_id not in self._pens:
            conn = self._held.enter_context(self.snapshot(book_id))
            head = self._head(conn, book_id)
            [(clock,)] = conn.execute(statements.CLOCK, binary=True).fetchall()
            now = self.clock(clock)
            if head.last_recorded_at is not None:
                now = max(now, head.last_recorded_at)
            known = Snapshot(conn, self.mapper, book_id, head.size)
            self._pens[book_id] = Pen(book_id, head.size, now, known, self.mapper), known
        return self._pens[book_id]

    def _head(self, conn: Any, book_id: str) -> Head:
        try:
            return current_head(conn, book_id)
        except UnknownBook:
            if book_id not in self._opened:
                raise
        return Head(
            book_id=book_id, size=0, chain=genesis(book_id), frontier=(), last_recorded_at=None
        )
