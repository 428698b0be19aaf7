"""Questions to revenues and expenses, and the rows of their answers."""

from typing import Annotated

from pydantic import Field, StringConstraints

from api.fields import Currency, Day, JournalCode, Money, OfCountry, Out, Search, money
from api.ids import Contact
from api.listing import Asked, AskedPage
from api.models.books import AccountPrefix
from domain.ledger.entry import DocumentKind
from projections.earnings_view import SORT_COLUMNS, By, EarningsFilter, EarningsRow, EarningsTotal

Sort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(SORT_COLUMNS)})$")]


class EarningsAsked(Asked):
    """Which lines of revenues or expenses."""

    account: AccountPrefix | None = Field(
        default=None, description="On this account, or on all that begin with these digits."
    )
    party: Contact | None = Field(default=None, description="With this third party.")
    country: OfCountry = None
    journal: JournalCode | None = Field(default=None, description="In this journal.")
    document_kind: DocumentKind | None = Field(
        default=None, description="From this kind of document."
    )
    currency: Currency | None = Field(default=None, description="In this currency.")
    date_gte: Day | None = Field(default=None, description="Dated this day or later.")
    date_lte: Day | None = Field(default=None, description="Dated this day or earlier.")
    as_of: Day | None = Field(default=None, description="As of this value date: no later lines.")
    q: Search | None = Field(
        default=None, description="Whose number, third party or label says this."
    )

    def wanted(self) -> EarningsFilter:
        """The filter of the list."""
        return EarningsFilter(
            account=self.account,
            party=self.party,
            country=self.country,
            journal=self.journal,
            document_kind=self.document_kind,
            currency=self.currency,
            date_from=self.date_gte,
            date_to=self.date_lte,
            as_of=self.as_of,
            q=self.q,
        )


class EarningsAskedPage(EarningsAsked, AskedPage):
    """Which lines, in which order."""

    sort: Sort = Field(default="date", description="Any column; `-` descends.")


class EarningsAskedSum(EarningsAsked):
    """Which lines are added up, and over what."""

    by: By = Field(default="account", description="One total an account, month or third party.")


class EarningsOut(Out):
    """A line of revenues or expenses."""

    entry: int = Field(description="Position of its entry.")
    line: int = Field(description="Its place in the entry, from 0.")
    date: Day = Field(description="Accounting date.")
    journal: str = Field(description="The journal.")
    document_kind: str = Field(description="What it comes from.")
    document_id: str = Field(description="Id of that document.")
    document_number: str = Field(description="Number of that document.")
    account: str = Field(description="The account of revenue or expense.")
    party: str = Field(description="The third party of the entry, or empty.")
    party_name: str = Field(description="Its name today, or empty.")
    label: str = Field(description="Words of the line.")
    amount: Money = Field(description="Without VAT; what goes back is negative.")

    @classmethod
    def of(cls, row: EarningsRow) -> "EarningsOut":
        """A row of the list."""
        same = {name: getattr(row, name) for name in cls.model_fields if name != "amount"}
        return cls(**same, amount=money(row.amount, row.currency))


class EarningsTotalOut(Out):
    """What one account, month or third party comes to."""

    key: str = Field(description="The account, the month's first day, or the third party's id.")
    name: str = Field(description="The third party's name, or empty.")
    lines: int = Field(description="How many lines.")
    amount: Money = Field(description="Their sum, without VAT.")

    @classmethod
    def of(cls, row: EarningsTotal) -> "EarningsTotalOut":
        """A total of the list."""
        amount = money(row.amount, row.currency)
        return cls(key=row.key, name=row.name, lines=row.lines, amount=amount)
