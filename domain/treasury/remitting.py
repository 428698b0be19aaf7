"""Remitting: which open lines go into a file for the bank, and how its life goes on (M42)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal

from msgspec import Struct

from domain.book.event import Decision, Recorded
from domain.book.refusal import Refused
from domain.ledger.entry import EntryLine, EntryPosted
from domain.ledger.numbering import assign_next, name_series, write_number
from domain.parties.company import Company
from domain.treasury.lettering import Settled
from domain.treasury.payment import DateIsInFuture, PaymentRecorded
from domain.treasury.remittance import Remittance, RemittanceCancelled
from domain.treasury.remittance_refusals import (
    MOST_LINES,
    BankLineDiffers,
    LineIsNotRemittable,
    LineIsRemitted,
    LineIsReturned,
    NothingToRemit,
    RemittanceAccountIsMissing,
    RemittanceDayIsWrong,
    RemittanceIsClosed,
    RemittanceIsUnknown,
)
from domain.values import faults
from domain.values.text import tidy

Line = tuple[int, int]
"""The position of an entry, and the index of a line in it."""
Remitted = Literal["invoice", "bill"]
"""Of which documents lines are remitted: invoices are collected, bills paid."""


class NewLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line to remit: its entry's position, its index, and how much (None: all that is open)."""

    entry: int
    line: int
    amount: int | None = None


