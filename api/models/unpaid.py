"""Questions to the unpaid register and the rows of its answers."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.fields import Account, Currency, Day, Money, OfCountry, Out, Search, money
from api.ids import Contact
from api.listing import Asked, AskedPage
from domain.ledger.entry import DocumentKind
from projections.unpaid_view import SORT_COLUMNS, UnpaidFilter, UnpaidItem, UnpaidTotal

Side = Literal["customers", "suppliers"]
Sort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(SORT_COLUMNS)})$")]


class UnpaidAsked(Asked):
    """Which open items."""

    party: Contact | None = Field(default=None, description="Of this third party.")
    country: OfCountry = None
    side: Side | None = Field(default=None, description="Of customers, or of suppliers.")
    account: Account | None = Field(default=None, description="On this account.")
    currency: Currency | None = Field(default=None, description="In this currency.")
    document_kind: DocumentKind | None = Field(default=None, description="Of such documents.")
    due_date_gte: Day | None = Field(default=None, description="Due on this day or later.")
    due_date_lte: Day | None = Field(default=None, description="Due on this day or earlier.")
    issue_date_gte: Day | None = Field(default=None, description="Issued on this day or later.")
    issue_date_lte: Day | None = Field(default=None, description="Issued on this day or earlier.")
    state: Literal["open", "settled", "all"] = Field(
        default="open", description="`settled`: nothing open any more."
    )
    as_of: Day | None = Field(
        default=None,
        description="As of this value date: later entries and letterings do not count.",
    )

    q: Search | None = Field(
        default=None, description="These words in number, label or third party's name."
    )

    def wanted(self) -> UnpaidFilter:
        """The filter of the register."""
        return UnpaidFilter(
            party=self.party,
            country=self.country,
            side=self.side,
            account=self.account,
            currency=self.currency,
            document_kind=self.document_kind,
            due_from=self.due_date_gte,
            due_to=self.due_date_lte,
            issued_from=self.issue_date_gte,
            issued_to=self.issue_date_lte,
            state=self.state,
            as_of=self.as_of,
            q=self.q,
        )


class UnpaidAskedPage(UnpaidAsked, AskedPage):
    """Which open items, in which order."""

    sort: Sort = Field(default="due_date", description="Any column; `-` descends.")


class UnpaidOut(Out):
    """A line on a third party's account with what is open on it."""

    entry: int = Field(description="Position of its entry, to letter it.")
    line: int = Field(description="Its place in the entry, from 0.")
    account: str = Field(description="The account.")
    side: str = Field(description="`customers`, `suppliers`, or empty.")
    party: str = Field(description="The third party.")
    party_name: str = Field(description="Its name today.")
    journal: str = Field(description="The journal.")
    date: Day = Field(description="Accounting date.")
    issue_date: Day = Field(description="Date of the document.")
    due_date: Day = Field(description="When it is due.")
    document_kind: str = Field(description="What it comes from.")
    document_id: str = Field(description="Id of that document.")
    document_number: str = Field(description="Number of that document.")
    label: str = Field(description="Words of the line.")
    amount: Money = Field(description="Debit minus credit: what customers owe is positive.")
    open: Money = Field(description="What is left of it, with the same sign.")

    @classmethod
    def of(cls, item: UnpaidItem) -> "UnpaidOut":
        """An item of the register."""
        return cls(
            entry=item.entry,
            line=item.line,
            account=item.account,
            side=item.side,
            party=item.party,
            party_name=item.party_name,
            journal=item.journal,
            date=item.date,
            issue_date=item.issue_date,
            due_date=item.due_date,
            document_kind=item.document_kind,
            document_id=item.document_id,
            document_number=item.document_number,
            label=item.label,
            amount=money(item.amount, item.currency),
            open=money(item.open, item.currency),
        )


class UnpaidTotalOut(Out):
    """What is open on one side in one currency."""

    side: str = Field(description="`customers`, `suppliers`, or empty.")
    items: int = Field(description="How many items.")
    debit: Money = Field(description="Σ of the positive ones: owed to the company.")
    credit: Money = Field(description="Σ of the negative ones, as a positive amount.")
    open: Money = Field(description="Both together.")

    @classmethod
    def of(cls, total: UnpaidTotal) -> "UnpaidTotalOut":
        """A total of the register."""
        return cls(
            side=total.side,
            items=total.items,
            debit=money(total.debit, total.currency),
            credit=money(total.credit, total.currency),
            open=money(total.open, total.currency),
        )
