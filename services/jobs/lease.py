"""A job in a worker's hands: taken under a lease, kept while at work, given back or finished.

The lease ends by itself when the worker is killed, and then another takes the job up. Everything a
worker says of a job is said by its holder's mark, so that one that was taken for dead says nothing
any more.
"""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection
from psycopg.types.json import Jsonb

from services.jobs.desk import COLUMNS, PIECE, read_row
from services.jobs.job import Failure, Job, Product
from services.replay.connection import connect
from services.store.pen import Command

TAKE = f"""
UPDATE job SET state = 'running', holder = %(holder)s, attempts = attempts + 1,
    due_at = now() + %(lease)s
WHERE (book_id, job_id) = (
    SELECT book_id, job_id FROM job
    WHERE state IN ('queued', 'running') AND due_at <= now() AND kind = ANY(%(kinds)s)
    ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
) RETURNING {COLUMNS}
"""  # noqa: S608
HELD = "book_id = %(book)s AND job_id = %(job)s AND holder = %(holder)s AND state = 'running'"
KEEP_ON = f"UPDATE job SET due_at = now() + %(lease)s WHERE {HELD}"  # noqa: S608
PROGRESS = f"UPDATE job SET done = %(done)s, total = %(total)s WHERE {HELD}"  # noqa: S608
GIVE_BACK = f"""
UPDATE job SET state = 'queued', holder = NULL, due_at = now() + %(pause)s,
    attempts = attempts - %(uncounted)s WHERE {HELD}
"""  # noqa: S608
FAIL = f"""
UPDATE job SET state = 'failed', holder = NULL, failure = %(failure)s, ended_at = now(),
    expires_at = now() + %(kept)s WHERE {HELD}
"""  # noqa: S608
FINISH = f"""
UPDATE job SET state = 'done', holder = NULL, ended_at = now(), expires_at = now() + %(kept)s,
    done = total, digest = %(digest)s, size = %(size)s, media_type = %(media_type)s,
    name = %(name)s WHERE {HELD}
"""  # noqa: S608
ADD_PIECE = """
INSERT INTO job_piece (book_id, job_id, nth, content)
VALUES (%(book)s, %(job)s, %(nth)s, %(content)s)
"""
KEPT = timedelta(days=7)
"""How long an ended job and its file are there to be fetched."""


class Dropped(Exception):
    """This worker has the job no more, or is to stop: the work ends here, without a trace."""


class Lease:
    """One job, held by one worker for `seconds` at a time."""

    def __init__(self, conn: Connection[Any], job: Job, holder: UUID, seconds: float) -> None:
        self.job = job
        self._conn = conn
        self._seconds = seconds
        self._held = {"book": job.book_id, "job": job.job_id, "holder": holder}
        self._dropped = threading.Event()

    @property
    def book_id(self) -> str:
        """The book it was asked for in."""
        return self.job.book_id

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for."""
        return self.job.asked

    def command(self, what: str) -> Command:
        """A command of this job, the same in every attempt."""
        return Command(id=f"{self.job.job_id}:{what}", actor=self.job.actor, cause="job")

    def progress(self, done: int, total: int) -> None:
        """Says how far the work is; raises Dropped when it must end."""
        if self._dropped.is_set():
            raise Dropped(self.job.job_id)
        self._say(PROGRESS, done=done, total=total)

    def drop(self) -> None:
        """Lets the work end at its next word about progress."""
        self._dropped.set()

    def give_back(self, pause: timedelta, *, uncounted: bool = False) -> None:
        """Lets somebody try again after a pause; an attempt that was interrupted does not count."""
        self._say(GIVE_BACK, pause=pause, uncounted=int(uncounted))

    def fail(self, failure: Failure) -> None:
        """Ends the job for good."""
        self._say(FAIL, failure=Jsonb(msgspec.to_builtins(failure)), kept=KEPT)

    def finish(self, product: Product) -> None:
        """Keeps the file and ends the job, both or neither."""
        digest, size = sha256(), 0
        with self._conn.transaction():
            for nth, content in enumerate(_pieces(product.content)):
                digest.update(content)
                size += len(content)
                piece = {"nth": nth, "content": content}
                self._conn.execute(ADD_PIECE, self._held | piece, binary=True)
            self._say(
                FINISH,
                digest=digest.hexdigest(),
                size=size,
                media_type=product.media_type,
                name=product.name,
                kept=KEPT,
            )

    @contextmanager
    def kept_on(self, url: str) -> Iterator[None]:
        """Keeps the lease alive meanwhile, however long the work says nothing."""
        over = threading.Event()
        beat = threading.Thread(target=self._beat, args=(url, over), name="lease", daemon=True)
        beat.start()
        try:
            yield
        finally:
            over.set()
            beat.join(timeout=5)

    def _beat(self, url: str, over: threading.Event) -> None:
        lease = {"lease": timedelta(seconds=self._seconds)}
        while not over.wait(self._seconds / 3):
            with suppress(psycopg.Error), connect(url) as conn:
                if conn.execute(KEEP_ON, self._held | lease).rowcount == 0 and not over.is_set():
                    self.drop()

    def _say(self, statement: str, **values: Any) -> None:
        if self._conn.execute(statement, self._held | values).rowcount == 0:
            raise Dropped(self.job.job_id)


def take(conn: Connection[Any], kinds: Iterable[str], holder: UUID, seconds: float) -> Lease | None:
    """The job that has been due longest, now this holder's; None when none is due."""
    wanted = {"kinds": list(kinds), "holder": holder, "lease": timedelta(seconds=seconds)}
    row = conn.execute(TAKE, wanted).fetchone()
    return None if row is None else Lease(conn, read_row(row), holder, seconds)


def _pieces(content: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of equal size; at least one, perhaps empty."""
    held, first = bytearray(), True
    for chunk in content:
        held += chunk
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            first = False
            del held[:PIECE]
    if held or first:
        yield bytes(held)
