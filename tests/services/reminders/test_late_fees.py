"""Late fees are booked when they are claimed: once, outside VAT, never at a guessed rate."""

from datetime import date

import pytest

from domain.book.refusal import Refusals
from domain.ledger.derivation import derive
from domain.ledger.entry import EntryPosted
from domain.reminders.dispute import InvoiceIsDisputed, InvoiceIsNotDisputed
from domain.reminders.late_fees import (
    FirstReminderIsFree,
    LateFee,
    LateFeeIsUnknown,
    LateRateIsUnknown,
    NothingToClaim,
)
from domain.reminders.policy import ReminderPolicy
from domain.sales.invoice import InvoiceIsUnknown
from domain.treasury.payment import DateIsInFuture
from services import losses
from services.loading import load_company
from services.reminders import settings as reminder_settings
from tests.services.reminders.conftest import LateDesk, consumer
from tests.services.reminders.test_levels import leave

MAY_15 = date(2026, 5, 15)


def claim(desk: LateDesk, invoice: str, until: date | None = None) -> LateFee:
    return reminder_settings.claim_late_fees(
        desk.store, desk.book, invoice, until, desk.command()
    ).answer


def refusal_of(desk: LateDesk, invoice: str, until: date | None = None) -> object:
    with pytest.raises(Refusals) as refusal:
        claim(desk, invoice, until)
    return refusal.value.refused


@pytest.mark.feature("M43")
def test_an_invoice_paid_late_is_claimed_to_the_cent_and_booked_outside_vat(
    late_desk: LateDesk,
) -> None:
    desk, invoice = late_desk, late_desk.late()
    desk.at(date(2026, 11, 21))
    desk.letter(desk.pay(120_000, MAY_15), invoice)
    told = claim(desk, invoice).document
    assert (told.amount, told.indemnity) == (5_798, 4_000)
    (entry,) = [
        fact.event
        for fact in desk.store.read(desk.book)
        if isinstance(fact.event, EntryPosted) and fact.event.document.kind == "late_fee"
    ]
    booked = [(line.account, line.debit - line.credit, line.party) for line in entry.lines]
    assert booked == [("411000", 5_798, desk.customer), ("758100", -5_798, "")]
    assert derive(told, load_company(desk.store.past(desk.book))) == entry.lines
    assert isinstance(refusal_of(desk, invoice), NothingToClaim)


@pytest.mark.feature("M43")
def test_a_second_claim_adds_what_came_since_and_no_second_lump_sum(late_desk: LateDesk) -> None:
    desk, invoice = late_desk, late_desk.late()
    desk.at(date(2026, 6, 20))
    assert isinstance(refusal_of(desk, invoice, date(2026, 6, 21)), DateIsInFuture)
    assert claim(desk, invoice, MAY_15).document.amount == 5_798
    assert isinstance(refusal_of(desk, invoice, MAY_15), NothingToClaim)
    more = claim(desk, invoice).document
    whole = round(120_000 * 0.1215 * 81 / 365)
    assert (more.amount, more.indemnity) == (whole - 1_798, 0)
    desk.book_bank(date(2026, 6, 20))
    (letter,) = desk.propose().letters
    assert letter.items[0].interest == 0


@pytest.mark.feature("M43")
def test_a_rate_that_is_not_known_is_refused_not_guessed(late_desk: LateDesk) -> None:
    desk, invoice = late_desk, late_desk.late()
    desk.at(date(2026, 11, 21))
    refused = refusal_of(desk, invoice)
    assert refused == LateRateIsUnknown(known=date(2026, 6, 30), pointer="/until")
    assert claim(desk, invoice, date(2026, 6, 30)).document.until == date(2026, 6, 30)


@pytest.mark.feature("M43")
def test_what_was_paid_in_time_lost_or_never_issued_bears_no_fees(late_desk: LateDesk) -> None:
    desk = late_desk
    paid, lost = desk.late("100.00"), desk.late("100.00")
    desk.at(MAY_15)
    desk.letter(desk.pay(12_000, date(2026, 3, 30)), paid)
    assert isinstance(refusal_of(desk, paid), NothingToClaim)
    losses.write_off_invoice(desk.store, desk.book, lost, "Faillite", desk.command())
    assert "written_off" in refusal_of(desk, lost).code  # type: ignore[attr-defined]
    assert isinstance(refusal_of(desk, "inv_9"), InvoiceIsUnknown)
    with pytest.raises(Refusals) as refusal:
        reminder_settings.get_late_fee(desk.store.past(desk.book), "fee_9")
    assert isinstance(refusal.value.refused, LateFeeIsUnknown)


@pytest.mark.feature("M43")
def test_a_consumer_owes_nothing_before_the_free_reminder_and_its_days(belgian: LateDesk) -> None:
    desk = belgian
    customer = desk.contact(consumer())
    invoice = desk.late("94.34", "6", customer)
    policy = ReminderPolicy(consumer_terms=True)
    reminder_settings.set_policy(desk.store, desk.book, policy, desk.command())
    desk.at(date(2026, 4, 10))
    desk.book_bank(date(2026, 4, 10))
    assert isinstance(refusal_of(desk, invoice), FirstReminderIsFree)
    leave(desk, desk.remind(invoice, channel="post", customer=customer))
    desk.at(date(2026, 4, 28))
    assert isinstance(refusal_of(desk, invoice), FirstReminderIsFree)
    desk.at(date(2026, 4, 29))
    told = claim(desk, invoice).document
    assert (told.indemnity, told.amount - told.indemnity) == (2_000, 23)
    assert told.law == "CDE-XIX.4"


@pytest.mark.feature("M43")
def test_an_invoice_is_disputed_once_at_a_time(late_desk: LateDesk) -> None:
    desk, invoice = late_desk, late_desk.late()
    store, book = desk.store, desk.book
    with pytest.raises(Refusals) as refusal:
        reminder_settings.settle_dispute(store, book, invoice, "x", desk.command())
    assert isinstance(refusal.value.refused, InvoiceIsNotDisputed)
    known = reminder_settings.dispute_invoice(store, book, invoice, "Abîmé", desk.command())
    assert known.answer is not None
    assert known.answer.reason == "Abîmé"
    with pytest.raises(Refusals) as refusal:
        reminder_settings.dispute_invoice(store, book, invoice, "encore", desk.command())
    assert isinstance(refusal.value.refused, InvoiceIsDisputed)
