"""The archives register (C5-C7, C13): every booked document, by journal, and what settled it.

A document is in the archives once its entry is posted. It is paid when all its third-party lines
are settled to the last cent, never in part; without such lines it has no paid state.
"""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.ledger.entry import EntryPosted
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
    journal, the debits of another entry; credit notes are negative. `unsettled`: Σ of what is open
    on its third-party lines, each counted positive; None when it has no such line.
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
    unsettled: int | None
    files: tuple[str, ...]


class ArchiveSettlement(Row, frozen=True):
    """A document's share of a living lettering: Σ of its parts, debits positive."""

    table = "archive_settlement"
    key = ("entry", "lettering_id")

    entry: int
    lettering_id: str
    code: str
    date: date
    complete: bool
    amount: int


class ArchiveBook(Row, frozen=True):
    """The book's journals (code to kind and to own account) and sides of third-party accounts."""

    table = "archive_book"
    key = ()

    journal_kinds: dict[str, str]
    journal_accounts: dict[str, str]
    sides: Sides


class Archives(Register):
    """Documents by journal, with their paid state."""

    name = "archives"
    version = 2
    rows = (ArchivedDocument, ArchiveSettlement, ArchiveBook)
    events = (CompanyOpened, AccountMapped, EntryPosted, EntriesLettered, EntriesUnlettered)

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

    def apply(self, fact: Recorded, rows: Rows) -> None:
        match fact.event:
            case EntryPosted() as entry:
                rows.add(_document(fact.position, entry, _book(rows)))
            case EntriesLettered() as lettering:
                self._letter(lettering, rows)
            case EntriesUnlettered() as lettering:
                self._unletter(lettering, rows)
            case CompanyOpened() as company:
                kinds = {journal.code: str(journal.kind) for journal in company.journals}
                accounts = {each.code: each.account for each in company.journals if each.account}
                rows.add(ArchiveBook(kinds, accounts, sides_of(company)))
            case AccountMapped() as mapped:
                book = _book(rows)
                rows.put(replace(book, sides=sides_after(book.sides, mapped)))

    def _letter(self, lettering: EntriesLettered, rows: Rows) -> None:
        for entry, parts in _by_entry(lettering.parts):
            self._reopen(entry, -sum(abs(part.amount) for part in parts), rows)
            rows.add(
                ArchiveSettlement(
                    entry=entry,
                    lettering_id=lettering.lettering_id,
                    code=lettering.code,
                    date=lettering.date,
                    complete=lettering.complete,
                    amount=sum(part.amount for part in parts),
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
        unsettled=sum(abs(line.amount) for line in lines) if lines else None,
        files=document.files,
    )


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
