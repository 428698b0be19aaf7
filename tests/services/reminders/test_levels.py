"""Three levels in order: what each asks of whom, and when the next may follow."""

from datetime import date

import pytest

from domain.book.refusal import Refusals
from domain.reminders.policy import (
    ContractRateIsWrong,
    PolicyIsWrong,
    ReminderPolicy,
    RemindersAreNotSuspended,
    set_policy,
)
from domain.reminders.refusals import (
    InstalmentIsNotDue,
    LevelIsIssued,
    LevelIsOutOfOrder,
    MailAddressIsMissing,
    ReminderIsTooEarly,
)
from domain.reminders.reminder import Delivery, Reminder, Sent
from services.printing.originals import Printshop
from services.printing.press import Press
from services.reminders import settings as reminder_settings
from services.reminders.post import Postman
from tests.services.reminders.conftest import LateDesk, consumer, mailed


def leave(desk: LateDesk, reminder: Reminder) -> Sent:
    """A letter goes to the post today, printed or not."""
    shop = Printshop(desk.store, Press())
    postman = Postman(desk.store, shop, None)
    postman.post(desk.book, reminder.document.reminder_id, "test")
    sent = desk.seen(reminder)
    assert isinstance(sent, Sent)
    assert sent.sent.delivery == Delivery(channel="post")
    return sent


def refusal_of(desk: LateDesk, invoice: str, **asked: object) -> object:
    with pytest.raises(Refusals) as refusal:
        desk.remind(invoice, **asked)  # type: ignore[arg-type]
    return refusal.value.refused


@pytest.mark.feature("M43")
def test_three_letters_to_a_french_company(late_desk: LateDesk) -> None:
    """Courtesy without fees; then interest and 40 € once, to the day; then formal notice."""
    desk, invoice = late_desk, late_desk.late()
    desk.at(date(2026, 3, 31))
    assert isinstance(refusal_of(desk, invoice), InstalmentIsNotDue)
    desk.at(date(2026, 4, 6))
    desk.book_bank(date(2026, 4, 6))
    assert refusal_of(desk, invoice) == ReminderIsTooEarly(
        level=1, number="FA-2026-00001", earliest=date(2026, 4, 7)
    )
    desk.at(date(2026, 4, 7))
    assert isinstance(refusal_of(desk, invoice, level=2), LevelIsOutOfOrder)
    assert isinstance(refusal_of(desk, invoice, channel="email"), MailAddressIsMissing)
    first = leave(desk, desk.remind(invoice))
    assert first.document.due == 120_000
    assert first.sent.earliest_next == date(2026, 4, 14)
    desk.at(date(2026, 5, 15))
    desk.book_bank(date(2026, 5, 15))
    assert isinstance(refusal_of(desk, invoice), LevelIsIssued)
    assert isinstance(refusal_of(desk, invoice, level=3), LevelIsOutOfOrder)
    second = leave(desk, desk.remind(invoice, level=2)).document
    (item,) = second.items
    assert (item.interest, item.interest_until, item.indemnity) == (1_798, desk.today(), 4_000)
    assert second.due == 120_000 + 5_798
    assert "15/05/2026" in second.mentions[0]
    desk.at(date(2026, 5, 16))
    desk.book_bank(date(2026, 5, 16))
    assert isinstance(refusal_of(desk, invoice, level=3), ReminderIsTooEarly)
    desk.at(date(2026, 7, 31))
    desk.book_bank(date(2026, 7, 31))
    third = leave(desk, desk.remind(invoice, level=3)).document
    assert third.text.startswith("Mise en demeure")
    assert third.items[0].interest_until == date(2026, 6, 30)
    assert third.items[0].indemnity == 4_000
    assert "réservés" in third.mentions[1]
    (held,) = desk.propose().held
    assert isinstance(held.refused, LevelIsIssued)


@pytest.mark.feature("M43")
def test_a_belgian_consumer_has_a_free_reminder_then_owes_what_the_terms_and_the_law_allow(
    belgian: LateDesk,
) -> None:
    desk = belgian
    customer = desk.contact(consumer())
    invoice = desk.late("283.02", "6", customer)
    policy = ReminderPolicy(consumer_terms=True)
    reminder_settings.set_policy(desk.store, desk.book, policy, desk.command())
    desk.at(date(2026, 4, 10))
    desk.book_bank(date(2026, 4, 10))
    first = leave(desk, desk.remind(invoice, channel="post", customer=customer))
    (item,) = first.document.items
    assert (item.interest, item.indemnity, item.announced) == (0, 0, 4_500)
    creditor, days, principal = first.document.mentions
    assert "Atelier fictif SRL" in creditor
    assert "0202239951" in creditor
    assert "14 jours calendrier à compter du troisième jour ouvrable" in days
    assert "300,00 EUR" in principal
    assert "45,00 EUR" in principal
    # Friday 10: Monday 13, Tuesday 14, Wednesday 15 is the first of fourteen days, 28 the last.
    assert first.sent.earliest_next == date(2026, 4, 29)
    desk.at(date(2026, 4, 28))
    desk.book_bank(date(2026, 4, 28))
    asked = {"level": 2, "channel": "post", "customer": customer}
    assert isinstance(refusal_of(desk, invoice, **asked), ReminderIsTooEarly)
    desk.at(date(2026, 5, 1))
    desk.book_bank(date(2026, 5, 1))
    second = desk.remind(invoice, level=2, channel="post", customer=customer).document
    # 21 days from 11 April at 4.5 % on 300: 0.78
    assert [(x.interest, x.indemnity, x.announced) for x in second.items] == [(78, 4_500, 0)]
    assert second.due == 34_578


