"""The archives register (C5-C8, C13): every booked document, and what settled it.

A document is in the archives once its entry is posted. It is paid when all its third-party lines
are settled to the last cent, never in part; without such lines it has no paid state. In which tab
it stands is told when it is asked for: the company may lay the archives out anew at any time.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from msgspec import json
from msgspec.structs import replace

from domain.archives.tabs import ArchiveTabsSet
from domain.archives.treated import DocumentsMarkedTreated, DocumentsMarkedUntreated
from domain.book.event import Event, Recorded
from domain.ledger.entry import EntryPosted
from domain.operations.exported import ACCOUNTING, ReportExported
from domain.parties.company import AccountMapped, CompanyOpened
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered, LetteredPart
from projections.register import Register
from projections.rows import Need, Row, Rows
from projections.third_parties import (
    Sides,
    ThirdPartyLine,
    sides_after,
    sides_of,
    third_party_lines,
)


class ArchivedDocument(Row, frozen=True):
    """A document as its entry books it.

    `amount`: what a customer owes, what is owed to a supplier, money in (out is negative) on a bank
    journal, the debits of another entry; credit notes are negative. `to_settle`: Σ of its
    third-party lines, each counted positive, and `unsettled` what is open of it; both None when it
    has no such line. `accounts` are those of its lines, each once. `treated_at` is the position of
    the client's mark, `treated_by` who set it: None and empty without a mark.
    """

    table = "archive_document"
    key = ("entry",)

    entry: int
    journal: str
    journal_kind: str
    series: str
    piece: int
    kind: str
    document_id: str
    number: str
    entry_date: date
    due_date: date | None
    date: date
    party: str
    party_name: str
    label: str
    currency: str
    amount: int
    to_settle: int | None
    unsettled: int | None
    accounts: tuple[str, ...]
    treated_at: int | None
    treated_by: str
    files: tuple[str, ...]


class ArchiveSettlement(Row, frozen=True):
    """A document's share of a living lettering.

    `amount` is Σ of its parts, debits positive; `taken` Σ of them, each counted positive. The day
    is that from which it counts; undone, it never counted.
    """

    table = "archive_settlement"
    key = ("entry", "lettering_id")

    entry: int
    lettering_id: str
    code: str
    date: date
    complete: bool
    amount: int
    taken: int


class ArchiveBook(Row, frozen=True):
    """The book's journals (code to kind and to own account) and sides of third-party accounts."""

    table = "archive_book"
    key = ()

    journal_kinds: dict[str, str]
    journal_accounts: dict[str, str]
    sides: Sides


class ArchiveLayout(Row, frozen=True):
    """The tabs as the event at `position` sets them; there is none before the first."""

    table = "archive_layout"
    key = ()

    position: int
    layout: dict[str, Any]


class ArchiveExport(Row, frozen=True):
    """An export to the firm's software: the entries of some days, up to the position it stands on.

    `exported_as` is its kind, `sha256` its file's digest (hex); without `only_journal`, of all.
    """

    table = "archive_export"
    key = ("exported_at",)

    exported_at: int
    exported_as: str
    stands_at: int
    first_day: date
    last_day: date
    only_journal: str
    sha256: str


