"""The letterings of a FEC: lines of one account and third party that bear one code.

A FEC knows whole lines alone. What bears one code settles each other as far as both sides reach,
in the order of the file; a code that stands on one side alone goes on in another exercise's file.
"""

from array import array
from collections.abc import Iterator
from typing import NamedTuple

Place = tuple[int, int]
"""An entry by its place in the file (from 0), and the index of a line in it."""


class Part(NamedTuple):
    """A line of a lettering: its entry and index, the line of the file, its amount."""

    entry: int
    line: int
    row: int
    amount: int


class Group(NamedTuple):
    """Lines under one code, and what of each is settled (Σ = 0; all zero: nothing is)."""

    account: str
    party: str
    code: str
    parts: list[Part]
    settled: list[int]

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left of any line."""
        return all(
            part.amount == amount for part, amount in zip(self.parts, self.settled, strict=True)
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing settles anything: all lines stand on one side."""
        return not any(self.settled)


class Letterings:
    """Lettered lines, some forty bytes each."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], int] = {}
        self._groups = array("i")
        self._entries = array("i")
        self._indexes = array("i")
        self._rows = array("i")
        self._amounts = array("q")

    def add(self, key: tuple[str, str, str], part: Part) -> None:
        """Adds a line under an account, third party and code; lines of nothing settle nothing."""
        if not part.amount:
            return
        self._groups.append(self._known.setdefault(key, len(self._known)))
        self._entries.append(part.entry)
        self._indexes.append(part.line)
        self._rows.append(part.row)
        self._amounts.append(part.amount)

    def groups(self) -> Iterator[Group]:
        """The groups in the order of their codes: AA, AB… ZZ, AAA."""
        order = array("i", sorted(range(len(self._groups)), key=self._groups.__getitem__))
        starts = array("i", bytes(4 * (len(self._known) + 1)))
        for group in self._groups:
            starts[group + 1] += 1
        for nth in range(len(self._known)):
            starts[nth + 1] += starts[nth]
        for key in sorted(self._known, key=lambda key: (len(key[2]), key[2].upper())):
            nth = self._known[key]
            parts = [self._part(at) for at in order[starts[nth] : starts[nth + 1]]]
            yield Group(*key, parts, _settled(parts))

    def rests(self) -> dict[Place, int]:
        """What is left open of the lines that are not settled to the last cent."""
        return {
            (part.entry, part.line): part.amount - amount
            for group in self.groups()
            for part, amount in zip(group.parts, group.settled, strict=True)
            if part.amount != amount
        }

    def _part(self, at: int) -> Part:
        return Part(self._entries[at], self._indexes[at], self._rows[at], self._amounts[at])


def _settled(parts: list[Part]) -> list[int]:
    """What of each line is settled: as much of each side as the other has, in order."""
    debit = sum(part.amount for part in parts if part.amount > 0)
    credit = -sum(part.amount for part in parts if part.amount < 0)
    room = {True: min(debit, credit), False: min(debit, credit)}
    settled = []
    for part in parts:
        is_debit = part.amount > 0
        taken = min(abs(part.amount), room[is_debit])
        room[is_debit] -= taken
        settled.append(taken if is_debit else -taken)
    return settled
