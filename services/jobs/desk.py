"""Where jobs are asked for and looked at: always in one book, as the application."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.types.json import Jsonb

from services.jobs.job import Failure, Job, JobFile, name_job
from services.store.pen import Command
from services.store.store import Store
from services.store.transaction import CommandReused

PIECE = 1024 * 1024
"""Bytes in each piece of a file but the last."""
COLUMNS = """book_id::text, job_id, kind, actor, asked, state, done, total, attempts, failure,
    asked_at, ended_at, expires_at, digest, size, media_type, name"""

ASK = """
INSERT INTO job (book_id, job_id, kind, request, actor, asked)
VALUES (%(book)s, %(job)s, %(kind)s, %(request)s, %(actor)s, %(asked)s) ON CONFLICT DO NOTHING
"""
WAKE = "SELECT pg_notify('paraphe_job', '')"
FIND = f"SELECT {COLUMNS}, request FROM job WHERE book_id = %(book)s AND job_id = %(job)s"  # noqa: S608
PIECE_AT = """
SELECT content FROM job_piece WHERE book_id = %(book)s AND job_id = %(job)s AND nth = %(nth)s
"""


class Desk:
    """Takes jobs in and shows how they stand."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def ask(
        self, book_id: str, kind: str, asked: dict[str, Any], command: Command
    ) -> tuple[Job, bool]:
        """Queues a job, durably; the same command again gives the same job and True.

        Raises CommandReused when the command id came before with another request.
        """
        job_id = name_job(book_id, command.id)
        row = {
            "book": book_id,
            "job": job_id,
            "kind": kind,
            "request": command.request,
            "actor": command.actor,
            "asked": Jsonb(asked),
        }
        with self._store.entered(book_id) as conn:
            made = conn.execute(ASK, row).rowcount == 1
            job, request = _find(conn, book_id, job_id)
            if made:
                conn.execute(WAKE)
        if job is None or request != command.request:
            raise CommandReused(command.id)
        return job, not made

    def rehearse(self, book_id: str, kind: str, asked: dict[str, Any], command: Command) -> Job:
        """The job that the same command would queue; nothing is queued."""
        return Job(
            book_id=book_id,
            job_id=name_job(book_id, command.id),
            kind=kind,
            actor=command.actor,
            asked=asked,
            state="queued",
            done=0,
            total=0,
            attempts=0,
            failure=None,
            asked_at=datetime.now(UTC),
            ended_at=None,
            expires_at=None,
            file=None,
        )

    def find(self, book_id: str, job_id: str, kinds: Sequence[str]) -> Job | None:
        """A job of one of these kinds, unless it is unknown or has expired."""
        with self._store.entered(book_id) as conn:
            job, _ = _find(conn, book_id, job_id)
        return job if job is not None and job.kind in kinds else None

    def read(self, job: Job, first: int, last: int) -> Iterator[bytes]:
        """The bytes of a job's file from `first` to `last`, both counted, in pieces.

        Raises LookupError when the file expires meanwhile.
        """
        for nth in range(first // PIECE, last // PIECE + 1):
            place = {"book": job.book_id, "job": job.job_id, "nth": nth}
            with self._store.entered(job.book_id) as conn:
                row = conn.execute(PIECE_AT, place, binary=True).fetchone()
            if row is None:
                raise LookupError(f"{job.job_id} has expired")
            start = nth * PIECE
            yield bytes(row[0])[max(first - start, 0) : last - start + 1]


def _find(conn: Connection[Any], book_id: str, job_id: str) -> tuple[Job | None, str]:
    row = conn.execute(FIND, {"book": book_id, "job": job_id}).fetchone()
    return (None, "") if row is None else (read_row(row[:-1]), row[-1])


def read_row(row: Sequence[Any]) -> Job:
    """A job from its COLUMNS."""
    *known, failure, asked_at, ended_at, expires_at, digest, size, media_type, name = row
    book_id, job_id, kind, actor, asked, state, done, total, attempts = known
    return Job(
        book_id=book_id,
        job_id=job_id,
        kind=kind,
        actor=actor,
        asked=asked,
        state=state,
        done=done,
        total=total,
        attempts=attempts,
        failure=None if failure is None else msgspec.convert(failure, Failure),
        asked_at=asked_at,
        ended_at=ended_at,
        expires_at=expires_at,
        file=None
        if digest is None
        else JobFile(digest=digest, size=size, media_type=media_type, name=name),
    )
