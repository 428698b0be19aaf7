"""Invoices and credit notes, as they come in and go out."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from pydantic import Field

from api.fields import (
    Account,
    Currency,
    Day,
    In,
    Label,
    Money,
    Out,
    Percent,
    Price,
    Quantity,
    Text,
    VatCategory,
    money,
)
from api.ids import Contact
from api.models.parties import Address, ExternalId
from domain.sales.content import InvoiceContent, NewInvoice
from domain.sales.credit_note import CreditNoteIssued, NewCreditNote
from domain.sales.crediting import CreditedLine
from domain.sales.document import Line, PrintedParty, Totals, add_up
from domain.sales.invoice import Discarded, Draft, Invoice, Validated


class LineIn(In):
    """A line of an invoice; its net amount is calculated here, half-up, once."""

    description: Label = Field(description="What is sold.")
    quantity: Quantity = Field(description="Decimal string, at most 4 decimals.", examples=["1.5"])
    unit_price: Price = Field(description="Decimal string without VAT.", examples=["12.3456"])
    vat_rate: Percent = Field(description="Percent, decimal string.", examples=["21"])
    vat_category: VatCategory = Field(default="S", description="EN 16931 (UNCL 5305) category.")
    unit: Text = Field(default="", description="Unit of the quantity.")
    discount_percent: Percent = Field(default="0", description="Discount of the line, percent.")
    exemption: Text = Field(default="", description="Why there is no VAT; empty: the legal words.")
    account: Account | Literal[""] = Field(default="", description="Empty: the sales account.")


class InvoiceIn(In):
    """What a draft says; a revision replaces it whole."""

    customer_id: Contact = Field(description="The customer.")
    lines: Annotated[list[LineIn], Field(min_length=1, max_length=1000)] = Field(
        description="The lines."
    )
    currency: Currency | Literal[""] = Field(default="", description="Empty: the company's own.")
    due_date: Day | None = Field(default=None, description="Null: by the customer's payment days.")
    note: Text = Field(default="", description="Free words on the document.")
    buyer_reference: Text = Field(default="", description="The buyer's own reference.")
    external_id: ExternalId = Field(default="", description="Your own id, once per company.")

    def new(self) -> NewInvoice:
        """The draft as the domain takes it."""
        return msgspec.convert(self.model_dump(), NewInvoice)


class ReasonIn(In):
    """Why something is undone."""

    reason: Text = Field(description="In a few words; kept for ever.")


class CreditedLineIn(In):
    """A line of the invoice to credit: a quantity, an amount, or all that is left of it."""

    line: Annotated[int, Field(strict=True, ge=0, le=999)] = Field(description="Its place, from 0.")
    quantity: Quantity | None = Field(default=None, description="How much, at its own price.")
    net: Money | None = Field(default=None, description="How much without VAT.")


class CreditNoteIn(In):
    """What to credit of an invoice."""

    reason: Label = Field(description="Why, as printed.")
    lines: Annotated[list[CreditedLineIn], Field(max_length=1000)] = Field(
        default=[], description="Which lines; empty: all that is left of the invoice."
    )

    def new(self) -> NewCreditNote:
        """The credit note as the domain takes it."""
        lines = tuple(
            CreditedLine(
                line=line.line,
                quantity=line.quantity,
                net=None if line.net is None else line.net.amount,
            )
            for line in self.lines
        )
        return NewCreditNote(reason=self.reason, lines=lines)


class Party(Out):
    """A party as printed on the document."""

    name: str = Field(description="Name.")
    address: Address = Field(description="Address.")
    registration: str = Field(description="SIREN, SIRET or enterprise number, or empty.")
    vat_number: str = Field(description="VAT number, or empty.")


class LineOut(Out):
    """A line of a document."""

    description: str = Field(description="What is sold.")
    quantity: str = Field(description="Decimal string.")
    unit: str = Field(description="Unit of the quantity.")
    unit_price: str = Field(description="Decimal string without VAT.")
    discount_percent: str = Field(description="Discount of the line, percent.")
    net: Money = Field(description="Quantity × price − discount, rounded once.")
    vat_category: str = Field(description="EN 16931 category.")
    vat_rate: str = Field(description="Percent.")
    exemption: str = Field(description="Why there is no VAT, or empty.")
    account: str = Field(description="Its account; empty: the sales account.")


class VatOut(Out):
    """The VAT of one rate."""

    category: str = Field(description="EN 16931 category.")
    rate: str = Field(description="Percent.")
    base: Money = Field(description="Σ net of the rate.")
    tax: Money = Field(description="Tax on the base, rounded once.")
    exemption: str = Field(description="Why there is no VAT, or empty.")


class TotalsOut(Out):
    """What a document comes to."""

    net: Money = Field(description="Without VAT.")
    tax: Money = Field(description="VAT.")
    gross: Money = Field(description="To be paid.")
    vat: list[VatOut] = Field(description="VAT per category and rate.")


class InvoiceOut(Out):
    """An invoice: a draft, a discarded draft, or a validated document."""

    id: str = Field(description="The invoice's id.")
    status: Literal["draft", "discarded", "validated"] = Field(description="Where it stands.")
    number: str | None = Field(description="Legal number, gapless; null before validation.")
    issue_date: Day | None = Field(description="Day of validation; null before.")
    due_date: Day | None = Field(description="When it is due; null in a draft: by payment days.")
    customer_id: str = Field(description="The customer.")
    seller: Party | None = Field(description="The company as printed; null before validation.")
    customer: Party | None = Field(description="The customer as printed; null before validation.")
    lines: list[LineOut] = Field(description="The lines.")
    totals: TotalsOut = Field(description="What it comes to.")
    payment_reference: str = Field(description="What to write with the payment; empty in a draft.")
    note: str = Field(description="Free words.")
    buyer_reference: str = Field(description="The buyer's own reference.")
    external_id: str = Field(description="Your own id, or empty.")
    discard_reason: str = Field(description="Why the draft was discarded, or empty.")
    credit_notes: list[str] = Field(description="Ids of the credit notes on it.")

    @classmethod
    def of(cls, invoice: Invoice, credit_notes: Sequence[str] = ()) -> "InvoiceOut":
        """An invoice as it stands."""
        match invoice:
            case Validated():
                return _validated(invoice, credit_notes)
            case Draft(content=content):
                return _drafted(invoice.invoice_id, content, "draft", "")
            case Discarded(content=content, reason=reason):
                return _drafted(invoice.invoice_id, content, "discarded", reason)


class CreditNoteOut(Out):
    """A credit note; amounts are positive."""

    id: str = Field(description="The credit note's id.")
    number: str = Field(description="Legal number, gapless in its own series.")
    issue_date: Day = Field(description="Day of issue.")
    invoice_id: str = Field(description="The invoice it credits.")
    invoice_number: str = Field(description="Its legal number.")
    invoice_date: Day = Field(description="Its day of issue.")
    customer_id: str = Field(description="The customer.")
    seller: Party = Field(description="The company as printed.")
    customer: Party = Field(description="The customer as printed.")
    lines: list[LineOut] = Field(description="The lines.")
    totals: TotalsOut = Field(description="What it comes to.")
    reason: str = Field(description="Why.")

    @classmethod
    def of(cls, note: CreditNoteIssued) -> "CreditNoteOut":
        """A credit note of the book."""
        return cls(
            id=note.credit_note_id,
            number=note.document_number,
            issue_date=note.issue_date,
            invoice_id=note.invoice_id,
            invoice_number=note.invoice_number,
            invoice_date=note.invoice_date,
            customer_id=note.customer_id,
            seller=_party(note.seller),
            customer=_party(note.customer),
            lines=lines_out(note.lines, note.currency),
            totals=totals_out(note.totals, note.currency),
            reason=note.reason,
        )


def lines_out(lines: Sequence[Line], currency: str) -> list[LineOut]:
    """Lines of a document as they go out."""
    return [
        LineOut(
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            discount_percent=line.discount_percent,
            net=money(line.net, currency),
            vat_category=line.vat_category,
            vat_rate=line.vat_rate,
            exemption=line.exemption,
            account=line.account,
        )
        for line in lines
    ]


def totals_out(totals: Totals, currency: str) -> TotalsOut:
    """Totals of a document as they go out."""
    return TotalsOut(
        net=money(totals.net, currency),
        tax=money(totals.tax, currency),
        gross=money(totals.gross, currency),
        vat=[
            VatOut(
                category=amount.category,
                rate=amount.rate,
                base=money(amount.base, currency),
                tax=money(amount.tax, currency),
                exemption=amount.exemption,
            )
            for amount in totals.vat
        ],
    )


def _party(party: PrintedParty) -> Party:
    return Party(**msgspec.to_builtins(party))


def _drafted(
    invoice_id: str, content: InvoiceContent, status: Literal["draft", "discarded"], reason: str
) -> InvoiceOut:
    return InvoiceOut(
        id=invoice_id,
        status=status,
        number=None,
        issue_date=None,
        due_date=content.due_date,
        customer_id=content.customer_id,
        seller=None,
        customer=None,
        lines=lines_out(content.lines, content.currency),
        totals=totals_out(add_up(content.lines), content.currency),
        payment_reference="",
        note=content.note,
        buyer_reference=content.buyer_reference,
        external_id=content.external_id,
        discard_reason=reason,
        credit_notes=[],
    )


def _validated(invoice: Validated, credit_notes: Sequence[str]) -> InvoiceOut:
    document = invoice.document
    return InvoiceOut(
        id=invoice.invoice_id,
        status="validated",
        number=document.document_number,
        issue_date=document.issue_date,
        due_date=document.due_date,
        customer_id=document.customer_id,
        seller=_party(document.seller),
        customer=_party(document.customer),
        lines=lines_out(document.lines, document.currency),
        totals=totals_out(document.totals, document.currency),
        payment_reference=document.payment_reference,
        note=document.note,
        buyer_reference=document.buyer_reference,
        external_id=invoice.content.external_id,
        discard_reason="",
        credit_notes=list(credit_notes),
    )
