"""Money: integers of a currency's smallest unit, strictly read, exactly shared, rounded half-up."""

import re
from collections.abc import Sequence
from fractions import Fraction

from domain.values.currency import EXPONENTS

LARGEST = 10**15 - 1
"""No amount is larger, either way: thirteen digits before the decimals."""

_UNITS = r"-?(0|[1-9][0-9]{0,12})"
_SHAPES = {
    0: re.compile(_UNITS, re.ASCII),
    2: re.compile(_UNITS + r"(\.[0-9]{1,2})?", re.ASCII),
    3: re.compile(_UNITS + r"(\.[0-9]{1,3})?", re.ASCII),
}


def parse(text: str, currency: str) -> int:
    """The minor units of a written amount ("-12.5" EUR is -1250).

    Raises ValueError for an unknown currency and for anything but ASCII digits, one leading
    minus and a dot with at most the currency's decimals: no exponent, no spaces, no "Infinity".
    """
    exponent = EXPONENTS.get(currency)
    if exponent is None:
        raise ValueError(f"unknown currency {currency!r}")
    if _SHAPES[exponent].fullmatch(text) is None:
        raise ValueError(f"not an amount in {currency}: {text[:40]!r}")
    whole, _, decimals = text.partition(".")
    return int(whole + decimals.ljust(exponent, "0"))


def written(amount: int, currency: str) -> str:
    """The amount as people and XML write it, with all its decimals: 1250 EUR is "12.50"."""
    exponent = EXPONENTS[currency]
    if exponent == 0:
        return str(amount)
    whole, decimals = divmod(abs(amount), 10**exponent)
    return f"{'-' if amount < 0 else ''}{whole}.{decimals:0{exponent}}"


def half_up(value: Fraction) -> int:
    """The nearest integer; a half goes away from zero, so that -x rounds to minus what x does."""
    magnitude = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return magnitude if value >= 0 else -magnitude


def allocate(amount: int, weights: Sequence[int]) -> list[int]:
    """`amount` shared by non-negative `weights`, no unit lost: largest remainders get the rest.

    Equal remainders go to the earlier share. Raises ValueError when no weight is positive.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights must be non-negative, and one of them positive")
    sign = -1 if amount < 0 else 1
    shares = [abs(amount) * weight // total for weight in weights]
    remainders = [abs(amount) * weight % total for weight in weights]
    left = abs(amount) - sum(shares)
    by_remainder = sorted(range(len(weights)), key=lambda index: -remainders[index])
    for index in by_remainder[:left]:
        shares[index] += 1
    return [sign * share for share in shares]
