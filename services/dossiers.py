"""Use cases of dossiers: the firm's companies with code and manager, one active a number (C16)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from operator import itemgetter
from typing import Literal, get_args

from msgspec import Struct

from domain.book.refusal import Refusals
from domain.parties import dossier as dossiers
from domain.parties.company import COMPANY_TAG, Company
from domain.parties.dossier import DOSSIER_TAG, Dossier, NewDossier, RegistrationIsTaken
from projections.searching import folded
from services.companies import find_company
from services.shelf import Shelf
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written

SortColumn = Literal["id", "name", "registration", "country", "code", "manager", "active", "since"]
SORT_COLUMNS: tuple[SortColumn, ...] = get_args(SortColumn)

Place = tuple[str, str]
"""Where a dossier stands in a list: what it is sorted by, and its book."""


class Card(Struct, frozen=True, kw_only=True):
    """A company and its dossier, by its book."""

    book_id: str
    company: Company
    dossier: Dossier

    def place(self, column: str) -> Place:
        """Its place in a list sorted by a column."""
        return self._rank(column), self.book_id

    def _rank(self, column: str) -> str:
        match column:
            case "id":
                return self.book_id
            case "name" | "registration" | "country":
                return folded(str(getattr(self.company, column)))
            case "since":
                return "" if self.dossier.since is None else self.dossier.since.isoformat()
        return folded(str(getattr(self.dossier, column)))


class CardFilter(Struct, frozen=True, kw_only=True):
    """Which dossiers: None means any; `q` within name, number or code."""

    active: bool | None = None
    country: str | None = None
    registration: str | None = None
    code: str | None = None
    manager: str | None = None
    q: str | None = None

    def takes(self, card: Card) -> bool:
        """Whether a dossier is asked for."""
        known = {
            "active": card.dossier.active,
            "country": card.company.country,
            "registration": card.company.registration,
            "code": card.dossier.code,
            "manager": card.dossier.manager,
        }
        if any(getattr(self, name) not in (None, value) for name, value in known.items()):
            return False
        said = (card.company.name, card.company.registration, card.dossier.code)
        return self.q is None or any(folded(self.q) in folded(each) for each in said)


def find_card(reader: Reader) -> Card | None:
    """The company of a book with its dossier, if one has opened it."""
    company = find_company(reader)
    if company is None:
        return None
    (opened,) = reader.at([company.position])
    began = Dossier(since=opened.recorded_at)
    dossier = reader.fold(dossiers.evolve, began, DOSSIER_TAG)
    return Card(book_id=reader.book_id, company=company, dossier=dossier)


def cards_of(store: Store, books: Iterable[str], wanted: CardFilter) -> Iterator[Card]:
    """The dossiers of some books that are asked for, in the order of the books."""
    for book_id in books:
        card = find_card(store.past(book_id))
        if card is not None and wanted.takes(card):
            yield card


def list_cards(
    store: Store,
    pages: Callable[[str | None], list[str]],
    wanted: CardFilter,
    *,
    sort: str = "id",
    after: Place | None = None,
    limit: int = 50,
) -> tuple[list[Card], Place | None]:
    """Some dossiers in the order of a column, and where the next ones begin; None at the end.

    `pages` gives the books behind one. By id they are read as far as needed, else all of them.
    """
    column, descends = sort.removeprefix("-"), sort.startswith("-")
    begin = after[1] if after is not None and sort == "id" else None
    cards = cards_of(store, _books(pages, begin), wanted)
    if sort != "id":
        ranked = sorted(((each.place(column), each) for each in cards), key=itemgetter(0))
        if descends:
            ranked.reverse()
        cards = iter(
            [card for place, card in ranked if _is_behind(place, after, descends=descends)]
        )
    found = list(islice(cards, limit + 1))
    return found[:limit], found[limit - 1].place(column) if len(found) > limit else None


def _is_behind(place: Place, after: Place | None, *, descends: bool) -> bool:
    return after is None or (place < after if descends else place > after)


def _books(pages: Callable[[str | None], list[str]], begin: str | None) -> Iterator[str]:
    while books := pages(begin):
        yield from books
        begin = books[-1]


def keep_dossier(
    store: Store, shelf: Shelf, book_id: str, new: NewDossier, command: Command, *, alone: bool
) -> Written[Card]:
    """Says what a dossier is called and whether it is active; raises RegistrationIsTaken."""

    def decide(pen: Pen) -> None:
        pen.append(dossiers.keep(_card(pen).dossier, new))

    number = _card(store.past(book_id)).company.registration
    with one_active(store, shelf, number, book_id, checked=alone and new.active):
        return store.write(book_id, command, decide, _card, [COMPANY_TAG, DOSSIER_TAG])


@contextmanager
def one_active(
    store: Store, shelf: Shelf, registration: str, book_id: str, *, checked: bool
) -> Iterator[None]:
    """While this goes on nobody else opens a book of that number; raises Refusals if one is active.

    Not `checked`, it lets everything pass.
    """
    if not checked:
        yield
        return
    with shelf.alone(registration) as others:
        for other in others:
            card = None if other == book_id else find_card(store.past(other))
            if card is not None and card.dossier.active:
                raise Refusals(RegistrationIsTaken(registration=registration))
        yield


def _card(reader: Reader) -> Card:
    card = find_card(reader)
    if card is None:
        raise LookupError(reader.book_id)
    return card
