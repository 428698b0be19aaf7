"""Use cases of the client's archives: how they are laid out, and his own marks in them."""

from collections.abc import Sequence

from domain.archives import tabs, treated
from domain.archives.tabs import TABS_TAG, Tab
from domain.archives.treated import treated_tag
from domain.parties.company import COMPANY_TAG
from services.loading import load_company
from services.open_lines import load_entries
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written


def get_tabs(reader: Reader) -> tuple[Tab, ...]:
    """The four tabs of the archives, in their order."""
    return tabs.tabs_of(reader.last(TABS_TAG))


def set_tabs(
    store: Store, book_id: str, new: Sequence[Tab], command: Command
) -> Written[tuple[Tab, ...]]:
    """Lays the archives out anew, for every document in them (C5)."""

    def decide(pen: Pen) -> None:
        pen.append(tabs.set_tabs(load_company(pen), get_tabs(pen), new))

    return store.write(book_id, command, decide, get_tabs, [COMPANY_TAG])


def mark_documents(
    store: Store, book_id: str, entries: Sequence[int], command: Command, *, as_treated: bool
) -> Written[tuple[int, ...]]:
    """Marks documents of the archives as treated, or takes the mark off (C8); nothing is booked."""
    chosen = tuple(dict.fromkeys(entries))

    def decide(pen: Pen) -> None:
        pen.look_up([treated_tag(entry) for entry in chosen])
        known = {entry for entry in chosen if treated.is_treated(pen.last(treated_tag(entry)))}
        archived = load_entries(pen, chosen)
        pen.append(treated.mark(entries, archived, known, as_treated=as_treated))

    return store.write(book_id, command, decide, lambda _: chosen)
