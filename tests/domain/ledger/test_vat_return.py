"""Filing a return: what refuses it, its deadline, and the periods it is for."""

from datetime import date

import pytest

from domain.countries.vat_deadline import deadline_of
from domain.ledger.vat_filing import file_return
from domain.ledger.vat_period import VatPeriod, read_period
from domain.ledger.vat_return import GridIsNegative, Prepared, VatReturnFiled
from tests.domain.steps import BELGIAN, opened, standing


def prepared(**grids: int) -> Prepared:
    period = VatPeriod(2026, 7, 3)
    return Prepared(period=period, grids=grids, carried={}, stands_on=7, known=0)


def test_a_negative_grid_is_not_filed():
    for amount, kind in ((-1, GridIsNegative), (1, list)):
        at = standing(opened(BELGIAN), "OD", date(2026, 9, 30), date(2026, 10, 1))
        decision = file_return((), prepared(**{"54": amount}), at, file="", reference="")
        assert isinstance(decision, kind)
        if isinstance(decision, list):
            (filed,) = decision
            assert isinstance(filed, VatReturnFiled)
            assert (filed.period, filed.stands_on, filed.replaces) == ("2026-Q3", 7, 0)


@pytest.mark.parametrize(
    ("months", "following", "day"),
    [
        (1, date(2026, 6, 1), date(2026, 6, 22)),  # the 20th is a Saturday
        (1, date(2026, 7, 1), date(2026, 7, 20)),
        (3, date(2024, 10, 1), date(2024, 10, 21)),
        (3, date(2025, 1, 1), date(2025, 1, 27)),
        (3, date(2026, 10, 1), date(2026, 10, 26)),
    ],
)
def test_the_belgian_deadlines(months: int, following: date, day: date):
    assert deadline_of("BE", months, following) == day


@pytest.mark.parametrize("text", ["2026-01", "2026-12", "2026-Q1", "2026-Q4"])
def test_a_period_is_read_as_it_is_written(text: str):
    period = read_period(text)
    assert period is not None
    assert str(period) == text
    following = period.like(period.following)
    assert following.follows(period)
    assert period.first_month <= period.last_day.isoformat()[:7] == period.last_month
