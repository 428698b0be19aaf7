"""UBL files become supplier bills: once, whole, their files kept, their totals to the cent."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from domain.book.refusal import Refusals
from domain.parties.company import Address
from domain.parties.opening import NewCompany
from domain.purchases.bill import BillRecorded
from domain.purchases.recording import BillIsDouble
from projections.archives_view import ArchiveFilter, list_documents
from projections.history_view import HistoryFilter, balance_parties
from projections.registers import SEARCH_PATH
from projections.unpaid_view import UnpaidFilter, list_items
from projections.vat_view import VatFilter, total_rates
from services import companies
from services.files.ubl import read
from services.importing import Imported, UblIsRefused, command_for, import_bill
from services.replay.engine import Engine
from services.store.datastore import BookDatastore
from services.store.pen import Command
from services.store.store import Store

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "ubl"
BUYER = NewCompany(
    name="Studio Meunier SRL",
    country="BE",
    address=Address(street="Chaussée 40", postal_code="1367", city="Ramillies", country="BE"),
    registration="0477472701",
    vat_number="BE0477472701",
)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store on the worker's database."""
    opened = Store(BookDatastore(database_url))
    yield opened
    opened.close()


def open_book(store: Store) -> str:
    """The id of the new book of a Belgian buyer."""
    book = str(uuid4())
    companies.open_company(store, book, BUYER, Command(id="open", actor="tester"))
    return book


def take(store: Store, book: str, path: Path, *, same_reference: bool = False) -> Imported:
    """Imports a file as the doors do."""
    content = path.read_bytes()
    command = command_for(content, "tester")
    return import_bill(store, book, content, command, name=path.name, same_reference=same_reference)


def bills(store: Store, book: str) -> list[BillRecorded]:
    """Every bill of the book."""
    return [fact.event for fact in store.read(book) if isinstance(fact.event, BillRecorded)]


@pytest.mark.feature("E28")
def test_an_invoice_and_its_credit_note_go_in_with_their_files(store: Store) -> None:
    book = open_book(store)
    invoice = take(store, book, EXAMPLES / "invoice.xml").bill.document
    note = take(store, book, EXAMPLES / "credit-note.xml").bill.document
    assert (invoice.kind, invoice.totals.gross, invoice.remarks) == ("invoice", 176152, ())
    assert (note.kind, note.totals.gross, note.supplier_id) == (
        "credit_note",
        4865,
        invoice.supplier_id,
    )
    ubl, pdf = (store.file(book, digest) for digest in invoice.files)
    assert ubl is not None
    assert ubl.content == (EXAMPLES / "invoice.xml").read_bytes()
    assert pdf is not None
    assert (pdf.media_type, pdf.content[:5]) == ("application/pdf", b"%PDF-")


def test_the_same_file_twice_is_one_bill(store: Store) -> None:
    book = open_book(store)
    first = take(store, book, EXAMPLES / "invoice.xml")
    second = take(store, book, EXAMPLES / "invoice.xml")
    content = (EXAMPLES / "invoice.xml").read_bytes()
    third = import_bill(store, book, content, Command(id="by another door", actor="tester"))
    assert (first.already, second.already, third.already) == (False, True, True)
    assert first.bill == second.bill == third.bill
    assert len(bills(store, book)) == 1


def test_the_same_bill_written_otherwise_is_one_bill(store: Store) -> None:
    book = open_book(store)
    content = (EXAMPLES / "invoice.xml").read_bytes()
    import_bill(store, book, content, command_for(content, "tester"))
    spaced = content.replace(b"  <cbc:ID>", b"   <cbc:ID>")
    assert import_bill(store, book, spaced, command_for(spaced, "tester")).already
    assert len(bills(store, book)) == 1


def test_another_bill_under_the_same_reference_needs_a_persons_word(store: Store) -> None:
    book = open_book(store)
    take(store, book, EXAMPLES / "invoice.xml")
    other = (EXAMPLES / "invoice.xml").read_bytes().replace(b"2026-09-14", b"2026-09-15")
    with pytest.raises(Refusals) as refusal:
        import_bill(store, book, other, command_for(other, "tester"))
    assert isinstance(refusal.value.refused, BillIsDouble)
    taken = import_bill(
        store, book, other, Command(id="looked", actor="tester"), same_reference=True
    )
    assert "SAME-REFERENCE" in {remark.code for remark in taken.bill.document.remarks}
    assert len(bills(store, book)) == 2


def test_a_refused_file_leaves_nothing(store: Store) -> None:
    book = open_book(store)
    before = store.head(book).size
    broken = (EXAMPLES / "invoice.xml").read_bytes().replace(b">1761.52<", b">1761.53<")
    with pytest.raises(Refusals) as refusal:
        import_bill(store, book, broken, command_for(broken, "tester"))
    assert isinstance(refusal.value.refused, UblIsRefused)
    assert "BR-CO-15" in {finding.code for finding in refusal.value.refused.findings}
    assert store.head(book).size == before


