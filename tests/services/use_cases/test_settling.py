"""Settling on paper: ticking, taking back, suspense, tills, and what is refused."""

from datetime import date

import pytest

from domain.ledger.entry import EntryPosted
from domain.ledger.period import PeriodIsLocked, PeriodLocked
from domain.parties.company import JournalIsUnknown
from domain.purchases.bill import BillRecorded
from domain.treasury import tolerance
from domain.treasury.difference import PaymentDifferenceBooked
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import DateIsInFuture, PaymentIsUnknown
from domain.treasury.reversal import (
    PaymentIsReversed,
    PaymentReversed,
    ReversalStands,
    ReversedBeforePaid,
)
from domain.treasury.ticking import NothingToPay
from domain.treasury.tolerance import DifferenceIsTooLarge, PaymentToleranceSet, Tolerance
from domain.values import faults
from tests.domain import steps
from tests.domain.spec import Story
from tests.domain.steps import new_bill, new_line
from tests.paper import Paper

MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 30)


def booked(book: Paper, kind: str) -> list[tuple[str, int]]:
    """The lines of the newest entry of a kind: account, debit minus credit."""
    entries = [entry for entry in book.all(EntryPosted) if entry.document.kind == kind]
    return [(line.account, line.debit - line.credit) for line in entries[-1].lines]


def open_on(book: Paper, account: str) -> int:
    """Debit minus credit of an account."""
    return sum(
        line.debit - line.credit
        for entry in book.all(EntryPosted)
        for line in entry.lines
        if line.account == account
    )


@pytest.mark.feature("M38", "M45")
def test_a_tick_pays_what_is_open_and_no_more_is_open():
    book = Paper.opened()
    invoice = book.sell(new_line("100"))
    book.tick("invoice", invoice, amount=20_00, paid_on=date(2026, 3, 10))
    book.tick("invoice", invoice)
    assert [entry.date for entry in book.all(EntryPosted)][1:] == [date(2026, 3, 10), steps.DAY]
    assert book.newest(EntriesLettered).complete
    assert open_on(book, "411000") == 0
    refused = book.refusal(book.tick, "invoice", invoice)
    assert isinstance(refused, NothingToPay)
    refused = book.refusal(book.tick, "invoice", book.sell(new_line("1")), instalment=1)
    assert isinstance(refused, NothingToPay)
    assert refused.pointer == "/instalment"


@pytest.mark.feature("M45")
def test_what_is_paid_too_much_stays_an_open_credit():
    book = Paper.opened()
    invoice = book.sell(new_line("100"))
    book.tick("invoice", invoice, amount=150_00)
    assert [part.amount for part in book.newest(EntriesLettered).parts] == [120_00, -120_00]
    assert open_on(book, "411000") == -30_00


def test_a_till_has_its_own_account_and_a_wrong_journal_is_named():
    book = Paper.opened()
    invoice = book.sell(new_line("100"))
    assert isinstance(book.refusal(book.tick, "invoice", invoice, journal="VE"), JournalIsUnknown)
    book.tick("invoice", invoice, journal="CA", means="cash")
    assert booked(book, "payment") == [("530000", 120_00), ("411000", -120_00)]


def test_a_supplier_is_paid_and_his_credit_note_received():
    book = Paper.opened()
    book.when(steps.record_bill, new_bill()).then(*_recorded())
    book.tick("bill", "bil_1")
    assert booked(book, "payment") == [("512000", -121_00), ("401000", 121_00)]
    credited = new_bill("AV-1", kind="credit_note")
    book.when(steps.record_bill, credited, "bil_2").then(*_recorded())
    book.tick("bill", "bil_2")
    assert booked(book, "payment") == [("512000", 121_00), ("401000", -121_00)]


