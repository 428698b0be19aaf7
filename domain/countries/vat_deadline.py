"""Until when a VAT return can be filed and replaced: dated, by country and length of period."""

from datetime import date, timedelta

from msgspec import Struct

from domain.countries.country import Country
from domain.values.days import is_in_force

_EVER = date(2000, 1, 1)
_SATURDAY = 5


class Deadline(Struct, frozen=True, kw_only=True):
    """The day of the month after a period of so many months; `rolls` past a weekend."""

    country: Country
    months: int
    day: int
    rolls: bool
    valid_from: date = _EVER
    valid_to: date | None = None


# Belgium: the 20th, since 2025 the 25th for quarters; there weekends count by a tolerance that goes
# on until the reform of the VAT chain is complete. France: between the 15th and the 24th, by kind
# of company and department; the last of these days.
DEADLINES = (
    Deadline(country="BE", months=1, day=20, rolls=True),
    Deadline(country="BE", months=3, day=20, rolls=True, valid_to=date(2024, 12, 31)),
    Deadline(country="BE", months=3, day=25, rolls=True, valid_from=date(2025, 1, 1)),
    Deadline(country="FR", months=1, day=24, rolls=True),
    Deadline(country="FR", months=3, day=24, rolls=True),
)


def deadline_of(country: Country, months: int, following: date) -> date:
    """The last day for a period of `months` whose next one begins on `following`."""
    rule = next(
        each
        for each in DEADLINES
        if (each.country, each.months) == (country, months)
        and is_in_force(each.valid_from, each.valid_to, following)
    )
    day = following.replace(day=rule.day)
    while rule.rolls and day.weekday() >= _SATURDAY:
        day += timedelta(days=1)
    return day
