"""A quote from draft to answer, and every reason to refuse one."""

from datetime import date, timedelta

import pytest

from domain.deposits.deposit import DepositInstalmentOpened
from domain.deposits.terms import DepositTermsAreWrong
from domain.ledger.numbering import DateIsBehindSeries
from domain.parties.company import OptionSet
from domain.parties.contact import ContactIsUnknown
from domain.parties.options import FeatureIsOff
from domain.quotes.answering import (
    ProbabilityIsWrong,
    QuoteIsAnswered,
    QuoteIsExpired,
    QuoteIsNotRefused,
)
from domain.quotes.quote import (
    Accepted,
    Declined,
    DepositTerms,
    Draft,
    QuoteAccepted,
    QuoteDrafted,
    QuoteInvoiced,
    QuoteProbabilitySet,
    QuoteRefused,
    QuoteRestored,
    QuoteRevised,
    QuoteSent,
)
from domain.quotes.quoting import (
    QuoteDateIsNotToday,
    QuoteIsNotADraft,
    QuoteIsUnknown,
    ValidityIsPast,
)
from domain.sales.document import add_up
from domain.sales.invoice import InvoiceDrafted
from domain.sales.pricing import Discount, Shipping
from tests.domain.quote_steps import (
    accept_quote,
    accepted,
    content_of,
    draft_quote,
    duplicate_quote,
    invoice_quote,
    new_quote,
    quote_of,
    quoted,
    refuse_quote,
    restore_quote,
    revise_quote,
    send_quote,
    set_probability,
)
from tests.domain.steps import DAY, new_line, opened

TOMORROW = DAY + timedelta(days=1)


@pytest.mark.feature("M14", "M15", "M22")
def test_number_and_date_of_a_quote_come_by_themselves():
    story = quoted()
    story.when(draft_quote, new_quote(), "qte_2").then(QuoteDrafted)
    first, second = story.all(QuoteDrafted)
    assert (first.document_number, first.issue_date) == ("DE-2026-00001", DAY)
    assert second.document_number == "DE-2026-00002"
    assert isinstance(quote_of(story), Draft)


@pytest.mark.feature("M16")
@pytest.mark.parametrize("day", [DAY - timedelta(days=1), TOMORROW])
def test_a_quote_is_neither_antedated_nor_postdated(day: date):
    story = opened()
    story.when(draft_quote, new_quote(issue_date=day)).refused(QuoteDateIsNotToday, today=DAY)
    story.when(draft_quote, new_quote(issue_date=DAY)).then(QuoteDrafted)


@pytest.mark.feature("M16")
def test_dates_of_quotes_never_go_back():
    story = quoted()
    yesterday = DAY - timedelta(days=1)
    story.when(draft_quote, new_quote(), "qte_2", yesterday).refused(DateIsBehindSeries)


@pytest.mark.feature("M17")
def test_a_quote_has_a_customer():
    story = opened()
    story.when(draft_quote, new_quote(customer_id="ctc_9")).refused(
        ContactIsUnknown, pointer="/customer_id"
    )


@pytest.mark.feature("M21")
def test_a_quote_has_discount_shipping_and_deposit():
    story = quoted(
        new_line("100.00", "20"),
        new_line("50.00", "5.5"),
        discount=Discount(percent="10"),
        shipping=Shipping(amount=1500),
        deposit=DepositTerms(percent="30"),
    )
    totals = add_up(story.newest(QuoteDrafted).content.lines)
    assert (totals.net, totals.gross) == (15000, 17275)


@pytest.mark.feature("M21")
@pytest.mark.parametrize(
    "terms",
    [
        DepositTerms(),
        DepositTerms(percent="10", amount=10),
        DepositTerms(percent="101"),
        DepositTerms(percent="0"),
        DepositTerms(amount=12001),
        DepositTerms(amount=-1),
        DepositTerms(percent="10", days=-1),
    ],
)
def test_a_deposit_is_one_sound_thing(terms: DepositTerms):
    opened().when(draft_quote, new_quote(deposit=terms)).refused(
        DepositTermsAreWrong, most=12000, pointer="/deposit"
    )


@pytest.mark.feature("M22", "M23")
def test_a_draft_quote_is_revised_whole_and_then_sent():
    story = quoted().when(revise_quote, new_quote(new_line("7.00"))).then(QuoteRevised)
    known = quote_of(story)
    assert known is not None
    assert known.content.lines[0].net == 700
    assert known.number == "DE-2026-00001"
    story.when(send_quote).then(QuoteSent)
    story.when(revise_quote, new_quote()).refused(QuoteIsNotADraft, position=story.place(QuoteSent))
    story.when(send_quote).refused(QuoteIsNotADraft)


@pytest.mark.feature("M15")
def test_a_later_revision_keeps_the_date_of_the_quote():
    story = quoted()
    story.when(revise_quote, new_quote(issue_date=DAY), TOMORROW).then(QuoteRevised)
    story.when(revise_quote, new_quote(issue_date=TOMORROW), DAY).refused(QuoteDateIsNotToday)


