"""A table out of a file of unknown quality: rows of text with their line numbers, within limits."""

from collections.abc import Iterator

from msgspec import Struct

from domain.book.refusal import Refusals
from domain.imports.refusals import FileIsNoTable, FileIsTooLarge
from services.imports import delimited, workbook
from services.imports.cells import Cell

MOST_LINES = 5_000
MOST_BYTES = 20 * 1024 * 1024
MOST_COLUMNS = 200
LONGEST_CELL = 32_767
CSV, XLSX = "text/csv", workbook.MEDIA_TYPE


Row = tuple[int, tuple[Cell, ...]]


class Sheet(Struct, frozen=True):
    """The first table of a file: its heading, and its rows with the line each stands on."""

    media_type: str
    heading: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(content: bytes) -> Sheet:
    """The table in a file; raises Refusals for what is no table, or too large a one.

    Lines are counted from 1 and the heading is the first that is not empty; empty lines are left
    out. No cell is calculated and nothing outside the file is looked at.
    """
    if len(content) > MOST_BYTES:
        raise Refusals(FileIsTooLarge(lines=MOST_LINES, pointer="/file"))
    packed = content.startswith(b"PK\x03\x04")
    found = workbook.rows_of(content, MOST_BYTES) if packed else delimited.rows_of(content)
    rows = tuple(_bounded(found))
    if not rows:
        raise Refusals(FileIsNoTable(pointer="/file"))
    (_, heading), *body = rows
    return Sheet(XLSX if packed else CSV, tuple(cell.text for cell in heading), tuple(body))


def _bounded(
    rows: Iterator[tuple[int, tuple[Cell, ...]]],
) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """The rows that say something, as long as they are within the limits."""
    count = 0
    for line, cells in rows:
        too_wide = len(cells) > MOST_COLUMNS and any(cell.text for cell in cells[MOST_COLUMNS:])
        if too_wide or any(len(cell.text) > LONGEST_CELL for cell in cells):
            raise Refusals(FileIsTooLarge(lines=MOST_LINES, pointer="/file"))
        if not any(cell.text or cell.formula for cell in cells):
            continue
        count += 1
        if count > MOST_LINES + 1:
            raise Refusals(FileIsTooLarge(lines=MOST_LINES, pointer="/file"))
        yield line, cells
