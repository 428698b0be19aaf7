"""PDF of lists: the list's figures and totals on paper, the same bytes, formulas as text."""

import io
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from msgspec import structs
from pypdf import PdfReader

from domain.book.refusal import Refusals
from services.audit.replay_exports import OnlyFiguresAgree
from services.files import paged
from services.files.paged import Paged
from services.files.table import Table
from services.files.typography import write_amount, write_day, write_decimal
from services.lists import export
from services.lists.export import WRITERS, Format, ListIsTooLong, PaperIsTooLong
from services.lists.headings import columns
from services.lists.kinds import SALES_DOCUMENTS, UNPAID
from tests.books import write_book
from tests.sales_books import make_sales_book
from tests.services.lists.conftest import Office, asked

pytestmark = pytest.mark.usefixtures("pdf_libraries")

FORMULAS = ("=1+1", "+1", "-1+2", "@SUM(A1)", '=HYPERLINK("http://x")', "<b>&amp;</b>")


def text_of(content: bytes) -> str:
    """Everything on the pages, with single spaces."""
    pages = PdfReader(io.BytesIO(content)).pages
    return spaced(" ".join(page.extract_text() for page in pages))


def spaced(text: str) -> str:
    """A text with single usual spaces, whatever its spaces were."""
    return " ".join(text.split())


@pytest.fixture(scope="module")
def book(office: Office) -> str:
    """A book with open items."""
    return write_book(office.store, make_sales_book(11, 120))


@pytest.mark.feature("V27")
def test_a_list_on_paper_has_its_figures_its_totals_and_where_it_stands(
    office: Office, book: str
) -> None:
    """Goal: what the list says is on the pages. Method: text of the PDF against the register."""
    content = office.export(book, asked(UNPAID, "pdf"))
    with office.readers.still(book) as conn:
        rows = UNPAID.read(conn, book, UNPAID.filter(), "due_date", None, 1000).rows
    assert rows
    text = text_of(content)
    for row in rows:
        assert row.document_number in text
        assert spaced(write_amount(row.open, row.currency, "fr")) in text
    for side, currency in {(row.side, row.currency) for row in rows}:
        whole = sum(r.open for r in rows if (r.side, r.currency) == (side, currency))
        assert spaced(write_amount(whole, currency, "fr")) in text
    position = office.noted(book).position
    assert f"Position au livre {position}" in text
    pages = len(PdfReader(io.BytesIO(content)).pages)
    assert text.endswith(f"{pages} / {pages}")
    assert "Impayés" in text


@pytest.mark.feature("V21", "V27")
def test_the_same_position_and_filter_print_the_same_bytes_also_for_an_audit(
    office: Office, book: str
) -> None:
    of = asked(UNPAID, "pdf")
    first = office.export(book, of)
    exported = office.noted(book)
    assert exported.sha256 == sha256(first).hexdigest()
    assert office.again(book, exported) == first
    assert office.again(book, exported) == first


def test_pages_of_other_software_are_compared_by_their_figures(office: Office, book: str) -> None:
    """Goal: a new WeasyPrint is no alarm, other figures are."""
    office.export(book, asked(UNPAID, "pdf"))
    exported = office.noted(book)
    elsewhere = {**exported.parameters, "printed_by": "weasyprint 1"}
    with pytest.raises(OnlyFiguresAgree, match="weasyprint 1"):
        office.again(book, structs.replace(exported, parameters=elsewhere))
    other = {**elsewhere, "figures": "0" * 64}
    content = office.again(book, structs.replace(exported, parameters=other))
    assert sha256(content).hexdigest() == exported.sha256


@pytest.mark.feature("V27")
def test_a_long_list_is_printed_in_parts_and_numbered_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Goal: one document of many parts, page n of m. Method: parts of twenty rows."""
    monkeypatch.setattr(paged, "AT_ONCE", 20)
    written = [
        write(tmp_path / f"{nth}.pdf", [f"n° {row}" for row in range(30)]) for nth in range(2)
    ]
    assert written[0] == written[1]
    pages = PdfReader(io.BytesIO(written[0])).pages
    assert len(pages) == 2
    for nth, page in enumerate(pages, start=1):
        assert page.extract_text().rstrip().endswith(f"{nth} / {len(pages)}")
        assert "Libellé".upper() in page.extract_text().upper()
    assert all(f"n° {row}" in text_of(written[0]) for row in range(30))


def write(path: Path, labels: list[str]) -> bytes:
    """A PDF of one column of texts."""
    few = columns("label")
    writer = Paged(path, few, "fr")
    for label in labels:
        writer.add(SimpleNamespace(label=label))
    writer.close(Table(title="Essai", columns=few, facts=(), language="fr", recorded_at=None))
    return path.read_bytes()


@pytest.mark.feature("V27")
@pytest.mark.parametrize("form", ["xlsx", "csv", "json", "pdf"])
def test_what_looks_like_a_formula_is_text_in_every_format(tmp_path: Path, form: Format) -> None:
    path, few = tmp_path / "list", columns("label name")
    writer = WRITERS[form](path, few, "en")
    for formula in FORMULAS:
        writer.add(SimpleNamespace(label=formula, name="x"))
    writer.close(Table(title="t", columns=few, facts=(), language="en", recorded_at=None))
    content = path.read_bytes()
    if form == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        cells = [row[0] for row in sheet.iter_rows(min_row=2)]
        assert [(cell.value, cell.data_type) for cell in cells] == [(f, "s") for f in FORMULAS]
    elif form == "pdf":
        assert all(formula in text_of(content) for formula in FORMULAS)
    else:
        said = content.decode("utf-8-sig")
        assert not [line for line in said.splitlines() if line[0] in "=+-@"]
        quoted = "'=1+1" if form == "csv" else '"=1+1"'
        assert quoted in said


def test_so_many_rows_are_a_job_and_so_many_more_no_paper(
    office: Office, book: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_PRINTED", 3)
    with pytest.raises(Refusals) as caught:
        office.export(book, asked(SALES_DOCUMENTS, "pdf"))
    assert caught.value.refused == ListIsTooLong(most=3)
    monkeypatch.setattr(export, "MOST_ON_PAPER", 4)
    with pytest.raises(Refusals) as caught:
        office.export(book, asked(SALES_DOCUMENTS, "pdf", most=None))
    assert caught.value.refused == PaperIsTooLong(most=4)
    assert office.export(book, asked(SALES_DOCUMENTS, "csv"))


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ("-1,234.56", "5.5", "2026-03-01")),
        ("fr", ("-1\u202f234,56", "5,5", "01/03/2026")),
        ("nl", ("-1.234,56", "5,5", "01/03/2026")),
    ],
)
def test_figures_are_written_as_the_reader_writes_them(language: Any, expected: Any) -> None:
    written = (
        write_amount(-123456, "EUR", language),
        write_decimal("5.5", language),
        write_day(date(2026, 3, 1), language),
    )
    assert written == expected
