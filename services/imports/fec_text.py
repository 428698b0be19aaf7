"""The text of a FEC: its encoding, its digest, its columns, and its lines with where they begin.

Read piece by piece: no more than a megabyte of a file is in memory, whatever its length.
"""

import codecs
import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from msgspec import Struct

from domain.book.refusal import Refusals
from domain.imports.fec_refusals import (
    FecColumnIsMissing,
    FecIsNoText,
    FecIsTooLarge,
    FecVariantIsUnsupported,
)
from services.files.fec.line import COLUMNS

CHUNK = 1024 * 1024
PIECE = 8 * CHUNK
"""A longer file is kept with the book in pieces of that many bytes."""
MOST_BYTES = 1024 * CHUNK
LONGEST_LINE = 64 * 1024
MARK = codecs.BOM_UTF8
SEPARATORS = ("\t", "|")
TREASURY = ("daterglt", "moderglt", "natop", "idclient")
DEBIT, CREDIT = COLUMNS.index("Debit"), COLUMNS.index("Credit")
_FORBIDDEN = (b"\0", b"\xff\xfe", b"\xfe\xff")
_C1 = bytes(range(0x80, 0xA0))


class Line(Struct, frozen=True, gc=False):
    """A line without its end: its number from 1, and where it begins and ends in the file."""

    number: int
    start: int
    end: int
    content: bytes


class FecText(Struct, frozen=True, kw_only=True):
    """A whole file: SHA-256 (hex), those of its pieces, and how its bytes are read."""

    sha256: str
    pieces: tuple[str, ...]
    encoding: str


class Layout(Struct, frozen=True, kw_only=True):
    """Where the columns of the decree stand; `signed`: Montant and Sens for Debit and Credit."""

    separator: str
    width: int
    places: tuple[int, ...]
    signed: bool

    def cells(self, text: str) -> list[str] | None:
        """The eighteen fields of a line in the order of the decree; None when it is broken."""
        found = text.split(self.separator)
        if len(found) != self.width:
            return None
        return found if self.places == _IN_ORDER else [found[place] for place in self.places]


_IN_ORDER = tuple(range(len(COLUMNS)))


def read_text(file: BinaryIO) -> FecText:
    """What a file is as bytes; raises Refusals for what is no text, or too long."""
    file.seek(0)
    whole, size, pieces, c1 = hashlib.sha256(), 0, list[str](), False
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    piece, marked = hashlib.sha256(), False
    while chunk := file.read(CHUNK):
        marked = marked or (size == 0 and chunk.startswith(MARK))
        if b"\0" in chunk or (size == 0 and chunk.startswith(_FORBIDDEN)):
            raise Refusals(FecIsNoText(pointer="/file"))
        c1 = c1 or len(chunk.translate(None, _C1)) < len(chunk)
        decoder = decoder if decoder is not None and _is_utf_8(decoder, chunk) else None
        whole.update(chunk)
        piece.update(chunk)
        size += len(chunk)
        if size % PIECE == 0:
            pieces.append(piece.hexdigest())
            piece = hashlib.sha256()
        if size > MOST_BYTES:
            raise Refusals(FecIsTooLarge(most=MOST_BYTES, what="bytes", pointer="/file"))
    if size % PIECE or not size:
        pieces.append(piece.hexdigest())
    utf_8 = decoder is not None and _is_utf_8(decoder, b"", final=True)
    if marked and not utf_8:
        raise Refusals(FecIsNoText(pointer="/file"))
    encoding = "utf-8" if utf_8 else "cp1252" if c1 else "iso-8859-15"
    return FecText(sha256=whole.hexdigest(), pieces=tuple(pieces), encoding=encoding)


def lines_of(file: BinaryIO) -> Iterator[Line]:
    """The lines of a file, whichever way they end (CRLF, LF, CR); raises Refusals."""
    file.seek(0)
    start, rest, number = 0, file.read(len(MARK)), 0
    if rest == MARK:
        start, rest = len(MARK), b""
    while chunk := file.read(CHUNK):
        found = (rest + chunk).splitlines(keepends=True)
        # What ends in CR may go on with LF.
        rest = b"" if found[-1].endswith(b"\n") else found.pop()
        if len(rest) > LONGEST_LINE:
            raise Refusals(FecIsTooLarge(most=LONGEST_LINE, what="bytes/line", pointer="/file"))
        for raw in found:
            number += 1
            yield Line(number, start, start + len(raw), raw.rstrip(b"\r\n"))
            start += len(raw)
    for raw in rest.splitlines(keepends=True):
        number += 1
        yield Line(number, start, start + len(raw), raw.rstrip(b"\r\n"))
        start += len(raw)


def read_layout(heading: str) -> Layout:
    """The columns that the first line names, in any order and case; raises Refusals."""
    separator = max(SEPARATORS, key=heading.count)
    names = [name.strip().lower() for name in heading.split(separator)]
    variant = next((name for name in TREASURY if name in names), None)
    if variant is not None:
        raise Refusals(FecVariantIsUnsupported(column=variant, pointer="/lines/1"))
    wanted = list(COLUMNS)
    signed = "montant" in names and "sens" in names and "debit" not in names
    if signed:
        wanted[DEBIT], wanted[CREDIT] = "Montant", "Sens"
    for column in wanted:
        if names.count(column.lower()) != 1:
            raise Refusals(FecColumnIsMissing(column=column, pointer="/lines/1"))
    places = tuple(names.index(column.lower()) for column in wanted)
    return Layout(separator=separator, width=len(names), places=places, signed=signed)


def _is_utf_8(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True
