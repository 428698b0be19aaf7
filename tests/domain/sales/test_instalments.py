"""Instalments: several days on one invoice, Σ = total to the cent (M32, M33)."""

from datetime import date, timedelta

import pytest
from hypothesis import given as over
from hypothesis import strategies as some
from msgspec.structs import replace

from domain.book.refusal import Refused
from domain.ledger.entry import EntryPosted
from domain.parties.contact import ContactChanged
from domain.sales.instalments import (
    DueBeforeIssue,
    InstalmentsAreWrong,
    NewInstalment,
    check_instalments,
    settle_instalments,
)
from domain.sales.invoice import InvoiceDrafted, InvoiceValidated
from domain.sales.terms import PaymentTerms
from domain.values.faults import DayIsOutOfBounds
from tests.domain.steps import (
    CUSTOMER,
    DAY,
    change_contact,
    draft,
    new_invoice,
    new_line,
    opened,
    validate,
)

TERMS = PaymentTerms(days=30)


def settled(*asked: NewInstalment, gross: int = 10_000):
    return settle_instalments(asked, gross, issue_date=DAY, due_date=None, terms=TERMS)


@pytest.mark.feature("M32")
def test_without_instalments_all_is_due_by_the_customers_terms():
    story = opened()
    terms = replace(CUSTOMER, payment_days=30, end_of_month=True, payment_means="direct_debit")
    story.when(change_contact, terms).then(ContactChanged)
    story.when(draft, new_invoice()).then(InvoiceDrafted)
    story.when(validate).then(InvoiceValidated, EntryPosted)
    invoice = story.newest(InvoiceValidated)
    assert invoice.due_date == date(2026, 4, 30)
    assert [(x.due_date, x.amount) for x in invoice.instalments] == [(date(2026, 4, 30), 12000)]
    assert invoice.payment_means == "direct_debit"


@pytest.mark.feature("M33")
def test_each_instalment_has_its_line_in_the_entry():
    story = opened()
    parts = (
        NewInstalment(percent="30", days=0),
        NewInstalment(amount=5000, due_date=date(2026, 5, 2)),
        NewInstalment(days=60),
    )
    story.when(draft, new_invoice(new_line("100.01"), instalments=parts)).then(InvoiceDrafted)
    story.when(validate).then(InvoiceValidated, EntryPosted)
    invoice, entry = story.newest(InvoiceValidated), story.newest(EntryPosted)
    assert invoice.totals.gross == 12001
    assert invoice.due_date == DAY + timedelta(days=60)
    assert [(x.account, x.party, x.debit, x.due_date) for x in entry.lines[:3]] == [
        ("411000", "ctc_1", 3600, DAY),
        ("411000", "ctc_1", 5000, date(2026, 5, 2)),
        ("411000", "ctc_1", 3401, DAY + timedelta(days=60)),
    ]
    assert sum(x.debit for x in entry.lines) == sum(x.credit for x in entry.lines) == 12001


@pytest.mark.feature("M33")
@pytest.mark.parametrize(
    "asked",
    [
        (NewInstalment(amount=9_999),),
        (NewInstalment(amount=10_000), NewInstalment()),
        (NewInstalment(), NewInstalment()),
        (NewInstalment(amount=1, percent="50"), NewInstalment()),
        (NewInstalment(percent="60"), NewInstalment(percent="60")),
        (NewInstalment(percent="101"), NewInstalment()),
        (NewInstalment(amount=0), NewInstalment()),
        (NewInstalment(amount=1, days=3, due_date=DAY), NewInstalment()),
        (NewInstalment(amount=1, days=366), NewInstalment()),
        (*[NewInstalment(amount=1)] * 60, NewInstalment()),
    ],
)
def test_instalments_that_cannot_be(asked):
    assert isinstance(check_instalments(asked, 10_000), InstalmentsAreWrong)
    story = opened()
    story.when(draft, new_invoice(new_line("83.33"), instalments=asked)).refused(
        InstalmentsAreWrong
    )


@pytest.mark.feature("M33")
def test_days_of_instalments_are_possible():
    late = NewInstalment(due_date=date(2100, 1, 1))
    assert isinstance(check_instalments((late,), 10_000), DayIsOutOfBounds)
    early = settled(NewInstalment(amount=1, due_date=DAY - timedelta(days=1)), NewInstalment())
    assert isinstance(early, DueBeforeIssue)
    assert early.pointer == "/instalments/0/due_date"
    assert isinstance(settled(NewInstalment(amount=1)), InstalmentsAreWrong)


@pytest.mark.feature("M33")
def test_three_thirds_by_percentage_close_the_cent():
    thirds = (NewInstalment(percent="33.33"), NewInstalment(percent="33.33"))
    parts = settled(*thirds, NewInstalment(percent="33.34"), gross=10_001)
    assert not isinstance(parts, Refused)
    assert [part.amount for part in parts] == [3333, 3333, 3335]


@over(
    some.integers(1, 10_000_000),
    some.lists(some.integers(1, 30).map(str), min_size=0, max_size=3),
)
def test_instalments_add_up_to_the_total(gross, percents):
    parts = settled(
        *(NewInstalment(percent=each) for each in percents), NewInstalment(), gross=gross
    )
    if not isinstance(parts, Refused):
        assert sum(part.amount for part in parts) == gross
        assert min(part.amount for part in parts) > 0
