"""Belgium: working days, with the ten legal holidays (law of 4 January 1974)."""

from datetime import date, timedelta

_FIXED = frozenset([(1, 1), (5, 1), (7, 21), (8, 15), (11, 1), (11, 11), (12, 25)])
_AFTER_EASTER = (1, 39, 50)
"""Easter Monday, Ascension, Whit Monday: days after Easter."""


def is_working_day(day: date) -> bool:
    """Whether `day` is none of Saturday, Sunday and legal holidays.

    The law counts some Saturdays: without them a term ends later, never too early for who owes.
    """
    after = (day - easter(day.year)) // timedelta(days=1)
    holiday = (day.month, day.day) in _FIXED or after in _AFTER_EASTER
    return day.weekday() < 5 and not holiday


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    century, of_century = divmod(year, 100)
    leap, rest = divmod(century, 4)
    golden = year % 19
    moon = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * rest + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
