"""When documents fall due: days, ends of months, and fixed days of months."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.sales.terms import PaymentTerms

DAYS = st.dates(date(2000, 1, 1), date(2098, 1, 1))


@pytest.mark.feature("M32")
@pytest.mark.parametrize(
    ("terms", "issued", "due"),
    [
        (PaymentTerms(), date(2026, 1, 31), date(2026, 3, 2)),
        (PaymentTerms(days=0), date(2026, 1, 31), date(2026, 1, 31)),
        (PaymentTerms(days=30, end_of_month=True), date(2026, 1, 15), date(2026, 2, 28)),
        (PaymentTerms(days=45, end_of_month=True), date(2027, 12, 20), date(2028, 2, 29)),
        (PaymentTerms(end_of_month=True, day_of_month=10), date(2026, 1, 15), date(2026, 3, 10)),
        (PaymentTerms(days=0, day_of_month=15), date(2026, 1, 15), date(2026, 1, 15)),
        (PaymentTerms(days=0, day_of_month=15), date(2026, 12, 16), date(2027, 1, 15)),
        (PaymentTerms(days=0, day_of_month=31), date(2026, 2, 3), date(2026, 2, 28)),
    ],
)
def test_a_due_date(terms: PaymentTerms, issued: date, due: date):
    assert terms.due_on(issued) == due


@given(st.integers(0, 365), st.booleans(), st.integers(0, 31), DAYS)
@settings(max_examples=300)
def test_nothing_falls_due_before_its_days_or_two_months_late(days, end, day, issued):
    due = PaymentTerms(days=days, end_of_month=end, day_of_month=day).due_on(issued)
    assert timedelta(days=days) <= due - issued <= timedelta(days=days + 62)


def test_impossible_terms_are_known():
    assert PaymentTerms().is_possible
    for wrong in (PaymentTerms(days=-1), PaymentTerms(days=366), PaymentTerms(day_of_month=32)):
        assert not wrong.is_possible
