"""`paraphe print` and `paraphe work`, typed by a person."""

import io
from pathlib import Path
from uuid import uuid4

import pytest
from pypdf import PdfReader

from domain.sales.printing import DocumentPrinted
from services import companies, directory, invoicing
from services.backend import open_backend
from services.settings import Settings
from services.store.pen import Command
from tests.api.cli.test_list_command import Typist, terminal
from tests.domain.steps import CUSTOMER, FRENCH, new_invoice

__all__ = ["terminal"]
pytestmark = pytest.mark.usefixtures("pdf_libraries")


def command() -> Command:
    return Command(id=str(uuid4()), actor="test")


def invoiced(count: int) -> str:
    """A book with so many invoices."""
    with open_backend(Settings()) as opened:
        book, store = str(uuid4()), opened.store
        companies.open_company(store, book, FRENCH, command())
        customer = directory.create_contact(store, book, CUSTOMER, command()).answer.contact_id
        for _ in range(count):
            new = new_invoice(customer_id=customer)
            draft = invoicing.draft_invoice(store, book, new, command()).answer
            invoicing.validate_invoice(store, book, draft.invoice_id, command())
        return book


def prints(book: str) -> list[str]:
    with open_backend(Settings()) as opened:
        events = [fact.event for fact in opened.store.read(book)]
    return [event.copy for event in events if isinstance(event, DocumentPrinted)]


@pytest.mark.feature("M13")
def test_documents_are_printed_by_number(terminal: Typist, tmp_path: Path) -> None:
    book, out = invoiced(2), tmp_path / "two.pdf"
    numbers = ("FA-2026-00002", "FA-2026-00001")
    year = _year_of(book)
    wanted = tuple(number.replace("2026", year) for number in numbers)
    terminal.run("print", *wanted, "-c", book, "--out", str(out))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(out.read_bytes())).pages)
    assert text.index(wanted[1]) < text.index(wanted[0])
    terminal.run("print", wanted[0], "-c", book, "--out", str(out), "--duplicate")
    assert prints(book) == ["original", "original", "duplicate"]
    terminal.run("print", "FA-1999-00001", "-c", book, "--out", str(out), code=1)
    terminal.run("print", wanted[0], "-c", book, "--out", str(out), "--group-by", "x", code=2)


def _year_of(book: str) -> str:
    with open_backend(Settings()) as opened:
        newest = max(opened.store.read(book), key=lambda fact: fact.position)
    return str(newest.recorded_at.year)


def test_a_worker_that_works_off_prints_what_was_issued(terminal: Typist) -> None:
    book = invoiced(2)
    terminal.run("work", "--until-done")
    assert prints(book) == ["original", "original"]
