"""Invoices as they go out, and what every document of sale shows."""

from collections.abc import Sequence
from typing import Literal

import msgspec
from pydantic import Field

from api.fields import Day, In, Money, Out, Text, money
from api.models.instalments import PlannedInstalmentOut, planned_out
from api.models.parties import Address
from domain.sales.content import DocumentLink, InvoiceContent
from domain.sales.document import Line, PrintedParty, Totals, add_up
from domain.sales.invoice import Discarded, Draft, Invoice, Validated
from domain.values.vat import VatShare
from services.losses import Standing


class ReasonIn(In):
    """Why something is undone."""

    reason: Text = Field(description="In a few words; kept for ever.")


class Party(Out):
    """A party as printed on the document."""

    name: str = Field(description="Name.")
    address: Address = Field(description="Address.")
    registration: str = Field(description="SIREN, SIRET or enterprise number, or empty.")
    vat_number: str = Field(description="VAT number, or empty.")


Status = Literal[
    "draft", "discarded", "validated", "partly_paid", "settled", "cancelled", "written_off"
]


class LineOut(Out):
    """A line of a document."""

    kind: str = Field(
        description="`item`, `text`, or a share of the `discount`, of `shipping`, of a `deposit`."
    )
    description: str = Field(description="What is sold.")
    quantity: str = Field(description="Decimal string.")
    unit: str = Field(description="Unit of the quantity.")
    unit_price: str = Field(description="Decimal string without VAT.")
    discount_percent: str = Field(description="Discount of the line, percent.")
    net: Money = Field(description="Quantity × price − discount, rounded once.")
    vat_category: str = Field(description="EN 16931 category.")
    vat_rate: str = Field(description="Percent.")
    vat_code: str = Field(description="National VAT code; in a draft perhaps empty.")
    nature: str = Field(description="`goods` or `services`; in a draft perhaps empty.")
    tax: Money | None = Field(
        description="Its own part of a known tax (deposit, situation); null: taxed with its rate."
    )
    exemption: str = Field(description="Why there is no VAT, or empty.")
    article_id: str = Field(description="The article it comes from, or empty.")
    unit_cost: str = Field(description="What a unit costs the company, or empty; never printed.")
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


class VatShareOut(Out):
    """The VAT beneath a rate: by national code, nature, and when it falls due."""

    category: str = Field(description="EN 16931 category.")
    rate: str = Field(description="Percent.")
    code: str = Field(description="National VAT code.")
    nature: str = Field(description="`goods` or `services`.")
    exigible: str = Field(
        description="`issue`: due with the document. `payment`: due with its payment. `none`: not "
        "due by itself."
    )
    base: Money = Field(description="Σ net of the share.")
    tax: Money = Field(description="Its tax: the shares of a rate add up to the rate's.")


class InstalmentOut(Out):
    """A part of what is to be paid."""

    due_date: Day = Field(description="When it falls due.")
    amount: Money = Field(description="VAT included.")


class LinkOut(Out):
    """A document that this one comes from."""

    kind: str = Field(description="`quote`, `order`, `delivery`, `invoice`…")
    id: str = Field(description="Its id.")
    number: str = Field(description="Its number, or empty.")


class InvoiceOut(Out):
    """An invoice: a draft, a discarded draft, or a validated document."""

    id: str = Field(description="The invoice's id.")
    kind: Literal["invoice", "deposit", "situation", "balance"] = Field(
        description="What it invoices: all, a deposit, a part by progress, or the rest."
    )
    status: Status = Field(
        description="Where it stands: `cancelled` once credit notes took all of it back, "
        "`written_off` once it is lost. Settled or not is told by `GET`."
    )
    number: str | None = Field(description="Legal number, gapless; null before validation.")
    issue_date: Day | None = Field(description="Day of validation; null before.")
    due_date: Day | None = Field(description="When all is due; null in a draft: by the terms.")
    supply_date: Day | None = Field(description="When it was supplied, if on another day.")
    instalments: list[InstalmentOut] = Field(description="Its parts; empty before validation.")
    planned: list[PlannedInstalmentOut] = Field(description="Its parts as the draft asks for them.")
    customer_id: str = Field(description="The customer.")
    seller: Party | None = Field(description="The company as printed; null before validation.")
    customer: Party | None = Field(description="The customer as printed; null before validation.")
    lines: list[LineOut] = Field(description="The lines.")
    totals: TotalsOut = Field(description="What it comes to.")
    vat_shares: list[VatShareOut] = Field(description="VAT beneath its rates, once validated.")
    mentions: list[str] = Field(description="Sentences of the law beside those of the lines.")
    links: list[LinkOut] = Field(description="What it comes from.")
    language: str = Field(description="Of the printed document.")
    template: str = Field(description="Its template; empty: the default.")
    payment_reference: str = Field(description="What to write with the payment; empty in a draft.")
    note: str = Field(description="Free words.")
    buyer_reference: str = Field(description="The buyer's own reference.")
    external_id: str = Field(description="Your own id, or empty.")
    discard_reason: str = Field(description="Why the draft was discarded, or empty.")
    credit_notes: list[str] = Field(description="Ids of the credit notes on it.")
    write_off_id: str = Field(description="Its write-off, or empty.")

    @classmethod
    def of(cls, invoice: Invoice, debt: Standing | None = None) -> "InvoiceOut":
        """An invoice, and how it stands as a debt where that is known."""
        match invoice:
            case Validated():
                return _validated(invoice, debt)
            case Draft(content=content):
                return _drafted(invoice.invoice_id, content, "draft", "")
            case Discarded(content=content, reason=reason):
                return _drafted(invoice.invoice_id, content, "discarded", reason)


