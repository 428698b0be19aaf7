"""Draft invoices as they come in."""

from typing import Annotated, Literal

import msgspec
from pydantic import Field

from api.fields import Day, In, Money, Percent
from api.models.content import ContentIn, units
from domain.sales.content import NewInvoice


class InstalmentIn(In):
    """A part of the total: an amount, a percentage, or for the last one what the others leave."""

    due_date: Day | None = Field(default=None, description="When it falls due.")
    days: Annotated[int, Field(strict=True, ge=0, le=365)] | None = Field(
        default=None, description="Or so many days after the invoice; neither: as `due_date` above."
    )
    amount: Money | None = Field(default=None, description="VAT included.")
    percent: Percent | Literal[""] = Field(default="", description="Of the gross, instead.")


class InvoiceIn(ContentIn):
    """What a draft says; a revision replaces it whole."""

    due_date: Day | None = Field(default=None, description="Null: by the customer's terms.")
    supply_date: Day | None = Field(
        default=None, description="When goods or services were supplied, if on another day."
    )
    instalments: Annotated[list[InstalmentIn], Field(max_length=60)] = Field(
        default=[], description="Parts with a day each; Σ is the gross. Empty: one, on `due_date`."
    )

    def amounts(self) -> list[Money | None]:
        """Every amount of the invoice."""
        return [*super().amounts(), *(part.amount for part in self.instalments)]

    def new(self) -> NewInvoice:
        """The draft as the domain takes it."""
        said = self.asked()
        for part, given in zip(said["instalments"], self.instalments, strict=True):
            part["amount"] = units(given.amount)
        return msgspec.convert(said, NewInvoice)
