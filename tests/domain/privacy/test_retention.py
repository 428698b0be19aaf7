"""How long documents are kept, the day before and the day of every change of the law."""

from datetime import date

import pytest

from domain.countries.atlas import RULES
from domain.privacy.retention import KeptUntil, Retention, kept_until

TAX = "LPF art. L102 B"
FRENCH_TAX = [rule for rule in RULES["FR"].retention if rule.law == TAX]


@pytest.mark.parametrize(
    ("issued", "until"),
    [
        (date(2020, 12, 31), date(2026, 12, 31)),  # over on the eve of the change: six years
        (date(2021, 1, 1), date(2031, 1, 1)),  # not over on the day of the change: ten
        (date(2026, 11, 20), date(2036, 11, 20)),
        (date(2028, 2, 29), date(2038, 3, 1)),
    ],
)
def test_six_years_become_ten_for_what_was_not_over(issued: date, until: date) -> None:
    assert kept_until(FRENCH_TAX, issued, 1) == KeptUntil(until, TAX)


@pytest.mark.parametrize(
    ("issued", "start_month", "until"),
    [
        (date(2026, 3, 16), 1, date(2036, 12, 31)),
        (date(2026, 3, 16), 7, date(2036, 6, 30)),
        (date(2026, 7, 1), 7, date(2037, 6, 30)),
    ],
)
def test_french_books_are_kept_ten_years_from_the_end_of_their_exercise(
    issued: date, start_month: int, until: date
) -> None:
    found = kept_until(RULES["FR"].retention, issued, start_month)
    assert found == KeptUntil(until, "C. com. art. L123-22")


def test_belgian_invoices_are_kept_ten_years_from_the_january_after_them() -> None:
    found = kept_until(RULES["BE"].retention, date(2026, 11, 20), 1)
    assert found == KeptUntil(date(2036, 12, 31), "CTVA art. 60")


def test_the_longest_law_counts() -> None:
    short = Retention(law="short", years=1, start="document", valid_from=date(2000, 1, 1))
    long = Retention(law="long", years=2, start="document", valid_from=date(2000, 1, 1))
    day = date(2026, 5, 5)
    assert kept_until([short, long], day, 1) == KeptUntil(date(2028, 5, 5), "long")
