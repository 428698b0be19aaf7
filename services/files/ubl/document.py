"""A UBL invoice or credit note in the terms of EN 16931: amounts in minor units, rates as text.

Amounts (`int`) are minor units of `UblDocument.currency`; prices, quantities and rates are
canonical decimal strings (no exponent, no trailing zeros). `pointer` is the XPath of the element
a part was read from, so that a finding can be shown where it stands in the file.
"""

from datetime import date
from hashlib import sha256
from typing import Literal

from msgspec import Struct

Kind = Literal["invoice", "credit_note"]


class Identifier(Struct, frozen=True):
    """An identifier and its scheme (ISO 6523 / EAS code such as 0208), when it names one."""

    value: str
    scheme: str | None = None


class Address(Struct, frozen=True):
    """BG-5, BG-8: lines of the postal address; `country` is the ISO 3166-1 code (BT-40, BT-55)."""

    lines: tuple[str, ...]
    city: str | None
    postcode: str | None
    subdivision: str | None
    country: str


class Party(Struct, frozen=True):
    """BG-4 seller, BG-7 buyer, BG-10 payee or BG-11 tax representative."""

    pointer: str
    name: str
    """BT-27, BT-44, BT-59, BT-62."""
    trading_name: str | None
    """BT-28, BT-45."""
    address: Address
    vat_number: str | None
    """BT-31, BT-48, BT-63, as written."""
    tax_registration: str | None
    """BT-32: a local tax number that is not for VAT."""
    legal_id: Identifier | None
    """BT-30, BT-47, BT-61."""
    endpoint: Identifier | None
    """BT-34, BT-49: the electronic address the document travelled by."""
    identifiers: tuple[Identifier, ...]
    """BT-29, BT-46, BT-60."""
    email: str | None
    """BT-43, BT-58."""


class PayeeAccount(Struct, frozen=True):
    """BG-17: an account to pay to; the identifier is mostly, not always, an IBAN."""

    pointer: str
    identifier: str
    """BT-84, spaces removed."""
    name: str | None
    """BT-85."""
    bic: str | None
    """BT-86."""


class Payment(Struct, frozen=True):
    """BG-16 payment instructions, with the terms."""

    means: tuple[str, ...]
    """BT-81: codes of UNTDID 4461 (30, 58: credit transfer)."""
    references: tuple[str, ...]
    """BT-83, as written."""
    terms: str | None
    """BT-20."""
    accounts: tuple[PayeeAccount, ...]
    """BG-17."""


class Delivery(Struct, frozen=True):
    """BG-13, BG-14: when it was delivered, or the period invoiced."""

    delivered_on: date | None
    """BT-72."""
    period_start: date | None
    """BT-73."""
    period_end: date | None
    """BT-74."""


class PrecedingInvoice(Struct, frozen=True):
    """BG-3: an earlier invoice this document corrects or refers to."""

    number: str
    """BT-25."""
    issue_date: date | None
    """BT-26."""


class AllowanceCharge(Struct, frozen=True):
    """BG-20, BG-21 (document) or BG-27, BG-28 (line): an allowance, or a charge."""

    pointer: str
    is_charge: bool
    amount: int
    """BT-92, BT-99, BT-136, BT-141."""
    base: int | None
    """BT-93, BT-100, BT-137, BT-142."""
    percent: str | None
    """BT-94, BT-101, BT-138, BT-143."""
    vat_category: str | None
    """BT-95, BT-102; none on a line."""
    vat_rate: str | None
    """BT-96, BT-103; none on a line."""
    reason: str | None
    """BT-97, BT-104, BT-139, BT-144."""
    reason_code: str | None
    """BT-98, BT-105, BT-140, BT-145."""

    @property
    def signed(self) -> int:
        """Give the amount as it adds to a total: charges add, allowances take away."""
        return self.amount if self.is_charge else -self.amount


