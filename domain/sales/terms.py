"""Payment terms: when a document falls due, and by which means it is to be paid."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

PaymentMeans = Literal["transfer", "direct_debit", "cheque", "card", "cash"]

LONGEST_TERM = 365


class PaymentTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many days; then perhaps to the end of that month, then to the next such day of a month.

    "30 jours fin de mois le 10" is 30 days, `end_of_month`, `day_of_month` 10; 0 is no such day.
    """

    days: int = 30
    end_of_month: bool = False
    day_of_month: int = 0
    means: PaymentMeans = "transfer"

    @property
    def is_possible(self) -> bool:
        """Whether the days are within a year and the day of the month is one."""
        return 0 <= self.days <= LONGEST_TERM and 0 <= self.day_of_month <= 31

    def due_on(self, issue_date: date) -> date:
        """The day on which a document of `issue_date` falls due (M32; C. com. art. L441-10)."""
        due = issue_date + timedelta(days=self.days)
        if self.end_of_month:
            due = _in_month(due, 31)
        if self.day_of_month:
            due = _next_such_day(due, self.day_of_month)
        return due


def _next_such_day(day: date, day_of_month: int) -> date:
    """That day of a month, on `day` or after; in a shorter month, its last day."""
    this_month = _in_month(day, day_of_month)
    if this_month >= day:
        return this_month
    return _in_month(_in_month(day, 31) + _ONE_DAY, day_of_month)


def _in_month(day: date, day_of_month: int) -> date:
    """That day of the month of `day`, or the month's last."""
    return day.replace(day=min(day_of_month, monthrange(day.year, day.month)[1]))


_ONE_DAY = timedelta(days=1)
