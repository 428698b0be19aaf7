"""A thread that prints the original of every document soon after it was issued, of every book.

What there is to print is an answer of the register `printing`, so nothing is lost with a process
that is killed, and a document printed twice has one original all the same.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from domain.sales.printing import PrintedKind
from services.printing.originals import Printshop
from services.replay.connection import Replaying, connect
from services.store.store import StoreUnavailable

POLL_SECONDS = 2.0
SETTLING_SECONDS = 0.05
"""Between hearing of a grown book and looking: the register takes the event in meanwhile."""
PAUSES = (5.0, 60.0, 600.0)
"""Seconds before a document that could not be printed is tried again."""
ROUND = 1_000

UNPRINTED = """
SELECT book_id::text, kind, document_id FROM printing.issued_document WHERE original = ''
ORDER BY book_id, issued_at LIMIT %s
"""
TAKE = "SELECT pg_try_advisory_lock(hashtextextended('paraphe.printing.' || %s, 0))"
LET_GO = "SELECT pg_advisory_unlock(hashtextextended('paraphe.printing.' || %s, 0))"

log = logging.getLogger(__name__)
Document = tuple[str, PrintedKind, str]


class Printer:
    """Prints originals; a document that cannot be printed is in `refused`, with why.

    Several printers share the books: one prints in a book at a time.
    """

    def __init__(self, shop: Printshop, url: str, *, poll_seconds: float = POLL_SECONDS) -> None:
        self.refused: dict[Document, str] = {}
        self._shop = shop
        self._url = url
        self._poll_seconds = poll_seconds
        self._attempts: dict[Document, tuple[int, float]] = {}
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Starts the thread."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread after the document in hand; the rest is printed at the next start."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
            self._thread = None

    def run_due(self) -> int:
        """Prints what lacks its original, in this thread; says how many documents that were."""
        with connect(self._url) as conn:
            return self._work_off(conn)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with connect(self._url) as conn:
                    conn.execute("LISTEN paraphe_book")
                    self._follow(conn)
            except (psycopg.Error, StoreUnavailable) as error:
                log.warning("printing waits for the database: %s", error)
            except Exception:  # a printer that dies would leave documents that nobody prints
                log.exception("printing stumbled")
            self._stop.wait(1.0)

    def _follow(self, conn: Replaying) -> None:
        while not self._stop.is_set():
            self._work_off(conn)
            until = time.monotonic() + self._poll_seconds
            while not self._stop.is_set() and time.monotonic() < until:
                if list(conn.notifies(timeout=0.2, stop_after=1)):
                    break
            self._stop.wait(SETTLING_SECONDS)

    def _work_off(self, conn: Replaying) -> int:
        """Goes through the list, book by book."""
        found: list[Document] = conn.execute(UNPRINTED, (ROUND,)).fetchall()
        done = 0
        for book_id in dict.fromkeys(book for book, _, _ in found):
            with _alone(conn, book_id) as mine:
                if mine:
                    done += sum(map(self._print, [each for each in found if each[0] == book_id]))
        return done

    def _print(self, document: Document) -> bool:
        attempts, not_before = self._attempts.get(document, (0, 0.0))
        if self._stop.is_set() or time.monotonic() < not_before:
            return False
        try:
            self._shop.original(*document)
        except (psycopg.OperationalError, StoreUnavailable):
            raise
        except Exception as error:
            if self.refused.get(document) != str(error):
                log.exception("%s %s of book %s is not printed", *document[1:], document[0])
            self.refused[document] = str(error)
            pause = PAUSES[min(attempts, len(PAUSES) - 1)]
            self._attempts[document] = (attempts + 1, time.monotonic() + pause)
            return False
        self.refused.pop(document, None)
        self._attempts.pop(document, None)
        return True


@contextmanager
def _alone(conn: Replaying, book_id: str) -> Iterator[bool]:
    """Whether this connection may print in a book now; the lock dies with its holder."""
    ((mine,),) = conn.execute(TAKE, (book_id,)).fetchall()
    try:
        yield bool(mine)
    finally:
        if mine:
            conn.execute(LET_GO, (book_id,))