class Line(Struct, frozen=True):
    """BG-25: an invoice line."""

    pointer: str
    id: str
    """BT-126."""
    name: str
    """BT-153."""
    description: str | None
    """BT-154."""
    note: str | None
    """BT-127."""
    quantity: str
    """BT-129."""
    unit: str | None
    """BT-130."""
    price: str
    """BT-146, net of the price discount."""
    base_quantity: str
    """BT-149, "1" when absent."""
    net: int
    """BT-131."""
    vat_category: str
    """BT-151."""
    vat_rate: str | None
    """BT-152."""
    allowances_charges: tuple[AllowanceCharge, ...]
    """BG-27, BG-28."""
    accounting_cost: str | None
    """BT-133."""


class VatBreakdown(Struct, frozen=True):
    """BG-23: what one VAT category and rate amounts to."""

    pointer: str
    category: str
    """BT-118."""
    rate: str | None
    """BT-119."""
    base: int
    """BT-116."""
    tax: int
    """BT-117."""
    exemption_reason: str | None
    """BT-120."""
    exemption_code: str | None
    """BT-121."""


class Totals(Struct, frozen=True):
    """BG-22, with BT-110 and BT-111; an absent optional amount is 0."""

    pointer: str
    lines: int
    """BT-106."""
    allowances: int
    """BT-107."""
    charges: int
    """BT-108."""
    tax_exclusive: int
    """BT-109."""
    tax: int
    """BT-110."""
    tax_inclusive: int
    """BT-112."""
    prepaid: int
    """BT-113."""
    rounding: int
    """BT-114."""
    payable: int
    """BT-115."""
    tax_in_tax_currency: int | None
    """BT-111, in minor units of `UblDocument.tax_currency`."""


class Attachment(Struct, frozen=True):
    """BG-24: a supporting document, embedded (`content`) or linked (`uri`, never fetched)."""

    pointer: str
    id: str
    """BT-122."""
    description: str | None
    """BT-123."""
    filename: str | None
    mime: str | None
    content: bytes | None
    """BT-125, byte for byte."""
    uri: str | None
    """BT-124."""

    @property
    def sha256(self) -> str | None:
        """Give the hex digest of the embedded bytes."""
        return None if self.content is None else sha256(self.content).hexdigest()


class UblDocument(Struct, frozen=True):
    """An invoice or credit note; `sha256` is the hex digest of the file's bytes."""

    sha256: str
    kind: Kind
    type_code: str
    """BT-3."""
    number: str
    """BT-1."""
    issue_date: date
    """BT-2."""
    due_date: date | None
    """BT-9."""
    tax_point_date: date | None
    """BT-7."""
    tax_point_code: str | None
    """BT-8: 3 is the day of the invoice, 35 that of delivery, 432 that of payment."""
    process: str | None
    """BT-23; in France its first letter says goods (B), services (S) or both (M)."""
    delivery: Delivery
    """BG-13, BG-14."""
    currency: str
    """BT-5."""
    exponent: int
    """Decimals of `currency`: 2 for EUR, 0 for JPY."""
    tax_currency: str | None
    """BT-6."""
    specification: str | None
    """BT-24."""
    notes: tuple[str, ...]
    """BT-22."""
    buyer_reference: str | None
    """BT-10."""
    order_reference: str | None
    """BT-13."""
    preceding_invoices: tuple[PrecedingInvoice, ...]
    """BG-3."""
    payment: Payment
    """BG-16."""
    seller: Party
    """BG-4."""
    buyer: Party
    """BG-7."""
    payee: Party | None
    """BG-10: who is paid, when it is not the seller (a factor)."""
    tax_representative: Party | None
    """BG-11."""
    allowances_charges: tuple[AllowanceCharge, ...]
    """BG-20, BG-21."""
    lines: tuple[Line, ...]
    """BG-25."""
    vat: tuple[VatBreakdown, ...]
    """BG-23."""
    totals: Totals
    """BG-22."""
    attachments: tuple[Attachment, ...]
    """BG-24."""

    @property
    def owed_to_seller(self) -> int:
        """Give the tax-inclusive total as the buyer's debt: negative for a credit note."""
        sign = 1 if self.kind == "invoice" else -1
        return sign * self.totals.tax_inclusive
