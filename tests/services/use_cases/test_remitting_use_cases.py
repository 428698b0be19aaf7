"""Remittances through the store: a file once, lines held once, settled, returned, cancelled."""

from datetime import date, timedelta
from hashlib import sha256

import pytest
from lxml import etree
from msgspec.structs import replace

from domain.book.event import Event
from domain.book.refusal import Refusals, Refused
from domain.ledger.entry import EntryPosted, document_tag
from domain.parties.describing import Description
from domain.parties.particulars import BankAccount
from domain.purchases.recording import NewBill
from domain.treasury.assignment import PaymentAssigned
from domain.treasury.collecting import MandateIsMissing, NewCollection
from domain.treasury.collection import CollectionCreated
from domain.treasury.creditor import CreditorIdIsMissing
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered
from domain.treasury.mandating import (
    MandateIsRevoked,
    MandateIsUnknown,
    MandateReferenceIsTaken,
    NewMandate,
)
from domain.treasury.payment import NewPayment, PaymentRecorded
from domain.treasury.remittance import Remittance, RemittanceLineReturned, RemittanceSettled
from domain.treasury.remittance_refusals import (
    BankLineDiffers,
    LineIsNotRemittable,
    LineIsRemitted,
    LineIsReturned,
    RemittanceIsClosed,
    RemittanceIsUnknown,
)
from domain.treasury.remitting import NewLine, NewReturn
from domain.treasury.transfer_order import NewTransferOrder, PayeeAccountIsMissing, TransferOrdered
from domain.treasury.vat_due import VatBecameDue
from domain.values.faults import IdentifierIsWrong
from services import companies, mandates, purchasing, treasury
from services.open_lines import entry_of, load_settled
from services.remittance_returns import return_line
from services.remittance_settling import NewSettlement, cancel_remittance, settle_remittance
from services.remitting import create_collection, get_remittance, order_transfers
from services.store.store import Written
from tests.domain.steps import DAY, PARIS, SUPPLIER, new_bill, new_line
from tests.services.use_cases.auditing import findings
from tests.services.use_cases.conftest import Desk

IBAN, THEIRS = "FR7630006000011234567890189", "BE68539007547034"
DUE = date(2026, 4, 20)
SPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"}


@pytest.fixture
def creditor(desk: Desk) -> Desk:
    """A company with an account and an identifier, whose customer has signed a mandate."""
    said = Description(
        name="Atelier fictif SARL", address=PARIS, vat_number="FR25900000019", ibans=(IBAN,)
    )
    companies.describe_company(desk.store, desk.book, said, desk.command())
    mandates.identify_creditor(desk.store, desk.book, "FR72 ZZZ 123456", desk.command())
    signed(desk)
    return desk


def signed(desk: Desk, **others: object) -> str:
    fields = {"contact_id": desk.customer, "iban": THEIRS, "signed_on": DAY, **others}
    new = NewMandate(**fields)  # type: ignore[arg-type]
    return mandates.sign_mandate(
        desk.store, desk.book, new, desk.command()
    ).answer.document.mandate_id


def instalment(desk: Desk, *nets: str) -> NewLine:
    """The one instalment of a new invoice."""
    invoice_id = desk.invoiced(*(new_line(net) for net in nets or ("100",)))
    found = entry_of(desk.store.past(desk.book), "invoice", invoice_id)
    assert found is not None
    return NewLine(entry=found[0], line=0)


def collected(desk: Desk, *lines: NewLine, **others: object) -> Remittance:
    new = NewCollection(execution_date=DUE, lines=lines, **others)  # type: ignore[arg-type]
    return create_collection(desk.store, desk.book, new, desk.command()).answer


def settled(desk: Desk, known: Remittance, **fields: object) -> Written[Remittance]:
    new = NewSettlement(**fields)  # type: ignore[arg-type]
    own = known.document.remittance_id
    return settle_remittance(desk.store, desk.book, own, new, desk.command())


