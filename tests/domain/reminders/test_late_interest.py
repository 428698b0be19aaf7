"""Interest for late payment: the figures of the law, and what holds for any figures."""

from datetime import date, timedelta

import pytest
from hypothesis import given as over
from hypothesis import strategies as some

from domain.countries.be_holidays import easter, is_working_day
from domain.countries.be_late_payment import LATE_PAYMENT as BELGIUM
from domain.countries.fr_late_payment import LATE_PAYMENT as FRANCE
from domain.countries.late_payment import LateRate, Tariff
from domain.reminders.late_interest import LateInterest, Settlement, reckon

MARCH_31 = date(2026, 3, 31)
FOREVER = LateRate(rate="10", valid_from=date(2000, 1, 1), valid_to=date(2099, 12, 31))


def split(rate: str) -> tuple[LateRate, ...]:
    """The same rate in every half-year of the century."""
    return tuple(
        LateRate(rate=rate, valid_from=first, valid_to=last)
        for year in range(2000, 2100)
        for first, last in (
            (date(year, 1, 1), date(year, 6, 30)),
            (date(year, 7, 1), date(year, 12, 31)),
        )
    )


@pytest.mark.feature("M43")
def test_the_french_figure_of_45_days_at_12_15_percent():
    paid = [Settlement(day=date(2026, 5, 15), amount=120_000)]
    found = reckon(120_000, MARCH_31, date(2026, 5, 15), paid, FRANCE.company)
    assert found == LateInterest(amount=1_798, until=date(2026, 5, 15))
    later = reckon(120_000, MARCH_31, date(2026, 11, 21), paid, FRANCE.company)
    assert later == LateInterest(amount=1_798, until=date(2026, 11, 21))


@pytest.mark.feature("M43")
@pytest.mark.parametrize(
    ("until", "cents"),
    [
        # 181 days of 2025-H1 from 1 January at 11.5 %: 1000 × 0.115 × 181 / 365
        (date(2025, 6, 30), 5_703),
        # and 184 days at 10.5 %
        (date(2025, 12, 31), 10_996),
        (date(2026, 1, 1), 11_025),
    ],
)
def test_belgian_interest_between_businesses_is_split_at_half_years(until: date, cents: int):
    found = reckon(100_000, date(2024, 12, 31), until, [], BELGIUM.company)
    assert (found.amount, found.is_whole) == (cents, True)


@pytest.mark.feature("M43")
def test_what_is_paid_bears_no_interest_from_the_day_after():
    """30 days on 1000, then 31 on 400, at 12.15 %: 9.986 + 4.128, rounded once."""
    paid = [Settlement(day=date(2026, 4, 30), amount=60_000)]
    found = reckon(100_000, MARCH_31, date(2026, 5, 31), paid, FRANCE.company)
    assert found.amount == 1_411
    before = [Settlement(day=date(2026, 3, 1), amount=60_000)]
    assert reckon(100_000, MARCH_31, date(2026, 4, 30), before, FRANCE.company).amount == 399


@pytest.mark.feature("M43")
@pytest.mark.parametrize("tariff", [FRANCE.company, BELGIUM.company])
def test_a_rate_that_is_not_known_is_not_guessed(tariff: Tariff):
    """The second half of 2026 has no row: the reckoning ends on 30 June and says so."""
    known = reckon(120_000, MARCH_31, date(2026, 6, 30), [], tariff)
    found = reckon(120_000, MARCH_31, date(2026, 11, 21), [], tariff)
    assert known.is_whole
    assert found == LateInterest(amount=known.amount, until=date(2026, 6, 30), is_whole=False)
    nothing = reckon(120_000, date(2026, 7, 31), date(2026, 11, 21), [], tariff)
    assert nothing == LateInterest(until=date(2026, 7, 31), is_whole=False)


@pytest.mark.feature("M43")
def test_a_public_buyer_in_france_pays_the_rate_of_the_day_on_which_interest_begins():
    begun = reckon(100_000, date(2024, 12, 1), date(2025, 3, 31), [], FRANCE.public)
    assert begun.amount == 4_027  # 120 days at 12.25 %
    company = reckon(100_000, date(2024, 12, 1), date(2025, 3, 31), [], FRANCE.company)
    assert company.amount == 4_414  # 30 days at 14.25 %, 90 at 13.15 %
    assert FRANCE.private.rates == ()


@pytest.mark.feature("M43")
@pytest.mark.parametrize(
    ("day", "business", "civil"),
    [
        (date(2023, 6, 30), "10.5", "5.25"),
        (date(2024, 1, 1), "12.5", "5.75"),
        (date(2024, 12, 31), "12.5", "5.75"),
        (date(2025, 1, 1), "11.5", "4.5"),
        (date(2025, 7, 1), "10.5", "4.5"),
        (date(2026, 1, 1), "10.5", "4.5"),
        (date(2026, 6, 30), "10.5", "4.5"),
    ],
)
def test_the_belgian_rates_of_each_half_year(day: date, business: str, civil: str):
    found = [BELGIUM.of(nature).rate_on(day) for nature in ("company", "public", "private")]
    assert [row and row.rate for row in found] == [business, business, civil]
    assert [BELGIUM.of(nature).lump_sum for nature in ("company", "private")] == [4_000, 0]


