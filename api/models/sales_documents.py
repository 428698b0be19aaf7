"""Questions to the register of sales documents and the rows of its answers."""

from typing import Annotated

from pydantic import Field, StringConstraints, WithJsonSchema

from api.fields import Currency, Day, Money, Number, OfCountry, Out, Search, Truth, money
from api.ids import Contact
from api.listing import Asked, AskedPage
from api.models.contacts import ContactOut
from api.models.sales import LineOut
from domain.values.money import LARGEST
from projections.sales_documents_view import (
    SORT_COLUMNS,
    DocumentRow,
    DocumentTotal,
    SalesFilter,
)
from projections.sales_states import Kind, State, Type

Sort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(SORT_COLUMNS)})$")]
Amount = Annotated[
    Number,
    Field(le=LARGEST),
    WithJsonSchema({"type": "integer", "format": "int64", "minimum": 0, "maximum": LARGEST}),
]
"""Minor units in a query."""

Reference = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""An id or a number of a document, exactly."""


Expand = Annotated[str, StringConstraints(pattern=r"^(customer|lines)(,(customer|lines))?$")]
EXPANDS = "Puts the `customer`, the `lines` or both (with a comma) into each document."


class DocumentsAsked(Asked):
    """Which documents of one kind."""

    state: State | None = Field(default=None, description="In this state.")
    type: Type | None = Field(default=None, description="Invoices of this type.")
    party: Contact | None = Field(default=None, description="For this customer.")
    country: OfCountry = None
    number: Reference | None = Field(default=None, description="With this number.")
    external_id: Reference | None = Field(default=None, description="With this id of yours.")
    quote_id: Reference | None = Field(default=None, description="From this quote.")
    invoice_id: Reference | None = Field(
        default=None, description="Credit notes on this invoice, deliveries on it."
    )
    currency: Currency | None = Field(default=None, description="In this currency.")
    date_gte: Day | None = Field(default=None, description="Of this day or later.")
    date_lte: Day | None = Field(default=None, description="Of this day or earlier.")
    due_date_gte: Day | None = Field(default=None, description="Due on this day or later.")
    due_date_lte: Day | None = Field(default=None, description="Due on this day or earlier.")
    valid_until_gte: Day | None = Field(
        default=None, description="Quotes to be accepted by this day or later."
    )
    valid_until_lte: Day | None = Field(
        default=None, description="Quotes to be accepted by this day or earlier."
    )
    gross_gte: Amount | None = Field(default=None, description="Of so much or more, minor units.")
    gross_lte: Amount | None = Field(default=None, description="Of so much or less, minor units.")
    open_gte: Amount | None = Field(default=None, description="With so much open or more.")
    open_lte: Amount | None = Field(default=None, description="With so much open or less.")
    overdue: Truth | None = Field(
        default=None, description="Due before `on` with something open, or not."
    )
    q: Search | None = Field(
        default=None, description="These words in number, customer, references or note."
    )
    on: Day | None = Field(
        default=None, description="The day that expiry and delay are judged on; empty: today."
    )
    as_of: Day | None = Field(
        default=None,
        description="As of this value date: documents up to it, with what was open then.",
    )

    def of_kind(self, kind: Kind | None) -> SalesFilter:
        """The filter of the register, for one kind of document or all."""
        return SalesFilter(
            kind=kind,
            type=self.type,
            state=self.state,
            party=self.party,
            country=self.country,
            number=self.number,
            external_id=self.external_id,
            quote_id=self.quote_id,
            invoice_id=self.invoice_id,
            currency=self.currency,
            date_from=self.date_gte,
            date_to=self.date_lte,
            due_from=self.due_date_gte,
            due_to=self.due_date_lte,
            valid_from=self.valid_until_gte,
            valid_to=self.valid_until_lte,
            gross_from=self.gross_gte,
            gross_to=self.gross_lte,
            open_from=self.open_gte,
            open_to=self.open_lte,
            overdue=self.overdue,
            q=self.q,
            on=self.on,
            as_of=self.as_of,
        )

    def wanted(self) -> SalesFilter:
        """The filter of the register, for every kind of document."""
        return self.of_kind(None)


class AnyDocumentAsked(DocumentsAsked):
    """Which documents of whichever kind."""

    kind: Kind | None = Field(default=None, description="Of this kind.")

    def wanted(self) -> SalesFilter:
        """The filter of the register."""
        return self.of_kind(self.kind)


class DocumentsAskedPage(DocumentsAsked, AskedPage):
    """Which documents of one kind, in which order."""

    sort: Sort = Field(default="date", description="Any column; `-` descends.")
    expand: Expand | None = Field(default=None, description=EXPANDS)


class AnyDocumentAskedPage(AnyDocumentAsked, AskedPage):
    """Which documents, in which order."""

    sort: Sort = Field(default="date", description="Any column; `-` descends.")
    expand: Expand | None = Field(default=None, description=EXPANDS)


class DocumentOut(Out):
    """A document towards a customer, as listed. Amounts are positive on every kind."""

    id: str = Field(description="Its id.")
    kind: str = Field(description="`invoice`, `credit_note`, `quote`, `order`…")
    type: str = Field(description="Invoices: `invoice`, `deposit`, `situation` or `balance`.")
    number: str | None = Field(description="Its number; null while it has none.")
    state: str = Field(description="Where it stands.")
    date: Day = Field(description="Day of issue, or of the beginning of what is not issued.")
    issue_date: Day | None = Field(description="Day of issue; null before.")
    due_date: Day | None = Field(description="When it is due, or null.")
    valid_until: Day | None = Field(description="Quotes: the last day to accept, or null.")
    customer_id: str = Field(description="The customer.")
    customer_name: str = Field(description="As printed; on a draft as it was when last revised.")
    net: Money = Field(description="Without VAT.")
    tax: Money = Field(description="VAT.")
    gross: Money = Field(description="With VAT.")
    credited: Money = Field(description="What credit notes took back, with VAT.")
    open: Money = Field(description="What is not settled yet.")
    probability: int | None = Field(
        description="Quotes: how likely it is accepted, in percent; null where nobody said."
    )
    weighted: Money | None = Field(description="That share of its net, or null.")
    external_id: str = Field(description="Your own id, or empty.")
    quote_id: str | None = Field(description="The quote it comes from, or null.")
    invoice_id: str | None = Field(
        description="The invoice that a credit note is on, or that took it over; or null."
    )
    customer: ContactOut | None = Field(
        default=None, description="With `expand=customer`: the customer as of now."
    )
    lines: list[LineOut] | None = Field(
        default=None, description="With `expand=lines`: the lines as of now."
    )

    @classmethod
    def of(cls, row: DocumentRow) -> "DocumentOut":
        """A row of the register."""
        return cls(
            id=row.id,
            kind=row.kind,
            type=row.type,
            number=row.number or None,
            state=row.state,
            date=row.date,
            issue_date=row.issue_date,
            due_date=row.due_date,
            valid_until=row.valid_until,
            customer_id=row.customer_id,
            customer_name=row.customer_name,
            net=money(row.net, row.currency),
            tax=money(row.tax, row.currency),
            gross=money(row.gross, row.currency),
            credited=money(row.credited, row.currency),
            open=money(row.open, row.currency),
            probability=row.probability,
            weighted=None if row.weighted is None else money(row.weighted, row.currency),
            external_id=row.external_id,
            quote_id=row.quote_id or None,
            invoice_id=row.invoice_id or None,
        )


class DocumentTotalOut(Out):
    """The documents of one kind in one state and currency."""

    kind: str = Field(description="The kind of document.")
    state: str = Field(description="The state.")
    documents: int = Field(description="How many.")
    net: Money = Field(description="Σ without VAT.")
    weighted: Money | None = Field(description="Σ of what is weighted by a probability, or null.")
    unknown: int = Field(description="How many have no probability.")
    tax: Money = Field(description="Σ VAT.")
    gross: Money = Field(description="Σ with VAT.")
    open: Money = Field(description="Σ of what is not settled yet.")

    @classmethod
    def of(cls, row: DocumentTotal) -> "DocumentTotalOut":
        """A total of the register."""
        return cls(
            kind=row.kind,
            state=row.state,
            documents=row.documents,
            net=money(row.net, row.currency),
            weighted=None if row.weighted is None else money(row.weighted, row.currency),
            unknown=row.unknown,
            tax=money(row.tax, row.currency),
            gross=money(row.gross, row.currency),
            open=money(row.open, row.currency),
        )
