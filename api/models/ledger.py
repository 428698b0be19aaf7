"""Journal entries and periods, as they come in and go out."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from api.fields import (
    Account,
    Day,
    In,
    JournalCode,
    Label,
    Money,
    Out,
    Text,
    money,
    of_one_currency,
)
from api.ids import Contact
from domain.ledger.entry import EntryLine
from domain.ledger.miscellaneous import NewEntry, Posted
from domain.ledger.period import Lock


class EntryLineIn(In):
    """A line of an entry: one amount, debit or credit."""

    account: Account = Field(description="Three to eight digits.")
    debit: Money | None = Field(default=None, description="Positive, or null.")
    credit: Money | None = Field(default=None, description="Positive, or null.")
    party: Contact | Literal[""] = Field(
        default="", description="Who, on a customers' or suppliers' account and only there."
    )
    label: Text = Field(default="", description="Words of the line.")
    due_date: Day | None = Field(default=None, description="When it is due, on such an account.")

    def amounts(self) -> list[Money]:
        """The amounts that are given."""
        return [amount for amount in (self.debit, self.credit) if amount is not None]


class EntryIn(In):
    """A balanced miscellaneous entry, all in one currency."""

    date: Day = Field(description="Accounting date.")
    label: Label = Field(description="What it is about.")
    lines: Annotated[list[EntryLineIn], Field(min_length=2, max_length=1000)] = Field(
        description="The lines: debits and credits are equal."
    )
    reference: Text = Field(default="", description="Number of the document behind it.")
    journal: JournalCode | Literal[""] = Field(
        default="", description="Empty: the first miscellaneous journal."
    )

    @model_validator(mode="after")
    def _in_one_currency(self) -> Self:
        of_one_currency(self._amounts())
        return self

    def _amounts(self) -> Iterator[Money]:
        for line in self.lines:
            yield from line.amounts()

    def new(self) -> NewEntry:
        """The entry as the domain takes it."""
        currency = next((amount.currency for amount in self._amounts()), "")
        lines = tuple(
            EntryLine(
                account=line.account,
                debit=0 if line.debit is None else line.debit.amount,
                credit=0 if line.credit is None else line.credit.amount,
                party=line.party,
                label=line.label,
                due_date=line.due_date,
            )
            for line in self.lines
        )
        return NewEntry(
            date=self.date,
            label=self.label,
            lines=lines,
            reference=self.reference,
            journal=self.journal,
            currency=currency,
        )


class EntryLineOut(Out):
    """A line of an entry."""

    account: str = Field(description="The account.")
    debit: Money = Field(description="Zero on a credit line.")
    credit: Money = Field(description="Zero on a debit line.")
    party: str = Field(description="The third party, or empty.")
    label: str = Field(description="Words of the line.")
    due_date: Day | None = Field(description="When it is due, or null.")


class EntryOut(Out):
    """A posted entry."""

    id: str = Field(description="The entry's id.")
    entry: int = Field(description="Its position in the book, to letter its lines.")
    journal: str = Field(description="Its journal.")
    number: int = Field(description="Its number in its series.")
    series: str = Field(description="The series: journal and fiscal year.")
    date: Day = Field(description="Accounting date.")
    label: str = Field(description="What it is about.")
    reference: str = Field(description="Number of the document behind it.")
    lines: list[EntryLineOut] = Field(description="The lines.")

    @classmethod
    def of(cls, posted: Posted) -> "EntryOut":
        """An entry of the book."""
        entry = posted.entry
        return cls(
            id=entry.document.id,
            entry=posted.position,
            journal=entry.journal,
            number=entry.number,
            series=entry.series,
            date=entry.date,
            label=entry.label,
            reference=entry.document.number,
            lines=[
                EntryLineOut(
                    account=line.account,
                    debit=money(line.debit, entry.currency),
                    credit=money(line.credit, entry.currency),
                    party=line.party,
                    label=line.label,
                    due_date=line.due_date,
                )
                for line in entry.lines
            ],
        )


class LockIn(In):
    """Up to which day nothing is posted any more."""

    until: Day = Field(description="The last locked day; it must be over.")
    reason: Text = Field(default="", description="Why.")


class ReopenIn(In):
    """To which day the lock moves back."""

    until: Day | None = Field(description="The last locked day from now on; null: none.")
    reason: Label = Field(description="Why; kept for ever.")


class LockOut(Out):
    """The lock date."""

    until: Day | None = Field(description="The last locked day, or null.")

    @classmethod
    def of(cls, lock: Lock) -> "LockOut":
        """The lock of the book."""
        return cls(until=lock.until)


class SynchronisedIn(In):
    """How far the accountant's miscellaneous entries go."""

    entries_until: Day = Field(description="Complete up to this day.")


class SynchronisedOut(Out):
    """How far the accountant's miscellaneous entries go."""

    entries_until: Day = Field(description="Complete up to this day.")
