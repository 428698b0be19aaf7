"""What being late costs a customer by law: dated rates, a lump sum, and what protects consumers."""

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from domain.values.days import is_in_force
from domain.values.money import half_up

Channel = Literal["email", "post"]


class LateRate(Struct, frozen=True, kw_only=True):
    """A rate in percent a year and the days for which it holds, both counted.

    A rate that is not published yet has no row: nobody guesses it.
    """

    rate: str
    valid_from: date
    valid_to: date


class Tier(Struct, frozen=True, kw_only=True):
    """A step of an indemnity: above `above` it is `fixed`, and `percent` of what lies beyond."""

    above: int
    fixed: int
    percent: int = 0


class ConsumerLaw(Struct, frozen=True, kw_only=True):
    """What a consumer is protected by: a first reminder that costs nothing, days, a largest sum.

    Amounts in minor units. The `days` run from the day after a mail is sent, and from the
    `posted`th working day after a letter is. Costs need a clause that both sides agreed on.
    """

    law: str
    valid_from: date
    days: int
    posted: int
    is_working_day: Callable[[date], bool]
    tiers: tuple[Tier, ...]
    most: int

    def runs_from(self, channel: Channel, sent_on: date) -> date:
        """The first of the days that a reminder of `sent_on` leaves to pay without costs."""
        day = sent_on + _DAY
        if channel == "email":
            return day
        working = int(self.is_working_day(day))
        while working < self.posted:
            day += _DAY
            working += int(self.is_working_day(day))
        return day

    def free_until(self, channel: Channel, sent_on: date) -> date:
        """The last of those days: from the day after it, costs may be asked."""
        return self.runs_from(channel, sent_on) + (self.days - 1) * _DAY

    def indemnity(self, principal: int) -> int:
        """The most that may be asked beside a principal, in minor units."""
        tier = next(each for each in reversed(self.tiers) if principal > each.above)
        part = Fraction((principal - tier.above) * tier.percent, 100)
        return min(tier.fixed + half_up(part), self.most)


class Bounds(Struct, frozen=True, kw_only=True):
    """Between which rates a contract may choose its own; without rows on a side, freely there.

    On days whose bound is not known, the law's own rate holds, if there is one.
    """

    least: tuple[LateRate, ...] = ()
    most: tuple[LateRate, ...] = ()

    def choose(self, rate: str, law: tuple[LateRate, ...]) -> tuple[LateRate, ...]:
        """The rates that hold when a contract says `rate`: never beyond its bounds."""
        if self.least:
            known = {row.valid_from for row in self.least}
            rows = [replace(row, rate=max(rate, row.rate, key=Fraction)) for row in self.least]
            return (*(row for row in law if row.valid_from not in known), *rows)
        if self.most:
            return tuple(replace(row, rate=min(rate, row.rate, key=Fraction)) for row in self.most)
        return (LateRate(rate=rate, valid_from=date.min, valid_to=date.max),)


class Tariff(Struct, frozen=True, kw_only=True):
    """What one nature of customer owes when late, and the law that says so.

    `lump_sum` (minor units of euro) is owed once for each late invoice. Where the rate is
    `settled_at_start`, that of the day on which interest begins holds to the end. A contract may
    say another rate within `bounds`; without them it may not.
    """

    law: str = ""
    rates: tuple[LateRate, ...] = ()
    lump_sum: int = 0
    settled_at_start: bool = False
    consumer: ConsumerLaw | None = None
    bounds: Bounds | None = None

    def agreed(self, rate: str) -> "Tariff":
        """The tariff under a contract that says `rate` (percent a year; empty: none does)."""
        if not rate or self.bounds is None:
            return self
        return replace(self, rates=self.bounds.choose(rate, self.rates))

    def rate_on(self, day: date) -> LateRate | None:
        """The rate in force on a day; None where none is known."""
        return next(
            (row for row in self.rates if is_in_force(row.valid_from, row.valid_to, day)), None
        )


class LatePaymentRules(Struct, frozen=True, kw_only=True):
    """The tariffs of one country by nature of customer."""

    company: Tariff
    public: Tariff
    private: Tariff

    def of(self, nature: str) -> Tariff:
        """The tariff of customers of that nature."""
        return {"company": self.company, "public": self.public}.get(nature, self.private)


def half_years(first_year: int, *rates: str) -> tuple[LateRate, ...]:
    """Rows of consecutive half-years, beginning with January of a year."""
    return tuple(
        LateRate(rate=rate, valid_from=_start(first_year, nth), valid_to=_end(first_year, nth))
        for nth, rate in enumerate(rates)
    )


def years(first_year: int, *rates: str) -> tuple[LateRate, ...]:
    """Rows of consecutive calendar years."""
    return tuple(
        LateRate(
            rate=rate,
            valid_from=date(first_year + nth, 1, 1),
            valid_to=date(first_year + nth, 12, 31),
        )
        for nth, rate in enumerate(rates)
    )


_DAY = timedelta(days=1)


def _start(first_year: int, nth: int) -> date:
    return date(first_year + nth // 2, 7 if nth % 2 else 1, 1)


def _end(first_year: int, nth: int) -> date:
    return _start(first_year, nth + 1) - _DAY
