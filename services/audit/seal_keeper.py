"""Keeps every book sealed while a server runs: each change is sealed within a minute."""

import logging
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import psycopg

from domain.book.refusal import Refusals
from services.audit.seal_keys import SealKeys, open_sealer
from services.audit.seals import NothingToSeal, Sealer
from services.replay.connection import Replaying, connect
from services.replay.lookout import Lookout
from services.settings import Settings
from services.store.store import Store

SECONDS = 30.0
"""Between two rounds: a change waits for one round at most, and for the work of that round."""

AT_ONCE = 4
"""A seal waits three times for the disk; so many wait together."""

EVERY = "SELECT book_id FROM public.book WHERE size > 0 ORDER BY book_id"
CHANGED = """
SELECT book_id FROM public.book WHERE size > 0 AND size IS DISTINCT FROM (
    SELECT seal.size FROM public.seal
    WHERE seal.book_id = book.book_id ORDER BY seal.nth DESC LIMIT 1
) ORDER BY book_id
"""
LATELY = """
SELECT book_id FROM (
    SELECT book_id, size FROM public.book
    WHERE last_recorded_at >= %(since)s::timestamptz - interval '10 minutes'
    UNION
    SELECT book_id, size FROM public.book WHERE book_id = ANY(%(also)s::uuid[])
) AS grown WHERE size > 0 AND size IS DISTINCT FROM (
    SELECT seal.size FROM public.seal
    WHERE seal.book_id = grown.book_id ORDER BY seal.nth DESC LIMIT 1
) ORDER BY book_id
"""

log = logging.getLogger(__name__)


def open_keeper(store: Store, settings: Settings, url: str) -> "SealKeeper":
    """The keeper of an installation."""
    keys = SealKeys(settings)
    return SealKeeper(open_sealer(store, settings), url, ready=lambda: keys.ready)


class Unsealed:
    """The questions which books have changed since their last seal."""

    def all(self, conn: Replaying) -> list[UUID]:
        """Those of the whole shelf."""
        return [row[0] for row in conn.execute(CHANGED).fetchall()]

    def lately(self, conn: Replaying, since: datetime, also: Collection[UUID]) -> list[UUID]:
        """Those that grew since a moment, and those in `also`."""
        asked = {"since": since, "also": list(also)}
        return [row[0] for row in conn.execute(LATELY, asked).fetchall()]


class SealKeeper:
    """A thread that seals what has changed; `pause` waits and says whether to stop.

    A book that cannot be sealed is in `refused`, with why, until it can; the others go on.
    """

    def __init__(
        self,
        sealer: Sealer,
        url: str,
        *,
        seconds: float = SECONDS,
        pause: Callable[[float], bool] | None = None,
        ready: Callable[[], bool] = lambda: True,
    ) -> None:
        self.refused: dict[str, str] = {}
        self._sealer = sealer
        self._first = True
        self._lookout = Lookout()
        self._url = url
        self._seconds = seconds
        self._stop = threading.Event()
        self._pause = pause or self._stop.wait
        self._ready = ready
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Starts the thread, unless nobody has given this machine a key."""
        if not self._ready():
            log.warning("books are not sealed here: set PARAPHE_SEAL_KEY or run `paraphe seal now`")
            return
        self._thread = threading.Thread(target=self.run, name="seal keeper", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread after the seal in hand, once everything written has been sealed."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
            self._thread = None
            with suppress(psycopg.Error):
                self.round()

    def run(self) -> None:
        """Makes rounds until `pause` says to stop."""
        while True:
            try:
                self.round()
            except psycopg.Error as error:
                log.warning("sealing waits for the database: %s", error)
            if self._pause(self._seconds):
                return

    def round(self) -> int:
        """Seals each book that has changed since its last seal; says how many were looked at.

        The first round looks at every book: one put back from a backup has not changed, but is
        shorter than the signer remembers.
        """
        with connect(self._url) as conn:
            found = self._lookout.look(conn, Unsealed())
            if self._first:
                found = [book_id for (book_id,) in conn.execute(EVERY).fetchall()]
        changed = list(map(str, found))
        self.refused = {book: why for book, why in self.refused.items() if book in changed}
        with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sealing") as pool:
            sealed = sum(pool.map(self._seal, changed))
        self._first = False
        return sealed

    def _seal(self, book_id: str) -> bool:
        try:
            self._sealer.seal(book_id)
        except NothingToSeal:
            return False
        except psycopg.OperationalError:
            raise
        except Exception as error:
            why = error.refused.explain() if isinstance(error, Refusals) else str(error)
            if self.refused.get(book_id) != why:
                log.exception("book %s is not sealed: %s", book_id, why)
            self.refused[book_id] = why
            return False
        self.refused.pop(book_id, None)
        return True