class Archives(Register):
    """Documents by journal, with their paid state and the client's own marks."""

    name = "archives"
    version = 4
    rows = (ArchivedDocument, ArchiveSettlement, ArchiveBook, ArchiveLayout, ArchiveExport)
    events = (
        CompanyOpened,
        AccountMapped,
        EntryPosted,
        EntriesLettered,
        EntriesUnlettered,
        ArchiveTabsSet,
        DocumentsMarkedTreated,
        DocumentsMarkedUntreated,
        ReportExported,
    )

    def needs(self, event: Event) -> Iterable[Need]:
        match event:
            case EntryPosted() | AccountMapped():
                yield ArchiveBook, ()
            case EntriesLettered():
                for entry in {part.entry for part in event.parts}:
                    yield ArchivedDocument, entry
            case EntriesUnlettered():
                for entry in {part.entry for part in event.parts}:
                    yield ArchivedDocument, entry
                    yield ArchiveSettlement, (entry, event.lettering_id)
            case DocumentsMarkedTreated() | DocumentsMarkedUntreated():
                for entry in event.entries:
                    yield ArchivedDocument, entry
            case ArchiveTabsSet():
                yield ArchiveLayout, ()

    def apply(self, fact: Recorded, rows: Rows) -> None:
        match fact.event:
            case EntryPosted() as entry:
                rows.add(_document(fact.position, entry, _book(rows)))
            case EntriesLettered() as lettering:
                self._letter(lettering, rows)
            case EntriesUnlettered() as lettering:
                self._unletter(lettering, rows)
            case CompanyOpened() as company:
                rows.add(_open(company))
            case AccountMapped() as mapped:
                book = _book(rows)
                rows.put(replace(book, sides=sides_after(book.sides, mapped)))
            case DocumentsMarkedTreated(entries=entries):
                _mark(entries, fact.position, fact.actor, rows)
            case DocumentsMarkedUntreated(entries=entries):
                _mark(entries, None, "", rows)
            case ArchiveTabsSet() as laid:
                tabs = json.decode(json.encode(laid.tabs))
                rows.put(ArchiveLayout(fact.position, {"tabs": tabs}))
            case ReportExported(kind=kind) as report if kind in ACCOUNTING:
                rows.add(_exported(fact.position, report))

    def _letter(self, lettering: EntriesLettered, rows: Rows) -> None:
        for entry, parts in _by_entry(lettering.parts):
            taken = sum(abs(part.amount) for part in parts)
            self._reopen(entry, -taken, rows)
            rows.add(
                ArchiveSettlement(
                    entry=entry,
                    lettering_id=lettering.lettering_id,
                    code=lettering.code,
                    date=lettering.date,
                    complete=lettering.complete,
                    amount=sum(part.amount for part in parts),
                    taken=taken,
                )
            )

    def _unletter(self, lettering: EntriesUnlettered, rows: Rows) -> None:
        for entry, parts in _by_entry(lettering.parts):
            self._reopen(entry, sum(abs(part.amount) for part in parts), rows)
            rows.drop(ArchiveSettlement, (entry, lettering.lettering_id))

    def _reopen(self, entry: int, amount: int, rows: Rows) -> None:
        document = rows.get(ArchivedDocument, entry)
        if document is None or document.unsettled is None:
            raise LookupError(f"no third-party document at entry {entry}")
        rows.put(replace(document, unsettled=document.unsettled + amount))


def _document(position: int, entry: EntryPosted, book: ArchiveBook) -> ArchivedDocument:
    document, lines = entry.document, list(third_party_lines(entry, book.sides))
    kind = book.journal_kinds.get(entry.journal, "miscellaneous")
    to_settle = sum(abs(line.amount) for line in lines) if lines else None
    return ArchivedDocument(
        entry=position,
        journal=entry.journal,
        journal_kind=kind,
        series=entry.series,
        piece=entry.number,
        kind=document.kind,
        document_id=document.id,
        number=document.number,
        date=document.issue_date,
        entry_date=entry.date,
        due_date=document.due_date,
        party=document.party,
        party_name=document.party_name,
        label=entry.label,
        currency=entry.currency,
        amount=_amount(entry, kind, lines, book.journal_accounts.get(entry.journal)),
        to_settle=to_settle,
        unsettled=to_settle,
        accounts=tuple(dict.fromkeys(line.account for line in entry.lines)),
        treated_at=None,
        treated_by="",
        files=document.files,
    )


def _exported(position: int, report: ReportExported) -> ArchiveExport:
    asked = report.parameters
    return ArchiveExport(
        exported_at=position,
        exported_as=report.kind,
        stands_at=report.position,
        first_day=date.fromisoformat(asked["date_from"]),
        last_day=date.fromisoformat(asked["date_to"]),
        only_journal=asked.get("journal", ""),
        sha256=report.sha256,
    )


def _open(company: CompanyOpened) -> ArchiveBook:
    return ArchiveBook(
        journal_kinds={journal.code: str(journal.kind) for journal in company.journals},
        journal_accounts={each.code: each.account for each in company.journals if each.account},
        sides=sides_of(company),
    )


def _mark(entries: Iterable[int], position: int | None, actor: str, rows: Rows) -> None:
    for entry in entries:
        document = rows.get(ArchivedDocument, entry)
        if document is None:
            raise LookupError(f"no document at entry {entry}")
        rows.put(replace(document, treated_at=position, treated_by=actor))


def _amount(
    entry: EntryPosted, kind: str, lines: list[ThirdPartyLine], bank_account: str | None
) -> int:
    """The document's amount in minor units, signed as ArchivedDocument says."""
    match kind:
        case "sale" if lines:
            return sum(line.amount for line in lines)
        case "purchase" if lines:
            return -sum(line.amount for line in lines)
        case "bank" | "cash" if bank_account:
            return sum(x.debit - x.credit for x in entry.lines if x.account == bank_account)
        case _:
            return sum(line.debit for line in entry.lines)


def _by_entry(parts: tuple[LetteredPart, ...]) -> Iterable[tuple[int, list[LetteredPart]]]:
    """The parts of each entry, in the order of their first."""
    grouped: dict[int, list[LetteredPart]] = {}
    for part in parts:
        grouped.setdefault(part.entry, []).append(part)
    return grouped.items()


def _book(rows: Rows) -> ArchiveBook:
    return rows.get(ArchiveBook, ()) or ArchiveBook({}, {}, {})
