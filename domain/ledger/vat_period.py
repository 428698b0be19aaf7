"""The period of a VAT return: a month (2026-07) or a quarter (2026-Q3)."""

import re
from datetime import date, timedelta

from msgspec import Struct

_WRITTEN = re.compile(r"(20[0-9]{2})-(?:(0[1-9]|1[0-2])|Q([1-4]))", re.ASCII)


class VatPeriod(Struct, frozen=True, order=True):
    """A period by its year, its first month and its length in months (1 or 3)."""

    year: int
    month: int
    months: int

    def __str__(self) -> str:
        if self.months == 1:
            return f"{self.year}-{self.month:02}"
        return f"{self.year}-Q{self.quarter}"

    @property
    def quarter(self) -> int:
        """The quarter in which the period begins, from 1."""
        return (self.month + 2) // 3

    @property
    def first_month(self) -> str:
        """Its first month as the VAT register writes it."""
        return f"{self.year}-{self.month:02}"

    @property
    def last_month(self) -> str:
        """Its last month as the VAT register writes it."""
        return f"{self.year}-{self.month + self.months - 1:02}"

    @property
    def following(self) -> date:
        """The first day after it."""
        last = self.month + self.months - 1
        return date(self.year + last // 12, last % 12 + 1, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return self.following - timedelta(days=1)

    def follows(self, other: "VatPeriod") -> bool:
        """Whether it begins where the other ends."""
        return other.following == date(self.year, self.month, 1)

    def like(self, day: date) -> "VatPeriod":
        """The period of this length in which a day lies."""
        month = day.month if self.months == 1 else (day.month - 1) // 3 * 3 + 1
        return VatPeriod(day.year, month, self.months)


def read_period(text: str) -> VatPeriod | None:
    """The period that is written so, or None."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    year, month, quarter = found.groups()
    if quarter is None:
        return VatPeriod(int(year), int(month), 1)
    return VatPeriod(int(year), int(quarter) * 3 - 2, 3)
