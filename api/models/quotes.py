"""Quotes and their deposits, as they come in and go out."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from pydantic import Field

from api.fields import Day, In, Money, Out, Percent, Text, money
from api.ids import Payment
from api.models.content import ContentIn, units
from api.models.instalments import (
    Instalments,
    PlannedInstalmentOut,
    amounts_in,
    asked_in,
    planned_out,
)
from api.models.sales import LineOut, TotalsOut, lines_out, totals_out
from domain.deposits.deposit import Deleted, Deposit, Settled
from domain.deposits.depositing import NewDeposit
from domain.deposits.settling import NewSettlement
from domain.quotes.billing import Bill, Dropped, Pending
from domain.quotes.quote import Accepted, Declined, Draft, NewQuote, Quote, Sent
from domain.sales.document import add_up
from domain.sales.pricing import Language
from services.quote_loading import KnownQuote

Days = Annotated[int, Field(strict=True, ge=0, le=3650)]
Stage = Literal["draft", "sent", "refused", "accepted", "invoiced"]


class DepositTermsIn(In):
    """The deposit that a quote asks for: a percentage or an amount of it."""

    percent: Percent | Literal[""] = Field(default="", description="Of the gross of the quote.")
    amount: Money | None = Field(default=None, description="VAT included, instead.")
    days: Days = Field(default=0, description="Days after acceptance on which it falls due.")


class QuoteIn(ContentIn):
    """What a quote says; a revision replaces it whole. Its number comes by itself."""

    issue_date: Day | None = Field(default=None, description="Null or today: nothing else.")
    valid_until: Day | None = Field(default=None, description="Last day to accept it.")
    deposit: DepositTermsIn | None = Field(default=None, description="Asked for at acceptance.")
    instalments: Instalments = Field(
        default=[],
        description="How its invoice is to be paid; Σ is the gross, and paid deposits take off the "
        "first ones. Empty: by the customer's terms.",
    )

    def amounts(self) -> list[Money | None]:
        """Every amount of the quote."""
        deposit = None if self.deposit is None else self.deposit.amount
        return [*super().amounts(), deposit, *amounts_in(self.instalments)]

    def new(self) -> NewQuote:
        """The quote as the domain takes it."""
        said = self.asked()
        if self.deposit is not None:
            said["deposit"]["amount"] = units(self.deposit.amount)
        said["instalments"] = asked_in(self.instalments)
        return msgspec.convert(said, NewQuote)


class ProbabilityIn(In):
    """How likely a quote is to be accepted."""

    probability: Annotated[int, Field(strict=True, ge=0, le=100)] = Field(
        description="From 0, no chance, to 100, agreed in principle."
    )


class DepositIn(In):
    """A deposit of an accepted quote: a percentage or an amount of it."""

    percent: Percent | Literal[""] = Field(default="", description="Of the gross of the quote.")
    amount: Money | None = Field(default=None, description="VAT included, instead.")
    due_date: Day | None = Field(default=None, description="Null: today, or as it was.")

    def new(self) -> NewDeposit:
        """The deposit as the domain takes it."""
        return NewDeposit(
            percent=self.percent,
            amount=units(self.amount),
            currency="" if self.amount is None else self.amount.currency,
            due_date=self.due_date,
        )


class SettlementIn(In):
    """How a deposit was paid, and the date of its invoice."""

    confirm_date: Day = Field(
        description="Date of the deposit invoice, from the last number's to today; it is final."
    )
    paid_on: Day | None = Field(default=None, description="When the money came; null: that day.")
    journal: Text = Field(default="", description="Bank journal; empty: the first.")
    reference: Text = Field(default="", description="Reference of the payment.")
    payment_id: Payment | Literal[""] = Field(
        default="", description="A payment that was recorded before; empty: one is recorded now."
    )

    def new(self) -> NewSettlement:
        """The settlement as the domain takes it."""
        return NewSettlement(
            confirm_date=self.confirm_date,
            paid_on=self.paid_on,
            journal=self.journal,
            reference=self.reference,
            payment_id=self.payment_id,
        )


class RequestOut(Out):
    """A payment request: it is no invoice and says no VAT."""

    number: str = Field(description="Number of its own series.")
    issue_date: Day = Field(description="Day of issue.")
    due_date: Day = Field(description="When it falls due.")
    payment_reference: str = Field(description="What to write with the payment.")


class DepositOut(Out):
    """A deposit of a quote."""

    id: str = Field(description="The deposit's id.")
    status: Literal["open", "settled", "deleted"] = Field(description="Where it stands.")
    quote_id: str = Field(description="Its quote.")
    ordinal: int = Field(description="Its place among the deposits of the quote, from 1.")
    percent: str = Field(description="Of the gross of the quote, or empty.")
    amount: Money = Field(description="VAT included.")
    due_date: Day = Field(description="When it falls due.")
    request: RequestOut | None = Field(description="The payment request, or null.")
    invoice_id: str = Field(description="The deposit invoice; empty until it is settled.")
    invoice_number: str = Field(description="Its legal number, or empty.")
    payment_id: str = Field(description="The payment; empty until it is settled.")

    @classmethod
    def of(cls, deposit: Deposit) -> "DepositOut":
        """A deposit as it stands."""
        settlement = deposit.settlement if isinstance(deposit, Settled) else None
        request = deposit.request
        status: Literal["open", "settled", "deleted"] = "open"
        if isinstance(deposit, Settled | Deleted):
            status = "settled" if isinstance(deposit, Settled) else "deleted"
        return cls(
            id=deposit.deposit_id,
            status=status,
            quote_id=deposit.quote_id,
            ordinal=deposit.opened.ordinal,
            percent=deposit.percent,
            amount=money(deposit.gross, deposit.opened.currency),
            due_date=deposit.due_date,
            request=None
            if request is None
            else RequestOut(
                number=request.document_number,
                issue_date=request.issue_date,
                due_date=request.due_date,
                payment_reference=request.payment_reference,
            ),
            invoice_id="" if settlement is None else settlement.invoice_id,
            invoice_number="" if settlement is None else settlement.invoice_number,
            payment_id="" if settlement is None else settlement.payment_id,
        )


class BillOut(Out):
    """An invoice that came from a quote."""

    id: str = Field(description="The invoice's id.")
    kind: str = Field(description="deposit, situation, balance or invoice.")
    number: str | None = Field(description="Legal number; null in a draft.")


class QuoteOut(Out):
    """A quote with its deposits and its invoices."""

    id: str = Field(description="The quote's id.")
    status: Stage = Field(description="Where it stands; invoiced when nothing of it is left.")
    number: str = Field(description="Number of its own series, in the order of creation.")
    issue_date: Day = Field(description="The day on which it was begun.")
    valid_until: Day | None = Field(description="Last day to accept it, or null.")
    accepted_on: Day | None = Field(description="When it was accepted, or null.")
    refusal: str = Field(description="Why the customer declined, or empty.")
    probability: int | None = Field(description="From 0 to 100; null: nobody said.")
    customer_id: str = Field(description="The customer.")
    lines: list[LineOut] = Field(description="The lines; discount and shipping are among them.")
    totals: TotalsOut = Field(description="What it comes to.")
    note: str = Field(description="Free words.")
    buyer_reference: str = Field(description="The buyer's own reference.")
    external_id: str = Field(description="Your own id, or empty.")
    language: Language = Field(description="Of the printed document.")
    template: str = Field(description="Its template; empty: the default.")
    instalments: list[PlannedInstalmentOut] = Field(description="How its invoice is to be paid.")
    deposits: list[DepositOut] = Field(description="Its deposits, the oldest first.")
    invoices: list[BillOut] = Field(description="Invoices from it that were not discarded.")

    @classmethod
    def of(cls, known: KnownQuote) -> "QuoteOut":
        """A quote as it stands."""
        quote, content = known.quote, known.quote.content
        return cls(
            id=quote.quote_id,
            status="invoiced" if known.is_invoiced else _stage(quote),
            number=quote.number,
            issue_date=quote.document.issue_date,
            valid_until=content.valid_until,
            accepted_on=quote.accepted_on if isinstance(quote, Accepted) else None,
            refusal=quote.reason if isinstance(quote, Declined) else "",
            probability=quote.probability,
            customer_id=content.customer_id,
            lines=lines_out(content.lines, content.currency),
            totals=totals_out(add_up(content.lines), content.currency),
            note=content.note,
            buyer_reference=content.buyer_reference,
            external_id=content.external_id,
            language=content.language,
            template=content.template,
            instalments=planned_out(content.instalments, content.currency),
            deposits=[DepositOut.of(deposit) for deposit in known.deposits.values()],
            invoices=_bills(list(known.bills.values())),
        )


def _stage(quote: Quote) -> Stage:
    match quote:
        case Draft():
            return "draft"
        case Sent():
            return "sent"
        case Declined():
            return "refused"
        case Accepted():
            return "accepted"


def _bills(bills: Sequence[Bill]) -> list[BillOut]:
    return [
        BillOut(
            id=bill.invoice_id,
            kind=bill.content.kind,
            number=None if isinstance(bill, Pending) else bill.document.document_number,
        )
        for bill in bills
        if not isinstance(bill, Dropped)
    ]
