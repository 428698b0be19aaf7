"""A subscriber as an integrator writes it: one position a book, kept with its own rows.

`docs/operations.md` shows the same in ten lines.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Self

import nats
import nats.errors
from nats.aio.msg import Msg
from nats.js import api

from domain.book.event import Recorded
from services.store.mapper import Mapper
from services.transport.stream import POSITION, RECORDED_AT, STREAM, SUBJECT, TYPE


class Consumer:
    """Takes each event of each book once and in order, whatever the stream does."""

    def __init__(self, url: str) -> None:
        self.facts: dict[str, list[Recorded]] = {}
        self.seen = 0
        """Messages that came, the repeated and the early ones included."""
        self._held: dict[str, dict[int, Msg]] = {}
        self._url = url
        self._mapper = Mapper()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join(20)

    def wait_for(self, done: Callable[[], bool], seconds: float = 60) -> None:
        """Waits until something holds of what was taken."""
        deadline = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < deadline, {k: len(v) for k, v in self.facts.items()}
            time.sleep(0.05)

    def has(self, books: dict[str, int]) -> bool:
        """Whether so many events of these books were taken."""
        return all(len(self.facts.get(book, ())) == size for book, size in books.items())

    def has_some(self, books: list[str], count: int) -> bool:
        """Whether at least so many events of each of these books were taken."""
        return all(len(self.facts.get(book, ())) >= count for book in books)

    async def _run(self) -> None:
        while not self._stop.is_set():
            try:
                await self._follow()
            except (nats.errors.Error, OSError):
                await asyncio.sleep(0.2)

    async def _follow(self) -> None:
        async with asyncio.timeout(3):
            link = await nats.connect(
                self._url, allow_reconnect=False, max_reconnect_attempts=1, error_cb=_quiet
            )
        try:
            js = link.jetstream()
            self._held.clear()  # they can only be acknowledged over the connection they came by
            config = api.ConsumerConfig(ack_wait=2)  # after a wipe the durable consumer is new
            pull = await js.pull_subscribe(f"{SUBJECT}.*", "reader", stream=STREAM, config=config)
            while not self._stop.is_set() and not link.is_closed:
                try:
                    messages = await pull.fetch(100, timeout=0.5)
                except nats.errors.TimeoutError:
                    await pull.consumer_info()
                    continue
                for message in messages:
                    await self._take(message)
        except asyncio.CancelledError:
            if not link.is_closed:
                raise
        finally:
            await link.close()

    async def _take(self, message: Msg) -> None:
        """Takes a message, or holds it unacknowledged until those before it have come."""
        self.seen += 1
        book, position = message.subject.rpartition(".")[2], int(message.header[POSITION])
        taken, held = self.facts.setdefault(book, []), self._held.setdefault(book, {})
        if position <= len(taken):
            await message.ack()
            return
        held[position] = message
        while following := held.pop(len(taken) + 1, None):
            headers = following.header
            at = datetime.fromisoformat(headers[RECORDED_AT])
            taken.append(
                self._mapper.recorded(book, len(taken) + 1, at, headers[TYPE], following.data)
            )
            await following.ack()


async def _quiet(error: Exception) -> None:
    """The tests break connections on purpose."""