@pytest.mark.feature("M43")
@pytest.mark.parametrize(
    ("tariff", "rate", "day", "held"),
    [
        # three times 2.62 %, and what a contract says above it
        (FRANCE.company, "5", date(2026, 6, 30), "7.86"),
        (FRANCE.company, "9.5", date(2026, 1, 1), "9.5"),
        (FRANCE.company, "9.5", date(2024, 12, 31), "14.76"),
        # the legal rate of that half-year is not known here: the law's own rate holds
        (FRANCE.company, "9.5", date(2024, 6, 30), "14.5"),
        (FRANCE.company, "9.5", date(2026, 7, 1), ""),
        (FRANCE.public, "20", date(2026, 1, 1), "10.15"),
        (FRANCE.private, "9", date(2026, 1, 1), ""),
        (BELGIUM.company, "8", date(2026, 7, 1), "8"),
        (BELGIUM.public, "20", date(2026, 1, 1), "10.5"),
        (BELGIUM.private, "8", date(2026, 1, 1), "8"),
        (BELGIUM.private, "15", date(2026, 1, 1), "10.5"),
        (BELGIUM.private, "12", date(2024, 1, 1), "12"),
        (BELGIUM.private, "15", date(2026, 7, 1), ""),
        (BELGIUM.private, "", date(2026, 1, 1), "4.5"),
    ],
)
def test_a_contract_says_its_rate_within_the_law(tariff: Tariff, rate: str, day: date, held: str):
    row = tariff.agreed(rate).rate_on(day)
    assert (row.rate if row is not None else "") == held


def test_no_days_bear_no_interest():
    assert reckon(1, MARCH_31, MARCH_31, [], FRANCE.company) == LateInterest(until=MARCH_31)
    assert reckon(1, MARCH_31, date(2026, 1, 1), [], FRANCE.company).amount == 0


def test_both_tables_agree_on_the_rate_of_the_central_bank():
    """France adds ten points to it, Belgium eight and rounds up to the half point."""
    for french, belgian in zip(FRANCE.company.rates, BELGIUM.company.rates, strict=True):
        assert french.valid_from == belgian.valid_from
        halves = (int(float(french.rate) * 100) - 200 + 49) // 50
        assert halves * 50 == float(belgian.rate) * 100, french
    for french, public in zip(FRANCE.company.rates, FRANCE.public.rates, strict=True):
        assert float(french.rate) - float(public.rate) == pytest.approx(2)


DAYS = some.dates(date(2010, 1, 1), date(2060, 1, 1))
LENGTHS = some.integers(0, 2_000).map(timedelta)
PAID = some.lists(
    some.builds(
        Settlement,
        day=some.dates(date(2010, 1, 1), date(2066, 1, 1)),
        amount=some.integers(1, 200_000),
    ),
    max_size=4,
)
OWED = some.integers(0, 10**9)


@over(owed=OWED, after=DAYS, days=LENGTHS, paid=PAID)
def test_split_at_half_years_is_the_whole_where_rates_are_equal(
    owed: int, after: date, days: timedelta, paid: list[Settlement]
):
    whole = reckon(owed, after, after + days, paid, Tariff(rates=(FOREVER,)))
    parts = reckon(owed, after, after + days, paid, Tariff(rates=split("10")))
    assert whole == parts


@over(owed=OWED, more=OWED, after=DAYS, days=LENGTHS, longer=LENGTHS, paid=PAID)
def test_interest_never_falls_with_time_or_with_what_is_owed(
    *, owed: int, more: int, after: date, days: timedelta, longer: timedelta, paid: list[Settlement]
):
    tariff = Tariff(rates=split("10.5"))
    found = reckon(owed, after, after + days, paid, tariff).amount
    assert 0 <= found <= reckon(owed, after, after + days + longer, paid, tariff).amount
    assert found <= reckon(owed + more, after, after + days, paid, tariff).amount
    assert found <= reckon(owed, after, after + days, [], tariff).amount


@pytest.mark.feature("M43")
@pytest.mark.parametrize(
    ("principal", "indemnity"),
    [
        (1, 2_000),
        (10_000, 2_000),
        (15_000, 2_000),
        (15_001, 3_000),
        (21_500, 3_650),
        (30_000, 4_500),
        (50_000, 6_500),
        (100_000, 9_000),
        (5_000_000, 200_000),
    ],
)
def test_a_consumer_owes_no_more_than_the_caps(principal: int, indemnity: int):
    law = BELGIUM.private.consumer
    assert law is not None
    assert law.indemnity(principal) == indemnity


@pytest.mark.feature("M43")
def test_a_consumer_has_fourteen_days_from_the_day_after_a_mail_or_the_third_working_day():
    law = BELGIUM.private.consumer
    assert law is not None
    monday = date(2023, 9, 18)
    assert law.runs_from("post", monday) == date(2023, 9, 21)
    assert law.free_until("post", monday) == date(2023, 10, 4)
    assert law.free_until("email", monday) == date(2023, 10, 2)
    # Thursday before Easter: Friday, then Tuesday and Wednesday.
    assert law.runs_from("post", date(2026, 4, 2)) == date(2026, 4, 8)
    assert law.runs_from("email", date(2026, 4, 2)) == date(2026, 4, 3)


def test_belgian_working_days():
    assert [easter(year) for year in (2000, 2024, 2025, 2026, 2038)] == [
        date(2000, 4, 23),
        date(2024, 3, 31),
        date(2025, 4, 20),
        date(2026, 4, 5),
        date(2038, 4, 25),
    ]
    off = ["01-01", "04-06", "05-01", "05-14", "05-25", "07-21", "11-11", "12-25"]
    assert not any(is_working_day(date.fromisoformat(f"2026-{day}")) for day in off)
    assert is_working_day(date(2026, 4, 7))
