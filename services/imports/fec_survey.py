"""What a FEC says as a whole: sums, third parties, journals, letterings, and where entries stand.

A few dozen bytes are kept for each entry and each lettered line.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from services.imports.fec_fields import FecRow
from services.imports.fec_letterings import Letterings, Part
from services.imports.fec_text import FecText, Layout

CUSTOMERS = ("411", "413")
DOUBTFUL = ("416",)
SUPPLIERS = ("401", "403", "404")
THIRD_PARTIES = (*CUSTOMERS, *DOUBTFUL, *SUPPLIERS)
MOST_LINES_OF_ENTRY = 20_000


class Party(Struct):
    """A third party of the file: its name, where it is first named, and its accounts."""

    name: str
    line: int
    accounts: set[str]


class Notice(Struct, frozen=True, kw_only=True):
    """Something taken in otherwise than it stands in the file: how often, and where first."""

    code: str
    count: int
    line: int


class FecEntry(Struct, frozen=True, gc=False):
    """The lines of an entry, and its place in the file, from 0."""

    nth: int
    rows: tuple[FecRow, ...]


class Survey:
    """What a FEC says; `balances` are debit and credit of each account, in cents."""

    def __init__(self, text: FecText, layout: Layout) -> None:
        self.text = text
        self.layout = layout
        self.first = self.until = date.min
        self.lines = 0
        self.debit = self.credit = 0
        self.balances: dict[str, list[int]] = {}
        self.parties: dict[str, Party] = {}
        self.party_lines: Counter[str] = Counter()
        """How many lines of third parties each account has."""
        self.journals: dict[str, str] = {}
        self.letterings = Letterings()
        self.unlettered: dict[tuple[str, str], list[int]] = {}
        """Lines without a code of an account and third party: how many, and their sum."""
        self.starts, self.lengths = array("q"), array("i")
        self.numbers, self.ranks = array("i"), array("i")
        self.days = array("i")
        """The dates of the entries, as ordinals."""
        self.notices: dict[str, list[int]] = {}

    @property
    def entries(self) -> int:
        """How many entries there are."""
        return len(self.starts)

    def in_order(self) -> list[int]:
        """The places of the entries in the order of their validation, the opening ones first."""
        return sorted(range(self.entries), key=self.ranks.__getitem__)

    def notice(self, code: str, line: int) -> None:
        """Counts something that is taken in otherwise than it stands there."""
        self.notices.setdefault(code, [0, line])[0] += 1

    def told(self) -> tuple[Notice, ...]:
        """What was noticed."""
        return tuple(
            Notice(code=code, count=count, line=line)
            for code, (count, line) in sorted(self.notices.items())
        )

    def open_items(self) -> dict[tuple[str, str], list[int]]:
        """How many lines of an account and third party are open, and their sum in cents."""
        found = {key: list(sums) for key, sums in self.unlettered.items()}
        for group in self.letterings.groups():
            sums = found.setdefault((group.account, group.party), [0, 0])
            for part, amount in zip(group.parts, group.settled, strict=True):
                sums[0] += part.amount != amount
                sums[1] += part.amount - amount
        return {key: sums for key, sums in found.items() if sums[0]}


def party_of(row: FecRow) -> str:
    """The code of a line's third party; an account of one without a code is a code itself."""
    if row.party or not row.account.startswith(THIRD_PARTIES):
        return row.party
    return row.account


def validated_on(rows: Iterable[FecRow]) -> date:
    """The day on which an entry is valid as a whole."""
    return max(row.validated_on for row in rows)


def count_line(survey: Survey, entry: int, index: int, row: FecRow) -> None:
    """What a line adds to the sums."""
    sums = survey.balances.setdefault(row.account, [0, 0])
    sums[row.amount < 0] += abs(row.amount)
    survey.journals.setdefault(row.journal, row.journal_label or row.journal)
    for notice in _noticed(row):
        survey.notice(notice, row.line)
    code = party_of(row)
    if not code:
        if row.code:
            survey.notice("lettering_without_third_party", row.line)
        return
    party = survey.parties.get(code)
    if party is None:
        party = survey.parties[code] = Party(row.party_label or row.account_label, row.line, set())
    party.accounts.add(row.account)
    survey.party_lines[row.account] += 1
    if row.code:
        key = (row.account, code, row.code)
        survey.letterings.add(key, Part(entry, index, row.line, row.amount))
    elif row.amount:
        sums = survey.unlettered.setdefault((row.account, code), [0, 0])
        sums[0] += 1
        sums[1] += row.amount


def _noticed(row: FecRow) -> Iterator[str]:
    if not row.journal_label:
        yield "journal_label_missing"
    if not row.piece:
        yield "piece_missing"
    if row.piece_day is None:
        yield "piece_date_missing"
    if not row.amount:
        yield "zero_line"
    if row.negative:
        yield "negative_amount"
    if row.foreign:
        yield "foreign_amount"
    if not row.party and row.account.startswith(THIRD_PARTIES):
        yield "third_party_without_code"


def tell_letterings(survey: Survey) -> None:
    """Letterings that go on in another exercise, and those that settle only a part."""
    for group in survey.letterings.groups():
        if group.is_empty:
            survey.notice("lettering_beyond_file", group.parts[0].row)
        elif not group.is_complete:
            survey.notice("lettering_partial", group.parts[0].row)