def test_a_negative_invoice_is_the_suppliers_credit_note(store: Store) -> None:
    book = open_book(store)
    content = (EXAMPLES / "invoice.xml").read_bytes()
    for amount in (b"125475", b"22950", b"148425", b"26350", b"1377", b"27727", b"176152"):
        euros = amount[:-2] + b"." + amount[-2:]
        content = content.replace(b'"EUR">' + euros + b"<", b'"EUR">-' + euros + b"<")
    content = content.replace(b'"C62">3<', b'"C62">-3<').replace(b'"C62">10<', b'"C62">-10<')
    document = import_bill(store, book, content, command_for(content, "t")).bill.document
    assert (document.kind, document.totals.gross) == ("credit_note", 176152)


def test_a_supplier_known_by_his_vat_number_is_not_made_twice(store: Store) -> None:
    from domain.parties.contact import ContactDetails
    from services.directory import create_contact

    book = open_book(store)
    known = create_contact(
        store,
        book,
        ContactDetails(
            name="Papeterie de la Dyle",
            roles=("customer",),
            address=Address(country="BE"),
            vat_number="BE0847200176",
        ),
        Command(id="known", actor="tester"),
    ).answer
    bill = take(store, book, EXAMPLES / "invoice.xml").bill.document
    assert bill.supplier_id == known.contact_id


# What each sample file must show: gross and VAT in minor units, with the sign of what is owed.
SAMPLES = {
    "be_ok.xml": ("EUR", 171000, 21000),
    "be_tol_vat.xml": ("EUR", 171050, 21050),
    "Allowance-example.xml": ("EUR", 712500, 122500),
    "base-example.xml": ("EUR", 165625, 33125),
    "base-creditnote-correction.xml": ("EUR", -165625, -33125),
    "BIS3_Invoice_positive.XML": ("DKK", 78217943, 15643589),
    "guide-example1.xml": ("EUR", 25033, 2073),
    "guide-example2.xml": ("NOK", 180178, 36528),
    "sample-discount-price.xml": ("EUR", 1515, 303),
    "ubl-tc434-creditnote1.xml": ("EUR", -10011, 0),
    "ubl-tc434-example1.xml": ("EUR", 25033, 2073),
    "ubl-tc434-example2.xml": ("NOK", 180178, 36528),
    "ubl-tc434-example4.xml": ("DKK", 467500, 67500),
    "ubl-tc434-example6.xml": ("DKK", 467500, 67500),
    "ubl-tc434-example8.xml": ("EUR", 109978, 19087),
    "vat-category-E.xml": ("GBP", 120000, 0),
}
REFUSED = {"be_bad_kbo.xml": "PEPPOL-COMMON-R043", "be_bad_vat.xml": "BR-CO-15"}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_shows_its_own_totals_in_every_register(
    store: Store, shared_folder: Path, name: str
) -> None:
    """Imported into a book of its own; read back from archives, history, unpaid and VAT."""
    currency, gross, tax = SAMPLES[name]
    book = open_book(store)
    take(store, book, shared_folder / "conformance" / "ubl" / name)
    engine = Engine(store.datastore.url)
    engine.run_to_head(book)
    engine.stop()
    with store.entered(book) as conn:
        conn.execute(f"SET LOCAL search_path = {SEARCH_PATH}".encode())
        (archived,) = list_documents(conn, book, ArchiveFilter()).rows
        (open_item,) = list_items(conn, book, UnpaidFilter()).rows
        (balance,) = balance_parties(conn, book, HistoryFilter())[1]
        rates = total_rates(conn, book, VatFilter())[1]
    assert (archived.currency, archived.amount) == (currency, gross)
    assert (open_item.currency, open_item.open) == (currency, -gross)
    assert balance.balance == -gross
    assert sum(rate.net_tax for rate in rates) == tax
    assert sum(rate.net_base + rate.net_tax for rate in rates) == gross


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_sample_is_refused_by_its_rule(
    store: Store, shared_folder: Path, name: str
) -> None:
    book = open_book(store)
    with pytest.raises(Refusals) as refusal:
        take(store, book, shared_folder / "conformance" / "ubl" / name)
    refused = refusal.value.refused
    assert isinstance(refused, UblIsRefused)
    assert refused.findings[0].code == REFUSED[name]


def test_all_samples_go_into_one_book_and_a_second_time_change_nothing(
    store: Store, shared_folder: Path
) -> None:
    """In one book two pairs of files are one bill each, and two share a reference."""
    book = open_book(store)
    folder = shared_folder / "conformance" / "ubl"
    for name in SAMPLES:
        take(store, book, folder / name, same_reference=True)
    size = store.head(book).size
    assert len(bills(store, book)) == len(SAMPLES) - 2
    for name in SAMPLES:
        if name not in ("base-example.xml", "be_tol_vat.xml"):
            assert take(store, book, folder / name).already
    assert store.head(book).size == size
    assert {bill.totals.gross for bill in bills(store, book)} == {
        abs(gross) for _, gross, _ in SAMPLES.values()
    }


def test_the_tolerated_cents_are_told_by_rule(shared_folder: Path) -> None:
    content = (shared_folder / "conformance" / "ubl" / "be_tol_vat.xml").read_bytes()
    assert [finding.code for finding in read(content).remarks] == ["BR-S-09"]
