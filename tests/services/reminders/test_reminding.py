"""Who is due which letter, and issuing it: on a real store, with the register's own dates."""

from datetime import date

import pytest

from domain.book.refusal import Refusals
from domain.reminders.dispute import InvoiceIsDisputed
from domain.reminders.policy import RemindersAreSuspended
from domain.reminders.refusals import (
    BankIsNotBooked,
    CreditCoversDebt,
    InstalmentIsMisplaced,
    InstalmentIsSettled,
    LevelIsIssued,
    ReminderIsUnsent,
)
from domain.reminders.reminder import Issued
from domain.reminders.reminding import Named, NewReminder
from services import losses
from services.reminders import reminding
from services.reminders import settings as reminder_settings
from tests.services.reminders.conftest import LateDesk, mailed

MAY_15 = date(2026, 5, 15)


def refused(desk: LateDesk, invoice_id: str, kind: type, level: int = 1) -> None:
    with pytest.raises(Refusals) as refusal:
        desk.remind(invoice_id, level=level)
    assert isinstance(refusal.value.refused, kind), refusal.value.refused


@pytest.mark.feature("M43")
def test_a_late_invoice_is_proposed_issued_once_and_waits_to_leave(late_desk: LateDesk) -> None:
    customer = late_desk.contact(mailed())
    invoice = late_desk.late(customer=customer)
    late_desk.at(MAY_15)
    late_desk.book_bank(MAY_15)
    (letter,) = late_desk.propose().letters
    assert (letter.customer_id, letter.level, letter.channel) == (customer, 1, "email")
    (item,) = letter.items
    assert (item.open, item.interest, item.indemnity) == (120_000, 0, 0)
    new = letter.new()
    command = late_desk.command()
    store, book = late_desk.store, late_desk.book
    written = reminding.issue_reminder(store, late_desk.readers, book, new, command)
    issued = written.answer.document
    assert (issued.document_number, issued.due, issued.nature) == (
        "RA-2026-00001",
        120_000,
        "company",
    )
    again = reminding.issue_reminder(store, late_desk.readers, book, new, command)
    assert again.replayed
    assert again.answer == written.answer
    after = late_desk.propose()
    assert after.letters == ()
    assert [each.document.document_number for each in after.unsent] == ["RA-2026-00001"]
    with pytest.raises(Refusals) as refusal:
        late_desk.remind(invoice, customer=customer)
    assert isinstance(refusal.value.refused, LevelIsIssued)
    with pytest.raises(Refusals) as refusal:
        late_desk.remind(invoice, level=2, customer=customer)
    assert isinstance(refusal.value.refused, ReminderIsUnsent)


@pytest.mark.feature("M43", "C3")
def test_nobody_is_reminded_while_the_bank_is_not_booked_past_the_due_date(
    late_desk: LateDesk,
) -> None:
    invoice = late_desk.late()
    late_desk.at(MAY_15)
    refused(late_desk, invoice, BankIsNotBooked)
    late_desk.book_bank(date(2026, 3, 31))
    refused(late_desk, invoice, BankIsNotBooked)
    (held,) = late_desk.propose().held
    assert isinstance(held.refused, BankIsNotBooked)
    late_desk.book_bank(date(2026, 4, 1))
    assert isinstance(late_desk.remind(invoice), Issued)


@pytest.mark.feature("M43")
def test_lettering_dispute_loss_and_exclusion_stop_reminders(late_desk: LateDesk) -> None:
    store, book = late_desk.store, late_desk.book
    paid, disputed, lost, spared = (late_desk.late("100.00") for _ in range(4))
    late_desk.at(MAY_15)
    late_desk.letter(late_desk.pay(12_000, date(2026, 5, 4)), paid)
    refused(late_desk, paid, InstalmentIsSettled)
    reminder_settings.dispute_invoice(store, book, disputed, "Abîmé", late_desk.command())
    refused(late_desk, disputed, InvoiceIsDisputed)
    losses.write_off_invoice(store, book, lost, "Faillite", late_desk.command())
    with pytest.raises(Refusals) as refusal:
        late_desk.remind(lost)
    assert refusal.value.refused.code == "invoice_written_off"
    customer = late_desk.customer
    reminder_settings.suspend_reminders(store, book, customer, "Plan", late_desk.command())
    refused(late_desk, spared, RemindersAreSuspended)
    assert late_desk.propose().letters == ()
    reminder_settings.resume_reminders(store, book, customer, "Fini", late_desk.command())
    reminder_settings.settle_dispute(store, book, disputed, "Réparé", late_desk.command())
    (letter,) = late_desk.propose().letters
    assert {item.invoice_id for item in letter.items} == {disputed, spared}


@pytest.mark.feature("M43", "M45")
def test_money_that_is_not_lettered_is_taken_off_a_letter(late_desk: LateDesk) -> None:
    invoices = late_desk.late(), late_desk.late("500.00")
    late_desk.at(MAY_15)
    late_desk.pay(20_000, date(2026, 5, 4))
    (letter,) = late_desk.propose().letters
    assert letter.credits == 20_000
    issued = late_desk.remind(*invoices).document
    assert (issued.principal, issued.due) == (180_000, 160_000)


@pytest.mark.feature("M43", "M45")
def test_nobody_is_reminded_of_what_money_that_is_not_lettered_covers(late_desk: LateDesk) -> None:
    invoice = late_desk.late()
    late_desk.at(MAY_15)
    payment = late_desk.pay(120_000, date(2026, 5, 5))
    proposals = late_desk.propose()
    assert proposals.letters == ()
    assert [type(each.refused) for each in proposals.held] == [CreditCoversDebt]
    refused(late_desk, invoice, CreditCoversDebt)
    late_desk.letter(payment, invoice)
    assert late_desk.propose().held == ()


@pytest.mark.feature("M43")
def test_a_letter_names_instalments_of_its_customer_alone(late_desk: LateDesk) -> None:
    invoice = late_desk.late()
    late_desk.at(MAY_15)
    late_desk.book_bank(MAY_15)
    other = late_desk.contact(mailed())
    with pytest.raises(Refusals) as refusal:
        late_desk.remind(invoice, customer=other)
    assert isinstance(refusal.value.refused, InstalmentIsMisplaced)
    late_desk.engine.run_to_head(late_desk.book)
    new = NewReminder(customer_id=late_desk.customer, level=1, items=(Named(99, 0),))
    with pytest.raises(Refusals) as refusal:
        reminding.issue_reminder(
            late_desk.store, late_desk.readers, late_desk.book, new, late_desk.command()
        )
    assert isinstance(refusal.value.refused, InstalmentIsMisplaced)
