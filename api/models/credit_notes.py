"""Credit notes and write-offs, as they come in and go out."""

from typing import Annotated

from pydantic import Field

from api.fields import Day, In, Label, Money, Out, Quantity, Text, money
from api.models.sales import (
    LineOut,
    LinkOut,
    Party,
    TotalsOut,
    VatShareOut,
    lines_out,
    links_out,
    party_out,
    shares_out,
    totals_out,
)
from domain.sales.credit_note import CreditNoteIssued, NewCreditNote
from domain.sales.crediting import CreditedLine
from domain.sales.debt import WriteOff


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
    vat_shares: list[VatShareOut] = Field(description="VAT beneath its rates.")
    mentions: list[str] = Field(description="Sentences of the law beside those of the lines.")
    links: list[LinkOut] = Field(description="What the invoice came from.")
    language: str = Field(description="Of the printed document.")
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
            seller=party_out(note.seller),
            customer=party_out(note.customer),
            lines=lines_out(note.lines, note.currency),
            totals=totals_out(note.totals, note.currency),
            vat_shares=shares_out(note.shares, note.currency),
            mentions=list(note.mentions),
            links=links_out(note.links),
            language=note.language,
            reason=note.reason,
        )


class EvidenceIn(In):
    """Why a debt is lost for good."""

    evidence: Text = Field(description="Since when and how that is known: a judgment, an act.")


class RecoveryIn(In):
    """Money of a lost debt that came after all."""

    amount: Money = Field(description="VAT included; not more than what is lost.")


class WriteOffOut(Out):
    """A debt that was lost, and what came after."""

    id: str = Field(description="The write-off's id.")
    number: str = Field(description="Number of its own series.")
    issue_date: Day = Field(description="Day of the loss.")
    invoice_id: str = Field(description="The invoice.")
    invoice_number: str = Field(description="Its legal number.")
    customer_id: str = Field(description="The customer.")
    reason: str = Field(description="Why.")
    amount: Money = Field(description="What was lost, VAT included.")
    net: Money = Field(description="Of the price.")
    declared_tax: Money = Field(description="Of VAT that was due with the invoice.")
    pending_tax: Money = Field(description="Of VAT that waited for the money: no longer owed.")
    mentions: list[str] = Field(description="Words for the duplicate that the customer is sent.")
    vat_reclaimed: Money = Field(description="VAT taken back so far.")
    evidence: str = Field(description="Why it could be taken back, or empty.")
    recovered: Money = Field(description="Paid after all so far, VAT included.")

    @classmethod
    def of(cls, loss: WriteOff) -> "WriteOffOut":
        """A write-off as it stands."""
        document, reclaimed = loss.document, loss.reclaimed
        currency = document.currency
        back = 0 if reclaimed is None else reclaimed.declared_tax
        return cls(
            id=document.write_off_id,
            number=document.document_number,
            issue_date=document.issue_date,
            invoice_id=document.invoice_id,
            invoice_number=document.invoice_number,
            customer_id=document.customer_id,
            reason=document.reason,
            amount=money(document.amount, currency),
            net=money(document.net, currency),
            declared_tax=money(document.declared_tax, currency),
            pending_tax=money(document.pending_tax, currency),
            mentions=list(document.mentions),
            vat_reclaimed=money(back, currency),
            evidence="" if reclaimed is None else reclaimed.evidence,
            recovered=money(sum(each.amount for each in loss.recoveries), currency),
        )
