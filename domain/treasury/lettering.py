"""Lettering: which lines of a third party settle each other, wholly or in part, and its undoing."""

from datetime import date
from typing import ClassVar

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.ledger.entry import EntryPosted
from domain.treasury import matching
from domain.treasury.matching import PartToLetter
from domain.values import faults
from domain.values.text import tidy


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
            lettering_tag(self.lettering_id),
            *entry_tags(self.parts),
        )


class NewLettering(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The lines to letter, in the order in which they are to be settled (n to m)."""

    parts: tuple[PartToLetter, ...]


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


def letter(
    lettering_id: str,
    new: NewLettering,
    entries: dict[int, EntryPosted],
    settled: dict[int, Settled],
    last: EntriesLettered | None,
) -> Decision:
    """Settles lines of one third party's account against each other, wholly or in part.

    `entries` are the entries at the positions named, `settled` what of each is settled before,
    `last` the newest lettering of that account and party, whose code the new one follows. The
    lock date does not matter: lettering moves no money.
    """
    lines = matching.find(new.parts, entries, settled)
    if isinstance(lines, Refused):
        return lines
    amounts = matching.match(lines)
    if isinstance(amounts, Refused):
        return amounts
    taken = [(line, amount) for line, amount in zip(lines, amounts, strict=True) if amount]
    complete = all(line.open == amount for line, amount in taken)
    ordinal = 1 if last is None else last.ordinal + 1
    first = lines[0]
    return [
        EntriesLettered(
            lettering_id=lettering_id,
            account=first.account,
            party=first.party,
            currency=first.currency,
            code=write_code(ordinal, complete=complete),
            ordinal=ordinal,
            complete=complete,
            date=max(line.date for line, _ in taken),
            parts=tuple(
                LetteredPart(entry=line.entry, line=line.line, amount=amount)
                for line, amount in taken
            ),
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


def write_code(ordinal: int, *, complete: bool) -> str:
    """The code of the n-th lettering of a third party (from 1): AAA, AAB… ZZZ, then AAAA.

    Capitals when every line is settled to its last cent, small letters otherwise (C7).
    """
    length, first = 3, 1
    while ordinal >= first + 26**length:
        first += 26**length
        length += 1
    rest, letters = ordinal - first, ""
    for _ in range(length):
        rest, digit = divmod(rest, 26)
        letters = chr(ord("A") + digit) + letters
    return letters if complete else letters.lower()


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
        case EntriesLettered(parts=parts):
            return _moved(before, parts, 1)
        case EntriesUnlettered(parts=parts):
            return _moved(before, parts, -1)
    return before


def _moved(before: Settled, parts: tuple[LetteredPart, ...], sign: int) -> Settled:
    amounts = dict(before.amounts)
    for part in parts:
        if part.entry == before.entry:
            amounts[part.line] = amounts.get(part.line, 0) + sign * part.amount
    return Settled(entry=before.entry, amounts=amounts)


def lettering_tags(
    lettering_id: str, account: str, party: str, parts: tuple[LetteredPart, ...]
) -> tuple[str, ...]:
    """A lettering is found by its id, by its code series, and by each entry it touches."""
    return (
        lettering_tag(lettering_id),
        codes_tag(account, party),
        *entry_tags(parts),
    )


def lettering_tag(lettering_id: str) -> str:
    """The tag of a lettering's own events."""
    return f"lettering:{lettering_id}"


def entry_tags(parts: tuple[LetteredPart, ...]) -> tuple[str, ...]:
    """One tag for each entry that the parts touch, in their order, each once."""
    return tuple(dict.fromkeys(entry_tag(part.entry) for part in parts))


def codes_tag(account: str, party: str) -> str:
    """The tag of the code series of one third party's account; its newest has the last code."""
    return f"letter:{account}:{party}"


def entry_tag(position: int) -> str:
    """The tag of what happened to the lines of the entry at `position`."""
    return f"entry_at:{position}"
