"""The entries of a surveyed FEC again, one by one, in the order in which they were validated."""

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from services.imports.fec_fields import FecRow, read_row
from services.imports.fec_survey import FecEntry, Survey


class FileChanged(Exception):
    """The file is not what it was a moment ago."""


def entries_of(file: BinaryIO, survey: Survey, places: Iterable[int]) -> Iterator[FecEntry]:
    """The entries at these places of the file; raises FileChanged."""
    for nth in places:
        file.seek(survey.starts[nth])
        raw = file.read(survey.lengths[nth])
        yield FecEntry(nth, tuple(_rows(raw, survey, survey.numbers[nth])))


def _rows(raw: bytes, survey: Survey, first: int) -> Iterator[FecRow]:
    for line, content in enumerate(raw.splitlines(), first):
        if not content:
            continue
        cells = survey.layout.cells(content.decode(survey.text.encoding))
        row = read_row(line, cells or (), signed=survey.layout.signed) if cells else None
        if not isinstance(row, FecRow):
            raise FileChanged(f"line {line}")
        yield row
