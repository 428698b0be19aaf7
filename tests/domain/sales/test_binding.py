"""A draft keeps what it comes from, and no more than its lines are revised."""

import pytest

from domain.ledger.entry import EntryPosted
from domain.parties.contact import ContactCreated
from domain.quotes.progress import Progress
from domain.quotes.quote import DepositTerms, QuoteInvoiced, SituationInvoiced
from domain.quotes.situation import NewSituation
from domain.sales.binding import CustomerIsBound, SituationHasItsOwnRevision
from domain.sales.content import NewInstalment, TotalIsNegative
from domain.sales.document import add_up
from domain.sales.instalments import InstalmentsAreWrong
from domain.sales.invoice import InvoiceDrafted, InvoiceRevised, InvoiceValidated
from tests.domain.quote_steps import (
    SETTLED,
    accepted,
    content_of,
    invoice_quote,
    invoice_situation,
    settle_deposit,
    validate_of_quote,
)
from tests.domain.spec import Story
from tests.domain.steps import CUSTOMER, create_contact, new_invoice, new_line, revise


def balance() -> Story:
    """A book with the draft of a balance invoice: 120.00 less a deposit of 60.00."""
    story = accepted(deposit=DepositTerms(percent="50")).when(settle_deposit).then(*SETTLED)
    return story.when(invoice_quote).then(InvoiceDrafted, QuoteInvoiced)


@pytest.mark.feature("M25", "M62")
def test_a_revised_balance_keeps_kind_links_and_deposits():
    story = balance()
    before = content_of(story)
    story.when(revise, new_invoice(new_line("200.00"))).then(InvoiceRevised)
    after = content_of(story)
    assert (after.kind, after.links) == (before.kind, before.links)
    assert add_up(after.lines).gross == 24000 - 6000


@pytest.mark.feature("M62")
def test_a_balance_is_not_less_than_its_deposits():
    balance().when(revise, new_invoice(new_line("49.00"))).refused(TotalIsNegative, gross=-120)


@pytest.mark.feature("M25")
def test_a_draft_of_a_quote_is_for_its_customer():
    story = balance().when(create_contact, CUSTOMER, "ctc_3").then(ContactCreated)
    story.when(revise, new_invoice(customer_id="ctc_3")).refused(
        CustomerIsBound, customer_id="ctc_1", pointer="/customer_id"
    )


@pytest.mark.feature("M65")
def test_a_situation_is_revised_by_its_progress():
    half = NewSituation(progress=(Progress(line=0, percent="50"),))
    story = accepted().when(invoice_situation, half).then(InvoiceDrafted, SituationInvoiced)
    story.when(revise, new_invoice()).refused(SituationHasItsOwnRevision)


@pytest.mark.feature("M33", "M62")
def test_the_instalments_of_a_balance_are_of_what_is_left_to_pay():
    parts = (NewInstalment(amount=2000, days=10), NewInstalment(amount=4000, days=40))
    story = balance().when(revise, new_invoice(instalments=parts)).then(InvoiceRevised)
    wrong = (NewInstalment(amount=6000), NewInstalment(amount=6000))
    story.when(revise, new_invoice(instalments=wrong)).refused(InstalmentsAreWrong, gross=6000)
    story.when(validate_of_quote).then(InvoiceValidated, EntryPosted)
    assert [part.amount for part in story.newest(InvoiceValidated).instalments] == [2000, 4000]
