"""What a UBL says of when its VAT is due reaches the bill, and a credit note finds its own."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from msgspec.structs import replace

from services import companies
from services.files.ubl import read
from services.importing import as_bill, command_for, import_bill
from services.store.datastore import BookDatastore
from services.store.pen import Command
from services.store.store import Store
from tests.domain.steps import FRENCH

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "ubl"
INVOICE, NOTE = (EXAMPLES / name for name in ("invoice.xml", "credit-note.xml"))
CURRENCY = "<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>"


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store on the worker's database."""
    opened = Store(BookDatastore(database_url))
    yield opened
    opened.close()


def saying(code: str) -> bytes:
    """The example with BT-8."""
    period = f"<cbc:DescriptionCode>{code}</cbc:DescriptionCode>"
    text = INVOICE.read_text()
    at = text.index(CURRENCY) + len(CURRENCY)
    after = text.index("<cac:", at)
    return f"{text[:after]}<cac:InvoicePeriod>{period}</cac:InvoicePeriod>{text[after:]}".encode()


@pytest.mark.parametrize(
    ("code", "said"), [("3", "issue"), ("35", "issue"), ("432", "payment"), ("x", "")]
)
def test_the_tax_point_code_of_a_ubl_is_that_of_its_bill(code: str, said: str) -> None:
    document = read(saying(code)).accepted
    assert document is not None
    assert document.tax_point_code == code
    assert as_bill(document, "ctc_1").tax_point == said


@pytest.mark.parametrize(
    ("process", "natures"), [("B1", {"goods"}), ("S4", {"services"}), ("M1", {""}), ("urn:x", {""})]
)
def test_the_process_of_a_french_ubl_says_what_its_lines_are(
    process: str, natures: set[str]
) -> None:
    document = read(INVOICE.read_bytes()).accepted
    assert document is not None
    bill = as_bill(replace(document, process=process), "ctc_1")
    assert {line.nature for line in bill.lines} == natures
    assert as_bill(document, "ctc_1").tax_point == ""
    assert as_bill(replace(document, type_code="386"), "ctc_1").tax_point == "payment"


def test_a_bill_waits_as_it_says_and_a_credit_note_finds_the_bill_it_names(store: Store) -> None:
    book = str(uuid4())
    companies.open_company(store, book, FRENCH, Command(id="open", actor="tester"))
    content = saying("432")
    bill = import_bill(store, book, content, command_for(content, "tester")).bill.document
    assert {share.exigible for share in bill.shares if share.tax} == {"payment"}
    document = read(NOTE.read_bytes()).accepted
    assert document is not None
    named = document.preceding_invoices[0].number
    text = NOTE.read_text().replace(named, bill.supplier_reference)
    note = import_bill(store, book, text.encode(), command_for(text.encode(), "tester"))
    assert note.bill.document.credited_bill_id == bill.bill_id
    assert {share.exigible for share in note.bill.document.shares if share.tax} == {"payment"}
