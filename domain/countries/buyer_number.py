"""Which number of a business customer an invoice must say: by country, size of seller and day."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec import Struct

from domain.values.days import is_in_force

CompanySize = Literal["small", "large"]
"""Large is beyond small and medium (2003/361/EC; décret 2008-1354): in France ETI and grandes."""

BuyerNumber = Literal["SIREN", "KBO"]


class BuyerNumberRule(Struct, frozen=True, kw_only=True):
    """The number that sellers of these sizes print of a business of `buyer`, and since when."""

    number: BuyerNumber
    buyer: str
    law: str
    valid_from: date
    valid_to: date | None = None
    sizes: tuple[CompanySize, ...] = ("small", "large")


def number_wanted(
    rules: Iterable[BuyerNumberRule], buyer: str, size: CompanySize, day: date
) -> BuyerNumber | None:
    """The number that an invoice of that day must say of a business of that country, if any."""
    for rule in rules:
        if (
            rule.buyer == buyer
            and size in rule.sizes
            and is_in_force(rule.valid_from, rule.valid_to, day)
        ):
            return rule.number
    return None
