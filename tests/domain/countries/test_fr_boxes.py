"""The CA3: débits and receipts, purchases whose tax the company owes, whole euros, no negatives."""

from datetime import date

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.countries.fr_boxes import FORM, TOTALS, settle
from domain.countries.grids import Amounts, Operation, add_up

DAY = date(2026, 9, 30)
Item = tuple[Operation, Amounts]


def sold(code: str, base: int, tax: int = 0, rate: str = "20", *, kind: str = "invoice") -> Item:
    operation = Operation(
        direction="sales", kind=kind, code=code, category="S", rate=rate, credited=base < 0
    )
    return operation, Amounts(base=base, tax=tax)


def bought(code: str, base: int, tax: int, *, account: str = "607000", rate: str = "20") -> Item:
    own = code == "DOM"
    operation = Operation(
        direction="purchases",
        kind="bill",
        code=code,
        category="S",
        rate=rate if own else "0",
        account=account,
        due_rate="" if own else rate,
        credited=base < 0,
    )
    owed = {"tax": tax} if own else {"due": tax}
    return operation, Amounts(base=base, deductible=tax, **owed)


def boxes(*items: Item, brought: int = 0) -> dict[str, int]:
    """The boxes in whole euros; those of nothing are left out."""
    grids = settle(add_up(FORM, items, DAY), {"22": brought} if brought else {}).grids
    assert all(amount % 100 == 0 for amount in grids.values())
    return {box: amount // 100 for box, amount in grids.items()}


@pytest.mark.feature("V24")
def test_sales_on_debits_and_receipts_and_domestic_purchases():
    """What was paid of a service counts as what was invoiced of goods; each box half-up."""
    assert boxes(
        sold("COL", 100_050, 20_010),
        sold("COL", 10_000, 2_000, kind="receipt"),
        sold("COL", 5_000, 275, "5.5"),
        sold("IC-B", 70_000, rate="0"),
        sold("EXP", 30_000, rate="0"),
        bought("DOM", 40_000, 8_049),
        bought("DOM", 100_000, 20_000, account="215400"),
    ) == {
        "A1": 1_151, "08": 220, "08B": 1_101, "09": 3, "09B": 50, "F2": 700, "E1": 300,
        "20": 80, "19": 200, "16": 223, "23": 280, "25": 57, "27": 57,
    }  # fmt: skip


@pytest.mark.feature("V24")
def test_tax_that_the_company_owes_itself_stands_twice():
    found = boxes(
        bought("ICG", 100_000, 20_000), bought("ICS", 50_000, 10_000), bought("COC", 10_000, 2_000),
        bought("IMP", 20_000, 4_000),
    )  # fmt: skip
    assert found == {
        "B2": 1_000, "A3": 500, "A2": 100, "A4": 200, "08": 320, "08B": 1_600, "I1": 40,
        "I1B": 200, "17": 200, "24": 40, "20": 360, "16": 360, "23": 360, "28": 0, "32": 0,
    }  # fmt: skip


def test_a_credit_is_carried_forward_and_taken_in():
    first = settle(add_up(FORM, [bought("DOM", 1_000, 250)], DAY), {})
    assert first.carried == {"22": 300}
    assert boxes(sold("COL", 10_000, 2_000), brought=300) == {
        "A1": 100, "08": 20, "08B": 100, "22": 3, "16": 20, "23": 3, "28": 17, "32": 17,
    }  # fmt: skip


def test_more_credited_than_sold_goes_to_the_boxes_of_regularisation():
    found = boxes(sold("COL", -10_000, -2_000), sold("IC-B", -5_000, rate="0"))
    assert found == {"21": 20, "F8": 100, "B5": 50, "16": 0, "23": 20, "25": 20, "27": 20}
    assert boxes(bought("DOM", -10_000, -2_000))["15"] == 20


def test_lost_debts_are_deducted_and_recovered_ones_repaid():
    assert boxes(sold("COL", -10_000, -2_000, kind="bad_debt"))["21"] == 20
    assert boxes(sold("COL", 10_000, 2_000, kind="bad_debt_recovered"))["15"] == 20


CENTS = st.integers(-99_999, 99_999)
SALE = st.builds(
    lambda code, base, rate: sold(code, base, base // 5, rate),
    st.sampled_from(["COL", "IC-B", "EXP", "OSS", "", "293B"]),
    CENTS,
    st.sampled_from(["20", "10", "5.5", "2.1"]),
)
PURCHASE = st.builds(
    lambda code, base, account: bought(code, base, base // 5, account=account),
    st.sampled_from(["DOM", "ICG", "ICS", "COC", "IMP", "EXT"]),
    CENTS,
    st.sampled_from(["607000", "218300"]),
)


@for_all(st.lists(SALE | PURCHASE, max_size=20))
def test_totals_are_the_sums_of_their_boxes_in_whole_euros(items: list[Item]):
    grids = settle(add_up(FORM, items, DAY), {}).grids
    assert all(amount >= 0 and amount % 100 == 0 for amount in grids.values())
    for total, weights in TOTALS.items():
        if total in grids:
            assert grids[total] == sum(w * grids.get(box, 0) for box, w in weights.items())
    assert ("28" in grids) != ("25" in grids)
