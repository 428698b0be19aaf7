"""Lettering: which lines of a third party settle each other, wholly or in part, and its undoing."""

from datetime import date
from typing import ClassVar, Literal

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.imports.fec_source import FecSource
from domain.ledger.entry import EntryPosted
from domain.treasury import matching
from domain.treasury.allocation import Allocation, allocate, tells_itself
from domain.treasury.codes import codes_tag, write_code
from domain.treasury.matching import OpenLine, PartToLetter
from domain.values import faults
from domain.values.text import tidy

Difference = Literal["open", "write_off", "discount"]


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
    which the lines count as settled; codes run through an account and the fiscal `year` of that
    day. `allocations` say which debit settles which credit, if several do; `source` the FEC's.
    """

    stored_as: ClassVar[str] = "entries.lettered.v1"

    lettering_id: str
    account: str
    party: str
    currency: str
    code: str
    year: int
    ordinal: int
    complete: bool
    date: date
    parts: tuple[LetteredPart, ...]
    allocations: tuple[Allocation, ...] = ()
    reason: str = ""
    source: FecSource | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        """Found by its id, by its series of codes, and by each entry it touches."""
        return (
            lettering_tag(self.lettering_id),
            codes_tag(self.account, self.year),
            *entry_tags(self.parts),
        )

    @property
    def pairs(self) -> tuple[Allocation, ...]:
        """Which debit is settled by which credit, said or evident."""
        return self.allocations or allocate([part.amount for part in self.parts])


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
        return (lettering_tag(self.lettering_id), *entry_tags(self.parts))


class NewLettering(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The lines to letter, in the order in which they are to be settled (n to m).

    `difference` says what becomes of what the two sides differ by: it stays open, is written off
    within the company's tolerance, or is a cash discount on the one invoice among the lines.
    """

    parts: tuple[PartToLetter, ...]
    difference: Difference = "open"
    reason: str = ""


class Planned(Struct, frozen=True, kw_only=True):
    """Lines that can settle each other, and how much of each does; none is without an amount."""

    lines: tuple[OpenLine, ...]
    amounts: tuple[int, ...]
    reason: str = ""

    @property
    def account(self) -> str:
        """The account of all the lines."""
        return self.lines[0].account

    @property
    def date(self) -> date:
        """The day of the youngest line."""
        return max(line.date for line in self.lines)


class Settled(Struct, frozen=True, kw_only=True):
    """How much of each line (from 0) of the entry at `entry` is settled, of the line's own sign."""

    entry: int
    amounts: dict[int, int] = {}


class Lettered(Struct, frozen=True, kw_only=True):
    """A lettering that holds."""

    position: int
    lettering: EntriesLettered


class Undone(Struct, frozen=True, kw_only=True):
    """A lettering that was undone; its code is spent."""

    position: int
    lettering: EntriesLettered
    reason: str


Lettering = Lettered | Undone


class LetteringIsUnknown(Refused, frozen=True, kw_only=True):
    """No lettering has that id in this book."""

    code = "lettering_unknown"
    rule = "C7"
    text = words(
        en="There is no lettering {lettering_id}.",
        fr="Il n'y a pas de lettrage {lettering_id}.",
        nl="Er is geen afpunting {lettering_id}.",
    )

    lettering_id: str


class LetteringIsUndone(Refused, frozen=True, kw_only=True):
    """The lettering was undone before; its lines are open again."""

    code = "lettering_undone"
    rule = "C7"
    text = words(
        en="Lettering {letters} is undone already.",
        fr="Le lettrage {letters} est déjà défait.",
        nl="Afpunting {letters} is al ongedaan gemaakt.",
    )

    letters: str


