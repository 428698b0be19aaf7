"""One transaction on one book: lock the head, run the commands, write what they decided."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import psycopg
from msgspec import structs
from psycopg import Connection

from services.store import appending, statements, vault
from services.store.head import Head, from_row
from services.store.line import Abandoned, Job
from services.store.mapper import Mapper
from services.store.pen import Pen
from services.store.reading import NEWEST, Reads
from services.trip import Binary, Trip

CLOCK_ALARM = timedelta(seconds=5)
log = logging.getLogger(__name__)


Watch = Callable[[Pen, timedelta], None]
"""Looks at a transaction that writes before its commit, told by how much the clock was held back.

What it appends is committed with the commands."""


class CommandReused(Exception):
    """A command id comes again with another request; nothing was run."""


class Transaction:
    """Runs commands on a book in one transaction, with one commit and two or three round trips.

    The first carries BEGIN, the lock, the look-up of command ids with the clock (read after the
    lock) and the declared reads; one between, what the commands will look up; the last carries the
    guarded append and the COMMIT.
    """

    def __init__(
        self,
        conn: Connection[Any],
        book_id: str,
        mapper: Mapper,
        clock: Callable[[datetime], datetime],
        watch: Watch | None = None,
    ) -> None:
        self._conn = conn
        self._book_id = book_id
        self._mapper = mapper
        self._clock = clock
        self._watch = watch
        self._held_back = timedelta()

    def run(self, jobs: Sequence[Job]) -> bool:
        """Finishes every job, or raises and leaves nothing; says whether the book grew."""
        try:
            head, pen, reads, done = self._begin(jobs)
            look_ahead(pen, [job for job in jobs if done[job.command.id] is None])
            for job in jobs:
                if done[job.command.id] is None:
                    run_one(pen, job)
                else:
                    replay(reads, job)
            if pen.buffer and self._watch is not None:
                self._watch(pen, self._held_back)
            return self._commit(head, pen)
        except BaseException:
            for job in jobs:  # what was decided did not become true
                job.fail(Abandoned(job.command.id))
            raise
        finally:
            self._put_down()

    def _put_down(self) -> None:
        """Leaves the connection without a transaction, or closed when the server left midway."""
        try:
            self._conn.rollback()
        except psycopg.Error:
            self._conn.close()

    def _begin(self, jobs: Sequence[Job]) -> tuple[Head, Pen, Reads, dict[str, int | None]]:
        tags = list(dict.fromkeys(tag for job in jobs for tag in job.reads))
        book, commands = self._book_id, [job.command.id for job in jobs]
        trip = Trip(self._conn)
        trip.ask_text("BEGIN")
        trip.ask_text(statements.ENTER, book=book)
        locked = trip.ask_text(statements.LOCK, book=book)
        found = trip.ask_text(statements.FIRST_OF_COMMANDS, book=book, commands=commands)
        declared = (
            trip.ask_text(statements.OF_TAGS, book=book, tags=tags, upto=NEWEST) if tags else None
        )
        trip.run()
        head = from_row(self._conn, book, next(iter(locked.rows()), None))
        reads = Reads(self._conn, self._mapper, book, head.size)
        firsts = found.rows()
        now = self._now(head, firsts[0][0])
        pen = Pen(book, head.size, now, reads, self._mapper)
        if declared is not None:
            pen.prefetch(tags, reads.decoded(declared.rows()))
        return head, pen, reads, {command: position for _, command, position in firsts}

    def _now(self, head: Head, database_time: datetime) -> datetime:
        """The time of this transaction: the clock's, but never behind what is recorded."""
        now, last = self._clock(database_time), head.last_recorded_at
        if last is None or now >= last:
            return now
        self._held_back = last - now
        return last

    def _commit(self, head: Head, pen: Pen) -> bool:
        if not pen.buffer:
            self._conn.commit()
            return False
        if self._held_back > CLOCK_ALARM:
            log.error("the clock is %s behind book %s: held back", self._held_back, self._book_id)
        trip = Trip(self._conn)
        for file in pen.files:
            kept = structs.asdict(file) | {"content": Binary(file.content)}
            trip.ask_text(statements.KEEP, book=self._book_id, **kept)
        self._keep_keys(trip, pen)
        answer = appending.append(trip, head, pen.buffer, pen.now)
        trip.ask_text("COMMIT")
        trip.run()
        appending.confirmed(answer, self._book_id)
        return True

    def _keep_keys(self, trip: Trip, pen: Pen) -> None:
        """Writes the keys of personal data that were made, and takes those away that must go."""
        for key in pen.made_keys:
            made = structs.asdict(key) | {"book": self._book_id, "wrapped": Binary(key.wrapped)}
            trip.ask_text(vault.KEEP_KEY, **made)
        for key in pen.destroyed_keys:
            trip.ask_text(vault.DESTROY_KEY, book=self._book_id, key_id=key.key_id)


def look_ahead(pen: Pen, jobs: Sequence[Job]) -> None:
    """Reads what the commands are about to look up, for all of them in one round trip.

    It only saves time: a command looks for itself at what was not foreseen.
    """
    tags: list[str] = []
    for job in jobs:
        if job.ahead is not None:
            with suppress(Exception):  # what is wrong there shows again when it decides
                tags.extend(job.ahead(pen))
    pen.look_up(list(dict.fromkeys(tags)))


def replay(reads: Reads, job: Job) -> None:
    """Answers a command that was written before from what it wrote."""
    written = reads.of_command(job.command.id)
    if any(request != job.command.request for _, request in written):
        job.fail(CommandReused(job.command.id))
        return
    events = tuple(fact for fact, _ in written)
    job.succeed(job.answer(reads.right_after(events[-1].position)), events, replayed=True)


def run_one(pen: Pen, job: Job) -> None:
    """Runs one command; a refusal, or any fault of its own, takes back what it appended."""
    mark = pen.begin(job.command)
    try:
        job.decide(pen)
        job.succeed(job.answer(pen), pen.since(mark), replayed=False)
    except psycopg.Error:
        raise
    except Exception as error:  # noqa: BLE001  a fault of one command is no fault of the others
        pen.undo(mark)
        job.fail(error)
