"""Belgium: the grids of the periodic VAT return (form 625), its carry-over and its checks.

Credit notes are asymmetric. Those issued leave the sales grids gross and stand in 48 or 49 and 64;
those received reduce 81 to 83 and 86 to 88, and the same base stands in 84 or 85 too.
"""

from collections.abc import Mapping

from domain.countries.grids import (
    ACCOUNT_CLASS,
    BASE,
    COST,
    DEDUCTED,
    DUE,
    LOST,
    TAX,
    AccountClass,
    Check,
    Form,
    Formula,
    GridRule,
    Settled,
)

_NOTHING: Mapping[str, Formula] = {}
_TAXED = {"03": "03", "02": "02", "01": "01"}
_OTHER_SALES = {"00": "00", "00/44": "00", "MA": "00", "45": "45", "47": "47"}
_TO_THE_UNION = {"44": "44", "46L": "46", "46T": "46"}
_OWED = {"COC": ("87", "56"), "EXT": ("87", "56"), "IMP": ("87", "57")}
_OWED_IN_UNION = {"ICG": ("86", "55"), "ICS": ("88", "55")}

SALES = (
    GridRule(direction="sales", codes=(), kinds=("write_off", "receipt"), grids=_NOTHING),
    GridRule(direction="sales", codes=(), kinds=("bad_debt",), grids={"62": -TAX}),
    GridRule(direction="sales", codes=(), kinds=("bad_debt_recovered",), grids={"61": TAX}),
    *(
        GridRule(direction="sales", codes=(code,), credited=False, grids={grid: BASE, "54": TAX})
        for code, grid in _TAXED.items()
    ),
    GridRule(
        direction="sales", codes=tuple(_TAXED), credited=True, grids={"49": -BASE, "64": -TAX}
    ),
    *(
        GridRule(direction="sales", codes=(code,), credited=False, grids={grid: BASE})
        for code, grid in (_OTHER_SALES | _TO_THE_UNION).items()
    ),
    GridRule(direction="sales", codes=tuple(_OTHER_SALES), credited=True, grids={"49": -BASE}),
    GridRule(direction="sales", codes=tuple(_TO_THE_UNION), credited=True, grids={"48": -BASE}),
)

# On a credit note of a purchase whose tax the company owed itself, both sides of that tax were
# declared and stay so; only what had not been deducted is taken back, in grid 62.
PURCHASES = (
    GridRule(
        direction="purchases",
        codes=("DOM",),
        credited=False,
        grids={ACCOUNT_CLASS: COST, "59": DEDUCTED},
    ),
    GridRule(
        direction="purchases",
        codes=("DOM",),
        credited=True,
        grids={ACCOUNT_CLASS: COST, "85": -COST, "63": -DEDUCTED},
    ),
    *(
        GridRule(
            direction="purchases",
            codes=(code,),
            credited=False,
            grids={ACCOUNT_CLASS: COST, base: BASE, tax: DUE, "59": DEDUCTED},
        )
        for code, (base, tax) in (_OWED | _OWED_IN_UNION).items()
    ),
    *(
        GridRule(
            direction="purchases",
            codes=(code,),
            credited=True,
            grids={ACCOUNT_CLASS: COST, base: BASE, credited: -BASE, "62": -LOST},
        )
        for owed, credited in ((_OWED, "85"), (_OWED_IN_UNION, "84"))
        for code, (base, _) in owed.items()
    ),
)

FORM = Form(
    rules=(*SALES, *PURCHASES),
    classes=(
        AccountClass(begins="", grid="82"),
        AccountClass(begins="60", grid="81"),
        AccountClass(begins="3", grid="81"),
        AccountClass(begins="2", grid="83"),
    ),
    meant={
        ("S", "21"): "03",
        ("S", "12"): "02",
        ("S", "6"): "01",
        ("Z", ""): "00",
        ("E", ""): "00",
        ("AE", ""): "45",
        ("K", ""): "46L",
        ("G", ""): "47",
    },
)

CARRIED = ("81", "82", "83", "86", "87", "88")
"""Where more was credited than bought, the grid is empty and the rest goes to the next period."""

OWED = ("54", "55", "56", "57", "61", "63")
DEDUCTED_GRIDS = ("59", "62", "64")
TOTALS: Mapping[str, Mapping[str, int]] = {
    "XX": dict.fromkeys(OWED, 1),
    "YY": dict.fromkeys(DEDUCTED_GRIDS, 1),
    "71": {**dict.fromkeys(OWED, 1), **dict.fromkeys(DEDUCTED_GRIDS, -1)},
    "72": {**dict.fromkeys(OWED, -1), **dict.fromkeys(DEDUCTED_GRIDS, 1)},
}
"""The grids that are sums of others, and how often each counts; one of 71 and 72 stands."""

_TOLERANCE = 6200


def settle(sums: Mapping[str, int], carried: Mapping[str, int]) -> Settled:
    """The grids of a return from the sums of its operations and what the one before carried.

    Grids are never negative; exactly one of 71 and 72 stands, 71 = 0 for a return of nothing.
    """
    whole = {grid: sums.get(grid, 0) + carried.get(grid, 0) for grid in (*sums, *carried)}
    left = {grid: whole[grid] for grid in CARRIED if whole.get(grid, 0) < 0}
    grids = {grid: amount for grid, amount in whole.items() if amount and grid not in left}
    xx = sum(grids.get(grid, 0) for grid in OWED)
    yy = sum(grids.get(grid, 0) for grid in DEDUCTED_GRIDS)
    result = {"71": xx - yy} if xx >= yy else {"72": yy - xx}
    return Settled(grids=dict(sorted({**grids, **result}.items())) | {"XX": xx, "YY": yy},
                   carried=left)  # fmt: skip


def check(grids: Mapping[str, int]) -> tuple[Check, ...]:
    """The controls that a return does not pass (tolerance 62 euros); it may be filed all the same.

    All amounts are cents times a hundred here, so that percentages stay whole.
    """

    def g(*names: str) -> int:
        return sum(grids.get(name, 0) for name in names)

    most = 100 * _TOLERANCE
    controls = {
        "O": (
            "|6% 01 + 12% 02 + 21% 03 - 54| < 62",
            abs(6 * g("01") + 12 * g("02") + 21 * g("03") - 100 * g("54")) < most,
        ),
        "P": ("55 < 21% (84 + 86 + 88) + 62", 100 * g("55") < 21 * g("84", "86", "88") + most),
        "Q": ("56 + 57 < 21% (85 + 87) + 62", 100 * g("56", "57") < 21 * g("85", "87") + most),
        "S": (
            "59 <= 50% (81 + 82 + 83 + 84 + 85)",
            2 * g("59") <= g("81", "82", "83", "84", "85"),
        ),
        "T": ("63 < 21% 85 + 62", 100 * g("63") < 21 * g("85") + most),
        "U": ("64 < 21% 49 + 62", 100 * g("64") < 21 * g("49") + most),
    }
    return tuple(
        Check(code=code, formula=formula)
        for code, (formula, holds) in controls.items()
        if not holds
    )


def negative(grids: Mapping[str, int]) -> str | None:
    """A grid that would be negative, which no return may show."""
    return next((grid for grid, amount in grids.items() if amount < 0), None)
