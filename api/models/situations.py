"""Invoicing a quote: whole, by situations, and deposits on drafts, as they come in and go out."""

from typing import Annotated, Literal, Self

import msgspec
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from api.fields import Day, In, Money, Out, Percent, Text, money, of_one_currency
from api.models.content import units
from api.models.instalments import Instalments, asked_in
from api.models.quotes import SettlementIn
from api.models.sales import InvoiceOut
from domain.deposits.invoice_deposit import NewInvoiceDeposit
from domain.quotes.balance import InvoicingTerms
from domain.quotes.progress import Progress
from domain.quotes.situation import NewSituation
from domain.sales.instalments import NewInstalment
from domain.sales.invoice import Discarded, Draft, Validated
from services.situations import QuoteInvoicing

Index = Annotated[int, Field(strict=True, ge=0, le=1999)]


class QuoteInvoicingIn(In):
    """How to invoice a whole quote; `deposit` is required while one is not settled."""

    deposit: Literal["paid", "unpaid", "delete"] | None = Field(
        default=None, description="What becomes of the deposits that are not settled."
    )
    settlement: SettlementIn | None = Field(
        default=None, description="With `paid`: how they were paid."
    )
    due_date: Day | None = Field(default=None, description="Null: by the customer's terms.")
    supply_date: Day | None = Field(default=None, description="When it was supplied.")
    instalments: Instalments = Field(
        default=[], description="Of what is left to pay. Empty: those of the quote, or one."
    )

    @model_validator(mode="after")
    def _settled_as_paid(self) -> Self:
        if self.deposit != "paid" and self.settlement is not None:
            raise PydanticCustomError("wrong_format", "a settlement goes with paid")
        return self

    def new(self) -> QuoteInvoicing:
        """What is asked, as the use case takes it."""
        return QuoteInvoicing(
            terms=InvoicingTerms(
                due_date=self.due_date,
                supply_date=self.supply_date,
                instalments=msgspec.convert(asked_in(self.instalments), tuple[NewInstalment, ...]),
            ),
            deposit=self.deposit,
            settlement=None if self.settlement is None else self.settlement.new(),
        )


class ProgressIn(In):
    """How far a line of the quote is done in all, this situation included."""

    line: Index = Field(description="Its place in the quote, from 0.")
    percent: Percent | Literal[""] = Field(default="", description="Cumulated, 100 at most.")
    cumulated: Money | None = Field(default=None, description="Cumulated, without VAT, instead.")
    label: Text = Field(default="", description="Renames the line from now on.")


class SituationIn(In):
    """The next situation of a quote; lines that are not named do not move."""

    progress: Annotated[list[ProgressIn], Field(max_length=2000)] = Field(
        default=[], description="The lines that move."
    )
    deduct: Money | None = Field(
        default=None, description="Of the paid deposits, VAT included; null: as it advances."
    )
    due_date: Day | None = Field(default=None, description="Null: by the customer's terms.")
    supply_date: Day | None = Field(default=None, description="When it was supplied.")

    @model_validator(mode="after")
    def _in_one_currency(self) -> Self:
        of_one_currency(self._amounts())
        return self

    def new(self) -> NewSituation:
        """The situation as the domain takes it."""
        amounts = self._amounts()
        return NewSituation(
            progress=tuple(
                Progress(
                    line=one.line,
                    percent=one.percent,
                    cumulated=units(one.cumulated),
                    label=one.label,
                )
                for one in self.progress
            ),
            deduct=units(self.deduct),
            currency=amounts[0].currency if amounts else "",
            due_date=self.due_date,
            supply_date=self.supply_date,
        )

    def _amounts(self) -> list[Money]:
        said = [self.deduct, *(one.cumulated for one in self.progress)]
        return [amount for amount in said if amount is not None]


class InvoiceDepositIn(SettlementIn):
    """A deposit that was paid on a draft invoice: a percentage or an amount of it."""

    percent: Percent | Literal[""] = Field(default="", description="Of what the draft comes to.")
    amount: Money | None = Field(default=None, description="VAT included, instead.")

    def new(self) -> NewInvoiceDeposit:
        """The deposit as the domain takes it."""
        return NewInvoiceDeposit(
            confirm_date=self.confirm_date,
            paid_on=self.paid_on,
            journal=self.journal,
            reference=self.reference,
            payment_id=self.payment_id,
            percent=self.percent,
            amount=units(self.amount),
            currency="" if self.amount is None else self.amount.currency,
        )


class ProgressOut(Out):
    """How far a line of the quote is invoiced."""

    quoted: Money = Field(description="The whole line, without VAT.")
    before: Money = Field(description="Invoiced before.")
    cumulative: Money = Field(description="Invoiced with this situation.")
    percent: str = Field(description="Of the whole line, cut to two decimals.")


class SituationOut(Out):
    """A situation: an invoice of a part of a quote."""

    invoice: InvoiceOut = Field(description="The invoice.")
    ordinal: int = Field(description="Its place among the situations of the quote, from 1.")
    progress: list[ProgressOut] = Field(description="One for each line of the quote.")
    warnings: list[Literal["previous_situation_unsettled"]] = Field(
        description="What deserves a look, and hinders nothing."
    )
    unsettled: list[str] = Field(description="The situations before it that are not paid.")

    @classmethod
    def of(cls, invoice: Draft | Discarded | Validated, unsettled: list[str]) -> "SituationOut":
        """A situation as it stands; raises LookupError for an invoice that is none."""
        situation, currency = invoice.content.situation, invoice.content.currency
        if situation is None:
            raise LookupError(f"{invoice.invoice_id} is no situation")
        return cls(
            invoice=InvoiceOut.of(invoice),
            ordinal=situation.ordinal,
            progress=[
                ProgressOut(
                    quoted=money(line.quoted, currency),
                    before=money(line.before, currency),
                    cumulative=money(line.cumulative, currency),
                    percent=line.percent,
                )
                for line in situation.lines
            ],
            warnings=["previous_situation_unsettled"] if unsettled else [],
            unsettled=unsettled,
        )
