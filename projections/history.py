"""The history register (C14): every line on customers' and suppliers' accounts, per third party.

Sales, purchases, bank and miscellaneous entries alike; the running balance is the reader's sum.
"""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.ledger.entry import EntryPosted
from domain.parties.company import AccountMapped, CompanyOpened
from domain.parties.contact import ContactChanged, ContactCreated
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered
from projections.register import Register
from projections.rows import Need, Row, Rows
from projections.third_parties import Sides, sides_after, sides_of, third_party_lines


class HistoryLine(Row, frozen=True):
    """A line of an entry; `codes` are the letterings it is part of now, oldest first."""

    table = "history_line"
    key = ("entry", "line")

    entry: int
    line: int
    account: str
    side: str
    party: str
    date: date
    journal: str
    series: str
    number: int
    document_kind: str
    document_id: str
    document_number: str
    label: str
    currency: str
    debit: int
    credit: int
    codes: tuple[str, ...]
    files: tuple[str, ...]


class HistoryParty(Row, frozen=True):
    """A third party's name today."""

    table = "history_party"
    key = ("party",)

    party: str
    name: str


class HistoryBook(Row, frozen=True):
    """The sides of the book's third-party accounts."""

    table = "history_book"
    key = ()

    sides: Sides


class History(Register):
    """The ledger of third parties, line by line."""

    name = "history"
    version = 2
    rows = (HistoryLine, HistoryParty, HistoryBook)
    events = (
        CompanyOpened,
        AccountMapped,
        ContactCreated,
        ContactChanged,
        EntryPosted,
        EntriesLettered,
        EntriesUnlettered,
    )

    def needs(self, event: Event) -> Iterable[Need]:
        match event:
            case EntryPosted() | AccountMapped():
                return ((HistoryBook, ()),)
            case EntriesLettered() | EntriesUnlettered():
                return [(HistoryLine, (part.entry, part.line)) for part in event.parts]
            case ContactChanged():
                return ((HistoryParty, event.contact_id),)
            case _:
                return ()

    def apply(self, fact: Recorded, rows: Rows) -> None:
        match fact.event:
            case EntryPosted() as entry:
                self._post(fact.position, entry, rows)
            case EntriesLettered() as lettering:
                for line in self._lines(lettering, rows):
                    rows.put(replace(line, codes=(*line.codes, lettering.code)))
            case EntriesUnlettered() as lettering:
                for line in self._lines(lettering, rows):
                    rows.put(replace(line, codes=_without(line.codes, lettering.code)))
            case ContactCreated() as contact:
                rows.add(HistoryParty(contact.contact_id, contact.details.name))
            case ContactChanged() as contact:
                rows.put(HistoryParty(contact.contact_id, contact.details.name))
            case CompanyOpened() as company:
                rows.add(HistoryBook(sides_of(company)))
            case AccountMapped() as mapped:
                rows.put(HistoryBook(sides_after(_sides(rows), mapped)))

    def _post(self, position: int, entry: EntryPosted, rows: Rows) -> None:
        document = entry.document
        for each in third_party_lines(entry, _sides(rows)):
            rows.add(
                HistoryLine(
                    entry=position,
                    line=each.nth,
                    account=each.line.account,
                    side=each.side,
                    party=each.line.party,
                    date=entry.date,
                    journal=entry.journal,
                    series=entry.series,
                    number=entry.number,
                    document_kind=document.kind,
                    document_id=document.id,
                    document_number=entry.piece_of(each.nth)[0],
                    label=each.line.label or entry.label,
                    currency=entry.currency,
                    debit=each.line.debit,
                    credit=each.line.credit,
                    codes=(),
                    files=document.files,
                )
            )

    def _lines(
        self, lettering: EntriesLettered | EntriesUnlettered, rows: Rows
    ) -> Iterable[HistoryLine]:
        for key in dict.fromkeys((part.entry, part.line) for part in lettering.parts):
            line = rows.get(HistoryLine, key)
            if line is None:
                raise LookupError(f"no line at entry {key[0]}, line {key[1]}")
            yield line


def _sides(rows: Rows) -> Sides:
    book = rows.get(HistoryBook, ())
    return book.sides if book else {}


def _without(codes: tuple[str, ...], code: str) -> tuple[str, ...]:
    """The codes less that one, once: that of another fiscal year may read the same."""
    at = codes.index(code)
    return codes[:at] + codes[at + 1 :]
