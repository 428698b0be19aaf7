"""Keeps the archive near the head of every book while a server runs; one process at a time does."""

import fcntl
import logging
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from services.archive.writing import archive_book
from services.replay.connection import connect
from services.store.store import Store

SECONDS = 5.0
"""Between two rounds: the archive lacks no more than what came since, and the work of a round."""

STANDING = """
SELECT book.book_id::text, book.size, coalesce((
    SELECT nth FROM public.seal WHERE seal.book_id = book.book_id ORDER BY nth DESC LIMIT 1
), 0) FROM public.book WHERE book.size > 0
"""
SAID = """
SELECT book_id::text, count(*) FROM (
    SELECT book_id FROM public.seal_timestamp UNION ALL SELECT book_id FROM public.seal_cosignature
) AS said GROUP BY book_id
"""

log = logging.getLogger(__name__)
Standing = tuple[int, int, int]


class Archivist:
    """A thread that archives each book that changed.

    A book that cannot be archived is in `refused`, with why, until it can; the others go on.
    """

    def __init__(self, store: Store, url: str, archive: Path, *, seconds: float = SECONDS) -> None:
        self.archive = archive
        self.refused: dict[str, str] = {}
        self._store = store
        self._url = url
        self._seconds = seconds
        self._done: dict[str, Standing] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Starts the thread."""
        self._thread = threading.Thread(target=self._run, name="archivist", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread, once everything written has been archived."""
        if self._thread is None:
            return
        self._stop.set()
        self._thread.join(timeout=30)
        self._thread = None
        with suppress(psycopg.Error, OSError):
            self.round()

    def round(self) -> int:
        """Archives what changed since the last round; says how many books were brought to date.

        It is 0 while another process keeps the archive.
        """
        with alone(self.archive, wait=False) as mine:
            if not mine:
                self._done.clear()  # what the other one did is not known here
                return 0
            standing = self._standing()
            changed = [book for book, now in standing.items() if self._done.get(book) != now]
            self.refused = {book: why for book, why in self.refused.items() if book in changed}
            return sum(self._archive(book, standing[book]) for book in changed)

    def _run(self) -> None:
        while True:
            try:
                self.round()
            except (psycopg.Error, OSError) as error:
                log.warning("archiving waits: %s", error)
            if self._stop.wait(self._seconds):
                return

    def _standing(self) -> dict[str, Standing]:
        with connect(self._url) as conn:
            said = dict(conn.execute(SAID).fetchall())
            found = conn.execute(STANDING).fetchall()
        return {book: (size, nth, said.get(book, 0)) for book, size, nth in found}

    def _archive(self, book_id: str, now: Standing) -> bool:
        try:
            archive_book(self._store, book_id, self.archive)
        except (psycopg.OperationalError, OSError):
            raise
        except Exception as error:
            if self.refused.get(book_id) != str(error):
                log.exception("book %s is not archived", book_id)
            self.refused[book_id] = str(error)
            return False
        self._done[book_id] = now
        self.refused.pop(book_id, None)
        return True


@contextmanager
def alone(archive: Path, *, wait: bool) -> Iterator[bool]:
    """Whether this process may write the archive now; the lock dies with its holder."""
    archive.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(archive / "lock", os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(lock)
