"""A thread with an event loop of its own that goes through one session after another."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable

import nats.errors
import psycopg

TROUBLE = (nats.errors.Error, psycopg.Error, OSError)
"""What a broken network or a server that is away raises: worth a line, not a stack."""

log = logging.getLogger(__name__)

Session = Callable[[asyncio.Event], Awaitable[None]]


class Repeating:
    """Runs a session again whenever it ends, until stopped; a session ends when its event is set.

    The first failure in a row is told as a warning, the others only to who listens for details.
    """

    def __init__(self, name: str, session: Session, *, pause_seconds: float) -> None:
        self._name = name
        self._session = session
        self._pause_seconds = pause_seconds
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending = asyncio.Event()
        self._failing = False

    def start(self) -> None:
        """Starts the thread; raises RuntimeError when it runs already."""
        if self._thread is not None:
            raise RuntimeError(f"{self._name}: at work already")
        self._ending = asyncio.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._run()), name=self._name, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Ends the session in hand, then the thread; without a thread nothing happens."""
        if self._thread is None:
            return
        self.call(self._ending.set)
        self._thread.join(timeout=30)
        self._thread = None

    def call(self, deed: Callable[[], object]) -> bool:
        """Does something in the loop soon; false when there is no loop (any more)."""
        with self._lock:
            if self._loop is None:
                return False
            self._loop.call_soon_threadsafe(deed)
            return True

    def went_well(self) -> None:
        """Says that the session in hand works, so that the next failure is told again."""
        if self._failing:
            log.warning("%s: back at work", self._name)
        self._failing = False

    async def _run(self) -> None:
        with self._lock:
            self._loop = asyncio.get_running_loop()
        try:
            while not self._ending.is_set():
                await self._once()
                await pause(self._ending, self._pause_seconds)
        finally:
            with self._lock:
                self._loop = None

    async def _once(self) -> None:
        try:
            await self._session(self._ending)
        except TROUBLE as error:
            level = logging.DEBUG if self._failing else logging.WARNING
            why = str(error) or type(error).__name__
            log.log(level, "%s: trouble, will be tried again: %s", self._name, why)
            self._failing = True
        except Exception:  # a thread that dies would end all publishing
            log.exception("%s: trouble, will be tried again", self._name)
            self._failing = True


async def pause(ending: asyncio.Event, seconds: float) -> bool:
    """Waits, or less when the end comes; tells whether it came."""
    try:
        await asyncio.wait_for(ending.wait(), seconds)
    except TimeoutError:
        return False
    return True


async def until_first(*awaited: Awaitable[object]) -> None:
    """Waits until the first of several ends, ends the others, and raises what it raised."""
    tasks = [asyncio.ensure_future(each) for each in awaited]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=2)
    for task in done:
        if not task.cancelled():
            task.result()
