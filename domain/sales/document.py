"""What sales documents are made of: lines, totals, and the parties as printed."""

from msgspec import Struct

from domain.parties.company import Address
from domain.values.vat import VatAmount, VatCategory


class Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line: decimal strings for quantity, unit price and percent; `net` in minor units.

    `account` overrides the sales account of the company; empty means that account.
    """

    description: str
    quantity: str
    unit_price: str
    net: int
    vat_category: VatCategory
    vat_rate: str
    unit: str = ""
    discount_percent: str = "0"
    exemption: str = ""
    account: str = ""


class Totals(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Σ lines, VAT per rate and what is to be paid, in minor units: gross = net + tax."""

    net: int
    tax: int
    gross: int
    vat: tuple[VatAmount, ...]


class PrintedParty(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A party as the document names it, frozen at validation (M4, M30)."""

    name: str
    address: Address
    registration: str = ""
    vat_number: str = ""
