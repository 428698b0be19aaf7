"""Letterings as a FEC has them: lines that settle each other bear one code, whole lines balance.

An invoice paid in two goes is part of two letterings: in a FEC, which knows whole lines alone, the
three lines are one group under the code of its last day, so that no line of a group is younger than
its date. Only such knots are kept in memory.
"""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from projections.fec_view import Knot, Part, Posting


class Group(Struct, frozen=True):
    """The code that lines bear: in capitals when all of them are settled, its fiscal year, day."""

    code: str
    year: int
    settled_on: date


class Letterings:
    """Which group each lettered line belongs to, at the position where the ledger stands."""

    def __init__(self, knots: Iterable[Knot]) -> None:
        self._newest: dict[str, Part] = {}
        self._before: dict[str, str] = {}
        self._open: set[str] = set()
        for knot in knots:
            self._tie(knot)
        self._open = {self._root(each) for each in self._open}

    def of(self, line: Posting) -> Group | None:
        """The group of a line; None when no lettering of it holds."""
        if line.settled_on is None:
            return None
        if line.lettering not in self._newest:
            return Group(line.code, line.year, line.settled_on)
        root = self._root(line.lettering)
        newest = self._newest[root]
        code = newest.code.lower() if root in self._open else newest.code.upper()
        return Group(code, newest.year, newest.settled_on)

    def _tie(self, knot: Knot) -> None:
        """Makes one group of the letterings that share a line."""
        for part in knot.parts:
            self._newest.setdefault(part.lettering, part)
        first = knot.parts[0].lettering
        for part in knot.parts[1:]:
            self._join(first, part.lettering)
        if not knot.settled:
            self._open.add(first)

    def _join(self, one: str, other: str) -> None:
        one, other = self._root(one), self._root(other)
        if one == other:
            return
        self._before[other] = one
        known = self._newest[one], self._newest[other]
        self._newest[one] = max(known, key=lambda part: (part.settled_on, part.ordinal))

    def _root(self, lettering: str) -> str:
        """The lettering that stands for a group; the way to it is shortened for the next time."""
        root = lettering
        while root in self._before:
            root = self._before[root]
        while lettering != root:
            self._before[lettering], lettering = root, self._before[lettering]
        return root
