"""Tells followers that books have grown: after the commit, debounced, on its own connection."""

import logging
import threading
import time
from contextlib import suppress

import psycopg

from services.store import statements

DEBOUNCE_SECONDS = 0.002
log = logging.getLogger(__name__)


class Notifier:
    """A thread that sends one NOTIFY for each book that grew; polling makes a lost one good."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._grown: set[str] = set()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def tell(self, book_id: str) -> None:
        """Says that a book has grown; returns at once."""
        with self._lock:
            self._grown.add(book_id)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="notifier", daemon=True)
                self._thread.start()
        self._wake.set()

    def close(self) -> None:
        """Stops the thread; what was not sent is found by the followers' polling."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with psycopg.connect(self._url, autocommit=True) as conn:
                    self._send_from(conn)
            except psycopg.Error as error:
                log.warning("notifications wait for the database: %s", error)
                self._stop.wait(1)

    def _send_from(self, conn: psycopg.Connection) -> None:
        sent = 0.0
        while not self._stop.is_set():
            self._wake.wait()
            # The first word goes out at once; those that follow closely wait and go together.
            self._stop.wait(max(0.0, sent + DEBOUNCE_SECONDS - time.monotonic()))
            self._wake.clear()
            with self._lock:
                grown, self._grown = list(self._grown), set()
            if grown:
                conn.execute(statements.NOTIFY, {"books": grown})
                sent = time.monotonic()

    def __del__(self) -> None:
        with suppress(Exception):
            self._stop.set()
            self._wake.set()
