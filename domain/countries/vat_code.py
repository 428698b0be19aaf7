"""A country's own VAT codes: finer than the categories of EN 16931, with their words and dates."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec import Struct

from domain.values.days import is_in_force
from domain.values.identifiers import EU_MEMBERS
from domain.values.language import Wording
from domain.values.vat import Exigible, Nature, VatCategory

VatRegime = Literal["normal", "simplified", "franchise"]
Place = Literal["home", "union", "outside"]


class VatCode(Struct, frozen=True, kw_only=True):
    """One treatment of a supply, by its code: empty fields fit anything, `valid_to` is a last day.

    `vatex` is the reason of EN 16931 (BT-121), `mention` the words the law wants on the document,
    `regime` the only regime that uses it. `exigible` goes before the country's rules. Where not
    `automatic`, a line has it only by naming it. `foreign_rates` are those of the customer's
    country (One Stop Shop).
    """

    code: str
    category: VatCategory
    valid_from: date
    valid_to: date | None = None
    rate: str = ""
    territory: str = ""
    nature: Nature = ""
    place: Place | None = None
    regime: VatRegime | None = None
    vatex: str = ""
    mention: Wording = {}
    exigible: Exigible | None = None
    automatic: bool = True
    foreign_rates: bool = False

    def fits(self, supply: "Supply") -> bool:
        """Whether a supply can have this code without naming it."""
        return (
            self.automatic
            and self.category == supply.category
            and self.rate in ("", supply.rate)
            and self.nature in ("", supply.nature)
            and self.place in (None, supply.place)
            and self.regime in (None, supply.regime)
            and is_in_force(self.valid_from, self.valid_to, supply.day)
        )


class Supply(Struct, frozen=True, kw_only=True):
    """What decides on the code of a line: `day` is when its tax becomes chargeable."""

    category: VatCategory
    rate: str
    nature: Nature
    place: Place
    regime: VatRegime
    day: date


def place_of(customer: str, own: str) -> Place:
    """Where a customer's country lies, seen from ours; Monaco is in France for VAT (CGI 256-0)."""
    if customer == own or (own, customer) == ("FR", "MC"):
        return "home"
    return "union" if customer in EU_MEMBERS else "outside"


def choose(codes: Iterable[VatCode], supply: Supply) -> VatCode | None:
    """The first code that fits: a country lists the special ones before the general ones."""
    return next((code for code in codes if code.fits(supply)), None)


def find(codes: Iterable[VatCode], name: str, day: date) -> VatCode | None:
    """The code of that name on that day."""
    named = (code for code in codes if code.code == name)
    return next((code for code in named if is_in_force(code.valid_from, code.valid_to, day)), None)
