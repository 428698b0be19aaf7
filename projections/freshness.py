"""How fresh the books are (C2, C3): the two dates that every answer carries, one row a journal.

Miscellaneous entries are complete up to the day that the accountant says. A bank journal is booked
up to the last day of its last statement: an entry made by hand says nothing of the days before it.
Where no statement ever came, the last entry is all there is to go by.
"""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.ledger.entry import EntryPosted
from domain.parties.company import BooksSynchronised, CompanyOpened
from domain.treasury.bank_statement import BankStatement
from domain.treasury.statement import StatementImported
from projections.register import Register
from projections.rows import Need, Row, Rows


class BankJournal(Row, frozen=True):
    """A bank journal and the day up to which it is booked (C3); None before its first entry."""

    table = "bank_journal"
    key = ("journal",)

    journal: str
    label: str
    booked_until: date | None
    by_statement: bool


class FreshnessBook(Row, frozen=True):
    """Up to which day miscellaneous entries are complete (date 1, C2)."""

    table = "freshness_book"
    key = ()

    entries_until: date


class Freshness(Register):
    """Both dates, as far as the book has come."""

    name = "freshness"
    version = 1
    rows = (BankJournal, FreshnessBook)
    events = (CompanyOpened, BooksSynchronised, StatementImported, EntryPosted)

    def needs(self, event: Event) -> Iterable[Need]:
        match event:
            case EntryPosted() | StatementImported():
                return ((BankJournal, event.journal),)
            case BooksSynchronised():
                return ((FreshnessBook, ()),)
            case _:
                return ()

    def apply(self, fact: Recorded, rows: Rows) -> None:
        match fact.event:
            case EntryPosted() as entry:
                bank = rows.get(BankJournal, entry.journal)
                if bank is not None and not bank.by_statement:
                    rows.put(_booked(bank, entry.date))
            case StatementImported() as imported:
                bank = rows.get(BankJournal, imported.journal)
                until = _last_day(imported.statement)
                if bank is not None and until is not None:
                    before = bank.booked_until if bank.by_statement else None
                    rows.put(_booked(replace(bank, booked_until=before, by_statement=True), until))
            case BooksSynchronised(entries_until=until):
                rows.put(FreshnessBook(until))
            case CompanyOpened() as company:
                for journal in company.journals:
                    if journal.kind == "bank":
                        rows.add(BankJournal(journal.code, journal.label, None, False))


def _booked(bank: BankJournal, day: date) -> BankJournal:
    """The journal once a day is booked: never further back."""
    if bank.booked_until is not None and bank.booked_until >= day:
        return bank
    return replace(bank, booked_until=day)


def _last_day(statement: BankStatement) -> date | None:
    """The day a statement closes on, or that of its last line."""
    return statement.closed_on or max((line.date for line in statement.lines), default=None)
