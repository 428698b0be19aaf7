"""Unticking one instalment of several: exactly what paid it is taken back, the rest stands."""

from datetime import date
from typing import Any

import pytest

from domain.ledger.entry import EntryPosted
from domain.ledger.period import PeriodLocked
from domain.sales.content import NewInstalment
from domain.sales.invoice import InvoiceDrafted, InvoiceValidated
from domain.treasury import assignment
from domain.treasury.assigning import NewAssignment, NewPart, assign
from domain.treasury.assignment import Assignable
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import PaymentRecorded
from domain.treasury.reversal import PaymentReversed
from domain.treasury.unticking import InstalmentIsNotPaid, PaymentIsShared
from domain.treasury.vat_due import VatBecameDue
from services import settling
from tests.domain import steps
from tests.domain.steps import new_invoice, new_line
from tests.paper import Paper

TODAY = date(2026, 3, 16)
THIRDS = tuple(
    NewInstalment(percent=percent, due_date=date(2026, month, 30))
    for percent, month in (("25", 4), ("25", 5), (None, 6))
)


def sold(book: Paper, invoice_id: str = "inv_7", **line: Any) -> str:
    """An invoice of 120.00 in instalments of 30, 30 and 60."""
    new = new_invoice(new_line("100", **line), instalments=THIRDS)
    book.when(steps.draft, new, invoice_id).then(InvoiceDrafted)
    book.when(steps.validate, invoice_id, book.today).then(InvoiceValidated, EntryPosted)
    return invoice_id


def left(book: Paper, invoice_id: str) -> list[int]:
    """What is open of each instalment."""
    entry = book.entry("invoice", invoice_id)
    posted = book.facts[entry - 1].event
    assert isinstance(posted, EntryPosted)
    settled = settling.load_settled(book, [entry])[entry].amounts  # type: ignore[arg-type]
    return [line.debit - settled.get(nth, 0) for nth, line in enumerate(posted.lines) if line.party]


def assign_to_customer(book: Paper, payment: str, amount: int) -> None:
    """What waited is the customer's."""
    nothing: Assignable | None = None
    known = book.fold(assignment.evolve, nothing, f"payment:{payment}")
    new = NewAssignment(parts=(NewPart(role="customers", party="ctc_1", amount=amount),))
    customer = steps.contact(book, "ctc_1")
    assert customer is not None
    stand = steps.standing(book, "OD", book.today, book.today)
    decision = assign(known, payment, new, {"ctc_1": customer}, stand)
    assert isinstance(decision, list), decision
    book.happened(*decision)


def owed(book: Paper) -> int:
    """Debit minus credit of the customers' account."""
    lines = [line for entry in book.all(EntryPosted) for line in entry.lines]
    return sum(line.debit - line.credit for line in lines if line.account == "411000")


@pytest.mark.feature("M38", "M39", "M45")
def test_an_instalment_of_its_own_payment_is_unticked():
    book = Paper.opened(today=TODAY)
    invoice = sold(book)
    first = book.tick("invoice", invoice, instalment=0)
    book.tick("invoice", invoice, instalment=1)
    book.untick("invoice", invoice, 0)
    assert left(book, invoice) == [30_00, 0, 60_00]
    assert [each.payment_id for each in book.all(PaymentReversed)] == [first]
    assert len(book.all(PaymentRecorded)) == 2
    refused = book.refusal(book.untick, "invoice", invoice, 0)
    assert isinstance(refused, InstalmentIsNotPaid)
    assert isinstance(book.refusal(book.untick, "invoice", invoice, 3), InstalmentIsNotPaid)


@pytest.mark.feature("M39", "M45")
def test_a_payment_of_all_is_recorded_anew_without_the_instalment():
    book = Paper.opened(today=TODAY)
    invoice = sold(book)
    book.tick("invoice", invoice, paid_on=date(2026, 3, 10), reference="VIR 1")
    book.untick("invoice", invoice, 1)
    assert left(book, invoice) == [0, 30_00, 0]
    again = book.newest(PaymentRecorded)
    assert (again.amount, again.date, again.reference) == (90_00, date(2026, 3, 10), "VIR 1")
    assert owed(book) == 30_00
    book.tick("invoice", invoice)
    assert left(book, invoice) == [0, 0, 0]
    assert owed(book) == 0


@pytest.mark.feature("M39")
def test_what_is_recorded_anew_is_dated_in_an_open_period():
    book = Paper.opened(today=TODAY)
    invoice = sold(book)
    book.tick("invoice", invoice, paid_on=date(2026, 3, 10))
    book.happened(PeriodLocked(until=date(2026, 3, 12), reason=""))
    book.untick("invoice", invoice, 2)
    assert book.newest(PaymentRecorded).date == TODAY
    assert left(book, invoice) == [0, 0, 60_00]


@pytest.mark.feature("M39", "M45")
def test_two_payments_of_one_instalment_are_both_taken_back():
    book = Paper.opened(today=TODAY)
    invoice = sold(book)
    book.tick("invoice", invoice, instalment=2, amount=20_00)
    book.tick("invoice", invoice, instalment=2)
    book.tick("invoice", invoice, instalment=0)
    book.untick("invoice", invoice, 2)
    assert left(book, invoice) == [0, 30_00, 60_00]
    assert len(book.all(PaymentReversed)) == 2


@pytest.mark.feature("M39", "C3")
def test_money_of_a_bank_statement_stays_on_the_bank():
    """Only the lettering is undone: it is open on the customer's account again."""
    book = Paper.opened(today=TODAY)
    invoice = sold(book)
    payment = book.pay(60_00, statement_id="stm_1", statement_line=1)
    entry = book.entry("invoice", invoice)
    own = PartToLetter(entry=book.entry("payment", payment), line=1)
    book.letter(own, *(PartToLetter(entry=entry, line=nth) for nth in (0, 1)))
    book.untick("invoice", invoice, 0)
    assert left(book, invoice) == [30_00, 0, 60_00]
    assert book.all(PaymentReversed) == []
    assert (len(book.all(EntriesUnlettered)), len(book.all(EntriesLettered))) == (1, 2)


@pytest.mark.feature("M39", "C4")
def test_a_payment_assigned_in_parts_is_not_recorded_anew():
    """Its parts are of several: whoever unticks one undoes its lettering."""
    book = Paper.opened(today=TODAY)
    invoice = sold(book)
    payment = book.pay(60_00, role="suspense", party="")
    assign_to_customer(book, payment, 60_00)
    place = book.facts[-1].position
    entry = book.entry("invoice", invoice)
    own = PartToLetter(entry=place, line=1)
    book.letter(own, *(PartToLetter(entry=entry, line=nth) for nth in (0, 1)))
    assert isinstance(book.refusal(book.untick, "invoice", invoice, 0), PaymentIsShared)
    assert left(book, invoice) == [0, 0, 60_00]


@pytest.mark.feature("M39")
def test_vat_on_receipts_goes_back_with_the_instalment_alone():
    book = Paper.opened(today=TODAY)
    invoice = sold(book, nature="services")
    book.tick("invoice", invoice)
    book.untick("invoice", invoice, 0)
    due = [sum(share.tax for share in each.shares) for each in book.all(VatBecameDue)]
    assert due[0] == 20_00
    assert sum(due) == 15_00
