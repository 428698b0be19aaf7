"""Folding a book: each event goes to the registers that read its type, each with its own rows."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from domain.book.event import Event, Recorded
from projections.register import Register
from projections.rows import AlreadyThere, Key, Need, R, Row, Rows

Wanted = dict[tuple[str, type[Row]], set[Key]]
Routes = dict[type[Event], list[tuple[Register, Rows]]]


class Fold:
    """The rows of some registers in one book, and the way events take to them."""

    def __init__(
        self, registers: Sequence[Register], rows: Mapping[str, Rows] | None = None
    ) -> None:
        self.rows = rows or {register.name: Rows(register.rows) for register in registers}
        self._routes: Routes = defaultdict(list)
        for register in registers:
            for event in register.events:
                self._routes[event].append((register, self.rows[register.name]))

    def wanted(self, facts: Iterable[Recorded]) -> Wanted:
        """The keys that these events need, by register and row type."""
        wanted: Wanted = defaultdict(set)
        for fact in facts:
            for register, _ in self._routes.get(type(fact.event), ()):
                for row_type, key in register.needs(fact.event):
                    wanted[register.name, row_type].add(key)
        return wanted

    def apply(self, facts: Iterable[Recorded]) -> int:
        """Takes events in, in order; gives the position of the last one, 0 without any."""
        routes = self._routes
        position = 0
        for fact in facts:
            event = fact.event
            for register, rows in routes.get(type(event), ()):
                needs: Iterable[Need] = register.needs(event)
                rows.expect(needs)
                register.apply(fact, rows)
            position = fact.position
        return position


class WholeBook(Rows):
    """The rows of a book that is folded from its first event: all are here, so none is declared.

    That `needs` declares enough is held by the live way and by every fold but this one. Lasting
    rows are kept in a list and may be taken out: nobody looks for them again.
    """

    __slots__ = ("_lasting",)

    def __init__(self, row_types: Iterable[type[Row]]) -> None:
        super().__init__(row_types)
        self._lasting: dict[type[Row], list[Row]] = {
            each: [] for each in self._key_of if each.lasting
        }
        for each in self._lasting:
            del self._now[each]

    def get(self, row_type: type[R], key: Key) -> R | None:
        row: R | None = self._now[row_type].get(key)
        return row

    def add(self, row: Row) -> None:
        row_type = type(row)
        if row_type.lasting:
            self._lasting[row_type].append(row)
            return
        key = self._key_of[row_type](row)
        if self._now[row_type].setdefault(key, row) is not row:
            raise AlreadyThere(f"{row_type.__name__} {key!r}")

    def put(self, row: Row) -> None:
        row_type = type(row)
        self._now[row_type][self._key_of[row_type](row)] = row

    def drop(self, row_type: type[Row], key: Key) -> None:
        self._now[row_type].pop(key, None)

    def held(self, row_type: type[Row]) -> Collection[Row]:
        """The rows of a type that are in memory."""
        return self._lasting[row_type] if row_type.lasting else self._now[row_type].values()

    def take_out(self, row_type: type[Row]) -> list[Row]:
        """The lasting rows of a type since they were last taken out."""
        taken, self._lasting[row_type] = self._lasting[row_type], []
        return taken


class WholeFold(Fold):
    """The fold of a whole book in memory, as fast as may be."""

    def __init__(self, registers: Sequence[Register]) -> None:
        self.books = {register.name: WholeBook(register.rows) for register in registers}
        super().__init__(registers, self.books)
        self._applied = {
            event: [(register.apply, rows) for register, rows in read]
            for event, read in self._routes.items()
        }

    def apply(self, facts: Iterable[Recorded]) -> int:
        applied, position = self._applied, 0
        for fact in facts:
            for apply, rows in applied.get(type(fact.event), ()):
                apply(fact, rows)
            position = fact.position
        return position


def replay(registers: Sequence[Register], facts: Iterable[Recorded]) -> Mapping[str, Rows]:
    """The rows of registers after these events, in memory, by register name."""
    fold = Fold(registers)
    fold.apply(facts)
    return fold.rows
