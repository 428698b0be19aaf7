"""A quote plans the instalments of its invoice; paid deposits take off the first of them (M33)."""

from datetime import date, timedelta

import pytest
from hypothesis import given as over
from hypothesis import strategies as some

from domain.book.refusal import Refused
from domain.ledger.entry import EntryPosted
from domain.quotes.balance import InvoicingTerms
from domain.quotes.quote import DepositTerms, QuoteDrafted, QuoteInvoiced, QuoteRevised
from domain.sales.instalments import (
    DueBeforeIssue,
    InstalmentsAreWrong,
    NewInstalment,
    after_prepayment,
    settle_instalments,
)
from domain.sales.invoice import InvoiceDrafted, InvoiceValidated
from domain.sales.terms import PaymentTerms
from tests.domain.quote_steps import (
    RESETTLED,
    SETTLED,
    accepted,
    content_of,
    draft_quote,
    duplicate_quote,
    invoice_quote,
    new_quote,
    quoted,
    revise_quote,
    settle_deposit,
    validate_of_quote,
)
from tests.domain.spec import Story
from tests.domain.steps import DAY, opened

HALVES = (NewInstalment(percent="50", days=10), NewInstalment(days=40))


def amounts(story: Story) -> list[int]:
    """What the newest validated invoice asks for, part by part."""
    return [part.amount for part in story.newest(InvoiceValidated).instalments]


@pytest.mark.feature("M33")
def test_a_quote_hands_its_instalments_to_its_invoice():
    story = accepted(instalments=HALVES).when(invoice_quote).then(InvoiceDrafted, QuoteInvoiced)
    story.when(validate_of_quote).then(InvoiceValidated, EntryPosted)
    issued = story.newest(InvoiceValidated)
    assert amounts(story) == [6000, 6000]
    assert [part.due_date - DAY for part in issued.instalments] == [
        timedelta(days=10),
        timedelta(days=40),
    ]


@pytest.mark.feature("M33")
def test_the_instalments_of_a_quote_add_up_to_it():
    wrong = (NewInstalment(amount=6000), NewInstalment(amount=5999))
    story = opened()
    refusal = {"gross": 12000, "pointer": "/instalments"}
    story.when(draft_quote, new_quote(instalments=wrong)).refused(InstalmentsAreWrong, **refusal)
    story = quoted(instalments=HALVES)
    story.when(revise_quote, new_quote(instalments=wrong)).refused(InstalmentsAreWrong, **refusal)
    early = (NewInstalment(due_date=DAY - timedelta(days=1)),)
    story.when(revise_quote, new_quote(instalments=early)).refused(
        DueBeforeIssue, pointer="/instalments/0/due_date"
    )
    story.when(revise_quote, new_quote(instalments=())).then(QuoteRevised)


@pytest.mark.feature("M33", "M62")
def test_what_a_deposit_paid_takes_off_the_first_instalments():
    """120.00 in 40 and 80, 70.00 paid before: 50.00 is left, all of it in the second."""
    parts = (NewInstalment(amount=4000, days=0), NewInstalment(amount=8000, days=30))
    story = accepted(deposit=DepositTerms(amount=7000), instalments=parts)
    story.when(settle_deposit).then(*SETTLED)
    story.when(invoice_quote).then(InvoiceDrafted, QuoteInvoiced)
    assert content_of(story).instalments == (NewInstalment(amount=5000, days=30),)


@pytest.mark.feature("M33", "M61")
def test_a_deposit_that_is_paid_late_takes_off_the_first_instalments_too():
    story = accepted(deposit=DepositTerms(percent="50"), instalments=HALVES)
    story.when(invoice_quote, leave_open=True).then(InvoiceDrafted, QuoteInvoiced)
    assert content_of(story).instalments == HALVES
    story.when(settle_deposit).then(*RESETTLED)
    story.when(validate_of_quote).then(InvoiceValidated, EntryPosted)
    assert amounts(story) == [6000]


@pytest.mark.feature("M33")
@pytest.mark.parametrize(
    ("terms", "kept"),
    [
        (InvoicingTerms(due_date=date(2026, 5, 1)), ()),
        (InvoicingTerms(instalments=(NewInstalment(days=3),)), (NewInstalment(days=3),)),
    ],
)
def test_who_invoices_may_ask_for_other_days(terms, kept):
    story = accepted(instalments=HALVES)
    story.when(invoice_quote, terms=terms).then(InvoiceDrafted, QuoteInvoiced)
    assert content_of(story).instalments == kept


def test_a_copy_of_a_quote_keeps_instalments_by_days_and_not_by_dates():
    story = quoted(instalments=HALVES).when(duplicate_quote).then(QuoteDrafted)
    assert story.newest(QuoteDrafted).content.instalments == HALVES
    dated = (NewInstalment(due_date=date(2026, 5, 1)),)
    story = quoted(instalments=dated).when(duplicate_quote).then(QuoteDrafted)
    assert story.newest(QuoteDrafted).content.instalments == ()


@over(
    some.integers(1, 1_000_000),
    some.lists(some.integers(1, 40).map(str), max_size=4),
    some.integers(0, 1_000_000),
)
def test_instalments_after_a_prepayment_add_up_to_what_is_left(gross, percents, prepaid):
    asked = (*(NewInstalment(percent=each) for each in percents), NewInstalment())
    days = {"issue_date": DAY, "due_date": None, "terms": PaymentTerms()}
    if isinstance(settle_instalments(asked, gross, **days), Refused) or prepaid >= gross:
        return
    left = after_prepayment(asked, gross, prepaid)
    parts = settle_instalments(left, gross - prepaid, **days)
    assert not isinstance(parts, Refused)
    assert sum(part.amount for part in parts) == gross - prepaid
