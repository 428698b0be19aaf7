"""One active dossier a registration number; lists of them in any order, page by page."""

from uuid import uuid4

import pytest

from domain.book.refusal import Refusals
from domain.parties.dossier import NewDossier, RegistrationIsTaken
from services.companies import open_company
from services.dossiers import CardFilter, Place, keep_dossier, list_cards, one_active
from services.shelf import Shelf
from services.store.pen import Command
from tests.domain.steps import FRENCH
from tests.services.use_cases.conftest import Desk


def command() -> Command:
    return Command(id=str(uuid4()), actor="test")


@pytest.mark.feature("C16")
def test_a_number_has_one_active_dossier(desk: Desk) -> None:
    """Only those of one book are looked at: other tests open the same company."""
    store, shelf = desk.store, Alone(desk.store.datastore.url, [desk.book])
    number = FRENCH.registration
    with pytest.raises(Refusals) as error, one_active(store, shelf, number, "new", checked=True):
        raise AssertionError
    assert isinstance(error.value.refused, RegistrationIsTaken)
    with one_active(store, shelf, number, desk.book, checked=True):
        pass
    away = NewDossier(active=False)
    keep_dossier(store, shelf, desk.book, away, command(), alone=True)
    second = str(uuid4())
    with one_active(store, shelf, number, second, checked=True):
        open_company(store, second, FRENCH, command())
    shelf.known.append(second)
    with pytest.raises(Refusals) as error:
        keep_dossier(store, shelf, desk.book, NewDossier(), command(), alone=True)
    assert isinstance(error.value.refused, RegistrationIsTaken)
    keep_dossier(store, shelf, desk.book, NewDossier(), command(), alone=False)


@pytest.mark.feature("C16")
def test_dossiers_in_any_order_page_by_page(desk: Desk) -> None:
    store, shelf = desk.store, Shelf(desk.store.datastore.url)
    books = sorted(str(uuid4()) for _ in range(4))
    for nth, book in enumerate(books):
        open_company(store, book, FRENCH, command())
        new = NewDossier(code=f"C{nth}", manager="abc"[nth % 2], active=nth != 3)
        keep_dossier(store, shelf, book, new, command(), alone=False)

    def pages(begin: str | None) -> list[str]:
        return [book for book in books if begin is None or book > begin][:2]

    def codes(sort: str, **wanted: object) -> list[str]:
        found: list[str] = []
        after: Place | None = None
        while True:
            cards, after = list_cards(
                store,
                pages,
                CardFilter(**wanted),  # type: ignore[arg-type]
                sort=sort,
                after=after,
                limit=1,
            )
            found += [card.dossier.code for card in cards]
            if after is None:
                return found

    assert codes("id") == ["C0", "C1", "C2", "C3"]
    assert codes("-code") == ["C3", "C2", "C1", "C0"]
    assert codes("manager", active=True) == ["C0", "C2", "C1"]
    assert codes("id", manager="b") == ["C1", "C3"]
    assert codes("-name", q="c2") == ["C2"]


class Alone(Shelf):
    """A shelf with these books alone."""

    def __init__(self, url: str, known: list[str]) -> None:
        super().__init__(url)
        self.known = known

    def books(self):  # type: ignore[no-untyped-def]
        return [book for book in super().books() if book.book_id in self.known]
