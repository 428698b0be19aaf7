"""Quantities, unit prices, percentages: strict decimal strings with bounds, calculated exactly."""

import re
from fractions import Fraction
from functools import lru_cache

# At most 4 decimals for a quantity, 6 for a price, 2 for a rate: the bounds of French e-invoicing.
_QUANTITY = re.compile(r"-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,4})?", re.ASCII)
_PRICE = re.compile(r"(0|[1-9][0-9]{0,9})(\.[0-9]{1,6})?", re.ASCII)
_PERCENT = re.compile(r"(0|[1-9][0-9]?)(\.[0-9]{1,2})?|100(\.0{1,2})?", re.ASCII)


def is_quantity(text: str) -> bool:
    """Whether `text` is a quantity: nine digits, four decimals, perhaps negative."""
    return _QUANTITY.fullmatch(text) is not None


def is_price(text: str) -> bool:
    """Whether `text` is a unit price: ten digits, six decimals, never negative (BT-146)."""
    return _PRICE.fullmatch(text) is not None


def is_percent(text: str) -> bool:
    """Whether `text` is a percentage from 0 to 100 with at most two decimals."""
    return _PERCENT.fullmatch(text) is not None


def shortest(text: str) -> str:
    """The one way to write a decimal: "20.00" and "20.0" are "20", "-0.0" is "0"."""
    short = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if short == "-0" else short


@lru_cache(maxsize=10_000)  # rates and quantities are few, and read again for every line
def exact(text: str) -> Fraction:
    """The value of a decimal string that was checked before, without any rounding."""
    return Fraction(text)


def write_quantity(value: Fraction) -> str:
    """A quantity as its decimal string, in the shortest form; it has at most four decimals.

    Raises ValueError when it has more: sums and differences of quantities never do.
    """
    scaled = value * 10**4
    if scaled.denominator != 1:
        raise ValueError(f"{value} has more than four decimals")
    whole, decimals = divmod(abs(scaled.numerator), 10**4)
    return shortest(f"{'-' if value < 0 else ''}{whole}.{decimals:04}")
