"""Bank statements and what waits of them, as they come in and go out."""

from typing import Annotated, Literal, get_args

from pydantic import Field, StringConstraints

from api.fields import Currency, Day, In, JournalCode, Money, Out, money
from api.listing import AskedPage
from domain.treasury.bank_account import Diagnosis
from domain.treasury.bank_statement import BankStatement, StatementLine
from domain.treasury.csv_layout import CsvLayout
from domain.treasury.csv_layout import Field as Column
from domain.treasury.statement import Imported
from projections.matching_view import ListedStatement, StatementFilter, WaitingFilter
from services.banking import ImportedFile, TakenStatement

Iban = Annotated[str, StringConstraints(strict=True, min_length=5, max_length=42)]


class LinkIn(In):
    """A bank account and its journal."""

    account: Iban = Field(description="IBAN.")
    journal: JournalCode = Field(description="A bank journal, of this account alone.")


class BankAccountOut(Out):
    """A bank account of the company."""

    account: str = Field(description="IBAN.")
    journal: str = Field(description="The journal in which its statements are booked.")


class BankAccountsOut(Out):
    """The bank accounts that are linked."""

    data: list[BankAccountOut] = Field(description="By account.")


class DiagnosisOut(Out):
    """What keeps a journal from being shown or up to date."""

    fault: Literal[
        "no_bank_account", "no_ledger_account", "shared_ledger_account", "no_journal"
    ] = Field(description="What is missing, or shared by two journals.")
    journal: str = Field(description="The journal, or empty.")
    account: str = Field(description="The bank account, or empty.")

    @classmethod
    def of(cls, found: Diagnosis) -> "DiagnosisOut":
        """A finding of the domain."""
        return cls(fault=found.fault, journal=found.journal, account=found.account)


class DiagnosticsOut(Out):
    """What is wrong with the bank journals."""

    data: list[DiagnosisOut] = Field(description="Each fault; none when all is well.")


class CsvLayoutIn(In):
    """How the lists of movements (CSV) of an account are written."""

    account: Iban = Field(description="IBAN.")
    columns: dict[Column, Annotated[str, StringConstraints(min_length=1, max_length=100)]] = Field(
        description="Heading of each column: `date`, and `amount` or `debit` and `credit`, at "
        "least.",
        json_schema_extra={"propertyNames": {"enum": list(get_args(Column))}},
    )
    dates: Literal["dmy", "mdy", "ymd"] = Field(default="dmy", description="Order of a date.")
    decimal: Literal[",", "."] = Field(default=",", description="Mark before the decimals.")
    currency: Currency = Field(default="EUR", description="Of the account.")

    def new(self) -> CsvLayout:
        """The layout as the domain takes it."""
        return CsvLayout(**self.model_dump())


class CsvLayoutOut(Out):
    """How the lists of an account are written."""

    account: str = Field(description="IBAN.")
    columns: dict[str, str] = Field(description="Heading of each column.")
    dates: str = Field(description="Order of a date.")
    decimal: str = Field(description="Mark before the decimals.")
    currency: str = Field(description="Of the account.")

    @classmethod
    def of(cls, layout: CsvLayout) -> "CsvLayoutOut":
        """A layout of the book."""
        return cls(
            account=layout.account,
            columns={str(name): heading for name, heading in layout.columns.items()},
            dates=layout.dates,
            decimal=layout.decimal,
            currency=layout.currency,
        )


class StatementLineOut(Out):
    """A line of a statement."""

    payment: str = Field(description="The payment that books it; empty if nothing moved.")
    date: Day = Field(description="Booked by the bank on.")
    value_date: Day | None = Field(description="Value date, if known.")
    amount: Money = Field(description="Money in is positive.")
    name: str = Field(description="The other side, as the bank names it.")
    iban: str = Field(description="Its account, or empty.")
    communication: str = Field(description="Free communication.")
    structured: str = Field(description="Structured: twelve digits (OGM) or RF…, or empty.")
    reference: str = Field(description="The bank's reference.")
    code: str = Field(description="The bank's code of the kind of transaction.")
    returned: str = Field(description="Why an earlier order came back, or empty.")
    details: int = Field(description="Parts of it that the bank lists; they never count again.")

    @classmethod
    def of(cls, payment: str, line: StatementLine, currency: str) -> "StatementLineOut":
        """A line of the book."""
        return cls(
            payment=payment,
            date=line.date,
            value_date=line.value_date,
            amount=money(line.amount, currency),
            name=line.counterparty.name,
            iban=line.counterparty.iban,
            communication=line.communication,
            structured=line.structured,
            reference=line.reference,
            code=line.code,
            returned=line.returned,
            details=len(line.details),
        )