def returned(desk: Desk, known: Remittance, nth: int, **fields: object) -> Written[Remittance]:
    fields = {"returned_on": desk.clock.now.date(), "reason": "AM04", **fields}
    new = NewReturn(nth=nth, **fields)  # type: ignore[arg-type]
    own = known.document.remittance_id
    return return_line(desk.store, desk.book, own, new, desk.command())


def open_of(desk: Desk, line: NewLine) -> int:
    """What is open of a line of the books, positive for a debit."""
    past = desk.store.past(desk.book)
    (fact,) = past.at([line.entry])
    assert isinstance(fact.event, EntryPosted)
    booked = fact.event.lines[line.line]
    done = load_settled(past, [line.entry])[line.entry].amounts.get(line.line, 0)
    return booked.debit - booked.credit - done


def kinds(written: Written[Remittance]) -> list[type[Event]]:
    return [type(fact.event) for fact in written.events]


def refusal(kind: type[Refused], step: object, *args: object, **kwargs: object) -> Refused:
    with pytest.raises(Refusals) as caught:
        step(*args, **kwargs)  # type: ignore[operator]
    assert isinstance(caught.value.refused, kind), caught.value.refused
    return caught.value.refused


@pytest.mark.feature("M42")
def test_a_collection_has_one_file_that_is_never_made_again(creditor: Desk):
    lines = instalment(creditor), instalment(creditor, "50")
    known = collected(creditor, *lines)
    document = known.document
    assert isinstance(document, CollectionCreated)
    assert (document.document_number, document.total) == ("PR-2026-00001", 18_000)
    assert [line.sequence for line in document.lines] == ["FRST", "RCUR"]
    kept = creditor.store.file(creditor.book, document.file)
    assert kept is not None
    assert sha256(kept.content).hexdigest() == document.file
    root = etree.fromstring(kept.content)
    said = {name: root.findtext(f".//p:{name}", namespaces=SPACE) for name in ("MsgId", "CtrlSum")}
    assert said == {"MsgId": "PR-2026-00001", "CtrlSum": "180.00"}
    debtors = [each.text for each in root.iterfind(".//p:DbtrAcct//p:IBAN", SPACE)]
    assert debtors == [THEIRS, THEIRS]
    assert THEIRS not in str(document)


@pytest.mark.feature("M42")
def test_an_instalment_waits_in_one_collection_at_a_time(creditor: Desk):
    line = instalment(creditor)
    known = collected(creditor, line)
    refusal(LineIsRemitted, collected, creditor, line)
    other = instalment(creditor)
    refusal(LineIsNotRemittable, collected, creditor, other, other)
    own = known.document.remittance_id
    cancel_remittance(creditor.store, creditor.book, own, "erreur", creditor.command())
    again = collected(creditor, line)
    assert isinstance(again.document, CollectionCreated)
    assert again.document.lines[0].sequence == "FRST"  # what was never sent has used nothing
    refusal(RemittanceIsClosed, settled, creditor, known)
    refusal(RemittanceIsUnknown, get_remittance, creditor.store.past(creditor.book), "col_9")


@pytest.mark.feature("M42", "M38")
def test_the_bank_books_a_collection_and_its_lines_are_paid_in_one_command(creditor: Desk):
    lines = instalment(creditor), instalment(creditor, "50")
    known = collected(creditor, *lines)
    creditor.clock.now += timedelta(days=35)
    written = settled(creditor, known)
    assert written.answer.status == "settled"
    assert kinds(written).count(PaymentRecorded) == kinds(written).count(EntriesLettered) == 2
    assert kinds(written)[-1] is RemittanceSettled
    assert [open_of(creditor, line) for line in lines] == [0, 0]
    paid = [fact.event for fact in written.events if isinstance(fact.event, PaymentRecorded)]
    assert {(each.means, each.direction) for each in paid} == {("direct_debit", "received")}
    assert sum(each.amount for each in paid) == known.document.total
    later = NewCollection(execution_date=date(2026, 6, 1), lines=(instalment(creditor),))
    next_one = create_collection(creditor.store, creditor.book, later, creditor.command()).answer
    assert isinstance(next_one.document, CollectionCreated)
    assert next_one.document.lines[0].sequence == "RCUR"


