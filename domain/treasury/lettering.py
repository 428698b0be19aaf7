"""Lettering: which lines of a third party settle each other, wholly or in part, and its undoing."""

from datetime import date
from typing import ClassVar

from msgspec import Struct

from domain.book.event import Event


class LetteredPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of one line is settled: the entry's position, the line's index from 0, and
    `amount` in minor units, positive for a debit line and negative for a credit line."""

    entry: int
    line: int
    amount: int


class EntriesLettered(Event, frozen=True, kw_only=True):
    """Lines of one account and third party settle each other: Σ amounts = 0.

    `complete` when every line is settled to its last cent: then the code is in capitals (AAA),
    otherwise in small letters (aaa). `date` is that of the youngest line: the value date from
    which the lines count as settled.
    """

    stored_as: ClassVar[str] = "entries.lettered.v1"

    lettering_id: str
    account: str
    party: str
    currency: str
    code: str
    ordinal: int
    complete: bool
    date: date
    parts: tuple[LetteredPart, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        return lettering_tags(self.lettering_id, self.account, self.party, self.parts)


class EntriesUnlettered(Event, frozen=True, kw_only=True):
    """A lettering is undone: its lines are open again by its amounts, its code is spent."""

    stored_as: ClassVar[str] = "entries.unlettered.v1"

    lettering_id: str
    account: str
    party: str
    currency: str
    code: str
    date: date
    parts: tuple[LetteredPart, ...]
    reason: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (
            f"lettering:{self.lettering_id}",
            *entry_tags(self.parts),
        )


def lettering_tags(
    lettering_id: str, account: str, party: str, parts: tuple[LetteredPart, ...]
) -> tuple[str, ...]:
    """A lettering is found by its id, by its code series, and by each entry it touches."""
    return (
        f"lettering:{lettering_id}",
        codes_tag(account, party),
        *entry_tags(parts),
    )


def entry_tags(parts: tuple[LetteredPart, ...]) -> tuple[str, ...]:
    """One tag for each entry that the parts touch, in their order, each once."""
    return tuple(dict.fromkeys(entry_tag(part.entry) for part in parts))


def codes_tag(account: str, party: str) -> str:
    """The tag of the code series of one third party's account; its newest has the last code."""
    return f"letter:{account}:{party}"


def entry_tag(position: int) -> str:
    """The tag of what happened to the lines of the entry at `position`."""
    return f"entry_at:{position}"
