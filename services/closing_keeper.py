"""Closes days, months and fiscal years by itself while a server runs, once they are over."""

import logging
import threading
from collections.abc import Callable
from datetime import date, datetime

import psycopg

from domain.book.refusal import Refusals
from domain.values.days import legal_day
from services.audit.seal_keys import SealKeys, open_sealer
from services.closing import Seal, close_periods
from services.loading import load_company
from services.replay.connection import connect
from services.settings import Settings
from services.store.pen import Command
from services.store.store import Store

SECONDS = 60.0
"""Between two rounds: a day is closed about a minute after its end, where the company is."""
CLERK = Command(id="close by itself", actor="paraphe")
BOOKS = """
SELECT book.book_id::text FROM public.book WHERE book.size > 0 ORDER BY book.book_id
"""
NOW = "SELECT clock_timestamp()"

log = logging.getLogger(__name__)


def open_closing_keeper(store: Store, settings: Settings, url: str) -> "ClosingKeeper":
    """The keeper of an installation; it seals each closing where this machine has a key."""
    keys, sealer = SealKeys(settings), open_sealer(store, settings)

    def seal(book_id: str) -> None:
        if keys.ready:
            sealer.seal(book_id)

    return ClosingKeeper(store, url, seal)


class ClosingKeeper:
    """A thread that closes what is over in each book; `pause` waits and says whether to stop.

    A book that cannot be closed is in `refused`, with why, until it can; the others go on. Several
    processes may do this at once: a period is closed by one of them.
    """

    def __init__(
        self,
        store: Store,
        url: str,
        seal: Seal,
        *,
        seconds: float = SECONDS,
        pause: Callable[[float], bool] | None = None,
    ) -> None:
        self.refused: dict[str, str] = {}
        self._store = store
        self._url = url
        self._seal = seal
        self._seconds = seconds
        self._stop = threading.Event()
        self._pause = pause or self._stop.wait
        self._zones: dict[str, str] = {}
        self._looked: dict[str, date] = {}
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Starts the thread."""
        self._thread = threading.Thread(target=self.run, name="closing keeper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread after the book in hand; what is not closed yet is closed next time."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
            self._thread = None

    def run(self) -> None:
        """Makes rounds until `pause` says to stop."""
        while True:
            try:
                self.round()
            except psycopg.Error as error:
                log.warning("closing waits for the database: %s", error)
            if self._pause(self._seconds):
                return

    def round(self) -> int:
        """Closes what is over in each book where a new day has begun; how many closings it made."""
        with connect(self._url) as conn:
            books = [book_id for (book_id,) in conn.execute(BOOKS).fetchall()]
            ((database_time,),) = conn.execute(NOW).fetchall()
        now = self._store.clock(database_time)
        closed = 0
        for book_id in books:
            if self._stop.is_set():
                break
            closed += self._look_at(book_id, now)
        return closed

    def _look_at(self, book_id: str, now: datetime) -> int:
        try:
            today = legal_day(now, self._zone(book_id))
            if self._looked.get(book_id) == today:
                return 0
            closings = close_periods(self._store, book_id, None, CLERK, self._seal)
        except psycopg.OperationalError:
            raise
        except Exception as error:
            why = error.refused.explain() if isinstance(error, Refusals) else str(error)
            if self.refused.get(book_id) != why:
                log.exception("book %s is not closed: %s", book_id, why)
            self.refused[book_id] = why
            return 0
        self._looked[book_id] = today
        self.refused.pop(book_id, None)
        return len(closings)

    def _zone(self, book_id: str) -> str:
        """The company's legal time zone, which never changes."""
        if book_id not in self._zones:
            self._zones[book_id] = load_company(self._store.past(book_id)).time_zone
        return self._zones[book_id]
