"""Rows out of delimited text: encoding and separator are found out, not asked for."""

import csv
import io
from collections.abc import Iterator

from domain.book.refusal import Refusals
from domain.imports.refusals import FileIsNoTable, FileIsTooLarge
from services.imports.cells import Cell, cell_of

SEPARATORS = ";,\t|"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
LONGEST_FIELD = 200_000
MOST_LINES = 2_000_000


def rows_of(content: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """The rows of a text with the line each begins on; raises Refusals for what is no text."""
    text = decoded(content)
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text))
    line = 1
    try:
        for row in reader:
            yield line, tuple(map(cell_of, row))
            line = reader.line_num + 1
    except csv.Error:
        raise Refusals(FileIsTooLarge(lines=MOST_LINES, pointer="/file")) from None


def decoded(content: bytes) -> str:
    """The text of bytes: by its mark, as UTF-8, or as Windows-1252 where all of it is printable."""
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "")
    for candidate in [encoding] if encoding else ["utf-8", "cp1252"]:
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        if all(letter.isprintable() or letter in "\n\r\t\u00a0\u202f" for letter in set(text)):
            return text
    raise Refusals(FileIsNoTable(pointer="/file"))


def separator_of(text: str) -> str:
    """The separator that the first line with words uses most, outside quotes."""
    first = next((line for line in text.splitlines() if line.strip(SEPARATORS + " ")), "")
    unquoted = "".join(first.split('"')[::2])
    return max(SEPARATORS, key=unquoted.count)
