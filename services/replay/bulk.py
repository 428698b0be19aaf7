"""Whole books at once: folded in memory, then one COPY a table. No prefetch, no keys in the way."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import UUID

from domain.book.event import Recorded
from services.replay.batch import put_cursor
from services.replay.connection import Replaying
from services.replay.fold import WholeFold
from services.replay.passes import is_trouble
from services.replay.place import Place
from services.replay.source import Source
from services.replay.tables import Table, tables_of

IN_MEMORY = 250_000
"""Events of one book folded in memory at once."""


class Loader:
    """Loads books into registers that know nothing of them yet."""

    def __init__(self, conn: Replaying, places: Sequence[Place]) -> None:
        self._conn = conn
        self._places = places
        self._tables: dict[str, list[Table]] = {
            place.name: tables_of(conn, place) for place in places
        }

    def load_books(self, source: Source, books: Mapping[UUID, int]) -> Iterator[UUID]:
        """Loads books up to a position each, every one in a transaction; gives each when done.

        A very long one is loaded in part, for the rest can follow live, and one with an event that
        cannot be folded not at all: the live path parks it there.
        """
        source = source.narrowed(place.register for place in self._places)
        for book_id, upto in books.items():
            try:
                with self._conn.transaction():
                    facts = source.stream(self._conn, book_id, min(upto, IN_MEMORY))
                    self.load(book_id, facts)
            except Exception as fault:
                if is_trouble(fault):
                    raise
            yield book_id

    def load(self, book_id: UUID, facts: Iterable[Recorded]) -> int:
        """Folds a book from its first event and writes it, in the caller's transaction.

        Gives the position reached. Takes about 1 KB of memory an event.
        """
        fold = WholeFold([place.register for place in self._places])
        with uncollected():
            position = fold.apply(facts)
            for name, tables in self._tables.items():
                for table in tables:
                    rows = fold.rows[name].all(table.row_type)
                    if rows:
                        table.copy(self._conn, book_id, rows.values())
        for place in self._places:
            put_cursor(self._conn, place, book_id, position)
        return position


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
