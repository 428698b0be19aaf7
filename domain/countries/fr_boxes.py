"""France: the boxes of the CA3 (form 3310), in whole euros, from operations of a period.

A rate has two boxes here: `08` is its tax, `08B` its base. Unlike in Belgium credit notes reduce
the box of what they credit; a box that would be negative goes to a box of regularisation.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

from domain.countries.grids import (
    BASE,
    DEDUCTED,
    DUE,
    TAX,
    Check,
    Form,
    Formula,
    GridRule,
    Settled,
)
from domain.values.money import half_up

_NOTHING: Mapping[str, Formula] = {}
_MAINLAND = {"20": "08", "10": "9B", "5.5": "09", "2.1": "T6"}
_OVERSEAS = {"8.5": "10", "2.1": "11", "1.75": "T1", "1.05": "T2"}
_CORSICA = {"13": "TC", "10": "T3", "2.1": "T4", "0.9": "T5"}
_OLD_RATES = "13"
_IMPORTS = {"20": "I1", "10": "I2", "8.5": "I3", "5.5": "I4", "2.1": "I5", "1.05": "I6"}
_FIXED_ASSETS = ("2",)


def _taxed(codes: tuple[str, ...], boxes: Mapping[str, str]) -> Iterable[GridRule]:
    """Sales by rate: turnover in A1, base and tax in the boxes of the rate."""
    for rate, box in boxes.items():
        yield GridRule(
            direction="sales",
            codes=codes,
            rates=(rate,),
            grids={"A1": BASE, f"{box}B": BASE, box: TAX},
        )


def _owed(code: str, base: str, boxes: Mapping[str, str], *more: str) -> Iterable[GridRule]:
    """Purchases whose tax the company owes itself: base, rate, and what of it is deducted."""
    for accounts, deducted in ((_FIXED_ASSETS, "19"), (None, "20")):
        for rate, box in boxes.items():
            yield GridRule(
                direction="purchases",
                codes=(code,),
                due_rates=(rate,),
                accounts=accounts,
                grids={base: BASE, f"{box}B": BASE, box: DUE, deducted: DEDUCTED}
                | dict.fromkeys(more, DUE),
            )


SALES = (
    GridRule(direction="sales", codes=(), kinds=("write_off",), grids=_NOTHING),
    GridRule(direction="sales", codes=(), kinds=("bad_debt",), grids={"21": -TAX}),
    GridRule(direction="sales", codes=(), kinds=("bad_debt_recovered",), grids={"15": TAX}),
    *_taxed(("COL",), _MAINLAND),
    *_taxed(("COL-DOM",), _OVERSEAS),
    *_taxed(("COL-CORSE",), _CORSICA),
    *_taxed(("COL",), dict.fromkeys(("19.6", "7"), _OLD_RATES)),
    GridRule(direction="sales", codes=("IC-B",), grids={"F2": BASE}),
    GridRule(direction="sales", codes=("EXP",), grids={"E1": BASE}),
    GridRule(direction="sales", codes=("OSS",), grids={"E3": BASE}),
    GridRule(direction="sales", codes=(), grids={"E2": BASE}),
)

PURCHASES = (
    GridRule(direction="purchases", codes=("DOM",), credited=True, grids={"15": -DEDUCTED}),
    GridRule(direction="purchases", codes=("DOM",), accounts=_FIXED_ASSETS, grids={"19": DEDUCTED}),
    GridRule(direction="purchases", codes=("DOM",), grids={"20": DEDUCTED}),
    *_owed("COC", "A2", _MAINLAND),
    *_owed("ICG", "B2", _MAINLAND, "17"),
    *_owed("ICS", "A3", _MAINLAND),
    *_owed("EXT", "A3", _MAINLAND),
    *_owed("IMP", "A4", _IMPORTS, "24"),
)

FORM = Form(
    rules=(*SALES, *PURCHASES),
    meant={("S", ""): "COL", ("K", ""): "IC-B", ("G", ""): "EXP", ("Z", ""): "ZERO"},
)

_DUE_BOXES = tuple(
    dict.fromkeys(
        (*_MAINLAND.values(), *_OVERSEAS.values(), *_CORSICA.values(), _OLD_RATES,
         *_IMPORTS.values())
    )
)  # fmt: skip
_OWED = (*_DUE_BOXES, "15")
_DEDUCTIBLE = ("19", "20", "21", "22")
_TAXABLE_BASES = ("A1", "A2", "A3", "A4", "B2")
_OTHER_BASES = ("E1", "E2", "E3", "F2")

_NET = {**dict.fromkeys(_OWED, 1), **dict.fromkeys(_DEDUCTIBLE, -1)}
_CREDIT = {box: -weight for box, weight in _NET.items()}
TOTALS: Mapping[str, Mapping[str, int]] = {
    "16": dict.fromkeys(_OWED, 1),
    "23": dict.fromkeys(_DEDUCTIBLE, 1),
    "25": _CREDIT,
    "27": _CREDIT,
    "28": _NET,
    "32": _NET,
}
"""16 and 23 are sums; either 28 and 32 stand (to pay), or 25 and 27 (a credit carried forward)."""

_EURO = 100


def settle(sums: Mapping[str, int], carried: Mapping[str, int]) -> Settled:
    """The boxes of a CA3 from the sums of its operations: whole euros, each box half-up.

    The credit of the return before is in 22; a credit of this one is carried forward.
    """
    moved = _moves(sums)
    whole = {box: sums.get(box, 0) + moved.get(box, 0) for box in {**sums, **moved}}
    whole["22"] = whole.get("22", 0) + carried.get("22", 0)
    boxes = {box: half_up(Fraction(amount, _EURO)) * _EURO for box, amount in sorted(whole.items())}
    boxes = {box: amount for box, amount in boxes.items() if amount}
    due = sum(boxes.get(box, 0) for box in _OWED)
    deductible = sum(boxes.get(box, 0) for box in _DEDUCTIBLE)
    boxes |= {"16": due, "23": deductible}
    owed = due - deductible
    rounding = owed - sum(weight * whole.get(box, 0) for box, weight in _NET.items())
    if owed >= 0:
        owing = boxes | {"28": owed, "32": owed}
        return Settled(grids=owing, carried={}, moved=moved, rounding=rounding)
    credit = boxes | {"25": -owed, "27": -owed}
    return Settled(grids=credit, carried={"22": -owed}, moved=moved, rounding=rounding)


def check(_: Mapping[str, int]) -> tuple[Check, ...]:
    """The CA3 has no published tolerances: what must hold is held by the sums."""
    return ()


def _moves(sums: Mapping[str, int]) -> dict[str, int]:
    """What leaves a box that would be negative, and where it goes: tax to 21 or 15, bases apart."""
    moved: dict[str, int] = {}

    def move(box: str, to: str | None) -> None:
        amount = sums.get(box, 0)
        if amount < 0:
            moved[box] = moved.get(box, 0) - amount
            if to is not None:
                moved[to] = moved.get(to, 0) - amount

    for box in _DUE_BOXES:
        move(box, "21")
        move(f"{box}B", None)
    for box in ("19", "20"):
        move(box, "15")
    for box in ("17", "24"):
        move(box, None)
    for box in _TAXABLE_BASES:
        move(box, "F8")
    for box in _OTHER_BASES:
        move(box, "B5")
    return moved
