"""What the accounts of a country are called: dated labels, found by the longest prefix."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from domain.values.days import is_in_force

Chart = Mapping[str, tuple["AccountLabel", ...]]
"""The labels of a country by the prefix of the accounts they name."""


class AccountLabel(Struct, frozen=True, kw_only=True):
    """What accounts that begin with `prefix` are called from one day to another, both counted."""

    prefix: str
    label: str
    valid_from: date
    valid_to: date | None = None


def label_chart(labels: Iterable[AccountLabel]) -> Chart:
    """The labels by their prefix."""
    chart: dict[str, tuple[AccountLabel, ...]] = {}
    for each in labels:
        chart[each.prefix] = (*chart.get(each.prefix, ()), each)
    return chart


def label_of(chart: Chart, account: str, day: date) -> str:
    """What an account is called on a day: the label of its longest prefix, or its own number."""
    for length in range(len(account), 0, -1):
        for each in chart.get(account[:length], ()):
            if is_in_force(each.valid_from, each.valid_to, day):
                return each.label
    return account
