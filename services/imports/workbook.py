"""Rows out of an XLSX workbook: the values of its first sheet, and which of them are calculated.

An own reader, for what comes in is hostile: parts are unpacked up to a limit of bytes whatever they
claim, XML is read as a stream without a document type or entities, formulas are seen and not taken
for their last value, and links, macros and pictures are never opened.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pyexpat import ExpatError, ParserCreate
from typing import NamedTuple

from domain.book.refusal import Refusals
from domain.imports.refusals import FileIsNoTable, FileIsTooLarge
from services.imports.cells import Cell

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET_LINES = 1_048_576
MOST_PARTS = 2_000
MOST_ELEMENTS = 1_500_000
MOST_COLUMNS = 16_384
CHUNK = 64 * 1024
MOST_TOKEN = 16 * CHUNK
"""A tag or comment longer than this is an attack: expat would read it again with every chunk."""

_COLUMN = re.compile(r"([A-Z]{1,3})[0-9]{1,7}", re.ASCII)
_REFERENCE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    KeyError,
    ValueError,
    LookupError,
    EOFError,
    NotImplementedError,
    RuntimeError,  # a part is encrypted
    ExpatError,
)


def rows_of(content: bytes, most_bytes: int) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """The rows of the first sheet with their numbers; raises Refusals."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if len(archive.infolist()) > MOST_PARTS:
                raise _too_large()
            parts = Parts(archive, 2 * most_bytes)
            shared = list(_shared(parts))
            yield from _rows(parts.read(_first_sheet(parts)), shared)
    except _BROKEN:
        raise Refusals(FileIsNoTable(pointer="/file")) from None


class Parts:
    """The parts of a package, unpacked up to so many bytes in all."""

    def __init__(self, archive: zipfile.ZipFile, most_bytes: int) -> None:
        self._archive = archive
        self._left = most_bytes

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name in self._archive.NameToInfo

    def read(self, name: str) -> bytes:
        """A part; raises Refusals as soon as it is too large, whatever size it claims."""
        with self._archive.open(name) as part:
            unpacked = part.read(self._left + 1)
        self._left -= len(unpacked)
        if self._left < 0:
            raise _too_large()
        return unpacked


class Mark(NamedTuple):
    """A start tag with its attributes, an end tag, or text between them (without a name)."""

    name: str
    attributes: Mapping[str, str] | None = None
    text: str = ""


def _marks(part: bytes) -> Iterator[Mark]:
    """The tags and texts of a part, as a stream; raises ExpatError, ValueError or Refusals."""
    parser = ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    marks: list[Mark] = []
    parser.StartElementHandler = lambda name, given: marks.append(Mark(_local(name), given))
    parser.EndElementHandler = lambda name: marks.append(Mark(_local(name)))
    parser.CharacterDataHandler = lambda text: marks.append(Mark("", None, text))
    parser.StartDoctypeDeclHandler = _refuse_doctype
    count = 0
    for fed in range(0, len(part) + CHUNK, CHUNK):
        parser.Parse(part[fed : fed + CHUNK], fed >= len(part))
        if fed + CHUNK - parser.CurrentByteIndex > MOST_TOKEN and fed < len(part):
            raise ValueError("a tag without an end")
        count += len(marks)
        if count > 2 * MOST_ELEMENTS:
            raise _too_large()
        yield from marks
        marks.clear()


def _refuse_doctype(*_: object) -> None:
    raise ValueError("no spreadsheet program writes a document type")


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _too_large() -> Refusals:
    return Refusals(FileIsTooLarge(lines=SHEET_LINES, pointer="/file"))


def _first_sheet(parts: Parts) -> str:
    """The name of the part of the first sheet that the workbook names."""
    marks = _marks(parts.read("xl/workbook.xml"))
    wanted = next((m.attributes or {} for m in marks if m.name == "sheet"), {})[_REFERENCE]
    for mark in _marks(parts.read("xl/_rels/workbook.xml.rels")):
        given = mark.attributes or {}
        if mark.name == "Relationship" and given.get("Id") == wanted:
            target = given["Target"]
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    raise LookupError(wanted)


def _shared(parts: Parts) -> Iterator[str]:
    """The texts that cells refer to by number."""
    if not parts.has("xl/sharedStrings.xml"):
        return
    reader = CellReader(())
    for mark in _marks(parts.read("xl/sharedStrings.xml")):
        if mark.name == "si" and mark.attributes is None:
            yield reader.take()
        else:
            reader.see(mark)


def _rows(sheet: bytes, shared: list[str]) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    number, cells, reader = 0, list[Cell](), CellReader(shared)
    for mark in _marks(sheet):
        if mark.name == "row" and mark.attributes is not None:
            number, cells = int(mark.attributes.get("r") or number + 1), []
        elif mark.name == "row":
            yield number, tuple(cells)
        elif mark.name == "c" and mark.attributes is not None:
            reader.begin(mark.attributes)
            column = _column(mark.attributes.get("r") or "", len(cells))
            cells += [Cell("")] * (column - len(cells))
        elif mark.name == "c":
            cells.append(reader.cell())
        else:
            reader.see(mark)


def _column(reference: str, following: int) -> int:
    """The column of a cell from 0: A is 0, AA is 26; without a reference the following one."""
    found = _COLUMN.fullmatch(reference)
    if found is None:
        return following
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    if number > MOST_COLUMNS:
        raise ValueError(reference)
    return number - 1


class CellReader:
    """Puts a cell together from the marks within it."""

    def __init__(self, shared: list[str] | tuple[str, ...]) -> None:
        self._shared = shared
        self._texts: list[str] = []
        self._kind = "n"
        self._formula = False
        self._within = ""
        self._spoken = 0

    def begin(self, attributes: Mapping[str, str]) -> None:
        """A cell begins."""
        self._kind = attributes.get("t", "n")
        self._formula = False
        self._texts.clear()

    def see(self, mark: Mark) -> None:
        """Something within a cell, or within a shared text; how to read Japanese is left out."""
        starts = mark.attributes is not None
        if mark.name == "":
            if self._within in ("v", "t") and not self._spoken:
                self._texts.append(mark.text)
        elif mark.name == "rPh":
            self._spoken += 1 if starts else -1
        elif mark.name == "f":
            self._formula = True
            self._within = "f" if starts else ""
        else:
            self._within = mark.name if starts else ""

    def take(self) -> str:
        """The text seen so far; the next one begins empty."""
        text = "".join(self._texts).strip()
        self._texts.clear()
        return text

    def cell(self) -> Cell:
        """The cell that ended."""
        value = self.take()
        match self._kind:
            case "s":
                value = self._shared[int(value)] if value else ""
            case "b":
                value = "yes" if value == "1" else "no"
            case "n":
                value = number_of(value) if value else ""
        return Cell(value, self._formula or self._kind == "e")


def number_of(value: str) -> str:
    """A stored number as it is shown: fifteen digits, no exponent; 0.1 is stored with seventeen."""
    try:
        number = Decimal(value)
        if not number.is_finite() or abs(number.adjusted()) > 30:
            raise ValueError(value)
        rounded = number.quantize(Decimal(1).scaleb(number.adjusted() - 14)) if number else number
    except InvalidOperation:
        raise ValueError(value) from None
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
