"""Draft invoices as they come in."""

import msgspec
from pydantic import Field

from api.fields import Day, Money
from api.models.content import ContentIn
from api.models.instalments import Instalments, amounts_in, asked_in
from domain.sales.content import NewInvoice


class InvoiceIn(ContentIn):
    """What a draft says; a revision replaces it whole."""

    due_date: Day | None = Field(default=None, description="Null: by the customer's terms.")
    supply_date: Day | None = Field(
        default=None, description="When goods or services were supplied, if on another day."
    )
    instalments: Instalments = Field(
        default=[], description="Parts with a day each; Σ is the gross. Empty: one, on `due_date`."
    )

    def amounts(self) -> list[Money | None]:
        """Every amount of the invoice."""
        return [*super().amounts(), *amounts_in(self.instalments)]

    def new(self) -> NewInvoice:
        """The draft as the domain takes it."""
        said = self.asked()
        said["instalments"] = asked_in(self.instalments)
        return msgspec.convert(said, NewInvoice)
