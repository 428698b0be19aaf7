"""The check of letterings: they sum to zero, never take more than a line has, and undo exactly."""

from typing import NamedTuple

from domain.ledger.entry import EntryPosted
from domain.treasury.codes import write_code
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered, LetteredPart
from services.audit.replay_check import Check, Step

Place = tuple[int, int]
"""The position of an entry, and the index of a line in it."""


class OpenLine(NamedTuple):
    """A third party's line: whose, and what is still open of it (debit positive)."""

    account: str
    party: str
    currency: str
    amount: int
    open: int


class LetteringsBalance(Check):
    """Each lettering joins open lines of one account and third party, and its parts sum to zero.

    `complete` says exactly that nothing is left on them; the pairs settle the parts exactly. Codes
    of an account and year follow each other, none twice. What is undone opens the same amounts.
    """

    name = "letterings-balance"
    events = (EntryPosted, EntriesLettered, EntriesUnlettered)

    def __init__(self) -> None:
        super().__init__()
        self._lines: dict[Place, OpenLine] = {}
        self._holding: dict[str, tuple[LetteredPart, ...]] = {}
        self._codes: dict[tuple[str, int], int] = {}

    def take(self, step: Step) -> None:
        fact = step.fact
        match fact.event:
            case EntryPosted() as entry:
                for nth, line in enumerate(entry.lines):
                    if line.party:
                        amount = line.debit - line.credit
                        self._lines[fact.position, nth] = OpenLine(
                            line.account, line.party, entry.currency, amount, amount
                        )
            case EntriesLettered() as lettering:
                self.checked += 1
                self._letter(fact.position, lettering)
            case EntriesUnlettered() as undone:
                self.checked += 1
                self._undo(fact.position, undone)

    def _letter(self, position: int, lettering: EntriesLettered) -> None:
        name = lettering.code
        if sum(part.amount for part in lettering.parts) != 0:
            self.wrong(position, "the parts do not sum to zero", document=name, field="parts")
        self._pair(position, lettering)
        self._number(position, lettering)
        if lettering.lettering_id in self._holding:
            self.wrong(position, "lettered twice under one id", document=name)
        self._holding[lettering.lettering_id] = lettering.parts
        left = [self._settle(position, lettering, part) for part in lettering.parts]
        if lettering.complete != (not any(left)):
            detail = f"complete is {lettering.complete}, open is {sum(map(abs, left))}"
            self.wrong(position, detail, document=name, field="complete")

    def _pair(self, position: int, lettering: EntriesLettered) -> None:
        """What the pairs settle of each part is the part."""
        left = [part.amount for part in lettering.parts]
        for pair in lettering.pairs:
            if max(pair.debit, pair.credit) < len(left) and min(pair.debit, pair.credit) >= 0:
                left[pair.debit] -= pair.amount
                left[pair.credit] += pair.amount
        if any(left):
            detail = "the pairs do not settle the parts"
            self.wrong(position, detail, document=lettering.code, field="allocations")

    def _number(self, position: int, lettering: EntriesLettered) -> None:
        series = lettering.account, lettering.year
        expected = self._codes.get(series, 0) + 1
        self._codes[series] = lettering.ordinal
        code = write_code(lettering.ordinal, complete=lettering.complete)
        if (lettering.ordinal, lettering.code) != (expected, code):
            detail = f"code {lettering.code} is number {lettering.ordinal}, expected {expected}"
            self.wrong(position, detail, document=lettering.code, field="ordinal")

    def _settle(self, position: int, lettering: EntriesLettered, part: LetteredPart) -> int:
        """Takes a part off its line; gives what is left."""
        line = self._lines.get((part.entry, part.line))
        owner = lettering.account, lettering.party, lettering.currency
        if line is None or line[:3] != owner:
            detail = f"line {part.line} of entry {part.entry} is not of {' '.join(owner)}"
            self.wrong(position, detail, document=lettering.code, field="parts")
            return 0
        left = line.open - part.amount
        if part.amount == 0 or left * line.amount < 0 or abs(left) > abs(line.open):
            detail = f"{part.amount} of {line.open} open on line {part.line} of entry {part.entry}"
            self.wrong(position, detail, document=lettering.code, field="parts")
        self._lines[part.entry, part.line] = line._replace(open=left)
        return left

    def _undo(self, position: int, undone: EntriesUnlettered) -> None:
        parts = self._holding.pop(undone.lettering_id, None)
        if parts is None or parts != undone.parts:
            detail = "nothing is lettered so" if parts is None else "other parts than were lettered"
            self.wrong(position, detail, document=undone.code, field="parts")
        for part in parts or ():
            line = self._lines.get((part.entry, part.line))
            if line is not None:
                opened = line._replace(open=line.open + part.amount)
                self._lines[part.entry, part.line] = opened
