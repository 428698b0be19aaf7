"""Questions to the bank transactions and the rows of their answers."""

from typing import Annotated, get_args

from pydantic import Field, StringConstraints, WithJsonSchema

from api.fields import (
    Account,
    Currency,
    Day,
    JournalCode,
    Money,
    Number,
    OfCountry,
    Out,
    Search,
    money,
)
from api.ids import Contact
from api.listing import Asked, AskedPage
from domain.ledger.entry import DocumentKind
from domain.sales.terms import PaymentMeans
from domain.values.money import LARGEST
from projections.bank_diagnosis_view import Fault, Finding
from projections.bank_transactions_view import (
    SORT_COLUMNS,
    State,
    TransactionFilter,
    TransactionRow,
    TransactionTotal,
)

Sort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(SORT_COLUMNS)})$")]
Statement = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Amount = Annotated[
    Number,
    Field(le=LARGEST),
    WithJsonSchema({"type": "integer", "format": "int64", "minimum": 0, "maximum": LARGEST}),
]
Days = Annotated[
    Number, Field(le=3_660), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 3_660})
]


class TransactionsAsked(Asked):
    """Which movements."""

    journal: JournalCode | None = Field(default=None, description="Of this bank or cash journal.")
    account: Account | None = Field(default=None, description="On this account of money.")
    party: Contact | None = Field(default=None, description="Of this third party.")
    country: OfCountry = None
    state: State | None = Field(default=None, description="Standing so.")
    means: PaymentMeans | None = Field(default=None, description="Payments made so.")
    statement: Statement | None = Field(
        default=None, description="On this bank statement: its id, or its name (2026/003)."
    )
    document_kind: DocumentKind | None = Field(default=None, description="Of such documents.")
    currency: Currency | None = Field(default=None, description="In this currency.")
    date_gte: Day | None = Field(default=None, description="Dated this day or later.")
    date_lte: Day | None = Field(default=None, description="Dated this day or earlier.")
    amount_gte: Amount | None = Field(default=None, description="Of so much or more, minor units.")
    amount_lte: Amount | None = Field(
        default=None, description="Of so much or less: 0 is money out."
    )
    as_of: Day | None = Field(
        default=None,
        description="As of this value date: later movements, assignments and letterings do not "
        "count.",
    )
    q: Search | None = Field(
        default=None, description="These words in names, IBAN, communication, label or number."
    )

    def wanted(self) -> TransactionFilter:
        """The filter of the register."""
        return TransactionFilter(
            journal=self.journal,
            account=self.account,
            party=self.party,
            country=self.country,
            state=self.state,
            means=self.means,
            statement=self.statement,
            document_kind=self.document_kind,
            currency=self.currency,
            date_from=self.date_gte,
            date_to=self.date_lte,
            amount_from=self.amount_gte,
            amount_to=self.amount_lte,
            as_of=self.as_of,
            q=self.q,
        )


class TransactionsAskedPage(TransactionsAsked, AskedPage):
    """Which movements, in which order."""

    sort: Sort = Field(default="-date", description="Any column; `-` descends.")


class TransactionOut(Out):
    """A movement of money."""

    id: str = Field(description="The payment's id, or the place of its line.")
    entry: int = Field(description="Position of its entry.")
    line: int = Field(description="Its place in the entry, from 0.")
    journal: str = Field(description="The journal of its account.")
    account: str = Field(description="The account of money.")
    booked_in: str = Field(description="The journal of its entry.")
    date: Day = Field(description="Accounting date.")
    value_date: Day | None = Field(description="Value date, where the bank said one.")
    statement: str = Field(description="The bank statement, or empty.")
    statement_name: str = Field(description="What people call it, or empty.")
    statement_line: int = Field(description="Its line of the statement, from 1; 0 without one.")
    document_kind: str = Field(description="What it comes from.")
    document_id: str = Field(description="Id of that document.")
    document_number: str = Field(description="Number of that document.")
    means: str = Field(description="How it was paid; empty for what is no payment.")
    parties: list[str] = Field(description="The third parties it is booked to.")
    party_name: str = Field(description="Their names when it was booked.")
    name: str = Field(description="The other side, as the bank names it.")
    iban: str = Field(description="Its account, or empty.")
    communication: str = Field(description="Free communication.")
    structured: str = Field(description="Structured: twelve digits (OGM) or RF…, or empty.")
    label: str = Field(description="Words of the line.")
    amount: Money = Field(description="Money in is positive.")
    state: State = Field(
        description="`suspense`: nobody's yet; `account`: on no third party's account; "
        "`reversed`: taken back."
    )
    settled: Money = Field(description="How much of it is lettered, positive.")
    stands_at: int = Field(description="Position of the entry that has it on its third party.")
    balance: Money = Field(description="The journal's balance after it.")

    @classmethod
    def of(cls, row: TransactionRow) -> "TransactionOut":
        """A row of the register."""
        amounts = ("amount", "settled", "balance")
        plain = {name: getattr(row, name) for name in cls.model_fields if name not in amounts}
        spent = {name: money(getattr(row, name), row.currency) for name in amounts}
        return cls.model_validate({**plain, **spent})


class TransactionTotalOut(Out):
    """The movements of a journal in one currency."""

    journal: str = Field(description="The journal.")
    transactions: int = Field(description="How many.")
    received: Money = Field(description="Σ money in.")
    sent: Money = Field(description="Σ money out, positive.")
    amount: Money = Field(description="Received less sent.")
    waiting: Money = Field(description="What of it is in suspense.")
    balance: Money = Field(description="The journal's balance at the end of the period.")

    @classmethod
    def of(cls, total: TransactionTotal) -> "TransactionTotalOut":
        """A total of the register."""
        names = ("received", "sent", "amount", "waiting", "balance")
        spent = {name: money(getattr(total, name), total.currency) for name in names}
        return cls(journal=total.journal, transactions=total.transactions, **spent)


class DiagnosisAsked(Asked):
    """On which day, and how late is late."""

    days: Days = Field(default=31, description="A journal booked longer ago than this is late.")
    on: Day | None = Field(default=None, description="Judged on this day; empty: today.")


class FindingOut(Out):
    """A fault of a bank journal."""

    journal: str = Field(description="The journal.")
    label: str = Field(description="Its name.")
    fault: Annotated[str, Field(json_schema_extra={"enum": list(get_args(Fault))})] = Field(
        description="`no_statement`: none was ever imported; `not_booked`: for longer than `days`; "
        "`statement_missing`: numbers left out before `statement`; `balance_gap`: `statement` does "
        "not open with what the one before closed with; `suspense`: payments wait."
    )
    statement: str = Field(description="The statement it shows in, or empty.")
    count: int = Field(description="Statements left out, payments that wait, or days.")
    amount: Money | None = Field(description="The gap, or what waits; null without one.")
    since: Day | None = Field(description="The day up to which all is well, or the oldest waits.")

    @classmethod
    def of(cls, found: Finding) -> "FindingOut":
        """A finding of the register."""
        return cls(
            journal=found.journal,
            label=found.label,
            fault=found.fault,
            statement=found.statement,
            count=found.count,
            amount=money(found.amount, found.currency) if found.currency else None,
            since=found.since,
        )
