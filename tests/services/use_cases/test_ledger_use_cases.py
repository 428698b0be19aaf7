"""Companies, contacts, bills, payments, lettering and periods through the store."""

from datetime import date
from uuid import uuid4

import pytest
from msgspec.structs import replace

from domain.book.refusal import Refusals
from domain.ledger.entry import EntryLine
from domain.ledger.miscellaneous import EntryIsUnknown, NewEntry
from domain.ledger.period import PeriodIsLocked
from domain.parties.company import BookIsNotOpen, BookIsOpen, JournalIsUnknown
from domain.parties.contact import ContactIsUnknown
from domain.purchases.bill import BillLine
from domain.purchases.crediting import BillIsUnknown
from domain.purchases.recording import BillIsDouble, NewBill
from domain.treasury.lettering import Lettered, LetteringIsUnknown, NewLettering, Undone
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import NewPayment, PaymentIsUnknown
from domain.values.vat import VatAmount
from services import companies, directory, invoicing, ledger, purchasing, treasury
from services.store.head import UnknownBook
from tests.domain.steps import BELGIAN, CUSTOMER, FRENCH, new_line
from tests.services.use_cases.conftest import Desk


def new_bill(supplier: str, reference: str = "F-17") -> NewBill:
    return NewBill(
        supplier_id=supplier,
        supplier_reference=reference,
        issue_date=date(2026, 3, 2),
        lines=(BillLine(description="Papier", net=10_000),),
        vat=(VatAmount(category="S", rate="20.00", base=10_000, tax=2_000),),
    )


def refused(kind: type, use_case, *args) -> None:
    with pytest.raises(Refusals) as refusal:
        use_case(*args)
    assert isinstance(refusal.value.refused, kind)


def test_a_book_is_opened_once(desk: Desk):
    refused(BookIsOpen, companies.open_company, desk.store, desk.book, BELGIAN, desk.command())
    wrong, nowhere = replace(FRENCH, registration="123456789"), str(uuid4())
    with pytest.raises(Refusals):
        companies.open_company(desk.store, nowhere, wrong, desk.command())
    with pytest.raises(UnknownBook):
        desk.store.head(nowhere)
    desk.store.open_book(nowhere)
    day = date(2026, 1, 1)
    refused(BookIsNotOpen, ledger.lock_period, desk.store, nowhere, day, "", desk.command())


@pytest.mark.feature("M63", "C2")
def test_accounts_are_mapped_and_books_synchronised(desk: Desk):
    written = companies.map_account(desk.store, desk.book, "customers", "411100", desk.command())
    assert written.answer.accounts["customers"] == "411100"
    assert written.answer.third_party == {"401000", "411000", "411100", "416000"}
    until = companies.synchronise_books(desk.store, desk.book, date(2026, 2, 28), desk.command())
    assert until.answer == date(2026, 2, 28)


@pytest.mark.feature("M1")
def test_contacts_are_found_by_their_numbers(desk: Desk):
    details = replace(CUSTOMER, registration="801234568", vat_number="FR 66 801234568")
    contact_id = desk.contact(details)
    past = desk.store.past(desk.book)
    by_vat = directory.find_contact(past, "vat", "FR66801234568")
    assert by_vat is not None
    assert by_vat.contact_id == contact_id
    moved = replace(details, registration="", vat_number="")
    directory.change_contact(desk.store, desk.book, contact_id, moved, desk.command())
    past = desk.store.past(desk.book)
    assert directory.find_contact(past, "vat", "FR66801234568") is None
    refused(ContactIsUnknown, directory.get_contact, past, "ctc_nobody")
    refused(
        ContactIsUnknown,
        directory.change_contact,
        desk.store,
        desk.book,
        "ctc_nobody",
        moved,
        desk.command(),
    )


@pytest.mark.feature("V18")
def test_a_bill_is_kept_with_its_original_and_recorded_once(desk: Desk):
    original = purchasing.Original(content=b"<Invoice/>", media_type="application/xml")
    written = purchasing.record_bill(
        desk.store, desk.book, new_bill(desk.supplier), desk.command(), [original]
    )
    recorded = written.answer.document
    assert recorded.document_number == "HA-2026-00001"
    (digest,) = recorded.files
    kept = desk.store.file(desk.book, digest)
    assert kept is not None
    assert kept.content == b"<Invoice/>"
    with pytest.raises(Refusals) as refusal:
        purchasing.record_bill(
            desk.store, desk.book, new_bill(desk.supplier, "f - 17"), desk.command()
        )
    assert isinstance(refusal.value.refused, BillIsDouble)
    assert refusal.value.refused.position == written.answer.position
    past = desk.store.past(desk.book)
    assert purchasing.get_bill(past, recorded.bill_id) == written.answer
    refused(BillIsUnknown, purchasing.get_bill, past, "bil_nobody")


