"""Questions to the remittances and the mandates, and the rows of their answers."""

from typing import Annotated

from pydantic import Field, StringConstraints

from api.fields import Day, JournalCode, Money, OfCountry, Out, Search, money
from api.ids import Contact
from api.listing import AskedPage
from api.models.remittances import Scheme
from projections.remittances_view import (
    MANDATE_COLUMNS,
    SORT_COLUMNS,
    Kind,
    MandateFilter,
    MandateRow,
    MandateState,
    RemittanceFilter,
    RemittanceRow,
    State,
)

Sort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(SORT_COLUMNS)})$")]
MandateSort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(MANDATE_COLUMNS)})$")]
Cents = Annotated[int, Field(ge=0, le=10**15)]


class RemittancesOfKindAsked(AskedPage):
    """Which files or slips of one kind, in which order."""

    state: State | None = Field(
        default=None, description="Under way, booked by the bank, or cancelled."
    )
    journal: JournalCode | None = Field(default=None, description="Of this bank journal.")
    issue_date_gte: Day | None = Field(default=None, description="Made on this day or later.")
    issue_date_lte: Day | None = Field(default=None, description="Made on this day or earlier.")
    amount_gte: Cents | None = Field(default=None, description="Of at least so many cents.")
    amount_lte: Cents | None = Field(default=None, description="Of at most so many cents.")
    q: Search | None = Field(default=None, description="These words in number or reason.")
    sort: Sort = Field(default="-issue_date", description="A column; `-` descends.")

    def of(self, kind: Kind | None) -> RemittanceFilter:
        """The filter of the register."""
        return RemittanceFilter(
            kind=kind,
            state=self.state,
            journal=self.journal,
            issued_from=self.issue_date_gte,
            issued_to=self.issue_date_lte,
            amount_from=self.amount_gte,
            amount_to=self.amount_lte,
            q=self.q,
        )


class RemittancesAsked(RemittancesOfKindAsked):
    """Which files and slips, in which order."""

    kind: Kind | None = Field(default=None, description="Of this kind.")


class ListedRemittanceOut(Out):
    """A file for the bank, or a cheque slip."""

    id: str = Field(description="Its id.")
    kind: str = Field(description="`collection`, `transfer_order` or `cheque_deposit`.")
    number: str = Field(description="Its number.")
    state: str = Field(description="Under way, booked by the bank, or cancelled.")
    journal: str = Field(description="The bank journal.")
    issue_date: Day = Field(description="When it was made.")
    execution_date: Day | None = Field(description="When the bank is to execute it.")
    settled_on: Day | None = Field(description="When the bank booked it.")
    lines: int = Field(description="How many lines or cheques.")
    amount: Money = Field(description="Its total.")
    returned_lines: int = Field(description="How many lines came back.")
    returned: Money = Field(description="What came back.")
    reason: str = Field(description="Why it was cancelled, or empty.")
    file: str = Field(description="SHA-256 of its file; empty for cheques.")

    @classmethod
    def of(cls, row: RemittanceRow) -> "ListedRemittanceOut":
        """A row of the register."""
        return cls(
            id=row.id,
            kind=row.kind,
            number=row.number,
            state=row.state,
            journal=row.journal,
            issue_date=row.issue_date,
            execution_date=row.execution_date,
            settled_on=row.settled_on,
            lines=row.lines,
            amount=money(row.amount, row.currency),
            returned_lines=row.returned_lines,
            returned=money(row.returned, row.currency),
            reason=row.reason,
            file=row.file,
        )


class MandatesAsked(AskedPage):
    """Which mandates, in which order."""

    party: Contact | None = Field(default=None, description="Of this customer.")
    country: OfCountry = None
    scheme: Scheme | None = Field(default=None, description="Of this scheme.")
    state: MandateState | None = Field(default=None, description="In this state.")
    on: Day | None = Field(default=None, description="Judged on this day; null: today.")
    q: Search | None = Field(default=None, description="These words in reference or name.")
    sort: MandateSort = Field(default="-signed_on", description="A column; `-` descends.")

    def wanted(self) -> MandateFilter:
        """The filter of the register."""
        return MandateFilter(
            party=self.party,
            country=self.country,
            scheme=self.scheme,
            state=self.state,
            on=self.on,
            q=self.q,
        )


class ListedMandateOut(Out):
    """A mandate; its account is told where it is asked for alone."""

    id: str = Field(description="The mandate's id.")
    reference: str = Field(description="RUM.")
    contact_id: str = Field(description="The customer.")
    contact_name: str = Field(description="His name when he signed.")
    scheme: str = Field(description="CORE or B2B.")
    status: str = Field(description="`active`, `revoked`, or `lapsed`: unused for 36 months.")
    signed_on: Day = Field(description="The day of the signature.")
    collections: int = Field(description="How many files used it.")
    used_on: Day | None = Field(description="The day of its latest collection.")
    lapses_on: Day = Field(description="The first day on which it is void unless it is used.")
    reason: str = Field(description="Why it was revoked, or empty.")

    @classmethod
    def of(cls, row: MandateRow) -> "ListedMandateOut":
        """A row of the register."""
        return cls(
            id=row.id,
            reference=row.reference,
            contact_id=row.party,
            contact_name=row.party_name,
            scheme=row.scheme,
            status=row.state,
            signed_on=row.signed_on,
            collections=row.collections,
            used_on=row.used_on,
            lapses_on=row.lapses_on,
            reason=row.reason,
        )
