"""Folding a book: each event goes to the registers that read its type, each with its own rows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from domain.book.event import Event, Recorded
from projections.register import Register
from projections.rows import Key, Need, Row, Rows

Wanted = dict[tuple[str, type[Row]], set[Key]]
Routes = dict[type[Event], list[tuple[Register, Rows]]]


class Fold:
    """The rows of some registers in one book, and the way events take to them."""

    def __init__(self, registers: Sequence[Register]) -> None:
        self.rows: dict[str, Rows] = {each.name: Rows(each.rows) for each in registers}
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


def replay(registers: Sequence[Register], facts: Iterable[Recorded]) -> dict[str, Rows]:
    """The rows of registers after these events, in memory, by register name."""
    fold = Fold(registers)
    fold.apply(facts)
    return fold.rows
