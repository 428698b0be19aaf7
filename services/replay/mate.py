"""Another process that loads books: this one, forked, so that it need not start and import.

It is given a share of the books at a time and says each book that is done. When who forked it is
gone, its pipe ends and so does it.
"""

import signal
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Self
from uuid import UUID

from msgspec import Struct

from services.replay.bulk import Loader
from services.replay.connection import connect
from services.replay.place import Place
from services.replay.source import Source

FORK = get_context("fork")
Share = dict[UUID, int]
"""Books to load, up to a position each."""


class Failed(Exception):
    """A process that loads books ended before its work did."""


class Task(Struct, frozen=True, kw_only=True):
    """What every process must know: the database, where the registers' tables are, the cap."""

    url: str
    places: Sequence[Place]
    cap: int


class Mate:
    """The process, and the thread that feeds it shares for as long as there are any."""

    def __init__(
        self, task: Task, shares: deque[Share], report: Callable[[UUID | Failed], None]
    ) -> None:
        self._task = task
        self._shares = shares
        self._report = report
        self._thread = threading.Thread(target=self._feed, name="mate", daemon=True)

    def __enter__(self) -> Self:
        self._pipe, theirs = FORK.Pipe()
        self._process = FORK.Process(target=_load, args=(self._task, theirs, self._pipe))
        self._process.start()
        theirs.close()
        return self

    def start(self) -> None:
        """Begins to feed it; all mates are forked by then, for a fork copies no other threads."""
        self._thread.start()

    def wait(self) -> None:
        """Returns when no share is left and the one in hand is done."""
        self._thread.join()

    def __exit__(self, *_: object) -> None:
        self._process.terminate()  # what it had in hand is rolled back, or was done
        self._process.join()
        if self._thread.ident is not None:
            self._thread.join()
        self._pipe.close()

    def _feed(self) -> None:
        try:
            while self._shares:
                share = self._shares.popleft()
                self._pipe.send(share)
                for _ in share:
                    self._report(self._pipe.recv())
        except IndexError:
            return  # another one took the last share
        except (OSError, EOFError) as fault:
            self._process.join()
            code = self._process.exitcode
            self._report(Failed(f"a process that loads books ended with code {code}: {fault}"))


def _load(task: Task, pipe: "Connection[UUID, Share]", others: "Connection[Share, UUID]") -> None:
    """Loads shares of books until who forked us is gone, or ends us."""
    others.close()  # as long as we hold its end too, ours would never say that it is gone
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who forked us
    gone = EOFError, BrokenPipeError, ConnectionResetError
    with suppress(*gone), connect(task.url) as conn, connect(task.url) as reader:
        loader = Loader(conn, task.places, task.cap, reader)
        while True:
            for book_id in loader.load_books(Source(), pipe.recv()):
                pipe.send(book_id)
