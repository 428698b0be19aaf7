"""Another process that loads books: `python -m services.replay.mate`, a line in, lines out.

It is told what it needs to know, then a share of the books a line; it says each book that is done.
When who started it is gone, its input ends and so does it.
"""

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from typing import IO, Self
from uuid import UUID

from msgspec import Struct, json

from projections.registers import REGISTERS
from services.replay.bulk import Loader
from services.replay.connection import connect
from services.replay.place import Place
from services.replay.source import Source

Share = dict[UUID, int]
"""Books to load, up to a position each."""


class Failed(Exception):
    """A process that loads books ended before its work did."""


class Task(Struct, frozen=True, kw_only=True):
    """What every process must know: the database, the registers with their schemas, the cap."""

    url: str
    places: tuple[tuple[str, str], ...]
    cap: int


class Mate:
    """The process and the thread that feeds it shares for as long as there are any."""

    def __init__(
        self, task: Task, shares: deque[Share], report: Callable[[UUID | Failed], None]
    ) -> None:
        self._task = task
        self._shares = shares
        self._report = report
        self._thread = threading.Thread(target=self._feed, name="mate", daemon=True)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "services.replay.mate"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        self._thread.start()
        return self

    def wait(self) -> None:
        """Returns when no share is left and the one in hand is done."""
        self._thread.join()

    def __exit__(self, *_: object) -> None:
        self._process.terminate()  # what it had in hand is rolled back, or was done
        self._process.wait()
        self._thread.join()

    def _feed(self) -> None:
        try:
            self._tell(self._task)
            self._listen()
            while self._shares:
                share = self._shares.popleft()
                self._tell(share)
                for _ in share:
                    self._report(UUID(self._listen()))
        except IndexError:
            return  # another one took the last share
        except (OSError, Failed) as fault:
            self._report(Failed(f"a process that loads books: {fault}"))

    def _tell(self, what: Task | Share) -> None:
        pipe = _pipe(self._process.stdin)
        pipe.write(json.encode(what) + b"\n")
        pipe.flush()

    def _listen(self) -> str:
        line = _pipe(self._process.stdout).readline()
        if not line:
            raise Failed(f"ended with code {self._process.wait()}")
        return line.decode().strip()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise Failed("it has no pipe")
    return pipe


def main() -> None:
    """Loads shares of books until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started us
    task = json.decode(sys.stdin.buffer.readline(), type=Task)
    known = {register.name: register for register in REGISTERS}
    with connect(task.url) as conn, connect(task.url) as reader:
        places = [Place(known[name], schema) for name, schema in task.places]
        loader = Loader(conn, places, task.cap, reader)
        print("ready", flush=True)
        for line in sys.stdin.buffer:
            for book_id in loader.load_books(Source(), json.decode(line, type=Share)):
                print(book_id, flush=True)


if __name__ == "__main__":
    main()
