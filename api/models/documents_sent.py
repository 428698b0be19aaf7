"""Questions to the documents sent to customers and the rows of their answers."""

from typing import Annotated

from pydantic import Field, StringConstraints

from api.fields import Currency, Day, Money, OfCountry, Out, Search, money
from api.ids import Contact
from api.listing import Asked, AskedPage
from api.models.sales_documents import Amount
from projections.printing_view import (
    SORT_COLUMNS,
    Channel,
    SentDocument,
    SentFilter,
    SentKind,
    SentState,
    SentTotal,
)

Sort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(SORT_COLUMNS)})$")]


class SentAsked(Asked):
    """Which documents."""

    kind: SentKind | None = Field(default=None, description="Of this kind.")
    state: SentState | None = Field(default=None, description="Having come so far.")
    channel: Channel | None = Field(default=None, description="Leaving by this channel.")
    party: Contact | None = Field(default=None, description="To this customer.")
    country: OfCountry = None
    currency: Currency | None = Field(default=None, description="In this currency.")
    date_gte: Day | None = Field(default=None, description="Issued on this day or later.")
    date_lte: Day | None = Field(default=None, description="Issued on this day or earlier.")
    amount_gte: Amount | None = Field(default=None, description="Of so much or more, minor units.")
    amount_lte: Amount | None = Field(default=None, description="Of so much or less, minor units.")
    as_of: Day | None = Field(
        default=None,
        description="As of this value date: none issued later; what left later had not left yet.",
    )
    q: Search | None = Field(default=None, description="These words in number or customer's name.")

    def wanted(self) -> SentFilter:
        """The filter of the register."""
        return SentFilter(
            kind=self.kind,
            state=self.state,
            channel=self.channel,
            party=self.party,
            country=self.country,
            currency=self.currency,
            date_from=self.date_gte,
            date_to=self.date_lte,
            amount_from=self.amount_gte,
            amount_to=self.amount_lte,
            as_of=self.as_of,
            q=self.q,
        )


class SentAskedPage(SentAsked, AskedPage):
    """Which documents, in which order."""

    sort: Sort = Field(default="-date", description="Any column; `-` descends.")


class SentOut(Out):
    """A document issued to a customer."""

    kind: SentKind = Field(description="What it is.")
    document_id: str = Field(description="Its id.")
    number: str = Field(description="Its number.")
    date: Day = Field(description="Day of issue.")
    party: str = Field(description="The customer.")
    party_name: str = Field(description="His name on the document.")
    amount: Money = Field(description="With VAT; what a reminder asks for.")
    state: SentState = Field(
        description="`issued`, `printed` (the original is kept), and where an event says so "
        "`sent` (quotes, reminders, links by mail), `opened` (a link) or `failed`."
    )
    channel: str = Field(description="`email` or `post` where the books know, else empty.")
    sent_on: Day | None = Field(description="The day it left, where the books know.")
    original: str = Field(description="SHA-256 of the original PDF; empty before it is printed.")
    duplicates: int = Field(description="How many duplicates were printed.")
    issued_at: int = Field(description="The event that issued it.")

    @classmethod
    def of(cls, row: SentDocument) -> "SentOut":
        """A document of the register."""
        fields = {name: getattr(row, name) for name in cls.model_fields}
        return cls(**{**fields, "amount": money(row.amount, row.currency)})


class SentTotalOut(Out):
    """The documents of one kind in one state and currency."""

    kind: SentKind = Field(description="What they are.")
    state: SentState = Field(description="How far they have come.")
    documents: int = Field(description="How many.")
    amount: Money = Field(description="Σ of the amounts.")

    @classmethod
    def of(cls, total: SentTotal) -> "SentTotalOut":
        """A total of the register."""
        return cls(
            kind=total.kind,  # type: ignore[arg-type]  # one of SentKind
            state=total.state,  # type: ignore[arg-type]  # one of SentState
            documents=total.documents,
            amount=money(total.amount, total.currency),
        )
