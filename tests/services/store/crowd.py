"""Commands that come at once, and wait for the pen of one book together."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from services.store.line import Line
from services.store.pen import Command, Pen
from services.store.store import Store, Written
from tests.services.store.slips import nothing

Write = Callable[[], Written[Any]]


def outcomes(writes: Sequence[Write]) -> list[Written[Any] | BaseException]:
    """What each write gave or raised; each runs in its own thread, all at once."""
    gate = threading.Barrier(len(writes))

    def run(write: Write) -> Written[Any]:
        gate.wait()
        return write()

    with ThreadPoolExecutor(len(writes)) as pool:
        return [result(future) for future in [pool.submit(run, write) for write in writes]]


def result(future: "Future[Written[Any]]") -> Written[Any] | BaseException:
    """What a thread gave, or the exception it died of."""
    return future.exception() or future.result()


def combined(
    store: Store, book: str, writes: Sequence[Write]
) -> list[Written[Any] | BaseException]:
    """What each write gave when all of them had waited, in this order, for the same pen."""
    line, let_go, held = store._line(book), threading.Event(), threading.Event()

    def hold(pen: Pen) -> None:
        held.set()
        let_go.wait()

    with ThreadPoolExecutor(len(writes) + 1) as pool:
        holder = pool.submit(store.write, book, Command(id="holder", actor=""), hold, nothing)
        held.wait()
        futures = []
        for nth, write in enumerate(writes, 1):
            futures.append(pool.submit(write))
            await_waiting(line, nth)
        let_go.set()
        wait([holder, *futures])
        return [result(future) for future in futures]


def await_waiting(line: Line, count: int) -> None:
    """Returns once so many wait for the pen."""
    deadline = time.monotonic() + 10
    while len(line._waiting) < count:
        assert time.monotonic() < deadline, "nobody joins the line"
        time.sleep(0.0002)