@pytest.mark.feature("M42", "M39")
def test_a_return_undoes_exactly_its_line(creditor: Desk):
    lines = instalment(creditor), instalment(creditor, "50")
    known = collected(creditor, *lines)
    creditor.clock.now += timedelta(days=35)
    settled(creditor, known)
    written = returned(creditor, known, 0, fee=1_500)
    assert [open_of(creditor, line) for line in lines] == [12_000, 0]
    entries = [fact.event for fact in written.events if isinstance(fact.event, EntryPosted)]
    amounts = [
        {line.account: line.debit - line.credit for line in entry.lines} for entry in entries[:2]
    ]
    assert amounts == [{"627000": 1_500, "512000": -1_500}, {"512000": -12_000, "411000": 12_000}]
    assert EntriesUnlettered in kinds(written)
    assert kinds(written)[-1] is RemittanceLineReturned
    refusal(LineIsReturned, returned, creditor, known, 0)
    later = NewCollection(execution_date=date(2026, 6, 1), lines=(lines[0],))
    again = create_collection(creditor.store, creditor.book, later, creditor.command()).answer
    assert isinstance(again.document, CollectionCreated)
    assert again.document.lines[0].sequence == "RCUR"


@pytest.mark.feature("M42")
def test_what_the_bank_refuses_is_free_and_the_rest_is_settled(creditor: Desk):
    lines = instalment(creditor), instalment(creditor, "50")
    known = collected(creditor, *lines)
    written = returned(creditor, known, 0)
    assert kinds(written) == [RemittanceLineReturned]
    assert written.answer.expected == 6_000
    again = collected(creditor, lines[0])
    assert isinstance(again.document, CollectionCreated)
    assert again.document.lines[0].sequence == "RCUR"  # the other line of the file has used it
    creditor.clock.now += timedelta(days=35)
    settled(creditor, known)
    assert [open_of(creditor, line) for line in lines] == [12_000, 0]


@pytest.mark.feature("M42", "C4")
def test_the_banks_own_lines_settle_a_collection_and_bring_one_back(creditor: Desk):
    lines = instalment(creditor), instalment(creditor, "50")
    known = collected(creditor, *lines)
    creditor.clock.now += timedelta(days=35)
    wrong, sum_, back = (
        suspended(creditor, "received", 17_999),
        suspended(creditor, "received", 18_000),
        suspended(creditor, "sent", 12_900),
    )
    refusal(BankLineDiffers, settled, creditor, known, payment_id=wrong)
    written = settled(creditor, known, payment_id=sum_)
    assert kinds(written).count(PaymentAssigned) == 1
    assert [open_of(creditor, line) for line in lines] == [0, 0]
    written = returned(creditor, known, 0, payment_id=back, fee=900)
    assert [open_of(creditor, line) for line in lines] == [12_000, 0]
    (moved,) = [fact.event for fact in written.events if isinstance(fact.event, EntryPosted)]
    assert {line.account: line.debit - line.credit for line in moved.lines} == {
        "471000": -12_900,
        "411000": 12_000,
        "627000": 900,
    }
    assert findings(creditor) == []


@pytest.mark.feature("M42", "F2")
def test_vat_on_receipts_goes_back_with_the_money(creditor: Desk):
    """Services of a French company: due with the cash, no longer due once it is returned."""
    invoice_id = creditor.invoiced(replace(new_line("100"), nature="services"))
    found = entry_of(creditor.store.past(creditor.book), "invoice", invoice_id)
    assert found is not None
    known = collected(creditor, NewLine(entry=found[0], line=0))
    creditor.clock.now += timedelta(days=35)
    came = settled(creditor, known)
    gone = returned(creditor, known, 0)
    due = [
        fact.event.shares[0].tax
        for fact in (*came.events, *gone.events)
        if isinstance(fact.event, VatBecameDue)
    ]
    assert due == [2_000, -2_000]
    assert findings(creditor) == []


