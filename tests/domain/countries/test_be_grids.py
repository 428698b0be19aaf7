"""The Belgian return: eighteen operations, the asymmetry of credit notes, carrying over, checks."""

from datetime import date

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.countries.be_grids import FORM, TOTALS, check, negative, settle
from domain.countries.grids import Amounts, Operation, add_up

DAY = date(2026, 9, 30)
Item = tuple[Operation, Amounts]
BIT = 100


def sold(code: str, base: int, tax: int = 0, kind: str = "invoice") -> Item:
    operation = Operation(
        direction="sales", kind=kind, code=code, category="S", rate="", credited=base < 0
    )
    return operation, Amounts(base=base * BIT, tax=tax * BIT)


def bought(code: str, account: str, base: int, tax: int = 0, percent: int = 100) -> Item:
    """A purchase whose tax is charged (DOM) or owed by the company."""
    operation = Operation(
        direction="purchases",
        kind="bill",
        code=code,
        category="S",
        rate="21",
        account=account,
        credited=base < 0,
    )
    own = {"tax": tax * BIT} if code == "DOM" else {"due": tax * BIT}
    return operation, Amounts(base=base * BIT, deductible=tax * percent, **own)


GOLDEN: tuple[Item, ...] = (
    sold("03", 10_000, 2_100),
    sold("01", 1_000, 60),
    sold("45", 5_000),
    sold("46L", 4_000),
    sold("44", 1_500),
    sold("47", 700),
    sold("03", -500, -105, "credit_note"),
    sold("46L", -200, 0, "credit_note"),
    bought("DOM", "604000", 3_000, 630),
    bought("DOM", "615000", 1_000, 210),
    bought("DOM", "230000", 6_000, 1_260),
    bought("DOM", "610000", 1_000, 210, 50),
    bought("ICG", "604000", 2_500, 525),
    bought("ICS", "613000", 800, 168),
    bought("COC", "611000", 2_000, 420),
    bought("IMP", "604000", 1_200, 252),
    bought("DOM", "604000", -300, -63),
    bought("ICG", "604000", -100, -21),
)
EXPECTED = {
    "01": 1_000, "03": 10_000, "44": 1_500, "45": 5_000, "46": 4_000, "47": 700, "48": 200,
    "49": 500, "54": 2_160, "55": 693, "56": 420, "57": 252, "59": 3_570, "63": 63, "64": 105,
    "72": 87, "81": 6_300, "82": 4_905, "83": 6_000, "84": 100, "85": 300, "86": 2_400,
    "87": 3_200, "88": 800, "XX": 3_588, "YY": 3_675,
}  # fmt: skip


@pytest.mark.feature("V24")
def test_eighteen_operations_give_the_golden_return():
    grids = settle(add_up(FORM, GOLDEN, DAY), {}).grids
    assert {grid: amount / 100 for grid, amount in grids.items()} == EXPECTED
    assert check(grids) == ()


def test_a_return_of_nothing_has_71_and_not_72():
    assert settle({}, {}).grids == {"71": 0, "XX": 0, "YY": 0}


def test_a_credit_note_of_cocontractant_is_in_49_and_one_to_the_union_in_48():
    assert add_up(FORM, [sold("45", -10)], DAY) == {"49": 1_000}
    for code in ("44", "46L", "46T"):
        assert add_up(FORM, [sold(code, -10)], DAY) == {"48": 1_000}


@pytest.mark.parametrize(
    ("code", "grids"),
    [
        ("DOM", {"82": -11_050, "85": 11_050, "63": 1_050}),
        ("COC", {"82": -11_050, "87": -10_000, "85": 10_000, "62": 1_050}),
        ("ICG", {"82": -11_050, "86": -10_000, "84": 10_000, "62": 1_050}),
        ("ICS", {"82": -11_050, "88": -10_000, "84": 10_000, "62": 1_050}),
    ],
)
def test_a_suppliers_credit_note_whose_tax_was_half_deducted(code: str, grids: dict[str, int]):
    assert add_up(FORM, [bought(code, "610000", -100, -21, 50)], DAY) == grids


def test_a_fully_deducted_credit_note_of_the_union_moves_no_tax():
    sums = add_up(FORM, [bought("ICG", "604000", -100, -21)], DAY)
    assert {grid: amount for grid, amount in sums.items() if amount} == {
        "81": -10_000, "86": -10_000, "84": 10_000,
    }  # fmt: skip


def test_lost_debts_are_regularised_in_62_and_recovered_ones_in_61():
    assert add_up(FORM, [sold("03", -100, -21, "bad_debt")], DAY) == {"62": 2_100}
    assert add_up(FORM, [sold("03", 100, 21, "bad_debt_recovered")], DAY) == {"61": 2_100}


def test_a_sale_without_a_code_goes_by_its_category_and_oss_is_in_no_grid():
    plain = Operation(direction="sales", kind="invoice", code="", category="S", rate="12")
    assert add_up(FORM, [(plain, Amounts(base=100, tax=12))], DAY) == {"02": 100, "54": 12}
    assert add_up(FORM, [sold("OSS", 10, 2)], DAY) == {}


def test_what_is_below_zero_waits_for_the_next_period():
    first = settle({"81": -500, "87": 300, "59": 10}, {})
    assert first.carried == {"81": -500}
    assert first.grids == {"59": 10, "72": 10, "87": 300, "XX": 0, "YY": 10}
    second = settle({"81": 700}, first.carried)
    assert second.grids == {"71": 0, "81": 200, "XX": 0, "YY": 0}
    assert second.carried == {}
    assert settle({}, first.carried).carried == {"81": -500}
    assert negative(settle({"54": -1}, {}).grids) == "54"


@pytest.mark.parametrize(
    ("code", "grids"),
    [
        ("O", {"03": 100_000, "54": 14_800}),
        ("P", {"55": 6_200}),
        ("Q", {"56": 3_200, "57": 3_000}),
        ("S", {"59": 51, "81": 100}),
        ("T", {"63": 6_200}),
        ("U", {"64": 6_200}),
    ],
)
def test_each_control_of_the_administration_warns(code: str, grids: dict[str, int]):
    assert [each.code for each in check(grids)] == [code]


items = st.one_of(
    st.builds(
        sold,
        st.sampled_from(["03", "02", "01", "00", "44", "45", "46L", "46T", "47", "OSS", ""]),
        st.integers(-10_000, 10_000).filter(bool),
        st.integers(0, 2_000),
        st.sampled_from(["invoice", "credit_note"]),
    ),
    st.builds(
        bought,
        st.sampled_from(["DOM", "COC", "ICG", "ICS", "EXT", "IMP"]),
        st.sampled_from(["604000", "613000", "230000", "340000", "640000"]),
        st.integers(-10_000, 10_000).filter(bool),
        st.integers(0, 2_000),
        st.integers(0, 100),
    ),
)


@for_all(st.lists(items, max_size=30))
def test_every_grid_is_the_sum_of_its_lines(operations: list[Item]):
    """Each operation placed alone gives lines whose sums are the grids, those of totals too."""
    whole = settle(add_up(FORM, operations, DAY), {})
    alone = [add_up(FORM, [item], DAY) for item in operations]
    for grid, amount in whole.grids.items():
        weights = TOTALS.get(grid, {grid: 1})
        assert amount == sum(
            weight * lines.get(part, 0) for lines in alone for part, weight in weights.items()
        )
    assert ("71" in whole.grids) != ("72" in whole.grids)
    assert all(amount < 0 for amount in whole.carried.values())