@pytest.mark.feature("M23")
def test_a_sent_quote_is_accepted_once():
    story = quoted().when(send_quote).then(QuoteSent)
    story.when(accept_quote).then(QuoteAccepted)
    known = quote_of(story)
    assert isinstance(known, Accepted)
    assert known.accepted_on == DAY
    place = story.place(QuoteAccepted)
    story.when(accept_quote).refused(QuoteIsAnswered, position=place)
    story.when(refuse_quote).refused(QuoteIsAnswered, position=place)
    story.when(restore_quote).refused(QuoteIsNotRefused, position=place)
    story.when(set_probability, 50).refused(QuoteIsAnswered, position=place)


@pytest.mark.feature("M23", "M24")
def test_a_refused_quote_is_restored_with_its_history():
    story = quoted().when(send_quote).then(QuoteSent)
    story.when(refuse_quote).then(QuoteRefused)
    known = quote_of(story)
    assert isinstance(known, Declined)
    assert known.reason == "Trop cher"
    story.when(accept_quote).refused(QuoteIsAnswered)
    story.when(restore_quote).then(QuoteRestored)
    assert isinstance(quote_of(story), Draft)
    story.when(revise_quote, new_quote(new_line("90.00"))).then(QuoteRevised)
    story.when(accept_quote).then(QuoteAccepted)
    assert len(story.all(QuoteRefused)) == 1


@pytest.mark.feature("M23", "M47")
def test_an_expired_quote_is_not_accepted():
    story = quoted(valid_until=DAY)
    story.when(accept_quote, TOMORROW).refused(QuoteIsExpired, valid_until=DAY)
    story.when(accept_quote, DAY).then(QuoteAccepted)


def test_a_quote_is_valid_today_at_least():
    story = opened()
    past = new_quote(valid_until=DAY - timedelta(days=1))
    story.when(draft_quote, past).refused(ValidityIsPast, pointer="/valid_until")


@pytest.mark.feature("M19")
def test_a_quote_has_a_probability():
    story = quoted().when(set_probability, 75).then(QuoteProbabilitySet)
    known = quote_of(story)
    assert known is not None
    assert known.probability == 75
    story.when(set_probability, 75).then()
    story.when(set_probability, 101).refused(ProbabilityIsWrong, pointer="/probability")
    story.when(set_probability, -1).refused(ProbabilityIsWrong)


@pytest.mark.feature("M19", "M50")
def test_without_deals_there_is_no_probability():
    story = quoted().happened(OptionSet(option="deals", on=False))
    story.when(set_probability, 75).refused(FeatureIsOff, option="deals")


@pytest.mark.feature("M10")
def test_without_quotes_none_begins_and_the_old_ones_stay():
    story = quoted().when(refuse_quote).then(QuoteRefused)
    story.happened(OptionSet(option="quotes", on=False))
    assert isinstance(quote_of(story), Declined)
    story.when(restore_quote).refused(FeatureIsOff, option="quotes")
    story.when(draft_quote, new_quote(), "qte_2").refused(FeatureIsOff, option="quotes")
    story.when(duplicate_quote).refused(FeatureIsOff, option="quotes")
    story = quoted().happened(OptionSet(option="quotes", on=False))
    story.when(send_quote).refused(FeatureIsOff)
    story.when(accept_quote).refused(FeatureIsOff)
    story.when(revise_quote, new_quote()).refused(FeatureIsOff)


def test_a_quote_is_duplicated_under_its_own_number():
    story = quoted(new_line("70.00"), valid_until=DAY)
    story.when(duplicate_quote, today=TOMORROW).then(QuoteDrafted)
    copy = story.newest(QuoteDrafted)
    assert (copy.document_number, copy.issue_date) == ("DE-2026-00002", TOMORROW)
    assert copy.content.lines == story.all(QuoteDrafted)[0].content.lines
    assert copy.content.valid_until is None
    assert [link.number for link in copy.links] == ["DE-2026-00001"]


def test_what_is_not_there_cannot_move():
    story = opened()
    for step in (send_quote, accept_quote, refuse_quote, restore_quote, duplicate_quote):
        story.when(step).refused(QuoteIsUnknown)


@pytest.mark.feature("M57")
def test_acceptance_opens_the_deposit_instalment():
    story = accepted(deposit=DepositTerms(percent="30", days=8))
    due = story.newest(DepositInstalmentOpened)
    assert (due.gross, due.percent, due.due_date) == (3600, "30", DAY + timedelta(days=8))
    assert due.ordinal == 1


@pytest.mark.feature("M18")
def test_a_quote_names_its_template_and_its_invoice_has_its_own():
    story = accepted(template="tpl_devis")
    known = quote_of(story)
    assert known is not None
    assert known.content.template == "tpl_devis"
    story.when(invoice_quote).then(InvoiceDrafted, QuoteInvoiced)
    assert content_of(story).template == ""
