"""The demonstration company's FEC opens the books of another one, which gives the same FEC back."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from domain.imports.fec import FecMode
from services import companies
from services.demonstration import FRENCH
from services.imports.fec_report import Comparison, compare
from services.imports.fec_taking import FecImported, import_fec
from services.store.pen import Command
from tests.simulation.conftest import Lived
from tests.simulation.test_fec_year import Exporter, exporter, rows_of

__all__ = ["exporter"]

OWN = ("EcritureNum", "CompAuxNum")
"""Numbers that each book gives itself: of entries, and of third parties without a code."""


class Opened(NamedTuple):
    """A fresh company whose books were opened with a file."""

    book: str
    imported: FecImported
    comparison: Comparison


def open_with(lived: Lived, exporter: Exporter, path: Path, mode: FecMode = "history") -> Opened:
    """Opens the books of a fresh company with a FEC."""
    book = str(uuid4())
    lived.clock.release()
    companies.open_company(lived.store, book, FRENCH.new, Command(id="open", actor="test"))
    with path.open("rb") as file:
        imported = import_fec(
            lived.store, book, file, Command(id="fec", actor="test"), mode=mode, name=path.name
        )
    exporter.engine.run_to_head(book)
    assert imported.batch is not None
    with exporter.readers.still(book) as conn:
        comparison = compare(conn, imported.batch, imported.survey, book)
    return Opened(book, imported, comparison)


def lines_of(path: Path) -> Counter[tuple[str, ...]]:
    """The lines of a file without the numbers that each book gives itself."""
    return Counter(
        tuple(value for name, value in row.items() if name not in OWN) for row in rows_of(path)
    )


@pytest.mark.feature("M53", "V21")
def test_a_fec_comes_back_as_it_went(lived: Lived, exporter: Exporter) -> None:
    path = exporter.export(2026)
    opened = open_with(lived, exporter, path)
    assert opened.comparison.is_equal
    assert (opened.comparison.difference, opened.comparison.open_difference) == (0, 0)
    assert opened.comparison.open_items > 3
    again = exporter.export(2026, opened.book)
    assert lines_of(again) == lines_of(path)
    numbers = [row["EcritureNum"] for row in rows_of(path)]
    assert [row["EcritureNum"] for row in rows_of(again)] == numbers
