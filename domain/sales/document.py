"""What sales documents are made of: lines, totals, and the parties as printed."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from domain.book.refusal import Refused
from domain.ledger.chart import is_account
from domain.parties.company import Address, Company
from domain.parties.contact import ContactDetails
from domain.values import faults
from domain.values.currency import EXPONENTS
from domain.values.identifiers import registration_in
from domain.values.money import half_up
from domain.values.quantity import exact, is_percent, is_price, is_quantity, shortest
from domain.values.vat import Nature as Nature  # noqa: PLC0414
from domain.values.vat import Taxable, VatAmount, VatCategory, break_down

LineKind = Literal["item", "text", "discount", "shipping", "deposit"]


class Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line: decimal strings for quantity, unit price and percent; `net` in minor units.

    `kind` says where it comes from: an item, a text without an amount, a share of the document's
    discount or shipping, or a deposit that is deducted (M21, M62). `account` overrides the account
    that the company has for it. `vat_code` is the country's own, finer than the category. `tax`
    is None where the tax is that of the rate on the sum of its lines; a line that is a part of
    a larger whole (deposit, situation) carries its exact share of the whole's tax. `unit_cost`
    is what a unit costs the company, for margins; it is never printed. `deducts` is the id of the
    deposit invoice that a line of kind deposit takes off (M62).
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
    kind: LineKind = "item"
    vat_code: str = ""
    nature: Nature = ""
    tax: int | None = None
    article_id: str = ""
    unit_cost: str = ""
    deducts: str = ""


class NewLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line as it is asked for: an item, whose net amount is ours to calculate, or a text."""

    description: str
    quantity: str = "1"
    unit_price: str = ""
    vat_rate: str = ""
    vat_category: VatCategory = "S"
    unit: str = ""
    discount_percent: str = "0"
    exemption: str = ""
    account: str = ""
    kind: Literal["item", "text"] = "item"
    vat_code: str = ""
    nature: Nature = ""
    article_id: str = ""
    unit_cost: str = ""


class Instalment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of what a document asks for and the day it falls due (M33)."""

    due_date: date
    amount: int


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


def price(line: NewLine, currency: str) -> Line:
    """The line with its net amount: quantity times price less discount, rounded once, half-up."""
    if line.kind == "text":
        return _text(line)
    unit = 10 ** EXPONENTS[currency]
    kept = 1 - exact(line.discount_percent) / 100
    return Line(
        description=line.description,
        quantity=shortest(line.quantity),
        unit_price=shortest(line.unit_price),
        net=half_up(exact(line.quantity) * exact(line.unit_price) * kept * unit),
        vat_category=line.vat_category,
        vat_rate=shortest(line.vat_rate),
        unit=line.unit,
        discount_percent=shortest(line.discount_percent),
        exemption=line.exemption,
        account=line.account,
        vat_code=line.vat_code,
        nature=line.nature,
        article_id=line.article_id,
        unit_cost=shortest(line.unit_cost),
    )


def malformed(line: NewLine, pointer: str) -> Refused | None:
    """Refuses a line whose numbers are not strict decimals or whose account is no account."""
    sound = {
        "quantity": is_quantity(line.quantity),
        "unit_price": is_price(line.unit_price),
        "discount_percent": is_percent(line.discount_percent),
        "vat_rate": is_percent(line.vat_rate),
        "account": not line.account or is_account(line.account),
        "unit_cost": not line.unit_cost or is_price(line.unit_cost),
    }
    wrong = next((name for name, right in sound.items() if not right), None)
    if wrong is not None and line.kind == "item":
        return faults.NumberIsMalformed(pointer=f"{pointer}/{wrong}")
    return faults.missing(line.description, f"{pointer}/description")


def add_up(lines: Sequence[Line]) -> Totals:
    """The totals of a document: VAT per category and rate on Σ nets, gross = net + tax."""
    charged = [line for line in lines if line.kind != "text"]
    vat = break_down(
        Taxable(line.vat_category, line.vat_rate, line.net, line.exemption, line.tax)
        for line in charged
    )
    return totals_of(sum(line.net for line in charged), vat)


def totals_of(net: int, vat: tuple[VatAmount, ...]) -> Totals:
    """Totals from a net amount and the tax of each rate."""
    tax = sum(amount.tax for amount in vat)
    return Totals(net=net, tax=tax, gross=net + tax, vat=vat)


def printed_seller(company: Company) -> PrintedParty:
    """The company as its documents name it."""
    return PrintedParty(
        name=company.name,
        address=company.address,
        registration=company.registration,
        vat_number=company.vat_number,
    )


def printed_customer(customer: ContactDetails) -> PrintedParty:
    """The customer as the document names him, with the SIREN or KBO number in his VAT number."""
    return PrintedParty(
        name=customer.name,
        address=customer.address,
        registration=customer.registration or registration_in(customer.vat_number),
        vat_number=customer.vat_number,
    )


def _text(line: NewLine) -> Line:
    """A line of words alone."""
    return Line(
        description=line.description,
        quantity="0",
        unit_price="0",
        net=0,
        vat_category="O",
        vat_rate="0",
        kind="text",
        article_id=line.article_id,
    )
