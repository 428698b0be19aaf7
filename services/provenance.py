"""Where a figure comes from: its lines, the events that made them, the documents and their files.

Whatever figure an answer gives has an address (services/figures/address.py); the lines at that
address add up to it, as of the same position of the book.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from msgspec import Struct

from domain.book.event import Event, Recorded
from domain.book.refusal import Refusals
from domain.ledger.entry import EntryPosted
from domain.purchases.bill import BillRecorded
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered
from projections.history_view import HistoryFilter
from projections.page import SortKey, Standpoint
from services import dashboard
from services.figures.address import (
    AccountFigure,
    AgedFigure,
    DashboardFigure,
    Figure,
    FigureIsUnknown,
    PartyFigure,
    VatFigure,
)
from services.figures.books import Books
from services.figures.dashboard_sums import aged
from services.figures.leaf import Leaf
from services.figures.sums import AccountSum, GridSum, ListedSum, Sum, known_grids, return_of
from services.lists import kinds


class Origin(Struct, frozen=True, kw_only=True):
    """An event behind a line: its share of it, its document's id and the originals kept with it."""

    position: int
    type: str
    recorded_at: datetime
    amount: int
    document_id: str
    files: tuple[str, ...]


class ExplainedLine(Struct, frozen=True, kw_only=True):
    """A line of a figure with what it comes from; without an event, what was carried or rounded."""

    amount: int
    kind: str
    date: date | None
    number: str
    label: str
    party_name: str
    document_id: str
    origins: tuple[Origin, ...]


class Explained(Struct, frozen=True, kw_only=True):
    """A figure, some of its lines, and the key to go on after; None at the end."""

    figure: Figure
    amount: int | None
    currency: str
    lines: tuple[ExplainedLine, ...]
    next: SortKey | None
    standpoint: Standpoint


def explain(
    books: Books, figure: Figure, *, after: SortKey | None = None, limit: int = 50
) -> Explained:
    """A figure and a page of its lines; raises Refusals for what is not there."""
    made = sum_of(books, figure)
    amount = made.total(books)
    page = made.page(books, after, limit)
    return Explained(
        figure=figure,
        amount=amount,
        currency=made.currency,
        lines=tuple(_lines(books, page.leaves)),
        next=page.next,
        standpoint=books.standpoint,
    )


def sum_of(books: Books, figure: Figure) -> Sum:
    """What a figure is the sum of; raises Refusals."""
    match figure:
        case VatFigure(period=period, grid=grid):
            sheet = return_of(books, period)
            if grid not in known_grids(sheet):
                raise Refusals(FigureIsUnknown(figure=str(figure)))
            return GridSum(sheet, grid)
        case AccountFigure():
            return AccountSum(figure)
        case PartyFigure():
            return _balance(figure)
        case AgedFigure():
            return aged(figure)
        case DashboardFigure():
            return dashboard.sum_of(books, figure)


def _balance(figure: PartyFigure) -> Sum:
    """What the lines of a third party on an account come to: debit minus credit."""
    wanted = HistoryFilter(
        party=figure.party,
        account=figure.account,
        currency=figure.currency,
        date_from=figure.date_from,
        date_to=figure.date_to,
    )
    return ListedSum(kind=kinds.HISTORY, wanted=wanted, measure={"debit": 1, "credit": -1})


def _lines(books: Books, leaves: Iterable[Leaf]) -> Iterable[ExplainedLine]:
    leaves = list(leaves)
    positions = sorted({position for leaf in leaves for position, _ in leaf.shares})
    facts = {fact.position: fact for fact in books.past.at(positions)}
    for leaf in leaves:
        yield ExplainedLine(
            amount=leaf.amount,
            kind=leaf.kind,
            date=leaf.date,
            number=leaf.number,
            label=leaf.label,
            party_name=leaf.party_name,
            document_id=leaf.document_id,
            origins=tuple(_origins(leaf, facts)),
        )


def _origins(leaf: Leaf, facts: Mapping[int, Recorded]) -> Iterable[Origin]:
    for position, amount in leaf.shares:
        fact = facts[position]
        document_id, files = _document(fact.event)
        yield Origin(
            position=position,
            type=fact.event.stored_as,
            recorded_at=fact.recorded_at,
            amount=amount,
            document_id=document_id or leaf.document_id,
            files=files,
        )


def _document(event: Event) -> tuple[str, tuple[str, ...]]:
    """The document that an event says it is of, and the digests (hex) of its originals."""
    match event:
        case EntryPosted(document=document):
            return document.id, document.files
        case EntriesLettered(lettering_id=lettering_id):
            return lettering_id, ()
        case EntriesUnlettered(lettering_id=lettering_id):
            return lettering_id, ()
        case BillRecorded(bill_id=bill_id, files=files):
            return bill_id, files
    return "", ()