@pytest.mark.feature("M39")
def test_a_payment_taken_back_leaves_its_reason_and_nothing_open():
    book = Paper.opened(today=MARCH)
    invoice = book.sell(new_line("100"))
    payment = book.tick("invoice", invoice)
    book.today = APRIL
    book.reverse(payment)
    back = book.newest(PaymentReversed)
    assert (back.reason, back.date, back.paid_on) == ("rejet", APRIL, MARCH)
    assert booked(book, "payment_reversal") == [("512000", -120_00), ("411000", 120_00)]
    assert book.newest(EntriesUnlettered).reason == "rejet"
    assert book.newest(EntriesLettered).complete
    assert open_on(book, "411000") == 120_00
    assert isinstance(book.refusal(book.reverse, payment), PaymentIsReversed)
    joined = book.newest(EntriesLettered).lettering_id
    assert isinstance(book.refusal(book.unletter, joined), ReversalStands)
    book.tick("invoice", invoice)
    assert open_on(book, "411000") == 0


def test_when_a_payment_is_not_taken_back():
    book = Paper.opened(today=MARCH)
    payment = book.pay(10_00)
    assert isinstance(book.refusal(book.reverse, "pay_none"), PaymentIsUnknown)
    early = book.refusal(book.reverse, payment, date(2026, 3, 30))
    assert isinstance(early, ReversedBeforePaid)
    assert isinstance(book.refusal(book.reverse, payment, APRIL), DateIsInFuture)
    book.today = APRIL
    book.when(steps.lock, date(2026, 4, 15), today=APRIL).then(PeriodLocked)
    locked = book.refusal(book.reverse, payment, date(2026, 4, 2))
    assert isinstance(locked, PeriodIsLocked)


def test_money_in_suspense_is_taken_back_from_there():
    book = Paper.opened()
    payment = book.pay(10_00, role="suspense", party="")
    book.reverse(payment)
    assert booked(book, "payment_reversal") == [("512000", -10_00), ("471000", 10_00)]
    assert book.all(EntriesLettered) == []


@pytest.mark.feature("C7")
def test_a_difference_is_a_loss_or_a_gain_within_the_tolerance():
    book = Paper.opened()
    for amount, account in ((119_50, "658000"), (120_50, "758000")):
        invoice = book.sell(new_line("100"))
        book.tick("invoice", invoice, amount=amount, difference="write_off")
        difference = 120_00 - amount
        assert booked(book, "payment_difference") == [
            ("411000", -difference),
            (account, difference),
        ]
        assert book.newest(EntriesLettered).complete
    invoice = book.sell(new_line("100"))
    refused = book.refusal(book.tick, "invoice", invoice, amount=118_99, difference="write_off")
    assert isinstance(refused, DifferenceIsTooLarge)
    assert (refused.difference, refused.tolerance) == (1_01, 1_00)
    book.tick("invoice", invoice, difference="write_off")
    assert len(book.all(PaymentDifferenceBooked)) == 2
    assert open_on(book, "411000") == 0


def test_a_tolerance_is_set_within_its_bounds():
    def set_to(story: Story, amount: int):
        return tolerance.set_tolerance(
            tolerance.of_fact(story.last(tolerance.TOLERANCE_TAG)), amount
        )

    story = steps.opened()
    assert tolerance.of_fact(None) == Tolerance(amount=1_00)
    assert story.when(set_to, 1_00).decision == []
    story.when(set_to, 250).then(PaymentToleranceSet)
    for amount in (-1, 100_01):
        story.when(set_to, amount).refused(faults.AmountIsOutOfBounds)


@pytest.mark.feature("C7")
def test_codes_run_through_an_account_and_a_fiscal_year():
    book = Paper.opened(today=date(2027, 1, 15))
    old = date(2026, 12, 15)
    first, second = book.sell(new_line("1"), day=old), book.sell(new_line("1"), day=old)
    for invoice, paid_on in ((first, old), (second, old)):
        book.tick("invoice", invoice, paid_on=paid_on)
    book.tick("invoice", book.sell(new_line("1")))
    lettered = book.all(EntriesLettered)
    assert [(one.year, one.code) for one in lettered] == [
        (2026, "AAA"),
        (2026, "AAB"),
        (2027, "AAA"),
    ]
    book.unletter(lettered[1].lettering_id)
    book.letter(*(PartToLetter(entry=part.entry, line=part.line) for part in lettered[1].parts))
    assert book.newest(EntriesLettered).code == "AAC"


def _recorded():
    return BillRecorded, EntryPosted
