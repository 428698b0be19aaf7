"""The threads of a live engine: one that listens for grown books, others that take them in.

What the listener finds it announces; the sharing says which process takes it in.
"""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from uuid import UUID

import psycopg

from services.replay.connection import connect
from services.replay.sharing import Sharing

CHANNEL = "paraphe_book"
PAUSE_AFTER_TROUBLE = 1.0
log = logging.getLogger(__name__)


class Crew:
    """Brings each book that grew to its head: one thread a book at a time, books in parallel.

    `advance` takes a book on for a while and tells whether there is more.
    """

    def __init__(
        self,
        url: str,
        advance: Callable[[UUID], bool],
        behind: Callable[[], list[UUID]],
        is_behind: Callable[[UUID], bool],
        sharing: Sharing,
        *,
        workers: int,
        poll_seconds: float,
    ) -> None:
        self._url = url
        self._advance = advance
        self._behind = behind
        self._is_behind = is_behind
        self._sharing = sharing
        self._workers = workers
        self._poll_seconds = poll_seconds
        self._queue: queue.SimpleQueue[UUID | None] = queue.SimpleQueue()
        self._waiting: dict[UUID, Future[bool]] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Starts the threads; raises RuntimeError when they run already."""
        if self._threads:
            raise RuntimeError("the crew is at work already")
        self._stop.clear()
        self._sharing.start(self.wake, self._is_behind, self._workers)
        names = ["listener", *(f"replay-{number}" for number in range(self._workers))]
        for name in names:
            work = self._listen if name == "listener" else self._work
            self._threads.append(threading.Thread(target=work, name=name, daemon=True))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Lets each thread finish the batch in hand, then ends it."""
        self._stop.set()
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for hope in waiting.values():
            hope.cancel()
        self._sharing.stop()
        for _ in range(self._workers):
            self._queue.put(None)
        for thread in self._threads:
            thread.join(timeout=30)
        self._threads.clear()

    @property
    def stopping(self) -> bool:
        """Tells the work in hand to end soon."""
        return self._stop.is_set()

    def wake(self, book_id: UUID) -> "Future[bool]":
        """Puts a book in the queue, unless it waits there; the future tells if there is more."""
        with self._lock:
            if book_id in self._waiting:
                return self._waiting[book_id]
            hope: Future[bool] = Future()
            if self._stop.is_set():
                hope.cancel()
                return hope
            self._waiting[book_id] = hope
        self._queue.put(book_id)
        return hope

    def _work(self) -> None:
        while (book_id := self._queue.get()) is not None and not self._stop.is_set():
            with self._lock:
                hope = self._waiting.pop(book_id, Future())
            wanted = hope.set_running_or_notify_cancel()
            try:
                more = self._advance(book_id)
            except Exception as trouble:  # the poll brings the book back
                log.exception("book %s: database trouble, will be tried again", book_id)
                if wanted:
                    hope.set_exception(trouble)
                self._stop.wait(PAUSE_AFTER_TROUBLE)
                continue
            if wanted:
                hope.set_result(more)
            if more and not self._stop.is_set():  # behind those that wait, so that none starves
                self._sharing.announce(book_id)

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
                self._sharing.announce(book_id)
            for notice in conn.notifies(timeout=self._poll_seconds):
                if self._stop.is_set():
                    return
                self._sharing.announce(UUID(notice.payload))
