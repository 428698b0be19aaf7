"""The unpaid register (V26, C4): what is open on third-party accounts.

Items come from entries, settlements from letterings only. A settled item stays with nothing open,
for unlettering revives it. Settlements are dated, so that the list can be drawn up at any day.
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


class OpenItem(Row, frozen=True):
    """A line on a third party's account; `amount` and `open` are debit minus credit."""

    table = "open_item"
    key = ("entry", "line")

    entry: int
    line: int
    account: str
    side: str
    party: str
    journal: str
    issue_date: date
    due_date: date
    date: date
    document_kind: str
    document_id: str
    document_number: str
    label: str
    currency: str
    amount: int
    open: int


class Settlement(Row, frozen=True):
    """What a lettering takes off an item from `date` on, with the item's sign; negative: undone."""

    table = "open_item_settlement"
    key = ("settled_at", "part")
    lasting = True

    settled_at: int
    part: int
    entry: int
    line: int
    date: date
    amount: int
    lettering_id: str
    code: str


class UnpaidParty(Row, frozen=True):
    """A third party's name today."""

    table = "unpaid_party"
    key = ("party",)

    party: str
    name: str


class UnpaidBook(Row, frozen=True):
    """The sides of the book's third-party accounts."""

    table = "unpaid_book"
    key = ()

    sides: Sides


class Unpaid(Register):
    """Open items by third party."""

    name = "unpaid"
    version = 3
    rows = (OpenItem, Settlement, UnpaidParty, UnpaidBook)
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
                return ((UnpaidBook, ()),)
            case EntriesLettered() | EntriesUnlettered():
                return [(OpenItem, (part.entry, part.line)) for part in event.parts]
            case ContactChanged():
                return ((UnpaidParty, event.contact_id),)
            case _:
                return ()

    def apply(self, fact: Recorded, rows: Rows) -> None:
        match fact.event:
            case EntryPosted() as entry:
                self._post(fact.position, entry, rows)
            case EntriesLettered() as lettering:
                self._settle(fact.position, lettering, +1, rows)
            case EntriesUnlettered() as lettering:
                self._settle(fact.position, lettering, -1, rows)
            case ContactCreated() as contact:
                rows.add(UnpaidParty(contact.contact_id, contact.details.name))
            case ContactChanged() as contact:
                rows.put(UnpaidParty(contact.contact_id, contact.details.name))
            case CompanyOpened() as company:
                rows.add(UnpaidBook(sides_of(company)))
            case AccountMapped() as mapped:
                rows.put(UnpaidBook(sides_after(_sides(rows), mapped)))

    def _post(self, position: int, entry: EntryPosted, rows: Rows) -> None:
        document = entry.document
        for each in third_party_lines(entry, _sides(rows)):
            rows.add(
                OpenItem(
                    entry=position,
                    line=each.nth,
                    account=each.line.account,
                    side=each.side,
                    party=each.line.party,
                    journal=entry.journal,
                    date=entry.date,
                    issue_date=entry.piece_of(each.nth)[1],
                    due_date=each.line.due_date or document.due_date or entry.date,
                    document_kind=document.kind,
                    document_id=document.id,
                    document_number=entry.piece_of(each.nth)[0],
                    label=each.line.label or entry.label,
                    currency=entry.currency,
                    amount=each.amount,
                    open=each.amount,
                )
            )

    def _settle(
        self,
        position: int,
        lettering: EntriesLettered | EntriesUnlettered,
        sign: int,
        rows: Rows,
    ) -> None:
        for number, part in enumerate(lettering.parts):
            item = rows.get(OpenItem, (part.entry, part.line))
            if item is None:
                raise LookupError(f"no item at entry {part.entry}, line {part.line}")
            taken = sign * part.amount
            rows.put(replace(item, open=item.open - taken))
            rows.add(
                Settlement(
                    settled_at=position,
                    part=number,
                    entry=part.entry,
                    line=part.line,
                    date=lettering.date,
                    amount=taken,
                    lettering_id=lettering.lettering_id,
                    code=lettering.code,
                )
            )


def _sides(rows: Rows) -> Sides:
    book = rows.get(UnpaidBook, ())
    return book.sides if book else {}
