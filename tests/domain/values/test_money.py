"""Money: strict reading, exact sharing, half-up rounding."""

from fractions import Fraction

import pytest
from hypothesis import given as over
from hypothesis import strategies as some

from domain.values.currency import EXPONENTS
from domain.values.money import LARGEST, allocate, half_up, parse, written

amounts = some.integers(-LARGEST, LARGEST)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("0", "EUR", 0),
        ("-12.5", "EUR", -1250),
        ("-0.05", "EUR", -5),
        ("1234567890123.99", "EUR", 123456789012399),
        ("1234", "JPY", 1234),
        ("1.005", "KWD", 1005),
    ],
)
def test_amounts_are_read(text: str, currency: str, amount: int):
    assert parse(text, currency) == amount


NOT_MONEY = "|1.|.5|01|+1|1e3|1_000| 1|1\n|--1|1.234|NaN|0x10|Infinity|12345678901234|1 000|1,5"


@pytest.mark.parametrize("text", [*NOT_MONEY.split("|"), "\u0661", "\u00a01", "1.2.3"])
def test_anything_else_is_not_money(text: str):
    with pytest.raises(ValueError, match="not an amount"):
        parse(text, "EUR")


def test_a_currency_decides_its_decimals():
    with pytest.raises(ValueError, match="unknown currency"):
        parse("1", "XXX")
    with pytest.raises(ValueError, match="not an amount"):
        parse("1.0", "JPY")
    assert EXPONENTS["EUR"] == 2
    assert EXPONENTS["ISK"] == 0


@over(amounts, some.sampled_from(("EUR", "JPY", "TND", "USD")))
def test_what_is_written_is_read_again(amount: int, currency: str):
    if len(written(abs(amount), currency).partition(".")[0]) <= 13:
        assert parse(written(amount, currency), currency) == amount


@over(amounts, some.integers(1, 10**6))
def test_half_up_is_nearest_and_symmetrical(numerator: int, denominator: int):
    value = Fraction(numerator, denominator)
    rounded = half_up(value)
    assert abs(rounded - value) <= Fraction(1, 2)
    assert half_up(-value) == -rounded
    if abs(rounded - value) == Fraction(1, 2):
        assert abs(rounded) > abs(value)


@over(amounts, some.lists(some.integers(0, 10**9), min_size=1, max_size=20))
def test_sharing_loses_no_cent(amount: int, weights: list[int]):
    if sum(weights) == 0:
        with pytest.raises(ValueError, match="weights"):
            allocate(amount, weights)
        return
    shares = allocate(amount, weights)
    assert sum(shares) == amount
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(amount * weight, sum(weights))) < 1


def test_sharing_refuses_negative_weights():
    with pytest.raises(ValueError, match="weights"):
        allocate(100, [2, -1])


def test_equal_remainders_go_to_the_first():
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(-100, [1, 1, 1]) == [-34, -33, -33]
