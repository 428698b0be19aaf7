"""Entering a document: how the book stands, and the entry that its lines become."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Recorded
from domain.ledger.closed_days import Closed
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted
from domain.ledger.numbering import assign_next, name_entry_series, write_number
from domain.ledger.period import Lock
from domain.parties.company import Company


class Standing(Struct, frozen=True, kw_only=True):
    """What every posting decision needs to know about the book.

    `journal` is the code of the journal written in, `last_entry` the newest event of its entry
    series, `last_document` that of the document's own series, where it has one. `today` is the
    company's legal day; sales documents are not dated in days that are `closed`.
    """

    company: Company
    journal: str
    lock: Lock | None
    today: date
    last_entry: Recorded | None
    last_document: Recorded | None = None
    closed: Closed | None = None


class Unbalanced(ValueError):
    """Lines that do not balance came out of our own posting rules: a fault, never a refusal."""


def enter(
    document: DocumentReference,
    lines: tuple[EntryLine, ...],
    standing: Standing,
    *,
    day: date,
    currency: str,
    label: str,
) -> EntryPosted:
    """The entry of a document under the next number of its journal; raises Unbalanced."""
    debit, credit = sum(line.debit for line in lines), sum(line.credit for line in lines)
    if debit != credit or len(lines) < 2:
        raise Unbalanced(f"{document.number}: debit {debit}, credit {credit}, {len(lines)} lines")
    return EntryPosted(
        journal=standing.journal,
        series=entry_series(standing.company, standing.journal, day),
        number=assign_next(standing.last_entry),
        date=day,
        label=label,
        currency=currency,
        document=document,
        lines=lines,
    )


def enter_piece(
    document: DocumentReference,
    lines: tuple[EntryLine, ...],
    standing: Standing,
    *,
    currency: str,
    label: str,
) -> EntryPosted:
    """The entry of a document that has no number of its own, on the day of its issue: people read
    the number of the entry."""
    day = document.issue_date
    series = entry_series(standing.company, standing.journal, day)
    number = write_number(series.partition(":")[2], assign_next(standing.last_entry))
    numbered = replace(document, number=number)
    return enter(numbered, lines, standing, day=day, currency=currency, label=label)


def entry_series(company: Company, journal: str, day: date) -> str:
    """The series of the entries of a journal in the fiscal year of `day`."""
    return name_entry_series(journal, day, company.fiscal_year_start_month)
