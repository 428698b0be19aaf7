"""VAT per rate: golden cases from bugs of other systems, and properties of the breakdown."""

from fractions import Fraction

import pytest
from hypothesis import given as over
from hypothesis import strategies as some

from domain.sales.document import NewLine, add_up, price
from domain.values.vat import Taxable, break_down, tax_on


def lines(*specs: tuple[str, str, str], discount: str = "0", category: str = "S"):
    return [
        price(
            NewLine(
                description="x",
                quantity=quantity,
                unit_price=unit_price,
                vat_rate=rate,
                discount_percent=discount,
                vat_category="E" if rate == "0" else category,
            ),
            "EUR",
        )
        for quantity, unit_price, rate in specs
    ]


@pytest.mark.feature("F4")
def test_f4_the_tax_is_on_the_sum_of_the_lines():
    totals = add_up(lines(*(("1", net, "20") for net in ("68.33", "57.50", "85.00", "68.33"))))
    assert (totals.net, totals.tax, totals.gross) == (27_916, 5_583, 33_499)


@pytest.mark.feature("F7")
def test_f7_each_line_is_rounded_once_and_rates_stay_apart():
    made = lines(("90.30", "1", "0"), ("2.54", "0.45", "6"), ("6.87", "0.28", "6"))
    assert [line.net for line in made] == [9_030, 114, 192]
    totals = add_up(made)
    assert [(amount.rate, amount.base) for amount in totals.vat] == [("0", 9_030), ("6", 306)]
    assert totals.vat[0].base == sum(line.net for line in made if line.vat_category == "E")


@pytest.mark.feature("F11")
def test_f11_three_invoices_are_rounded_each_and_one_of_three_lines_once():
    """In the ledger three invoices of 15.35 at 15 % are 52.95; as one document it is 52.96."""
    one = add_up(lines(("1", "15.35", "15")))
    assert 3 * one.gross == 5_295
    assert add_up(lines(("3", "15.35", "15"))).gross == 5_296


@pytest.mark.feature("F13")
def test_f13_a_discount_is_taken_once():
    whole, share = lines(("20", "950", "20"), ("5", "950", "20"), discount="5")
    assert whole.net == 1_805_000
    assert share.net == 451_250
    assert tax_on(whole.net, "25") == 451_250


@pytest.mark.feature("F14")
def test_f14_the_tax_of_three_times_99_99_at_25_percent():
    totals = add_up(lines(*[("1", "99.99", "25")] * 3))
    assert totals.tax == 7_499
    assert totals.gross == totals.net + totals.tax == 37_496


def test_the_french_example_differs_from_a_sum_of_rounded_lines():
    """Three lines of 0.33 at 5.5 %: 0.05 per rate where per-line rounding would give 0.06."""
    totals = add_up(lines(*[("1", "0.33", "5.5")] * 3))
    assert (totals.net, totals.tax, totals.gross) == (99, 5, 104)


def test_the_belgian_example_forbids_rounding_per_line():
    made = lines(*[("1", "0.12", "21")] * 10, *[("1", "33.33", "21")] * 3)
    assert add_up(made).tax == 2_125


def test_rates_are_written_in_one_way():
    made = lines(("1", "1.00", "20.00"), ("1", "1.00", "20"), ("1", "1.00", "20.0"))
    assert [amount.rate for amount in add_up(made).vat] == ["20"]


def test_reasons_of_a_rate_are_named_once():
    amounts = [Taxable("E", "0", 1, "a"), Taxable("E", "0", 2, "b"), Taxable("E", "0", 3, "a")]
    (amount,) = break_down(amounts)
    assert (amount.base, amount.exemption) == (6, "a; b")


taxables = some.lists(
    some.builds(
        Taxable,
        some.sampled_from(("S", "E", "Z")),
        some.sampled_from(("20", "10", "5.5", "2.1", "0")),
        some.integers(-(10**9), 10**9),
    ),
    max_size=30,
)


@over(taxables)
def test_nothing_is_lost_between_lines_and_rates(amounts: list[Taxable]):
    vat = break_down(amounts)
    assert sum(amount.base for amount in vat) == sum(amount.net for amount in amounts)
    assert len({(amount.category, amount.rate) for amount in vat}) == len(vat)
    for amount in vat:
        assert abs(amount.tax - amount.base * Fraction(amount.rate) / 100) <= Fraction(1, 2)


@over(some.integers(0, 10**12), some.integers(0, 10**6), some.sampled_from(("20", "5.5", "2.1")))
def test_tax_never_falls_when_the_base_grows(base: int, more: int, rate: str):
    assert tax_on(base, rate) <= tax_on(base + more, rate)
