"""A file in the body of a request: as it is, or as the one part of a multipart form."""

from collections.abc import Collection, Iterable, Iterator
from email.message import Message
from io import BytesIO
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from fastapi import Depends, Request
from msgspec import Struct

from api import problems
from api.errors import Problem
from api.forms import NoFile, write_file
from api.spooling import SpooledRequest, pieces_of, size_of

XML = "application/xml"
FORM = "multipart/form-data"
DOCUMENTS = (XML, "text/xml")
TABLES = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
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
    boundary = _boundary(request, taken)
    body = await request.body()
    if boundary is None:
        if not body:
            raise Problem(problems.BODY_INVALID, errors=[MISSING])
        return Upload(body, "")
    part = BytesIO()
    name = _written([body], boundary, part)
    return Upload(part.getvalue(), name)


def _file(request: SpooledRequest, taken: Collection[str]) -> FileUpload:
    """The file of a request whose body is in one; raises the problems of bodies that hold none."""
    boundary = _boundary(request, taken)
    if boundary is None:
        if not size_of(request.spool):
            raise Problem(problems.BODY_INVALID, errors=[MISSING])
        return FileUpload(request.spool, "")
    part: BinaryIO = TemporaryFile()  # noqa: SIM115  closed with the answer
    try:
        return FileUpload(part, _written(pieces_of(request.spool), boundary, part))
    except Problem:
        part.close()
        raise


def _boundary(request: Request, taken: Collection[str]) -> bytes | None:
    """That of a form; None for a body that is the file itself. Raises unsupported_media_type."""
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    kind, boundary = header.get_content_type(), header.get_boundary()
    if kind in taken:
        return None
    if kind != FORM or not boundary:
        raise Problem(problems.UNSUPPORTED_MEDIA_TYPE)
    return boundary.encode("latin-1", "replace")


def _written(pieces: Iterable[bytes], boundary: bytes, part: BinaryIO) -> str:
    try:
        return write_file(pieces, boundary, part)
    except NoFile:
        raise Problem(problems.BODY_INVALID, errors=[MISSING]) from None
