"""Questions to the archives and the rows of their answers."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from api.fields import Currency, Day, JournalCode, Money, Out, Search, Truth, money
from api.ids import Contact
from api.listing import Asked, AskedPage
from domain.ledger.entry import DocumentKind
from projections.archives_view import ArchiveFilter, ArchiveRow, ArchiveTotal


class ArchivesAsked(Asked):
    """Which documents."""

    tab: Literal["sales", "purchases", "bank", "other"] | None = Field(
        default=None, description="Of this tab; `GET …/journals` says which journals stand in it."
    )
    journal: JournalCode | None = Field(default=None, description="Of this journal.")
    kind: DocumentKind | None = Field(default=None, description="Of this kind.")
    document_id: Annotated[str, StringConstraints(pattern=r"^[a-z]{3}_[0-9a-z]{26}$")] | None = (
        Field(default=None, description="This document.")
    )
    party: Contact | None = Field(default=None, description="Of this third party.")
    currency: Currency | None = Field(default=None, description="In this currency.")
    date_gte: Day | None = Field(default=None, description="Dated this day or later.")
    date_lte: Day | None = Field(default=None, description="Dated this day or earlier.")
    due_date_gte: Day | None = Field(default=None, description="Due on this day or later.")
    due_date_lte: Day | None = Field(default=None, description="Due on this day or earlier.")
    paid: Truth | None = Field(default=None, description="Wholly settled (`true`), or not.")

    q: Search | None = Field(
        default=None, description="These words in number, label or third party's name."
    )

    def wanted(self) -> ArchiveFilter:
        """The filter of the register."""
        return ArchiveFilter(
            tab=self.tab,
            journal=self.journal,
            kind=self.kind,
            document_id=self.document_id,
            party=self.party,
            currency=self.currency,
            date_from=self.date_gte,
            date_to=self.date_lte,
            due_from=self.due_date_gte,
            due_to=self.due_date_lte,
            paid=self.paid,
            q=self.q,
        )


class ArchivesAskedPage(ArchivesAsked, AskedPage):
    """Which documents, in which order."""

    sort: Literal["date", "-date"] = Field(default="-date", description="Order; `-` descends.")


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
    settled_how: str | None = Field(description="`bank`, `credit_note`, `entry`… or `mixed`.")
    settled_by: list[SettlementOut] = Field(description="The letterings it is part of.")
    files: list[str] = Field(description="SHA-256 of the originals; see `/files/{digest}`.")

    @classmethod
    def of(cls, row: ArchiveRow) -> "ArchivedOut":
        """A document of the register."""
        return cls(
            entry=row.entry,
            kind=row.kind,
            document_id=row.document_id,
            number=row.number,
            journal=row.journal,
            journal_kind=row.journal_kind,
            series=row.series,
            piece=row.piece,
            date=row.date,
            entry_date=row.entry_date,
            due_date=row.due_date,
            party=row.party,
            party_name=row.party_name,
            label=row.label,
            amount=money(row.amount, row.currency),
            open=None if row.open is None else money(row.open, row.currency),
            paid=row.paid,
            settled_how=row.settled_how,
            settled_by=[_settlement(each, row.currency) for each in row.settled_by],
            files=row.files,
        )


class ArchiveTotalOut(Out):
    """The documents of one kind of journal in one currency."""

    journal_kind: str = Field(description="What the journals are for.")
    documents: int = Field(description="How many.")
    unpaid: int = Field(description="How many of them are not wholly settled.")
    amount: Money = Field(description="Σ of the amounts.")
    open: Money = Field(description="Σ of what is unsettled.")

    @classmethod
    def of(cls, total: ArchiveTotal) -> "ArchiveTotalOut":
        """A total of the register."""
        return cls(
            journal_kind=total.journal_kind,
            documents=total.documents,
            unpaid=total.unpaid,
            amount=money(total.amount, total.currency),
            open=money(total.open, total.currency),
        )


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
