"""Questions to the history of third parties and the rows of its answers."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.fields import Account, Currency, Day, Money, OfCountry, Out, Search, Truth, money
from api.figures import explained_at
from api.ids import Contact
from api.listing import Asked, AskedPage
from api.visit import Visit
from projections.history_view import SORT_COLUMNS, HistoryFilter, HistoryRow, PartyBalance
from services.figures.address import PartyFigure

Sort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(SORT_COLUMNS)})$")]


class HistoryAsked(Asked):
    """Which lines of third parties."""

    party: Contact | None = Field(default=None, description="Of this third party.")
    country: OfCountry = None
    side: Literal["customers", "suppliers"] | None = Field(
        default=None, description="Of customers, or of suppliers."
    )
    account: Account | None = Field(default=None, description="On this account.")
    currency: Currency | None = Field(default=None, description="In this currency.")
    lettered: Truth | None = Field(default=None, description="With a living code, or without.")
    date_gte: Day | None = Field(
        default=None, description="Dated this day or later; what lies before is carried forward."
    )
    date_lte: Day | None = Field(default=None, description="Dated this day or earlier.")
    as_of: Day | None = Field(default=None, description="As of this value date: no later lines.")
    q: Search | None = Field(
        default=None, description="These words in document number, label or third party's name."
    )

    def wanted(self) -> HistoryFilter:
        """The filter of the register."""
        return HistoryFilter(
            party=self.party,
            country=self.country,
            side=self.side,
            account=self.account,
            currency=self.currency,
            lettered=self.lettered,
            date_from=self.date_gte,
            date_to=self.date_lte,
            as_of=self.as_of,
            q=self.q,
        )


class HistoryAskedPage(HistoryAsked, AskedPage):
    """Which lines of third parties."""

    sort: Sort = Field(
        default="party",
        description="Any column but the balance; `-` descends. `party`: by third party, account, "
        "currency and date.",
    )


class HistoryOut(Out):
    """A line on a third party's account."""

    entry: int = Field(description="Position of its entry.")
    line: int = Field(description="Its place in the entry, from 0.")
    account: str = Field(description="The account.")
    side: str = Field(description="`customers`, `suppliers`, or empty.")
    party: str = Field(description="The third party.")
    party_name: str = Field(description="Its name today.")
    date: Day = Field(description="Accounting date.")
    journal: str = Field(description="The journal.")
    series: str = Field(description="Its entry's series.")
    number: int = Field(description="Its entry's number in the series.")
    document_kind: str = Field(description="What it comes from.")
    document_id: str = Field(description="Id of that document.")
    document_number: str = Field(description="Number of that document.")
    label: str = Field(description="Words of the line.")
    debit: Money = Field(description="Zero on a credit line.")
    credit: Money = Field(description="Zero on a debit line.")
    codes: list[str] = Field(description="The living letterings it is part of.")
    files: list[str] = Field(description="SHA-256 of the originals.")
    carried: Money = Field(description="Balance before the account's earliest line on this page.")
    balance: Money = Field(description="Balance of the account after this line, debit − credit.")

    @classmethod
    def of(cls, row: HistoryRow) -> "HistoryOut":
        """A line of the register."""
        return cls(
            entry=row.entry,
            line=row.line,
            account=row.account,
            side=row.side,
            party=row.party,
            party_name=row.party_name,
            date=row.date,
            journal=row.journal,
            series=row.series,
            number=row.number,
            document_kind=row.document_kind,
            document_id=row.document_id,
            document_number=row.document_number,
            label=row.label,
            debit=money(row.debit, row.currency),
            credit=money(row.credit, row.currency),
            codes=row.codes,
            files=row.files,
            carried=money(row.carried, row.currency),
            balance=money(row.balance, row.currency),
        )


class BalanceOut(Out):
    """The balance of a third party on one account in one currency."""

    side: str = Field(description="`customers`, `suppliers`, or empty.")
    account: str = Field(description="The account.")
    party: str = Field(description="The third party.")
    party_name: str = Field(description="Its name today.")
    lines: int = Field(description="How many lines.")
    debit: Money = Field(description="Σ debit.")
    credit: Money = Field(description="Σ credit.")
    balance: Money = Field(description="Debit − credit.")
    explain: str = Field(
        description="Its lines with their events; empty where `lettered` or `q` picks some of them."
    )

    @classmethod
    def of(cls, row: PartyBalance, visit: Visit, asked: HistoryAsked) -> "BalanceOut":
        """A balance of the register."""
        own = row.account, row.party, row.currency
        last = min((day for day in (asked.date_lte, asked.as_of) if day), default=None)
        figure = PartyFigure(*own, asked.date_gte, last)
        whole = asked.lettered is None and asked.q is None
        return cls(
            explain=explained_at(visit, figure, asked) if whole else "",
            side=row.side,
            account=row.account,
            party=row.party,
            party_name=row.party_name,
            lines=row.lines,
            debit=money(row.debit, row.currency),
            credit=money(row.credit, row.currency),
            balance=money(row.balance, row.currency),
        )
