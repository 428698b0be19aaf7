"""The demonstration company's FEC opens the books of another one, which gives the same FEC back."""

from collections import Counter
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import pytest

from domain.imports.fec import FecMode
from services import companies
from services.audit.export import export_book
from services.audit.replay import LiveBook, Request, replay_bundle
from services.demonstration import FRENCH
from services.imports.fec_report import Comparison, compare
from services.imports.fec_taking import FecImported, import_fec
from services.imports.fec_undoing import undo_fec
from services.store.pen import Command
from tests.simulation.conftest import Lived
from tests.simulation.test_fec_year import Exporter, cents, exporter, rows_of

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


@pytest.mark.feature("M53")
def test_balances_open_the_next_year_and_a_book_so_opened_passes_an_audit(
    lived: Lived, exporter: Exporter, tmp_path: Path
) -> None:
    path = exporter.export(2026)
    before = exporter.export(2027)
    opened = open_with(lived, exporter, path, "opening")
    assert opened.comparison.is_equal
    assert balances(exporter.export(2027, opened.book)) == balances(before)
    whole = open_with(lived, exporter, path)
    assert whole.imported.batch is not None
    batch_id = whole.imported.batch.started.batch_id
    exporter.export(2026, whole.book)
    audited(lived, whole.book, tmp_path / "in.zip")
    undo_fec(lived.store, whole.book, batch_id, Command(id="undo", actor="test"))
    exporter.engine.run_to_head(whole.book)
    audited(lived, whole.book, tmp_path / "out.zip")
    with exporter.readers.still(whole.book) as conn:
        undone = compare(conn, whole.imported.batch, whole.imported.survey, whole.book)
    assert {each.book for each in (*undone.differences, *undone.open_differences)} == {0}


def balances(path: Path) -> dict[tuple[str, str], int]:
    """The balance of each account and third party, by name."""
    sums: dict[tuple[str, str], int] = {}
    for row in rows_of(path):
        key = (row["CompteNum"], row["CompAuxLib"])
        sums[key] = sums.get(key, 0) + cents(row["Debit"]) - cents(row["Credit"])
    return {key: amount for key, amount in sums.items() if amount}


def audited(lived: Lived, book: str, bundle: Path) -> None:
    """The book verifies and replays: every check passes, those of the live database too."""
    export_book(lived.store, book, bundle)
    replay = replay_bundle(bundle, Request(live=LiveBook(lived.store, lived.url)))
    assert {(x.name, x.failures) for x in replay.checks if x.status == "fail"} == set()
    assert replay.verdict == "pass"
