"""A proxy between NATS clients and their server that duplicates, delays, reorders, loses, cuts.

It follows the protocol line by line, so that what it repeats or holds back is a whole message. All
of its choices come from one seed.
"""

import asyncio
import random
import threading
from dataclasses import dataclass
from typing import Self

CARRYING = {b"PUB", b"HPUB", b"MSG", b"HMSG"}


@dataclass
class Faults:
    """How likely each fault is for a message, in either direction; seconds of a delay."""

    duplicate: float = 0.0
    lose: float = 0.0
    delay: float = 0.0
    reorder: float = 0.0
    cut: float = 0.0
    seconds: float = 0.05


class NatsProxy:
    """Listens on a port of its own, in a thread of its own."""

    def __init__(self, port: int, *, seed: int) -> None:
        self.faults = Faults()
        self.away = False
        """While true nothing passes and nobody is let in: an outage."""
        self.done = dict.fromkeys(("duplicate", "lose", "delay", "reorder", "cut"), 0)
        self._upstream = port
        self._chance = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def cut_all(self) -> None:
        """Cuts every connection now."""
        self._loop.call_soon_threadsafe(self._cut_all)

    def outage(self, on: bool) -> None:
        """Begins or ends an outage; beginning cuts what is open."""
        self.away = on
        if on:
            self.cut_all()

    def _cut_all(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.url = f"nats://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        self._loop.run_forever()
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.away:
            writer.transport.abort()
            return
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._upstream)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, up_writer}
        self._writers |= ends
        ways = [self._carry(reader, up_writer), self._carry(up_reader, writer)]
        tasks = [asyncio.ensure_future(way) for way in ways]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for end in ends:
            end.transport.abort()
        self._writers -= ends

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            words = line.split()
            if words and words[0].upper() in CARRYING:
                line += await reader.readexactly(int(words[-1]) + 2)
                await self._pass(line, writer)
            else:
                writer.write(line)
            await writer.drain()

    async def _pass(self, message: bytes, writer: asyncio.StreamWriter) -> None:
        faults = self.faults
        if self._happens("cut", faults.cut):
            writer.transport.abort()
            return
        if self._happens("lose", faults.lose):
            return
        if self._happens("delay", faults.delay):
            await asyncio.sleep(self._chance.random() * faults.seconds)
        if self._happens("reorder", faults.reorder):
            later = self._chance.random() * faults.seconds
            asyncio.get_running_loop().call_later(later, self._write, writer, message)
            return
        writer.write(message)
        if self._happens("duplicate", faults.duplicate):
            writer.write(message)

    def _happens(self, fault: str, likely: float) -> bool:
        happens = self._chance.random() < likely
        self.done[fault] += happens
        return happens

    @staticmethod
    def _write(writer: asyncio.StreamWriter, message: bytes) -> None:
        if not writer.is_closing():
            writer.write(message)
