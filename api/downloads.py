"""Files given away: with their digest as ETag, whole, in one range, or not at all when known."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from api import problems
from api.errors import Problem
from services.jobs.job import JobFile

Read = Callable[[int, int], Iterator[bytes]]
"""Gives the bytes from the first to the last place, both counted."""

_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.ASCII)
NO_HEADERS: Mapping[str, str] = {}

FOREVER = {"Cache-Control": "private, immutable, max-age=31536000"}
FILE_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file, byte for byte; its ETag is its SHA-256.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    },
    206: {
        "description": "The range that was asked for.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    },
    304: {"description": "It is the one in If-None-Match."},
}


def give(
    request: Request, file: JobFile, read: Read, *, headers: Mapping[str, str] = NO_HEADERS
) -> Response:
    """Answers with a file, as a download; raises the problem range_not_satisfiable.

    One range is heeded, and If-Range; several ranges, or anything else, give the whole file.
    """
    tag = f'"{file.digest}"'
    name = quote(file.name, safe="")
    known = {
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        **headers,
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=known)
    wanted = _range(request, file, tag)
    first, last = wanted or (0, file.size - 1)
    known["Content-Length"] = str(last - first + 1)
    if wanted is not None:
        known["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    status = 200 if wanted is None else 206
    return StreamingResponse(read(first, last), status, known, file.media_type)


def _range(request: Request, file: JobFile, tag: str) -> tuple[int, int] | None:
    """The range asked for, or None for the whole file."""
    found = _RANGE.fullmatch(request.headers.get("range", "").replace(" ", ""))
    if found is None or found[0] == "bytes=-" or request.headers.get("if-range", tag) != tag:
        return None
    if found[1]:
        first, last = int(found[1]), int(found[2] or file.size - 1)
    else:
        first, last = max(file.size - int(found[2]), 0), file.size - 1
    if first > last and found[1] and found[2]:
        return None  # RFC 9110: not a range at all
    if first >= file.size or (not found[1] and int(found[2]) == 0):
        raise Problem(
            problems.RANGE_NOT_SATISFIABLE, headers={"Content-Range": f"bytes */{file.size}"}
        )
    return first, min(last, file.size - 1)
