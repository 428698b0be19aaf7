"""What VAT a purchase makes the company owe or deduct: dated codes of each country.

Where the supplier charges no VAT because the customer owes it, the code says on which account that
tax is owed; the same tax may be deducted.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec import Struct

from domain.countries.country import Country
from domain.countries.vat_code import Place
from domain.values.days import is_in_force
from domain.values.vat import VatCategory

_EVER = date(2000, 1, 1)
_FR_IMPORTS = date(2022, 1, 1)
ALL: tuple[VatCategory, ...] = ("S", "Z", "E", "O", "G", "L", "M", "B", "AE", "K")

PurchaseCodeName = Literal["DOM", "COC", "ICG", "ICS", "EXT", "IMP"]
"""Domestic, reverse charge at home (cocontractant), intra-Community goods and services, services
from outside the Union, imports whose tax is put into the return."""


class PurchaseCode(Struct, frozen=True, kw_only=True):
    """One treatment: the categories and the place of the supplier that call for it by themselves.

    `due_account` is where the tax is owed that the supplier did not charge; empty where he did.
    None of the categories: a line has the code only by naming it.
    """

    code: PurchaseCodeName
    categories: tuple[VatCategory, ...] = ()
    place: Place | None = None
    due_account: str = ""
    valid_from: date = _EVER
    valid_to: date | None = None

    def fits(self, category: VatCategory, place: Place, day: date) -> bool:
        """Whether a purchase has this code without naming it."""
        return (
            category in self.categories
            and self.place in (None, place)
            and is_in_force(self.valid_from, self.valid_to, day)
        )


def _codes(due: dict[PurchaseCodeName, str], *imports: PurchaseCode) -> tuple[PurchaseCode, ...]:
    """The codes of a country whose accounts of self-assessed VAT are these, special ones first."""
    return (
        PurchaseCode(code="ICG", categories=("K",), due_account=due["ICG"]),
        PurchaseCode(code="COC", categories=("AE",), place="home", due_account=due["COC"]),
        PurchaseCode(code="ICS", categories=("AE",), place="union", due_account=due["ICS"]),
        PurchaseCode(code="EXT", categories=("AE", "O"), place="outside", due_account=due["EXT"]),
        *imports,
        PurchaseCode(code="DOM", categories=ALL),
    )


# PCMN: sub-accounts of 451 that stand for the grids 55 to 57; ET 14000 is a licence, so that an
# import is never taken for one that uses it. France: 4452 is VAT due within the Union; since 2022
# every import is put into the return (CGI 1695, II).
PURCHASE_CODES: dict[Country, tuple[PurchaseCode, ...]] = {
    "BE": _codes(
        {"COC": "451056", "ICG": "451055", "ICS": "451055", "EXT": "451056"},
        PurchaseCode(code="IMP", due_account="451057"),
    ),
    "FR": _codes(
        {"COC": "445200", "ICG": "445200", "ICS": "445200", "EXT": "445200"},
        PurchaseCode(
            code="IMP",
            categories=("G",),
            place="outside",
            due_account="445200",
            valid_from=_FR_IMPORTS,
        ),
    ),
}


def choose(country: Country, category: VatCategory, place: Place, day: date) -> PurchaseCode | None:
    """The code of a purchase that names none."""
    return next((code for code in PURCHASE_CODES[country] if code.fits(category, place, day)), None)


def find(country: Country, name: str, day: date) -> PurchaseCode | None:
    """The code of that name on that day."""
    return next((code for code in _in_force(country, day) if code.code == name), None)


def _in_force(country: Country, day: date) -> Iterable[PurchaseCode]:
    return (
        code for code in PURCHASE_CODES[country] if is_in_force(code.valid_from, code.valid_to, day)
    )
