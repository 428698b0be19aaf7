"""Questions to the archives and the rows of their answers."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from api.fields import (
    Account,
    Currency,
    Day,
    JournalCode,
    Money,
    OfCountry,
    Out,
    Search,
    Truth,
    money,
    signed,
)
from api.ids import Contact
from api.listing import Asked, AskedPage
from domain.ledger.entry import DocumentKind
from domain.values.money import LARGEST
from projections.archives_view import (
    SORT_COLUMNS,
    ArchiveFilter,
    ArchiveRow,
    ArchiveTotal,
    PaidState,
    ReceivedFilter,
)

TabName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,19}$")]
Sort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(SORT_COLUMNS)})$")]
Amount = Annotated[
    int,
    BeforeValidator(signed),
    Field(ge=-LARGEST, le=LARGEST),
    WithJsonSchema({"type": "integer", "format": "int64", "minimum": -LARGEST, "maximum": LARGEST}),
]
"""Minor units in a query, negative ones too."""


class ReceivedAsked(Asked):
    """Which documents of suppliers."""

    tab: TabName | None = Field(
        default=None, description="Of this tab; `GET …/archives/tabs` says which there are."
    )
    journal: JournalCode | None = Field(default=None, description="Of this journal.")
    kind: DocumentKind | None = Field(default=None, description="Of this kind.")
    state: PaidState | None = Field(
        default=None, description="Settled so far; `none` without a third-party line."
    )
    document_id: Annotated[str, StringConstraints(pattern=r"^[a-z]{3}_[0-9a-z]{26}$")] | None = (
        Field(default=None, description="This document.")
    )
    party: Contact | None = Field(default=None, description="Of this third party.")
    country: OfCountry = None
    account: Account | None = Field(default=None, description="With a line on this account.")
    currency: Currency | None = Field(default=None, description="In this currency.")
    date_gte: Day | None = Field(default=None, description="Dated this day or later.")
    date_lte: Day | None = Field(default=None, description="Dated this day or earlier.")
    entry_date_gte: Day | None = Field(default=None, description="Booked on this day or later.")
    entry_date_lte: Day | None = Field(default=None, description="Booked on this day or earlier.")
    due_date_gte: Day | None = Field(default=None, description="Due on this day or later.")
    due_date_lte: Day | None = Field(default=None, description="Due on this day or earlier.")
    amount_gte: Amount | None = Field(default=None, description="Of so much or more, minor units.")
    amount_lte: Amount | None = Field(default=None, description="Of so much or less, minor units.")
    paid: Truth | None = Field(default=None, description="Wholly settled (`true`), or not.")
    treated: Truth | None = Field(
        default=None, description="Marked as treated by the client (`true`), or not."
    )
    exported: Truth | None = Field(
        default=None, description="In an export for the firm's software already, or not."
    )
    q: Search | None = Field(
        default=None, description="These words in number, label or third party's name."
    )
    as_of: Day | None = Field(
        default=None, description="As of this value date: no later entries, no later letterings."
    )

    def wanted(self) -> ArchiveFilter:
        """The filter of the register."""
        return self.filtered(ReceivedFilter)

    def filtered(self, kind: type[ArchiveFilter]) -> ArchiveFilter:
        """A filter of the register with what is asked for."""
        return kind(
            tab=self.tab,
            journal=self.journal,
            kind=self.kind,
            state=self.state,
            document_id=self.document_id,
            party=self.party,
            country=self.country,
            account=self.account,
            currency=self.currency,
            date_from=self.date_gte,
            date_to=self.date_lte,
            entry_from=self.entry_date_gte,
            entry_to=self.entry_date_lte,
            due_from=self.due_date_gte,
            due_to=self.due_date_lte,
            amount_from=self.amount_gte,
            amount_to=self.amount_lte,
            paid=self.paid,
            treated=self.treated,
            exported=self.exported,
            q=self.q,
            as_of=self.as_of,
        )


class ArchivesAsked(ReceivedAsked):
    """Which documents."""

    def wanted(self) -> ArchiveFilter:
        """The filter of the register."""
        return self.filtered(ArchiveFilter)


class ReceivedAskedPage(ReceivedAsked, AskedPage):
    """Which documents of suppliers, in which order."""

    sort: Sort = Field(default="-date", description="Any column; `-` descends.")


class ArchivesAskedPage(ArchivesAsked, AskedPage):
    """Which documents, in which order."""

    sort: Sort = Field(default="-date", description="Any column; `-` descends.")


class SettlingOut(Out):
    """A document on the other side of a lettering."""

    entry: int = Field(description="Position of its entry.")
    kind: str = Field(description="What it is.")
    document_id: str = Field(description="Its id.")
    number: str = Field(description="Its number.")
    date: Day = Field(description="Its date.")
    journal: str = Field(description="Its journal.")
    amount: Money = Field(description="Its share.")


class SettlementOut(Out):
    """A lettering that settles a document, wholly or in part."""

    lettering_id: str = Field(description="The lettering.")
    code: str = Field(description="Its code.")
    date: Day = Field(description="The day from which it counts.")
    complete: bool = Field(description="Whether it settles all its lines to the last cent.")
    amount: Money = Field(description="This document's share.")
    documents: list[SettlingOut] = Field(description="The other side.")


class ArchivedOut(Out):
    """A document in the archives."""

    entry: int = Field(description="Position of its entry.")
    tab: str = Field(description="The tab that it stands in; there is always one.")
    kind: str = Field(description="What it is.")
    document_id: str = Field(description="Its id.")
    number: str = Field(description="The number people read; the supplier's own on a bill.")
    journal: str = Field(description="Its journal.")
    journal_kind: str = Field(description="What that journal is for.")
    series: str = Field(description="Its entry's series.")
    piece: int = Field(description="Its entry's number in the series.")
    date: Day = Field(description="Date of the document.")
    entry_date: Day = Field(description="Accounting date.")
    due_date: Day | None = Field(description="When it is due, or null.")
    party: str = Field(description="The third party, or empty.")
    party_name: str = Field(description="Its name on the document, or empty.")
    label: str = Field(description="Words of the entry.")
    amount: Money = Field(description="Credit notes and money out are negative.")
    open: Money | None = Field(description="What is unsettled; null without a third-party line.")
    paid: bool | None = Field(description="Wholly settled, never partly; null as above.")
    state: PaidState = Field(description="The same with what is paid in part; `none` as above.")
    treated: bool = Field(description="The client's own mark; it changes nothing in the accounts.")
    treated_by: str = Field(description="Who set the mark, or empty.")
    treated_at: int | None = Field(description="The event that set the mark, or null.")
    exported_at: int | None = Field(
        description="The event of the newest export for the firm's software that had it, or null."
    )
    exported_as: str = Field(description="`accounting_journal`, `winbooks`, or empty.")
    accounts: list[str] = Field(description="The accounts of its lines, each once.")
    settled_how: str | None = Field(description="`bank`, `credit_note`, `entry`… or `mixed`.")
    settled_by: list[SettlementOut] = Field(description="The letterings it is part of.")
    files: list[str] = Field(description="SHA-256 of the originals; see `/files/{digest}`.")

    @classmethod
    def of(cls, row: ArchiveRow) -> Self:
        """A document of the register."""
        return cls(**_fields(row))


class ReceivedOut(ArchivedOut):
    """A document that a supplier sent, with the digests of its original."""

    channel: Literal["file", "typed"] = Field(
        description="`file`: it came as a file (UBL or other), which is kept; `typed`: without."
    )

    @classmethod
    def of(cls, row: ArchiveRow) -> Self:
        """A document of the register."""
        return cls(**_fields(row), channel=row.channel)


class ArchiveTotalOut(Out):
    """The documents of one tab, kind of journal and currency."""

    tab: str = Field(description="The tab.")
    journal_kind: str = Field(description="What the journals are for.")
    documents: int = Field(description="How many.")
    unpaid: int = Field(description="How many of them are not wholly settled.")
    treated: int = Field(description="How many of them the client has marked as treated.")
    amount: Money = Field(description="Σ of the amounts.")
    open: Money = Field(description="Σ of what is unsettled.")

    @classmethod
    def of(cls, total: ArchiveTotal) -> "ArchiveTotalOut":
        """A total of the register."""
        return cls(
            tab=total.tab,
            journal_kind=total.journal_kind,
            documents=total.documents,
            unpaid=total.unpaid,
            treated=total.treated,
            amount=money(total.amount, total.currency),
            open=money(total.open, total.currency),
        )


def _fields(row: ArchiveRow) -> dict[str, Any]:
    """What goes out of a document."""
    fields = {name: getattr(row, name) for name in ArchivedOut.model_fields}
    return {
        **fields,
        "amount": money(row.amount, row.currency),
        "open": None if row.open is None else money(row.open, row.currency),
        "settled_by": [_settlement(each, row.currency) for each in row.settled_by],
    }


def _settlement(settled: dict[str, Any], currency: str) -> SettlementOut:
    return SettlementOut(
        lettering_id=settled["lettering_id"],
        code=settled["code"],
        date=settled["date"],
        complete=settled["complete"],
        amount=money(settled["amount"], currency),
        documents=[
            SettlingOut(**{**document, "amount": money(document["amount"], currency)})
            for document in settled["documents"]
        ],
    )
