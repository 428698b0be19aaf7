"""Questions to the ledger and the rows of its answers."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api.fields import Currency, Day, JournalCode, Money, OfCountry, Out, Search, money
from api.figures import explained_at
from api.ids import Contact
from api.listing import Asked, AskedPage
from api.visit import Visit
from projections.ledger_view import (
    JOURNAL_COLUMNS,
    LEDGER_COLUMNS,
    AccountBalance,
    JournalRow,
    JournalTotal,
    LedgerFilter,
    LedgerRow,
)
from services.figures.address import COLUMNS, AccountFigure
from services.lists.export import Format
from services.lists.reports import BalanceFilter

LedgerSort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(LEDGER_COLUMNS)})$")]
JournalSort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(JOURNAL_COLUMNS)})$")]
AccountPrefix = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,8}$")]


class LedgerAsked(Asked):
    """Which lines of the ledger."""

    account: AccountPrefix | None = Field(
        default=None, description="On this account, or on all that begin with these digits."
    )
    party: Contact | None = Field(default=None, description="Of this third party.")
    country: OfCountry = None
    journal: JournalCode | None = Field(default=None, description="In this journal.")
    currency: Currency | None = Field(default=None, description="In this currency.")
    document_id: Annotated[str, StringConstraints(pattern=r"^[a-z]{3}_[0-9a-z]{26}$")] | None = (
        Field(default=None, description="Of this document.")
    )
    date_gte: Day | None = Field(default=None, description="Dated this day or later.")
    date_lte: Day | None = Field(default=None, description="Dated this day or earlier.")
    as_of: Day | None = Field(default=None, description="As of this value date: no later lines.")
    q: Search | None = Field(
        default=None, description="These words in document number, label or third party's name."
    )

    def wanted(self) -> LedgerFilter:
        """The filter of the register."""
        return LedgerFilter(
            account=self.account,
            party=self.party,
            country=self.country,
            journal=self.journal,
            currency=self.currency,
            document_id=self.document_id,
            date_from=self.date_gte,
            date_to=self.date_lte,
            as_of=self.as_of,
            q=self.q,
        )


class LedgerAskedPage(LedgerAsked, AskedPage):
    """Which lines of the general ledger."""

    sort: LedgerSort = Field(
        default="account",
        description="Any column but the balance; `-` descends. `account`: by account, then date.",
    )


class JournalsAskedPage(LedgerAsked, AskedPage):
    """Which lines of the journals."""

    sort: JournalSort = Field(
        default="journal",
        description="Any column; `-` descends. `journal`: by journal, date and number.",
    )


class BalanceAsked(Asked):
    """Over which period the accounts are balanced."""

    date_gte: Day = Field(description="First day; what lies before opens the accounts.")
    date_lte: Day = Field(description="Last day.")
    account: AccountPrefix | Literal[""] = Field(
        default="", description="Of accounts that begin with these digits."
    )
    as_of: Day | None = Field(
        default=None, description="As of this value date: the period ends there at the latest."
    )
    format: Format | None = Field(
        default=None, description="As a file: `xlsx`, `csv`, `pdf`, or `json` (one object a line)."
    )

    def report(self) -> BalanceFilter:
        """The same as the report that leaves as a file."""
        return BalanceFilter(
            date_from=self.date_gte,
            date_to=self.date_lte,
            account=self.account,
            as_of=self.as_of,
        )

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if min(self.date_lte, self.as_of or self.date_lte) < self.date_gte:
            raise PydanticCustomError("wrong_format", "the period ends before it begins")
        return self


class LineOut(Out):
    """What a line says in every list of the ledger."""

    entry: int = Field(description="Position of its entry.")
    line: int = Field(description="Its place in the entry, from 0.")
    account: str = Field(description="The account.")
    party: str = Field(description="The third party, or empty.")
    party_name: str = Field(description="Its name today, or empty.")
    date: Day = Field(description="Accounting date.")
    posted_on: Day = Field(description="The legal day on which it was written in the book.")
    journal: str = Field(description="The journal.")
    series: str = Field(description="Its entry's series.")
    number: int = Field(description="Its entry's number in the series.")
    document_kind: str = Field(description="What it comes from.")
    document_id: str = Field(description="Id of that document.")
    document_number: str = Field(description="Number of that document.")
    label: str = Field(description="Words of the line.")
    debit: Money = Field(description="Zero on a credit line.")
    credit: Money = Field(description="Zero on a debit line.")

    @classmethod
    def _fields_of(cls, row: LedgerRow | JournalRow) -> dict[str, object]:
        amounts = {name: money(getattr(row, name), row.currency) for name in ("debit", "credit")}
        same = {name: getattr(row, name) for name in LineOut.model_fields if name not in amounts}
        return {**same, **amounts}


class LedgerOut(LineOut):
    """A line of the general ledger."""

    codes: list[str] = Field(description="The living letterings it is part of.")
    carried: Money = Field(description="Balance before the account's earliest line on this page.")
    balance: Money = Field(description="Balance of the account after this line, debit − credit.")

    @classmethod
    def of(cls, row: LedgerRow) -> "LedgerOut":
        """A line of the register."""
        return cls(
            **cls._fields_of(row),  # type: ignore[arg-type]
            codes=row.codes,
            carried=money(row.carried, row.currency),
            balance=money(row.balance, row.currency),
        )


class JournalOut(LineOut):
    """A line of a journal."""

    @classmethod
    def of(cls, row: JournalRow) -> "JournalOut":
        """A line of the register."""
        return cls(**cls._fields_of(row))  # type: ignore[arg-type]


class AccountBalanceOut(Out):
    """An account over a period; balances are debit − credit."""

    account: str = Field(description="The account.")
    opening: Money = Field(description="Its balance before the first day.")
    debit: Money = Field(description="Σ debit within the period.")
    credit: Money = Field(description="Σ credit within the period.")
    closing: Money = Field(description="Opening + debit − credit.")
    explain: dict[str, str] = Field(description="Where each of the four is explained.")

    @classmethod
    def of(cls, row: AccountBalance, visit: Visit, asked: BalanceAsked) -> "AccountBalanceOut":
        """A balance of the register."""
        days = asked.report().days
        return cls(
            account=row.account,
            **{name: money(getattr(row, name), row.currency) for name in COLUMNS},
            explain={
                name: explained_at(
                    visit, AccountFigure(row.account, row.currency, name, *days), asked
                )
                for name in COLUMNS
            },
        )


class JournalTotalOut(Out):
    """What a journal moved."""

    journal: str = Field(description="Its code.")
    label: str = Field(description="Its name.")
    kind: str = Field(description="What it is for.")
    entries: int = Field(description="How many entries.")
    lines: int = Field(description="How many lines.")
    debit: Money = Field(description="Σ debit.")
    credit: Money = Field(description="Σ credit; the same.")

    @classmethod
    def of(cls, row: JournalTotal) -> "JournalTotalOut":
        """A total of the register."""
        return cls(
            journal=row.journal,
            label=row.label,
            kind=row.kind,
            entries=row.entries,
            lines=row.lines,
            debit=money(row.debit, row.currency),
            credit=money(row.credit, row.currency),
        )
