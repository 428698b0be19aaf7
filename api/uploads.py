"""A file in the body of a request: as it is, or as the one part of a multipart form."""

from collections.abc import Collection, Iterator
from email.message import Message
from typing import Any, BinaryIO

from fastapi import Depends, Request
from msgspec import Struct

from api import problems
from api.errors import Problem
from api.spooling import SpooledRequest, cut, find, size_of

XML = "application/xml"
FORM = "multipart/form-data"
DOCUMENTS = (XML, "text/xml")
TABLES = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
MOST_PARTS = 10
LONGEST_HEAD = 16 * 1024
MISSING = {"pointer": "/file", "code": "missing"}


class Upload(Struct, frozen=True):
    """A file that was sent, byte for byte."""

    content: bytes
    name: str


class FileUpload(Struct, frozen=True):
    """A file that was sent, too long for memory."""

    file: BinaryIO
    name: str


def file_of(taken: Collection[str]) -> Any:
    """The dependency that gives the file of a request to a SpooledRoute."""

    def upload(request: Request) -> Iterator[FileUpload]:
        if not isinstance(request, SpooledRequest):
            raise TypeError(request.url.path)
        file = _file(request, taken)
        try:
            yield file
        finally:
            file.file.close()

    return Depends(upload)


def upload_of(taken: Collection[str] = DOCUMENTS) -> Any:
    """The dependency that gives the file of a request, of one of the media types taken."""

    async def upload(request: Request) -> Upload:
        return await _upload(request, taken)

    return Depends(upload)


async def _upload(request: Request, taken: Collection[str]) -> Upload:
    """The file of a request; raises the problems of bodies that hold none."""
    header = _media_type(request)
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


def _file(request: SpooledRequest, taken: Collection[str]) -> FileUpload:
    """The file of a request whose body is in one; raises the problems of bodies that hold none."""
    header = _media_type(request)
    kind, boundary = header.get_content_type(), header.get_boundary()
    if kind in taken:
        if not size_of(request.spool):
            raise Problem(problems.BODY_INVALID, errors=[MISSING])
        return FileUpload(request.spool, "")
    if kind != FORM or not boundary:
        raise Problem(problems.UNSUPPORTED_MEDIA_TYPE)
    return part_in(request.spool, boundary.encode("latin-1", "replace"))


def part_in(file: BinaryIO, boundary: bytes) -> FileUpload:
    """The part called `file`, as a file of its own (RFC 7578)."""
    mark, size = b"\r\n--" + boundary, size_of(file)
    file.seek(0)
    begins = file.read(len(mark) - 2) == mark[2:]
    before = -2 if begins else find(file, mark, 0)
    start = before + len(mark) if begins or before >= 0 else -1
    for _ in range(MOST_PARTS):
        if start < 0:
            break
        file.seek(start)
        head, found, _rest = file.read(LONGEST_HEAD).partition(b"\r\n\r\n")
        first, end = start + len(head) + len(found), find(file, mark, start)
        end = size if end < 0 else end
        if found and first <= end and (name := _name_in(head)) is not None:
            return FileUpload(cut(file, first, end), name)
        start = end + len(mark) if end < size else -1
    raise Problem(problems.BODY_INVALID, errors=[MISSING])


def _media_type(request: Request) -> Message:
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    return header


def _part(body: bytes, boundary: bytes) -> Upload:
    """The part called `file`, cut out without a byte changed (RFC 7578)."""
    parts = (b"\r\n" + body).split(b"\r\n--" + boundary, MOST_PARTS)[1:]
    for part in parts:
        head, found, content = part.partition(b"\r\n\r\n")
        if found and (name := _name_in(head)) is not None:
            return Upload(content, name)
    raise Problem(problems.BODY_INVALID, errors=[MISSING])


def _name_in(head: bytes) -> str | None:
    """The file name that the head of the part called `file` has; None for another part."""
    headers = Message()
    for line in head.split(b"\r\n"):
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon:
            headers[name.strip()] = value.strip()
    if headers.get_param("name", header="content-disposition") != "file":
        return None
    return _basename(headers.get_filename(""))


def _basename(name: str) -> str:
    """The last step of a file name, printable and short: it is only shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:200]
