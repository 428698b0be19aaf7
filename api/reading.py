"""Reading the body of a request, to an end."""

from collections.abc import AsyncIterator

from fastapi import Request

from api import problems
from api.errors import Problem


async def pieces_within(request: Request, most_bytes: int) -> AsyncIterator[bytes]:
    """The body as it comes; raises the problem body_too_large as soon as it is."""
    claimed = request.headers.get("content-length", "0")
    if not claimed.isdigit() or int(claimed[:19]) > most_bytes:
        raise Problem(problems.BODY_TOO_LARGE)
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > most_bytes:
            raise Problem(problems.BODY_TOO_LARGE)
        yield piece