def test_spaces_and_accents_do_not_make_another_name(desk: Desk):
    """The same text in another Unicode form is the same external id and the same reference."""
    desk.contact(replace(CUSTOMER, external_id="Caf\u00e9"))
    with pytest.raises(Refusals, match="already names"):
        desk.contact(replace(CUSTOMER, external_id=" Cafe\u0301 "))
    for reference in ("\u00c9-1", "e\u0301-1"):
        bill = new_bill(desk.supplier, reference)
        if reference.startswith("\u00c9"):
            purchasing.record_bill(desk.store, desk.book, bill, desk.command())
        else:
            refused(
                BillIsDouble, purchasing.record_bill, desk.store, desk.book, bill, desk.command()
            )


@pytest.mark.feature("C7")
def test_an_invoice_and_its_payment_are_lettered_and_unlettered(desk: Desk):
    invoice_id = desk.invoiced(new_line("100.00"))
    invoice_entry = desk.size
    assert invoicing.get_invoice(desk.store.past(desk.book), invoice_id)
    paid = treasury.record_payment(
        desk.store,
        desk.book,
        NewPayment(
            direction="received",
            date=date(2026, 3, 12),
            amount=12_000,
            role="customers",
            party=desk.customer,
        ),
        desk.command(),
    )
    parts = NewLettering(
        parts=(
            PartToLetter(entry=invoice_entry, line=0),
            PartToLetter(entry=paid.position, line=1),
        )
    )
    first = treasury.letter_entries(desk.store, desk.book, parts, desk.command())
    assert isinstance(first.answer, Lettered)
    assert first.answer.lettering.code == "AAA"
    lettering_id = first.answer.lettering.lettering_id
    undone = treasury.unletter_entries(
        desk.store, desk.book, lettering_id, "erreur", desk.command()
    )
    assert isinstance(undone.answer, Undone)
    again = treasury.letter_entries(desk.store, desk.book, parts, desk.command())
    assert again.answer.lettering.code == "AAB"
    assert again.answer.lettering.parts == first.answer.lettering.parts
    past = desk.store.past(desk.book)
    assert treasury.get_payment(past, paid.answer.document.payment_id) == paid.answer
    refused(PaymentIsUnknown, treasury.get_payment, past, "pay_nobody")
    refused(LetteringIsUnknown, treasury.get_lettering, past, "let_nobody")


def test_an_unknown_journal_is_named(desk: Desk):
    bill = replace(new_bill(desk.supplier), journal="XX")
    refused(JournalIsUnknown, purchasing.record_bill, desk.store, desk.book, bill, desk.command())


@pytest.mark.feature("V16", "C14")
def test_periods_are_locked_and_entries_refused_in_them(desk: Desk):
    entry = NewEntry(
        date=date(2026, 2, 28),
        label="Écart de règlement",
        lines=(
            EntryLine(account="411000", credit=2, party=desk.customer),
            EntryLine(account="658000", debit=2),
        ),
    )
    posted = ledger.post_entry(desk.store, desk.book, entry, desk.command())
    assert posted.answer.entry.series == "entries:OD-2026"
    assert posted.answer.entry.document.number == "OD-2026-00001"
    locked = ledger.lock_period(desk.store, desk.book, date(2026, 2, 28), "clôture", desk.command())
    assert locked.answer.until == date(2026, 2, 28)
    refused(PeriodIsLocked, ledger.post_entry, desk.store, desk.book, entry, desk.command())
    reopened = ledger.reopen_period(desk.store, desk.book, None, "oubli", desk.command())
    assert reopened.answer.until is None
    ledger.post_entry(desk.store, desk.book, entry, desk.command())
    past = desk.store.past(desk.book)
    entry_id = posted.answer.entry.document.id
    assert ledger.get_entry(past, entry_id) == posted.answer
    refused(EntryIsUnknown, ledger.get_entry, past, "ent_nobody")
