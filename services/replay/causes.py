"""Which events made a row: the book is folded once more, and whoever touches the row is noted."""

from collections import defaultdict
from collections.abc import Collection
from typing import get_type_hints
from uuid import UUID

from msgspec import convert

from domain.book.event import Recorded
from projections.register import Register
from projections.rows import Key, Row
from services.replay.bulk import IN_MEMORY, uncollected
from services.replay.compare import Cause, Comparison, Difference
from services.replay.connection import Replaying
from services.replay.fold import WholeBook
from services.replay.passes import is_trouble
from services.replay.source import Source

Watched = tuple[type[Row], Key]


class Traced(WholeBook):
    """The rows of a book, which note the events that wrote certain rows."""

    __slots__ = ("causes", "fact", "watched")

    def __init__(self, register: Register, watched: Collection[Watched]) -> None:
        super().__init__(register.rows)
        self.watched = frozenset(watched)
        self.causes: dict[Watched, list[Cause]] = defaultdict(list)
        self.fact: Recorded

    def add(self, row: Row) -> None:
        super().add(row)
        self._note(type(row), self._key_of[type(row)](row))

    def put(self, row: Row) -> None:
        super().put(row)
        self._note(type(row), self._key_of[type(row)](row))

    def drop(self, row_type: type[Row], key: Key) -> None:
        super().drop(row_type, key)
        self._note(row_type, key)

    def _note(self, row_type: type[Row], key: Key) -> None:
        if (row_type, key) in self.watched:
            cause = Cause(position=self.fact.position, type=self.fact.event.stored_as)
            if cause not in self.causes[row_type, key]:
                self.causes[row_type, key].append(cause)


def add_causes(conn: Replaying, source: Source, register: Register, found: Comparison) -> None:
    """Gives each difference that is shown the events that wrote its row, in today's code.

    Of a book too long for memory the first events are looked at; a row that no event wrote has
    none.
    """
    by_book: dict[str, list[Difference]] = defaultdict(list)
    for difference in found.first:
        by_book[difference.book_id].append(difference)
    for book_id, differences in by_book.items():
        keys = [_key(register, difference) for difference in differences]
        causes = _causes(conn, source, register, UUID(book_id), keys)
        for difference, key in zip(differences, keys, strict=True):
            difference.events = causes[key]


def _causes(
    conn: Replaying, source: Source, register: Register, book_id: UUID, keys: list[Watched]
) -> dict[Watched, list[Cause]]:
    rows = Traced(register, keys)
    facts = source.narrowed([register]).stream(conn, book_id, IN_MEMORY)
    try:
        with uncollected():
            for rows.fact in facts:
                if type(rows.fact.event) in register.events:
                    register.apply(rows.fact, rows)
    except Exception as fault:  # an event that nobody can take in: the rows end there
        if is_trouble(fault):
            raise
    return rows.causes


def _key(register: Register, difference: Difference) -> Watched:
    """The key of a difference, its values as the row type has them and not as JSON."""
    row_type = next(each for each in register.rows if each.table == difference.table)
    stored, kinds = difference.live or difference.rebuilt or {}, get_type_hints(row_type)
    values = [convert(stored[name], kinds[name]) for name in row_type.key]
    return row_type, values[0] if len(values) == 1 else tuple(values)