class NewReturn(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line that came back on a day; `payment_id` is the bank's own line that says so."""

    nth: int
    returned_on: date
    reason: str
    fee: int = 0
    payment_id: str = ""


class Chosen(Struct, frozen=True, kw_only=True):
    """A line of the books that is open and free, with the positive `amount` to remit of it."""

    entry: int
    line: int
    posted: EntryPosted
    amount: int

    @property
    def booked(self) -> EntryLine:
        """The line as it is booked."""
        return self.posted.lines[self.line]

    def as_line(self, end_to_end: str) -> dict[str, Any]:
        """The fields that every remitted line has."""
        return {
            "entry": self.entry,
            "line": self.line,
            "account": self.booked.account,
            "party": self.booked.party,
            "party_name": self.posted.document.party_name,
            "document_number": self.posted.document.number,
            "amount": self.amount,
            "end_to_end": end_to_end,
        }


class Outset(Struct, frozen=True, kw_only=True):
    """Where a remittance begins: the day, the journal with its own account, the next number."""

    today: date
    journal: str
    iban: str
    series: str
    last: Recorded | None

    @property
    def number(self) -> int:
        """The number that it takes."""
        return assign_next(self.last)

    @property
    def document_number(self) -> str:
        """The number as people and the bank read it: PR-2026-00001."""
        return write_number(self.series.partition(":")[2], self.number)

    def end_to_end(self, nth: int) -> str:
        """The name under which the banks carry the line `nth` (from 0)."""
        return f"{self.document_number}-{nth + 1}"


class Books(Struct, frozen=True, kw_only=True):
    """What the books say of the lines asked for: entries, what is settled, who holds what."""

    entries: Mapping[int, EntryPosted]
    settled: Mapping[int, Settled]
    held: Mapping[Line, Remittance]


def series_on(company: Company, code: str, day: date) -> str:
    """The series of the remittances of a kind issued that day: remittances:PR-2026."""
    return f"remittances:{name_series(code, day, company.fiscal_year_start_month)}"


def choose(asked: Sequence[NewLine], kind: Remitted, books: Books) -> list[Chosen] | Refused:
    """The lines asked for, each open for that much, free, in euro, and named once."""
    if not 0 < len(asked) <= MOST_LINES:
        return NothingToRemit(pointer="/lines")
    chosen: list[Chosen] = []
    seen: set[Line] = set()
    for at, each in enumerate(asked):
        place = each.entry, each.line
        found = None if place in seen else _open(each, kind, books)
        if found is None:
            return LineIsNotRemittable(entry=each.entry, line=each.line, pointer=f"/lines/{at}")
        holder = books.held.get(place)
        if holder is not None:
            return LineIsRemitted(
                document=found.posted.document.number,
                number=holder.document.document_number,
                position=holder.position,
                pointer=f"/lines/{at}",
            )
        seen.add(place)
        chosen.append(found)
    return chosen


def _open(asked: NewLine, kind: Remitted, books: Books) -> Chosen | None:
    entry = books.entries.get(asked.entry)
    if entry is None or not 0 <= asked.line < len(entry.lines) or entry.document.kind != kind:
        return None
    line = entry.lines[asked.line]
    settled = books.settled[asked.entry].amounts.get(asked.line, 0)
    sign = 1 if kind == "invoice" else -1
    left = sign * (line.debit - line.credit - settled)
    amount = left if asked.amount is None else asked.amount
    if not line.party or entry.currency != "EUR" or not 0 < amount <= left:
        return None
    return Chosen(entry=asked.entry, line=asked.line, posted=entry, amount=amount)


def own_account(company: Company, linked: Mapping[str, str], journal: str) -> str | Refused:
    """The company's IBAN of a bank journal."""
    found = account_of(company, linked, journal)
    return found or RemittanceAccountIsMissing(journal=journal, pointer="/journal")


def account_of(company: Company, linked: Mapping[str, str], journal: str) -> str:
    """The IBAN linked to a bank journal; before any is linked, the first is the first's; or ""."""
    found = next((iban for iban, code in linked.items() if code == journal), "")
    first = company.journal("bank")
    if not found and not linked and company.ibans and first is not None and first.code == journal:
        found = company.ibans[0]
    return found


def check_day(day: date, today: date) -> Refused | None:
    """Banks execute from the day after on (D-1)."""
    first = today + timedelta(days=1)
    if day < first:
        return RemittanceDayIsWrong(day=day, first=first, pointer="/execution_date")
    return faults.out_of_years(day, "/execution_date")


def check_bank_line(paid: PaymentRecorded, direction: str, expected: int) -> Refused | None:
    """Refuses a bank's line that is not the money expected."""
    signed = paid.amount if paid.direction == direction else -paid.amount
    if signed == expected and paid.currency == "EUR":
        return None
    return BankLineDiffers(amount=signed, expected=expected, pointer="/payment_id")


def check_created(known: Remittance | None, remittance_id: str) -> Refused | None:
    """Refuses a remittance that is not there, or that does not wait for the bank any more."""
    if known is None:
        return RemittanceIsUnknown(remittance_id=remittance_id[:60])
    if known.status != "created":
        return RemittanceIsClosed(number=known.document.document_number, position=known.position)
    return None


def cancel(known: Remittance | None, remittance_id: str, reason: str) -> Decision:
    """Cancels a remittance that was never executed; its file stays kept."""
    refused = check_created(known, remittance_id)
    reason = tidy(reason)
    refused = refused or faults.missing(reason, "/reason") or faults.unreadable(reason)
    return refused or [RemittanceCancelled(remittance_id=remittance_id, reason=reason)]


def check_settled(
    known: Remittance | None, remittance_id: str, day: date, today: date
) -> Refused | None:
    """Refuses to settle what does not wait, before its issue, on a day to come, or of nothing."""
    refused: Refused | None = check_created(known, remittance_id)
    if known is None or refused is not None:
        return refused
    issued = known.document.issue_date
    if day < issued:
        return RemittanceDayIsWrong(day=day, first=issued, pointer="/settled_on")
    if day > today:
        return DateIsInFuture(day=day, today=today, pointer="/settled_on")
    return None if known.unreturned else NothingToRemit(position=known.position)


def check_returned(
    known: Remittance | None, remittance_id: str, new: NewReturn, today: date
) -> Refused | None:
    """Refuses the return of a line that is not there, came back, or comes on an impossible day."""
    if known is None:
        return RemittanceIsUnknown(remittance_id=remittance_id[:60])
    number = known.document.document_number
    if known.status == "cancelled":
        return RemittanceIsClosed(number=number, position=known.position)
    if new.nth not in known.unreturned:
        return LineIsReturned(nth=new.nth, number=number, pointer="/nth", position=known.position)
    first = known.document.issue_date if known.settled is None else known.settled.date
    if new.returned_on < first:
        return RemittanceDayIsWrong(day=new.returned_on, first=first, pointer="/returned_on")
    if new.returned_on > today:
        return DateIsInFuture(day=new.returned_on, today=today, pointer="/returned_on")
    return (
        faults.unreadable(new)
        or faults.missing(new.reason, "/reason")
        or faults.out_of_bounds(new.fee, "/fee", least=0)
    )
