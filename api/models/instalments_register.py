"""Questions to the instalments and the rows of their answers."""

from typing import Annotated, Literal, cast

from pydantic import Field, StringConstraints

from api.fields import Account, Currency, Day, JournalCode, Money, OfCountry, Out, Search, money
from api.ids import Contact
from api.listing import Asked, AskedPage
from projections.instalments_view import (
    SORT_COLUMNS,
    InstalmentFilter,
    InstalmentRow,
    InstalmentTotal,
    Kind,
    State,
)

Sort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(SORT_COLUMNS)})$")]
Means = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
Document = Annotated[str, StringConstraints(pattern=r"^[a-z]{3}_[0-9a-z]{26}$")]


class InstalmentsAsked(Asked):
    """Which instalments."""

    party: Contact | None = Field(default=None, description="Of this third party.")
    country: OfCountry = None
    side: Literal["customers", "suppliers"] | None = Field(
        default=None, description="Owed by customers, or to suppliers."
    )
    account: Account | None = Field(default=None, description="On this account.")
    journal: JournalCode | None = Field(default=None, description="Booked in this journal.")
    currency: Currency | None = Field(default=None, description="In this currency.")
    document_kind: Literal["invoice", "bill"] | None = Field(
        default=None, description="Of invoices, or of bills."
    )
    document_id: Document | None = Field(default=None, description="Of this invoice or bill.")
    kind: Kind | None = Field(
        default=None, description="`written_off`: lost, if only in part; else what it is part of."
    )
    state: State | None = Field(default=None, description="In this state.")
    means: Means | None = Field(
        default=None, description="Settled by this, if only in part: `transfer`, `credit_note`…"
    )
    due_date_gte: Day | None = Field(default=None, description="Due on this day or later.")
    due_date_lte: Day | None = Field(default=None, description="Due on this day or earlier.")
    issue_date_gte: Day | None = Field(default=None, description="Issued on this day or later.")
    issue_date_lte: Day | None = Field(default=None, description="Issued on this day or earlier.")
    settled_on_gte: Day | None = Field(default=None, description="Settled on this day or later.")
    settled_on_lte: Day | None = Field(default=None, description="Settled on this day or earlier.")
    as_of: Day | None = Field(
        default=None,
        description="As of this value date: later entries and letterings do not count.",
    )
    on: Day | None = Field(
        default=None, description="The day that delay is judged on; empty: `as_of`, or today."
    )
    q: Search | None = Field(
        default=None, description="These words in number or third party's name."
    )

    def wanted(self) -> InstalmentFilter:
        """The filter of the register."""
        return InstalmentFilter(
            party=self.party,
            country=self.country,
            side=self.side,
            account=self.account,
            journal=self.journal,
            currency=self.currency,
            document_kind=self.document_kind,
            document_id=self.document_id,
            kind=self.kind,
            state=self.state,
            means=self.means,
            due_from=self.due_date_gte,
            due_to=self.due_date_lte,
            issued_from=self.issue_date_gte,
            issued_to=self.issue_date_lte,
            settled_from=self.settled_on_gte,
            settled_to=self.settled_on_lte,
            as_of=self.as_of,
            on=self.on,
            q=self.q,
        )


class InstalmentsAskedPage(InstalmentsAsked, AskedPage):
    """Which instalments, in which order."""

    sort: Sort = Field(default="-due_date", description="Any column; `-` descends.")


class SettledByOut(Out):
    """What one means has settled."""

    means: str = Field(description="`transfer`, `cheque`, `credit_note`, `write_off`…")
    amount: Money = Field(description="How much.")

    @classmethod
    def of(cls, settled: dict[str, int], currency: str) -> "list[SettledByOut]":
        """Each means of a row, by name."""
        return [
            cls(means=means, amount=money(amount, currency))
            for means, amount in sorted(settled.items())
        ]


class InstalmentOut(Out):
    """What of an invoice or bill falls due on a day; positive is owed, on both sides."""

    entry: int = Field(description="Position of its entry, to letter it.")
    line: int = Field(description="Its place in the entry, from 0.")
    nth: int = Field(description="Which instalment it is, from 1.")
    parts: int = Field(description="Of how many.")
    side: str = Field(description="`customers` or `suppliers`.")
    account: str = Field(description="The account.")
    party: str = Field(description="The third party.")
    party_name: str = Field(description="Its name when it was booked.")
    journal: str = Field(description="The journal.")
    document_kind: str = Field(description="`invoice` or `bill`.")
    document_id: str = Field(description="Id of that document.")
    document_number: str = Field(description="Number of that document.")
    kind: Kind = Field(description="`written_off`: lost, if only in part.")
    issue_date: Day = Field(description="Date of the document.")
    due_date: Day = Field(description="When it is due.")
    date: Day = Field(description="Accounting date.")
    amount: Money = Field(description="What is owed in all.")
    paid: Money = Field(description="What of it is settled.")
    open: Money = Field(description="What is left.")
    state: State = Field(description="Where it stands on the day.")
    settled_by: list[SettledByOut] = Field(description="What settled it; they add up to `paid`.")
    settled_on: Day | None = Field(description="When the last of it was settled; null before.")

    @classmethod
    def of(cls, row: InstalmentRow) -> "InstalmentOut":
        """A row of the register."""
        return cls(
            entry=row.entry,
            line=row.line,
            nth=row.nth,
            parts=row.parts,
            side=row.side,
            account=row.account,
            party=row.party,
            party_name=row.party_name,
            journal=row.journal,
            document_kind=row.document_kind,
            document_id=row.document_id,
            document_number=row.document_number,
            kind=cast("Kind", row.kind),
            issue_date=row.issue_date,
            due_date=row.due_date,
            date=row.date,
            amount=money(row.amount, row.currency),
            paid=money(row.paid, row.currency),
            open=money(row.open, row.currency),
            state=cast("State", row.state),
            settled_by=SettledByOut.of(row.settled_by, row.currency),
            settled_on=row.settled_on,
        )


class InstalmentTotalOut(Out):
    """The side panel: one side in one currency (M40)."""

    side: str = Field(description="`customers` or `suppliers`.")
    instalments: int = Field(description="How many.")
    amount: Money = Field(description="Owed in all: paid and open.")
    open: Money = Field(description="Due in all: not due yet, due today and overdue.")
    not_due: Money = Field(description="Due after the day.")
    due_today: Money = Field(description="Due on the day.")
    overdue: Money = Field(description="Due before the day.")
    paid: Money = Field(description="Settled.")
    settled_by: list[SettledByOut] = Field(description="By type of payment; adds up to `paid`.")

    @classmethod
    def of(cls, total: InstalmentTotal) -> "InstalmentTotalOut":
        """A total of the register."""
        names = ("amount", "open", "not_due", "due_today", "overdue", "paid")
        sums = {name: money(getattr(total, name), total.currency) for name in names}
        return cls(
            side=total.side,
            instalments=total.instalments,
            settled_by=SettledByOut.of(total.settled_by, total.currency),
            **sums,
        )
