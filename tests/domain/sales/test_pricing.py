"""Discount and shipping are lines too: shared per rate, to the cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.book.refusal import Refused
from domain.sales.document import Line, NewLine, add_up
from domain.sales.pricing import (
    Discount,
    DiscountIsWrong,
    Shipping,
    ShippingIsWrong,
    price_lines,
)


def item(price: str, rate: str = "21", **more: str) -> NewLine:
    return NewLine(description="Article", unit_price=price, vat_rate=rate, **more)  # type: ignore[arg-type]


def priced(
    *lines: NewLine, discount: Discount | None = None, shipping: Shipping | None = None
) -> tuple[Line, ...]:
    made = price_lines(lines, discount, shipping, currency="EUR", language="nl")
    assert not isinstance(made, Refused), made
    return made


@pytest.mark.feature("M21")
def test_a_discount_is_shared_per_rate_and_no_cent_is_lost():
    lines = priced(item("100.00"), item("50.01", "6"), discount=Discount(amount=1000))
    shares = [line for line in lines if line.kind == "discount"]
    assert [(line.vat_rate, line.net) for line in shares] == [("21", -667), ("6", -333)]
    assert shares[0].description == "Korting"
    assert (shares[0].quantity, shares[0].unit_price) == ("-1", "6.67")
    assert add_up(lines).net == 14001


@pytest.mark.feature("M21")
def test_a_discount_in_percent_is_rounded_once():
    lines = priced(item("0.33"), item("0.33", "6"), discount=Discount(percent="5"))
    assert [line.net for line in lines] == [33, 33, -2, -1]


@pytest.mark.feature("M21")
def test_shipping_follows_the_rates_of_the_goods_or_has_its_own():
    lines = priced(item("75"), item("25", "6"), shipping=Shipping(amount=1000))
    assert [(x.vat_rate, x.net) for x in lines if x.kind == "shipping"] == [("21", 750), ("6", 250)]
    lines = priced(item("75", "6"), shipping=Shipping(amount=1000, vat_rate="21.00"))
    assert [(x.vat_rate, x.net) for x in lines if x.kind == "shipping"] == [("21", 1000)]


@pytest.mark.feature("M21")
def test_a_text_line_has_no_amount_and_no_rate():
    lines = priced(NewLine(description="Lot 1", kind="text"), item("10"))
    totals = add_up(lines)
    assert [amount.rate for amount in totals.vat] == ["21"]
    assert (totals.net, totals.gross) == (1000, 1210)


@pytest.mark.parametrize(
    "discount",
    [
        Discount(),
        Discount(percent="5", amount=5),
        Discount(percent="101"),
        Discount(amount=-1),
        Discount(amount=1001),
    ],
)
def test_a_discount_is_one_sound_thing(discount: Discount):
    made = price_lines([item("10")], discount, None, currency="EUR")
    assert isinstance(made, DiscountIsWrong)


@pytest.mark.parametrize(
    ("lines", "shipping"),
    [
        ([item("10")], Shipping(amount=-1)),
        ([item("10")], Shipping(amount=1, vat_rate="x")),
        ([NewLine(description="Lot", kind="text")], Shipping(amount=1)),
    ],
)
def test_shipping_is_sound(lines: list[NewLine], shipping: Shipping):
    assert isinstance(price_lines(lines, None, shipping, currency="EUR"), ShippingIsWrong)


@given(
    prices=st.lists(
        st.tuples(st.integers(0, 10**7), st.sampled_from(["21", "12", "6", "0"])), min_size=1
    ),
    percent=st.integers(0, 100),
)
def test_the_discounted_document_adds_up(prices: list[tuple[int, str]], percent: int):
    asked = [item(f"{cents // 100}.{cents % 100:02}", rate) for cents, rate in prices]
    whole = sum(cents for cents, _ in prices)
    made = price_lines(asked, Discount(percent=str(percent)), None, currency="EUR")
    if whole == 0:
        assert isinstance(made, DiscountIsWrong)
        return
    assert not isinstance(made, Refused)
    assert add_up(made).net == whole - (2 * whole * percent + 100) // 200
