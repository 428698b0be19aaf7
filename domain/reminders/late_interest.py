"""Interest for late payment: simple, by days of 365, on what is unpaid, rounded once (L441-10)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from msgspec import Struct

from domain.countries.late_payment import LateRate, Tariff
from domain.values.money import half_up

_DAY = timedelta(days=1)
_OF_A_YEAR = 100 * 365


class Settlement(Struct, frozen=True, kw_only=True):
    """What was paid on a day, in minor units: from the day after, so much less is owed."""

    day: date
    amount: int


class LateInterest(Struct, frozen=True, kw_only=True):
    """Interest in minor units, up to the day `until`, which counts.

    Not `is_whole` where something is owed after it on days whose rate is not known.
    """

    amount: int = 0
    until: date
    is_whole: bool = True


def reckon(
    owed: int, after: date, until: date, settlements: Sequence[Settlement], tariff: Tariff
) -> LateInterest:
    """Interest on `owed` from the day after `after` to `until`, both counted.

    Each rate counts for the days of its half-year (D441-5), on what was open then, and the sum is
    rounded half-up. Where a rate is not known, the reckoning ends with the day before.
    """
    if until <= after:
        return LateInterest(until=after)
    exact, reached = Fraction(0), after
    for start, end in pairwise(_cuts(after, until, settlements, tariff.rates)):
        open_ = owed - sum(each.amount for each in settlements if each.day <= start)
        if open_ > 0:
            row = tariff.rate_on((after if tariff.settled_at_start else start) + _DAY)
            if row is None:
                return LateInterest(amount=half_up(exact), until=reached, is_whole=False)
            exact += Fraction(open_ * (end - start).days) * Fraction(row.rate) / _OF_A_YEAR
        reached = end
    return LateInterest(amount=half_up(exact), until=reached)


def _cuts(
    after: date, until: date, settlements: Iterable[Settlement], rates: Iterable[LateRate]
) -> list[date]:
    """The days, in order, after which the rate or what is open may be another."""
    inner = [*(each.day for each in settlements), *(row.valid_to for row in rates)]
    return sorted({after, until, *(day for day in inner if after < day < until)})