@pytest.mark.feature("M42")
def test_mandates_are_unique_revocable_and_needed(creditor: Desk):
    store, book = creditor.store, creditor.book
    own = signed(creditor, reference="RUM-7")
    refusal(MandateReferenceIsTaken, signed, creditor, reference="rum-7")
    assert mandates.get_mandate(store.past(book), own).document.account.iban == THEIRS
    line = instalment(creditor)
    for known in mandates.mandates_of(store.past(book), creditor.customer):
        mandates.revoke_mandate(
            store, book, known.document.mandate_id, "clôture", creditor.command()
        )
    refusal(MandateIsRevoked, mandates.revoke_mandate, store, book, own, "x", creditor.command())
    refusal(MandateIsUnknown, mandates.get_mandate, store.past(book), "mdt_9")
    refusal(MandateIsMissing, collected, creditor, line)
    wrong = "FR12ZZZ123456"
    refusal(IdentifierIsWrong, mandates.identify_creditor, store, book, wrong, creditor.command())


@pytest.mark.feature("M42")
def test_nothing_is_collected_without_an_identifier(desk: Desk):
    said = Description(
        name="Atelier fictif SARL", address=PARIS, vat_number="FR25900000019", ibans=(IBAN,)
    )
    companies.describe_company(desk.store, desk.book, said, desk.command())
    signed(desk)
    refusal(CreditorIdIsMissing, collected, desk, instalment(desk))


@pytest.mark.feature("M42")
def test_suppliers_are_paid_by_a_file_and_booked_when_it_is_executed(creditor: Desk):
    account = BankAccount(iban=THEIRS)
    paid_to = creditor.contact(replace(SUPPLIER, name="Imprimeur", bank_accounts=(account,)))
    first = billed(creditor, new_bill("F-1", supplier_id=paid_to))
    other = billed(creditor, new_bill("F-2", supplier_id=paid_to, ibans=(IBAN,)))
    unknown = billed(creditor, new_bill("F-3", supplier_id=creditor.supplier))
    refusal(PayeeAccountIsMissing, ordered, creditor, other)  # not an account of the supplier
    refusal(PayeeAccountIsMissing, ordered, creditor, unknown)
    known = ordered(creditor, first)
    assert isinstance(known.document, TransferOrdered)
    assert (known.document.lines[0].payee, known.document.total) == ("BE68…7034", 12_100)
    kept = creditor.store.file(creditor.book, known.document.file)
    assert kept is not None
    assert THEIRS.encode() in kept.content
    refusal(LineIsRemitted, ordered, creditor, first)
    creditor.clock.now += timedelta(days=35)
    settled(creditor, known)
    assert open_of(creditor, first) == 0
    returned(creditor, known, 0, reason="AC04")
    assert open_of(creditor, first) == -12_100


def suspended(desk: Desk, direction: str, amount: int) -> str:
    """A line of the bank that waits in suspense."""
    new = NewPayment(
        direction=direction,  # type: ignore[arg-type]
        date=desk.clock.now.date(),
        amount=amount,
        role="suspense",
    )
    return treasury.record_payment(
        desk.store, desk.book, new, desk.command()
    ).answer.document.payment_id


def billed(desk: Desk, new: NewBill) -> NewLine:
    """The supplier's line of a new bill."""
    written = purchasing.record_bill(desk.store, desk.book, new, desk.command())
    tag = document_tag("bill", written.answer.document.bill_id)
    assert desk.store.past(desk.book).last(tag) is not None
    return NewLine(entry=written.position, line=0)


def ordered(desk: Desk, *lines: NewLine) -> Remittance:
    new = NewTransferOrder(execution_date=DUE, lines=lines)
    return order_transfers(desk.store, desk.book, new, desk.command()).answer
