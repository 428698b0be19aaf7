"""Matching: which lines may settle each other, and how much of each does."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from msgspec import Struct

from domain.book.refusal import Refused, words
from domain.ledger.entry import EntryPosted


class PartToLetter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line, by its entry's position and its index from 0, and how much of it to settle.

    `amount` is positive whatever the side; without it, as much as the other side allows, in the
    order given.
    """

    entry: int
    line: int
    amount: int | None = None


class HasAmounts(Protocol):
    """What of each line of an entry is settled."""

    @property
    def amounts(self) -> dict[int, int]: ...


class OpenLine(Struct, frozen=True, kw_only=True):
    """A line to settle: `open` is what is left of it and `wanted` what is asked for (None: as
    much as possible), both positive for a debit and negative for a credit."""

    entry: int
    line: int
    account: str
    party: str
    currency: str
    date: date
    open: int
    wanted: int | None


class LineIsUnknown(Refused, frozen=True, kw_only=True):
    """No third-party line stands there, or it is named twice."""

    code = "line_unknown"
    rule = "C7"
    text = words(
        en="Line {line} of the entry at {entry} is not a third-party line, or is named twice.",
        fr="La ligne {line} de l'écriture {entry} n'est pas une ligne de tiers, ou est répétée.",
        nl="Regel {line} van boeking {entry} is geen derdenregel, of is twee keer genoemd.",
    )

    entry: int
    line: int


class LinesDoNotBelongTogether(Refused, frozen=True, kw_only=True):
    """Only lines of one account, one third party and one currency settle each other."""

    code = "lines_apart"
    rule = "C7"
    text = words(
        en="The lines are not all of account {account}, {party}, in {currency}.",
        fr="Les lignes ne sont pas toutes du compte {account}, {party}, en {currency}.",
        nl="De regels zijn niet alle van rekening {account}, {party}, in {currency}.",
    )

    account: str
    party: str
    currency: str


class LineIsOverSettled(Refused, frozen=True, kw_only=True):
    """More is asked of a line than is open; `position` is its entry."""

    code = "line_over_settled"
    rule = "C7"
    text = words(
        en="{asked} was asked of a line of which {open} is open.",
        fr="{asked} demandé sur une ligne dont {open} reste ouvert.",
        nl="{asked} gevraagd van een regel waarvan {open} open staat.",
    )

    asked: int
    open: int


class LetteringIsUnbalanced(Refused, frozen=True, kw_only=True):
    """The amounts of the two sides cannot be made equal, or there is nothing to settle."""

    code = "lettering_unbalanced"
    rule = "C7"
    text = words(
        en="Debits of {debit} and credits of {credit} cannot settle each other.",
        fr="{debit} au débit et {credit} au crédit ne peuvent se solder.",
        nl="{debit} debet en {credit} credit kunnen elkaar niet vereffenen.",
    )

    debit: int
    credit: int


def find(
    parts: Sequence[PartToLetter],
    entries: Mapping[int, EntryPosted],
    settled: Mapping[int, HasAmounts],
) -> list[OpenLine] | Refused:
    """The lines named, all of one account, third party and currency, none twice."""
    lines: list[OpenLine] = []
    seen: set[tuple[int, int]] = set()
    for at, part in enumerate(parts):
        entry = entries.get(part.entry)
        if entry is None or not 0 <= part.line < len(entry.lines):
            return LineIsUnknown(entry=part.entry, line=part.line, pointer=f"/parts/{at}")
        line = _open_line(part, entry, settled)
        if not line.party or (part.entry, part.line) in seen:
            return LineIsUnknown(entry=part.entry, line=part.line, pointer=f"/parts/{at}")
        seen.add((part.entry, part.line))
        first = lines[0] if lines else line
        if _kin(line) != _kin(first):
            return LinesDoNotBelongTogether(
                account=first.account,
                party=first.party,
                currency=first.currency,
                position=part.entry,
                pointer=f"/parts/{at}",
            )
        refused = _check_wanted(part, line, f"/parts/{at}/amount")
        if refused is not None:
            return refused
        lines.append(line)
    return lines or LetteringIsUnbalanced(debit=0, credit=0, pointer="/parts")


def match(lines: Sequence[OpenLine]) -> list[int] | Refused:
    """How much of each line is settled, signed, Σ = 0: what was asked, then as much as fits."""
    debits = [line for line in lines if line.open > 0]
    credits_ = [line for line in lines if line.open < 0]
    total = min(_most(debits), _most(credits_))
    if total < max(_least(debits), _least(credits_)) or total == 0:
        return LetteringIsUnbalanced(debit=_most(debits), credit=_most(credits_), pointer="/parts")
    room = {1: total - _least(debits), -1: total - _least(credits_)}
    amounts = []
    for line in lines:
        amount = line.wanted
        if amount is None:
            side = 1 if line.open > 0 else -1
            taken = min(abs(line.open), room[side])
            room[side] -= taken
            amount = side * taken
        amounts.append(amount)
    return amounts


def _open_line(
    part: PartToLetter, entry: EntryPosted, settled: Mapping[int, HasAmounts]
) -> OpenLine:
    line = entry.lines[part.line]
    before = settled[part.entry].amounts.get(part.line, 0) if part.entry in settled else 0
    signed = line.debit - line.credit
    sign = 1 if signed >= 0 else -1
    return OpenLine(
        entry=part.entry,
        line=part.line,
        account=line.account,
        party=line.party,
        currency=entry.currency,
        date=entry.date,
        open=signed - before,
        wanted=None if part.amount is None else sign * part.amount,
    )


def _check_wanted(part: PartToLetter, line: OpenLine, pointer: str) -> Refused | None:
    asked = 1 if part.amount is None else part.amount
    if 0 < asked <= abs(line.open):
        return None
    return LineIsOverSettled(asked=asked, open=abs(line.open), position=part.entry, pointer=pointer)


def _kin(line: OpenLine) -> tuple[str, str, str]:
    return line.account, line.party, line.currency


def _least(lines: Sequence[OpenLine]) -> int:
    """What one side settles at the least: what was asked of it."""
    return sum(abs(line.wanted) for line in lines if line.wanted is not None)


def _most(lines: Sequence[OpenLine]) -> int:
    """What one side settles at the most: what was asked, and all that is open of the others."""
    return sum(abs(line.open if line.wanted is None else line.wanted) for line in lines)