class StatementHead(Out):
    """A bank statement without its lines."""

    id: str = Field(description="The statement's id, `stm_…`.")
    account: str = Field(description="The bank account.")
    journal: str = Field(description="The journal in which it is booked.")
    source: str = Field(description="`coda`, `camt053`, `mt940` or `csv`.")
    year: int = Field(description="The year in which it is numbered.")
    number: int = Field(description="Its number in the year; 0 where the bank counts none.")
    opening: Money | None = Field(description="Balance before; null for a list without balances.")
    closing: Money | None = Field(description="Balance after.")
    closed_on: Day | None = Field(description="Its last day.")
    file: str = Field(description="SHA-256 of the file, which is kept; see `/files/{digest}`.")
    count: int = Field(description="How many lines it has.")


class StatementOut(StatementHead):
    """A bank statement."""

    lines: list[StatementLineOut] = Field(description="Its lines, in order.")

    @classmethod
    def of(cls, imported: Imported) -> "StatementOut":
        """A statement of the book."""
        event, said = imported.event, imported.event.statement
        pairs = zip(event.payments, said.lines, strict=True)
        return cls(
            id=event.statement_id,
            account=said.account,
            journal=event.journal,
            source=said.source,
            year=said.year,
            number=said.number,
            opening=_balance(said.opening, said),
            closing=_balance(said.closing, said),
            closed_on=said.closed_on,
            file=event.file,
            count=len(said.lines),
            lines=[StatementLineOut.of(payment, line, said.currency) for payment, line in pairs],
        )


class ListedStatementOut(StatementHead):
    """A bank statement in a list."""

    @classmethod
    def of(cls, row: ListedStatement) -> "ListedStatementOut":
        """A row of the register."""
        return cls(
            id=row.statement_id,
            account=row.account,
            journal=row.journal,
            source=row.source,
            year=row.year,
            number=row.number,
            opening=None if row.opening is None else money(row.opening, row.currency),
            closing=None if row.closing is None else money(row.closing, row.currency),
            closed_on=row.closed_on,
            file=row.file,
            count=row.lines,
        )


class TakenStatementOut(Out):
    """What became of a statement of a file."""

    status: Literal["taken", "already"] = Field(
        description="`already`: it was in the book; nothing was written."
    )
    payments: int = Field(description="Payments that were recorded.")
    waiting: int = Field(description="Of these, on the suspense account.")
    lettered: int = Field(description="Of these, lettered with what they certainly pay.")
    statement: StatementOut = Field(description="The statement.")

    @classmethod
    def of(cls, taken: TakenStatement) -> "TakenStatementOut":
        """What an import did."""
        return cls(
            status="already" if taken.already else "taken",
            payments=taken.booked.payments,
            waiting=taken.booked.waiting,
            lettered=taken.booked.lettered,
            statement=StatementOut.of(taken.imported),
        )


class ImportedFileOut(Out):
    """What a file of statements became."""

    data: list[TakenStatementOut] = Field(description="Its statements, in order.")

    @classmethod
    def of(cls, imported: ImportedFile) -> "ImportedFileOut":
        """The answer to an import."""
        return cls(data=[TakenStatementOut.of(each) for each in imported.statements])


class StatementsAsked(AskedPage):
    """Which statements."""

    account: Iban | None = Field(default=None, description="Of this bank account.")
    journal: JournalCode | None = Field(default=None, description="In this journal.")

    def wanted(self) -> StatementFilter:
        """The filter of the register."""
        return StatementFilter(account=self.account, journal=self.journal)


class BankLinesAsked(AskedPage):
    """Which payments that wait."""

    journal: JournalCode | None = Field(default=None, description="In this journal.")
    date_gte: Day | None = Field(default=None, description="Dated this day or later.")
    date_lte: Day | None = Field(default=None, description="Dated this day or earlier.")

    def wanted(self) -> WaitingFilter:
        """The filter of the register."""
        return WaitingFilter(journal=self.journal, date_from=self.date_gte, date_to=self.date_lte)


def _balance(amount: int | None, said: BankStatement) -> Money | None:
    return None if amount is None else money(amount, said.currency)