def lines_out(lines: Sequence[Line], currency: str) -> list[LineOut]:
    """Lines of a document as they go out."""
    return [
        LineOut(
            kind=line.kind,
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            discount_percent=line.discount_percent,
            net=money(line.net, currency),
            vat_category=line.vat_category,
            vat_rate=line.vat_rate,
            vat_code=line.vat_code,
            nature=line.nature,
            tax=None if line.tax is None else money(line.tax, currency),
            exemption=line.exemption,
            article_id=line.article_id,
            unit_cost=line.unit_cost,
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


def party_out(party: PrintedParty) -> Party:
    """A party as it goes out."""
    return Party(**msgspec.to_builtins(party))


def shares_out(shares: Sequence[VatShare], currency: str) -> list[VatShareOut]:
    """The shares of a document as they go out."""
    return [
        VatShareOut(
            category=share.category,
            rate=share.rate,
            code=share.code,
            nature=share.nature,
            exigible=share.exigible,
            base=money(share.base, currency),
            tax=money(share.tax, currency),
        )
        for share in shares
    ]


def links_out(links: Sequence[DocumentLink]) -> list[LinkOut]:
    """What a document comes from, as it goes out."""
    return [LinkOut(kind=link.kind, id=link.id, number=link.number) for link in links]


def _drafted(
    invoice_id: str, content: InvoiceContent, status: Literal["draft", "discarded"], reason: str
) -> InvoiceOut:
    return InvoiceOut(
        id=invoice_id,
        kind=content.kind,
        status=status,
        number=None,
        issue_date=None,
        due_date=content.due_date,
        supply_date=content.supply_date,
        instalments=[],
        planned=planned_out(content.instalments, content.currency),
        customer_id=content.customer_id,
        seller=None,
        customer=None,
        lines=lines_out(content.lines, content.currency),
        totals=totals_out(add_up(content.lines), content.currency),
        vat_shares=[],
        mentions=[],
        links=links_out(content.links),
        language=content.language,
        template=content.template,
        payment_reference="",
        note=content.note,
        buyer_reference=content.buyer_reference,
        external_id=content.external_id,
        discard_reason=reason,
        credit_notes=[],
        write_off_id="",
    )


def _validated(invoice: Validated, debt: Standing | None) -> InvoiceOut:
    document, currency = invoice.document, invoice.document.currency
    return InvoiceOut(
        id=invoice.invoice_id,
        kind=document.kind,
        status="validated" if debt is None else debt.status,
        number=document.document_number,
        issue_date=document.issue_date,
        due_date=document.due_date,
        supply_date=document.supply_date,
        planned=planned_out(invoice.content.instalments, currency),
        instalments=[
            InstalmentOut(due_date=part.due_date, amount=money(part.amount, currency))
            for part in document.instalments
        ],
        customer_id=document.customer_id,
        seller=party_out(document.seller),
        customer=party_out(document.customer),
        lines=lines_out(document.lines, currency),
        totals=totals_out(document.totals, currency),
        vat_shares=shares_out(document.shares, currency),
        mentions=list(document.mentions),
        links=links_out(document.links),
        language=document.language,
        template=document.template,
        payment_reference=document.payment_reference,
        note=document.note,
        buyer_reference=document.buyer_reference,
        external_id=invoice.content.external_id,
        discard_reason="",
        credit_notes=[] if debt is None else list(debt.credit_notes),
        write_off_id="" if debt is None else debt.write_off_id,
    )
