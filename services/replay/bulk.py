"""Whole books at once: folded in memory, then one COPY a table. No prefetch, no keys in the way."""

import gc
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from uuid import UUID

from domain.book.event import Recorded
from services.replay.batch import claim
from services.replay.connection import Replaying
from services.replay.fold import WholeFold
from services.replay.passes import is_trouble
from services.replay.place import Place
from services.replay.source import Source
from services.replay.tables import Table, tables_of

IN_MEMORY = 250_000
"""Events of one book folded in memory at once, at about 1 KB each."""
LONG, AT_ONCE = 20_000, 4
"""A book with more events is read again for every so many registers: the rows of all of them take
2.2 KB an event, and reading once more a twentieth of the time."""
PART = 5_000
"""Lasting rows are written when there are more than so many, looked at after as many events."""


class Loader:
    """Loads books into registers that know nothing of them yet.

    `reader`: a second connection to read over, so that rows can be written meanwhile.
    """

    def __init__(
        self,
        conn: Replaying,
        places: Sequence[Place],
        cap: int = IN_MEMORY,
        reader: Replaying | None = None,
    ) -> None:
        self._conn = conn
        self._places = places
        self._cap = cap
        self._reader = reader
        self._tables: dict[str, list[Table]] = {
            place.name: tables_of(conn, place) for place in places
        }

    def load_books(self, source: Source, books: Mapping[UUID, int]) -> Generator[UUID, None, None]:
        """Loads books up to a position each, every one in a transaction; gives each when done.

        One longer than the cap is loaded in part, for the rest can follow live, and one with an
        event that cannot be folded not at all: the live path parks it there. Whoever puts in a
        book's cursor first loads it: a process whose parent was killed may be at it still.
        """
        reader = self._reader or self._conn
        for book_id, upto in books.items():
            try:
                with self._conn.transaction():
                    end = min(upto, self._cap)
                    mine = [each for each in self._places if claim(self._conn, each, book_id, end)]
                    for some in _turns(mine, end):
                        narrow = source.narrowed(place.register for place in some)
                        self.load(book_id, narrow.stream(reader, book_id, end), some)
            except Exception as fault:
                if is_trouble(fault):
                    raise
            yield book_id

    def load(self, book_id: UUID, facts: Iterable[Recorded], places: Sequence[Place] = ()) -> int:
        """Folds a book from its first event and writes its rows, in the caller's transaction.

        Into some places, or all; gives the position reached.
        """
        chosen, position = places or self._places, 0
        fold = WholeFold([place.register for place in chosen])
        lasting = [
            (table, fold.books[place.name])
            for place in chosen
            for table in self._tables[place.name]
            if table.row_type.lasting and self._reader
        ]
        facts = iter(facts)
        with uncollected():
            while reached := fold.apply(islice(facts, PART)):
                position = reached
                for table, rows in lasting:
                    if len(rows.held(table.row_type)) > PART:
                        table.copy(self._conn, book_id, rows.take_out(table.row_type))
            for place in chosen:
                for table in self._tables[place.name]:
                    held = fold.books[place.name].held(table.row_type)
                    if held:
                        table.copy(self._conn, book_id, held)
        return position


def _turns(places: Sequence[Place], events: int) -> list[Sequence[Place]]:
    """The places that are loaded together, for a book of so many events."""
    turns = max(1, round(len(places) / AT_ONCE)) if events > LONG else 1
    return [places[nth::turns] for nth in range(turns) if places[nth::turns]]


@contextmanager
def uncollected() -> Iterator[None]:
    """Switches the garbage collector off: events and rows make no cycles, and walking them all
    again and again costs a third of a fold."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
