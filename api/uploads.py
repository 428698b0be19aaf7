"""A file in the body of a request: as it is, or as the one part of a multipart form."""

from collections.abc import Collection
from email.message import Message
from typing import Any

from fastapi import Depends, Request
from msgspec import Struct

from api import problems
from api.errors import Problem

XML = "application/xml"
FORM = "multipart/form-data"
DOCUMENTS = (XML, "text/xml")
TABLES = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
MOST_PARTS = 10
MISSING = {"pointer": "/file", "code": "missing"}


class Upload(Struct, frozen=True):
    """A file that was sent, byte for byte."""

    content: bytes
    name: str


def upload_of(taken: Collection[str] = DOCUMENTS) -> Any:
    """The dependency that gives the file of a request, of one of the media types taken."""

    async def upload(request: Request) -> Upload:
        return await _upload(request, taken)

    return Depends(upload)


async def _upload(request: Request, taken: Collection[str]) -> Upload:
    """The file of a request; raises the problems of bodies that hold none."""
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    kind = header.get_content_type()
    body = await request.body()
    if kind in taken:
        if not body:
            raise Problem(problems.BODY_INVALID, errors=[MISSING])
        return Upload(body, "")
    boundary = header.get_boundary()
    if kind != FORM or not boundary:
        raise Problem(problems.UNSUPPORTED_MEDIA_TYPE)
    return _part(body, boundary.encode("latin-1", "replace"))


def _part(body: bytes, boundary: bytes) -> Upload:
    """The part called `file`, cut out without a byte changed (RFC 7578)."""
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_PARTS)[1:]
    for part in parts:
        head, found, content = part.partition(b"\r\n\r\n")
        if not found:
            continue
        headers = Message()
        for line in head.split(b"\r\n"):
            name, colon, value = line.decode("utf-8", "replace").partition(":")
            if colon:
                headers[name.strip()] = value.strip()
        if headers.get_param("name", header="content-disposition") == "file":
            return Upload(content, _basename(headers.get_filename("")))
    raise Problem(problems.BODY_INVALID, errors=[MISSING])


def _basename(name: str) -> str:
    """The last step of a file name, printable and short: it is only shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:200]
