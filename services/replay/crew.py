"""The threads of a live engine: one that listens for grown books, others that take them in."""

import logging
import queue
import threading
from collections.abc import Callable
from uuid import UUID

import psycopg

from services.replay.connection import connect

CHANNEL = "paraphe_book"
PAUSE_AFTER_TROUBLE = 1.0
log = logging.getLogger(__name__)


class Crew:
    """Brings each book that grew to its head: one thread a book at a time, books in parallel."""

    def __init__(
        self,
        url: str,
        bring_to_head: Callable[[UUID], None],
        behind: Callable[[], list[UUID]],
        *,
        workers: int,
        poll_seconds: float,
    ) -> None:
        self._url = url
        self._bring_to_head = bring_to_head
        self._behind = behind
        self._workers = workers
        self._poll_seconds = poll_seconds
        self._queue: queue.SimpleQueue[UUID | None] = queue.SimpleQueue()
        self._waiting: set[UUID] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Starts the threads; raises RuntimeError when they run already."""
        if self._threads:
            raise RuntimeError("the crew is at work already")
        self._stop.clear()
        names = ["listener", *(f"replay-{number}" for number in range(self._workers))]
        for name in names:
            work = self._listen if name == "listener" else self._work
            self._threads.append(threading.Thread(target=work, name=name, daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Lets each thread finish the batch in hand, then ends it."""
        self._stop.set()
        for _ in range(self._workers):
            self._queue.put(None)
        for thread in self._threads:
            thread.join(timeout=30)
        self._threads.clear()

    @property
    def stopping(self) -> bool:
        """Tells the work in hand to end soon."""
        return self._stop.is_set()

    def wake(self, book_id: UUID) -> None:
        """Puts a book in the queue, unless it waits there already."""
        with self._lock:
            if book_id in self._waiting:
                return
            self._waiting.add(book_id)
        self._queue.put(book_id)

    def _work(self) -> None:
        while (book_id := self._queue.get()) is not None and not self._stop.is_set():
            with self._lock:
                self._waiting.discard(book_id)
            try:
                self._bring_to_head(book_id)
            except Exception:  # the poll brings the book back
                log.exception("book %s: database trouble, will be tried again", book_id)
                self._stop.wait(PAUSE_AFTER_TROUBLE)

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                with connect(self._url) as conn:
                    conn.execute(f"LISTEN {CHANNEL}")
                    self._follow(conn)
            except Exception:  # a listener that dies would leave only this loop to notice
                log.exception("listening for grown books: trouble, will be tried again")
                self._stop.wait(PAUSE_AFTER_TROUBLE)

    def _follow(self, conn: psycopg.Connection) -> None:
        while not self._stop.is_set():
            for book_id in self._behind():
                self.wake(book_id)
            for notice in conn.notifies(timeout=self._poll_seconds):
                if self._stop.is_set():
                    return
                self.wake(UUID(notice.payload))
