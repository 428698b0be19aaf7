"""The file in a multipart form, byte for byte (RFC 7578), from a body in any pieces."""

from collections.abc import Iterable
from email.message import Message
from typing import TYPE_CHECKING, BinaryIO

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

LONGEST_NAME = 200


class NoFile(Exception):
    """No part of the form is called `file`, or the form does not come to its end."""


def write_file(pieces: Iterable[bytes], boundary: bytes, sink: BinaryIO) -> str:
    """Writes the first part called `file` into a sink and gives its file name; raises NoFile."""
    form = _Form(sink)
    try:
        parser = MultipartParser(boundary, form.callbacks)
        for piece in pieces:
            parser.write(piece)
    except FormParserError:
        raise NoFile from None
    if form.name is None or not form.is_whole:
        raise NoFile
    return form.name


class _Form:
    """What a parser tells of a form as it reads on."""

    def __init__(self, sink: BinaryIO) -> None:
        self.name: str | None = None
        self.is_whole = False
        self._sink = sink
        self._takes = False
        self._head = Message()
        self._field = bytearray()
        self._value = bytearray()

    @property
    def callbacks(self) -> "MultipartCallbacks":
        """What the parser calls."""
        return {
            "on_part_begin": self._begin_part,
            "on_header_field": lambda data, start, end: self._field.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_head,
            "on_part_data": self._take,
            "on_end": self._end,
        }

    def _begin_part(self) -> None:
        self._head, self._takes = Message(), False

    def _end_header(self) -> None:
        self._head[self._field.decode("latin-1")] = self._value.decode("utf-8", "replace").strip()
        self._field.clear()
        self._value.clear()

    def _end_head(self) -> None:
        called = self._head.get_param("name", header="content-disposition")
        self._takes = called == "file" and self.name is None
        if self._takes:
            self.name = _basename(self._head.get_filename(""))

    def _take(self, data: bytes, start: int, end: int) -> None:
        if self._takes:
            self._sink.write(data[start:end])

    def _end(self) -> None:
        self.is_whole = True


def _basename(name: str) -> str:
    """The last step of a file name, printable and short: it is only shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:LONGEST_NAME]