def plan(
    new: NewLettering, entries: dict[int, EntryPosted], settled: dict[int, Settled]
) -> Planned | Refused:
    """Which lines of one third party's account settle each other, and how much of each.

    `entries` are the entries at the positions named, `settled` what of each is settled before.
    """
    reason = tidy(new.reason)
    unreadable = faults.unreadable(reason)
    if unreadable is not None:
        return unreadable
    lines = matching.find(new.parts, entries, settled)
    if isinstance(lines, Refused):
        return lines
    amounts = matching.match(lines)
    if isinstance(amounts, Refused):
        return amounts
    taken = [(line, amount) for line, amount in zip(lines, amounts, strict=True) if amount]
    return Planned(
        lines=tuple(line for line, _ in taken),
        amounts=tuple(amount for _, amount in taken),
        reason=reason,
    )


def letter(
    lettering_id: str,
    planned: Planned,
    year: int,
    last: EntriesLettered | None,
    kin: dict[int, str],
) -> Decision:
    """Settles the lines against each other under the next code of their account and year.

    `last` is the newest lettering of that account and fiscal year. `kin` names, for the entry of an
    invoice and of what reduces it, that invoice. The lock date does not matter: lettering moves no
    money.
    """
    complete = all(
        line.open == amount for line, amount in zip(planned.lines, planned.amounts, strict=True)
    )
    ordinal = 1 if last is None else last.ordinal + 1
    first = planned.lines[0]
    family = [kin.get(line.entry, "") for line in planned.lines]
    said = () if tells_itself(planned.amounts) else allocate(planned.amounts, family)
    return [
        EntriesLettered(
            lettering_id=lettering_id,
            account=first.account,
            party=first.party,
            currency=first.currency,
            code=write_code(ordinal, complete=complete),
            year=year,
            ordinal=ordinal,
            complete=complete,
            date=planned.date,
            parts=tuple(
                LetteredPart(entry=line.entry, line=line.line, amount=amount)
                for line, amount in zip(planned.lines, planned.amounts, strict=True)
            ),
            allocations=said,
            reason=planned.reason,
        )
    ]


def unletter(lettering: Lettering | None, lettering_id: str, reason: str) -> Decision:
    """Opens the lines of a lettering again by its amounts, as if it had never been (same date)."""
    reason = tidy(reason)
    match lettering:
        case None:
            return LetteringIsUnknown(lettering_id=lettering_id)
        case Undone(lettering=undone, position=position):
            return LetteringIsUndone(letters=undone.code, position=position)
    standing = lettering.lettering
    return faults.unreadable(reason) or [
        EntriesUnlettered(
            lettering_id=lettering_id,
            account=standing.account,
            party=standing.party,
            currency=standing.currency,
            code=standing.code,
            date=standing.date,
            parts=standing.parts,
            reason=reason,
        )
    ]


def evolve(before: Lettering | None, fact: Recorded) -> Lettering | None:
    """A lettering after one more event of its tag."""
    match fact.event:
        case EntriesLettered() as lettered:
            return Lettered(position=fact.position, lettering=lettered)
        case EntriesUnlettered(reason=reason) if isinstance(before, Lettered):
            return Undone(position=fact.position, lettering=before.lettering, reason=reason)
    return before


def settle(before: Settled, fact: Recorded) -> Settled:
    """What of an entry's lines is settled after one more event of the entry's tag."""
    match fact.event:
        case EntriesLettered(parts=parts) | EntriesUnlettered(parts=parts):
            return _moved(before, parts, 1 if isinstance(fact.event, EntriesLettered) else -1)
    return before


def _moved(before: Settled, parts: tuple[LetteredPart, ...], sign: int) -> Settled:
    amounts = dict(before.amounts)
    for part in parts:
        if part.entry == before.entry:
            amounts[part.line] = amounts.get(part.line, 0) + sign * part.amount
    return Settled(entry=before.entry, amounts=amounts)


def lettering_tag(lettering_id: str) -> str:
    """The tag of a lettering's own events."""
    return f"lettering:{lettering_id}"


def entry_tags(parts: tuple[LetteredPart, ...]) -> tuple[str, ...]:
    """One tag for each entry that the parts touch, in their order, each once."""
    return tuple(dict.fromkeys(entry_tag(part.entry) for part in parts))


def entry_tag(position: int) -> str:
    """The tag of what happened to the lines of the entry at `position`."""
    return f"entry_at:{position}"
