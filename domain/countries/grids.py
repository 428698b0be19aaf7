"""How operations reach the grids (Belgium) or boxes (France) of a VAT return: dated rows.

A grid takes a sum of parts of each share: base, tax, tax owed, tax deducted. It is linear, so that
operations of one kind may be added up before they are placed, and a grid is the sum of its lines.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from domain.values.days import is_in_force

Direction = Literal["sales", "purchases"]
ACCOUNT_CLASS = "by account"
"""Stands for the grid that the account of a purchase decides on."""


class Operation(Struct, frozen=True, kw_only=True):
    """What decides where an operation goes: `credited` where its base (else its tax) is negative.

    `kind` is that of the document in the VAT register, `code` the national VAT code, `account`
    where a purchase is booked and `due_rate` at what rate the company owes its tax.
    """

    direction: str
    kind: str
    code: str
    category: str
    rate: str
    account: str = ""
    due_rate: str = ""
    nature: str = ""
    credited: bool = False


class Amounts(Struct, frozen=True, kw_only=True):
    """The parts of one share, or of many, in minor units; negative where something is taken back.

    `due` is the tax of a purchase that the supplier left to the company, `deductible` what of all
    its tax is deducted.
    """

    base: int = 0
    tax: int = 0
    due: int = 0
    deductible: int = 0


class Formula(Struct, frozen=True):
    """How often a grid takes each part."""

    base: int = 0
    tax: int = 0
    due: int = 0
    deductible: int = 0

    def of(self, amounts: Amounts) -> int:
        """What a grid takes of these amounts."""
        return (
            self.base * amounts.base
            + self.tax * amounts.tax
            + self.due * amounts.due
            + self.deductible * amounts.deductible
        )

    def __neg__(self) -> "Formula":
        return Formula(-self.base, -self.tax, -self.due, -self.deductible)


BASE = Formula(base=1)
TAX = Formula(tax=1)
DUE = Formula(due=1)
DEDUCTED = Formula(deductible=1)
LOST = Formula(tax=1, due=1, deductible=-1)
COST = Formula(base=1, tax=1, due=1, deductible=-1)
"""What a purchase costs: its base, and the tax on it that is not deducted."""


class GridRule(Struct, frozen=True, kw_only=True):
    """Operations of these codes go to these grids; None fits anything, `valid_to` is a last day."""

    direction: Direction
    codes: tuple[str, ...]
    grids: Mapping[str, Formula]
    credited: bool | None = None
    kinds: tuple[str, ...] | None = None
    rates: tuple[str, ...] | None = None
    due_rates: tuple[str, ...] | None = None
    accounts: tuple[str, ...] | None = None
    natures: tuple[str, ...] | None = None
    valid_from: date = date(2000, 1, 1)
    valid_to: date | None = None

    def fits(self, operation: Operation, day: date) -> bool:
        """Whether an operation follows this rule in a return whose last day is `day`."""
        return (
            self.direction == operation.direction
            and (not self.codes or operation.code in self.codes)
            and self.credited in (None, operation.credited)
            and (self.kinds is None or operation.kind in self.kinds)
            and (self.rates is None or operation.rate in self.rates)
            and (self.due_rates is None or operation.due_rate in self.due_rates)
            and (self.natures is None or operation.nature in self.natures)
            and (self.accounts is None or operation.account.startswith(self.accounts))
            and is_in_force(self.valid_from, self.valid_to, day)
        )


class AccountClass(Struct, frozen=True, kw_only=True):
    """The grid of the purchases booked on accounts that begin so; the longest beginning counts."""

    begins: str
    grid: str
    valid_from: date = date(2000, 1, 1)
    valid_to: date | None = None


class Form(Struct, frozen=True, kw_only=True):
    """The rules of a country's return: the first rule that fits an operation places it.

    `meant` gives the code of a share that has none, by category and rate (or category alone).
    """

    rules: tuple[GridRule, ...]
    classes: tuple[AccountClass, ...] = ()
    meant: Mapping[tuple[str, str], str] = {}

    def place(self, operation: Operation, day: date) -> Mapping[str, Formula]:
        """The grids of an operation, and what each takes; none for what no return shows."""
        known = operation
        if not operation.code:
            known = self._coded(operation)
        rule = next((rule for rule in self.rules if rule.fits(known, day)), None)
        if rule is None:
            return {}
        return {
            self._grid_of(grid, known.account, day): formula for grid, formula in rule.grids.items()
        }

    def _coded(self, operation: Operation) -> Operation:
        category, rate = operation.category, operation.rate
        code = self.meant.get((category, rate)) or self.meant.get((category, ""), "")
        fields = {name: getattr(operation, name) for name in operation.__struct_fields__}
        return Operation(**{**fields, "code": code})

    def _grid_of(self, grid: str, account: str, day: date) -> str:
        if grid != ACCOUNT_CLASS:
            return grid
        fitting = (
            each
            for each in self.classes
            if account.startswith(each.begins) and is_in_force(each.valid_from, each.valid_to, day)
        )
        return max(fitting, key=lambda each: len(each.begins)).grid


class Settled(Struct, frozen=True, kw_only=True):
    """The grids of a return, in cents, and what is carried over to the next.

    `moved` is what a grid takes from another one, or gives to it, because none is negative.
    `rounding` is what rounding adds to what is owed: more credit is less.
    """

    grids: dict[str, int]
    carried: dict[str, int]
    moved: dict[str, int] = {}
    rounding: int = 0


class Check(Struct, frozen=True, kw_only=True):
    """A control of the administration that does not hold: a warning, by its letter."""

    code: str
    formula: str


def add_up(
    form: Form, operations: Iterable[tuple[Operation, Amounts]], day: date
) -> dict[str, int]:
    """The sum of each grid over operations, before any carrying over; signed, in minor units."""
    sums: dict[str, int] = {}
    for operation, amounts in operations:
        for grid, formula in form.place(operation, day).items():
            sums[grid] = sums.get(grid, 0) + formula.of(amounts)
    return sums
