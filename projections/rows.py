"""The unit of work over a register's rows: what was loaded, what stands now; the difference is
what is written. The same code serves a dict in a test, a batch and a whole book in memory."""

from collections.abc import Callable, Hashable, Iterable
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple, TypeVar

from msgspec import Struct

Key = Hashable
"""A row's key without its book: one value, a tuple of values, or () for one row a book."""


class Row(Struct, frozen=True, gc=False):
    """A row of one `table`, found by the fields named in `key` (and by its book, always first).

    Fields are int, str, bool, date, tuple[str, ...] or a dict, or one of them or None. `lasting`
    rows are added and never touched again: a rebuild need not keep them in memory.
    """

    table: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    lasting: ClassVar[bool] = False


R = TypeVar("R", bound=Row)
Need = tuple[type[Row], Key]


class NotDeclared(Exception):
    """`apply` touched a row that `needs` did not declare and this event did not add."""


class AlreadyThere(Exception):
    """`apply` added a row whose key exists: rows are added once, then put."""


class Changes(NamedTuple):
    """What a batch does to one table: stored keys that go, stored rows that change, new rows."""

    dropped: list[Key]
    changed: list[Row]
    added: list[Row]


def key_of(row_type: type[Row]) -> Callable[[Row], Key]:
    """The function that gives a row's key."""
    return attrgetter(*row_type.key) if row_type.key else lambda _: ()


class Rows:
    """The rows of one register in one book, as far as they are known."""

    __slots__ = ("_key_of", "_loaded", "_now", "_touchable")

    def __init__(self, row_types: Iterable[type[Row]]) -> None:
        self._key_of = {row_type: key_of(row_type) for row_type in row_types}
        self._loaded: dict[type[Row], dict[Key, Any]] = {each: {} for each in self._key_of}
        self._now: dict[type[Row], dict[Key, Any]] = {each: {} for each in self._key_of}
        self._touchable: set[Need] = set()

    def load(self, row: Row) -> None:
        """Takes in a row that is stored already."""
        row_type = type(row)
        key = self._key_of[row_type](row)
        self._loaded[row_type][key] = self._now[row_type][key] = row

    def expect(self, needs: Iterable[Need]) -> None:
        """Opens the next event: only its declared rows, and those it adds, can be touched.

        The limit is the event, not the batch, so that a forgotten need shows in every batch size.
        """
        self._touchable = set(needs)

    def get(self, row_type: type[R], key: Key) -> R | None:
        """The row as it stands, or None; raises NotDeclared."""
        if (row_type, key) not in self._touchable:
            raise NotDeclared(f"{row_type.__name__} {key!r}")
        row: R | None = self._now[row_type].get(key)
        return row

    def add(self, row: Row) -> None:
        """Adds a row that cannot exist yet, for this event gives its key; raises AlreadyThere."""
        row_type = type(row)
        key = self._key_of[row_type](row)
        if key in self._now[row_type]:
            raise AlreadyThere(f"{row_type.__name__} {key!r}")
        self._now[row_type][key] = row
        self._touchable.add((row_type, key))

    def put(self, row: Row) -> None:
        """Writes a row whether it exists or not; raises NotDeclared."""
        row_type = type(row)
        key = self._key_of[row_type](row)
        if (row_type, key) not in self._touchable:
            raise NotDeclared(f"{row_type.__name__} {key!r}")
        self._now[row_type][key] = row

    def drop(self, row_type: type[Row], key: Key) -> None:
        """Removes a row if it is there; raises NotDeclared."""
        if (row_type, key) not in self._touchable:
            raise NotDeclared(f"{row_type.__name__} {key!r}")
        self._now[row_type].pop(key, None)

    def all(self, row_type: type[R]) -> dict[Key, R]:
        """Every known row of a type by key: the whole table after a fold in memory."""
        return self._now[row_type]

    def changes(self, row_type: type[Row]) -> Changes:
        """What must be written so that the table stands as these rows do."""
        loaded, now = self._loaded[row_type], self._now[row_type]
        if not loaded:
            return Changes([], [], list(now.values()))
        both = [(row, now[key]) for key, row in loaded.items() if key in now]
        return Changes(
            dropped=[key for key in loaded if key not in now],
            changed=[new for old, new in both if new is not old and new != old],
            added=[row for key, row in now.items() if key not in loaded],
        )


def as_tuple(key: Any) -> tuple[Any, ...]:
    """A key as the tuple of its columns' values."""
    return key if isinstance(key, tuple) else (key,)