@pytest.mark.feature("M43")
def test_a_contract_with_consumers_says_its_rate(belgian: LateDesk) -> None:
    """21 days from 11 April on 300.00 at 10.5 %, the most the law allows: 1.81."""
    desk = belgian
    customer = desk.contact(consumer())
    invoice = desk.late("283.02", "6", customer)
    policy = ReminderPolicy(consumer_terms=True, consumer_rate="15", business_rate="9.5")
    reminder_settings.set_policy(desk.store, desk.book, policy, desk.command())
    desk.at(date(2026, 4, 10))
    desk.book_bank(date(2026, 4, 10))
    leave(desk, desk.remind(invoice, channel="post", customer=customer))
    desk.at(date(2026, 5, 1))
    desk.book_bank(date(2026, 5, 1))
    second = desk.remind(invoice, level=2, channel="post", customer=customer).document
    assert [(x.interest, x.indemnity) for x in second.items] == [(181, 4_500)]


@pytest.mark.feature("M43")
def test_every_first_reminder_of_a_consumer_is_free(belgian: LateDesk) -> None:
    """Of regular deliveries the first three of a year are: here the fourth is too, as nothing is
    ever charged for a letter itself."""
    desk = belgian
    customer = desk.contact(consumer())
    policy = ReminderPolicy(consumer_terms=True)
    reminder_settings.set_policy(desk.store, desk.book, policy, desk.command())
    invoices = [desk.late("10.00", "6", customer) for _ in range(4)]
    desk.at(date(2026, 4, 10))
    desk.book_bank(date(2026, 4, 10))
    for invoice in invoices:
        first = desk.remind(invoice, channel="post", customer=customer).document
        assert [(x.interest, x.indemnity) for x in first.items] == [(0, 0)]
        assert first.due == 1_060


@pytest.mark.parametrize(
    "policy",
    [
        ReminderPolicy(business_rate="0"),
        ReminderPolicy(business_rate="100.01"),
        ReminderPolicy(business_rate="ten"),
        ReminderPolicy(consumer_rate="8"),
    ],
)
def test_a_rate_of_contracts_is_a_percentage(policy: ReminderPolicy) -> None:
    assert isinstance(set_policy(ReminderPolicy(), policy), ContractRateIsWrong)


@pytest.mark.feature("M43")
def test_without_terms_that_provide_it_a_consumer_owes_no_costs(belgian: LateDesk) -> None:
    desk = belgian
    customer = desk.contact(consumer(language="nl"))
    invoice = desk.late("283.02", "6", customer)
    desk.at(date(2026, 4, 10))
    desk.book_bank(date(2026, 4, 10))
    first = leave(desk, desk.remind(invoice, channel="post", customer=customer)).document
    assert first.items[0].announced == 0
    assert first.mentions[2] == "Openstaande hoofdsom: 300,00 EUR."
    desk.at(date(2026, 5, 8))
    desk.book_bank(date(2026, 5, 8))
    second = desk.remind(invoice, level=2, channel="post", customer=customer).document
    assert second.due == 30_000


@pytest.mark.feature("M43")
def test_a_french_consumer_and_another_currency_bear_no_lump_sum(late_desk: LateDesk) -> None:
    desk = late_desk
    customer = desk.contact(mailed(nature="private"))
    invoice = desk.late(customer=customer)
    desk.at(date(2026, 4, 10))
    desk.book_bank(date(2026, 4, 10))
    first = leave(desk, desk.remind(invoice, channel="post", customer=customer)).document
    assert first.mentions == ()
    desk.at(date(2026, 5, 8))
    desk.book_bank(date(2026, 5, 8))
    second = desk.remind(invoice, level=2, channel="post", customer=customer).document
    assert second.due == 120_000


@pytest.mark.feature("M43")
def test_the_policy_and_the_exclusions_are_set_in_order(late_desk: LateDesk) -> None:
    store, book = late_desk.store, late_desk.book
    for wrong in (
        ReminderPolicy(after_due=(7, 7, 30)),
        ReminderPolicy(after_due=(0, 7, 30)),
        ReminderPolicy(after_due=(7, 18, 400)),
        ReminderPolicy(between=0),
    ):
        with pytest.raises(Refusals) as refusal:
            reminder_settings.set_policy(store, book, wrong, late_desk.command())
        assert isinstance(refusal.value.refused, PolicyIsWrong)
    early = ReminderPolicy(after_due=(1, 2, 3), between=1)
    written = reminder_settings.set_policy(store, book, early, late_desk.command())
    assert written.answer == early
    assert reminder_settings.set_policy(store, book, early, late_desk.command()).events == ()
    customer = late_desk.customer
    with pytest.raises(Refusals) as refusal:
        reminder_settings.resume_reminders(store, book, customer, "x", late_desk.command())
    assert isinstance(refusal.value.refused, RemindersAreNotSuspended)
