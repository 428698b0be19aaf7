"""A body that is too long for memory: read into a file without a name, counted as it comes in."""

from collections.abc import Iterator
from hashlib import sha256
from typing import BinaryIO

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from api.reading import pieces_within

PIECE = 1024 * 1024
"""Bytes that are in memory at once, more or less."""


class SpooledRequest(Request):
    """A request whose body goes to a file that whoever makes it gives, and closes."""

    most_bytes: int
    spool: BinaryIO
    _is_read = False

    async def read(self) -> BinaryIO:
        """The body as a file; raises the problem body_too_large as soon as it is."""
        if not self._is_read:
            self._is_read = True
            await self._fill()
        return self.spool

    async def digest(self, asked: bytes) -> str:
        """SHA-256 (hex) of what is asked and then the body."""
        file = await self.read()
        return await run_in_threadpool(_digest, file, asked)

    async def _fill(self) -> None:
        waiting = bytearray()
        async for piece in pieces_within(self, self.most_bytes):
            waiting += piece
            if len(waiting) >= PIECE:
                await run_in_threadpool(self.spool.write, bytes(waiting))
                waiting.clear()
        await run_in_threadpool(self.spool.write, bytes(waiting))


def size_of(file: BinaryIO) -> int:
    """How many bytes it has."""
    return file.seek(0, 2)


def pieces_of(file: BinaryIO) -> Iterator[bytes]:
    """All of it, from its beginning."""
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


def _digest(file: BinaryIO, asked: bytes) -> str:
    whole = sha256(asked)
    for piece in pieces_of(file):
        whole.update(piece)
    return whole.hexdigest()
