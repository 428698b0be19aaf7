"""The fields of a line of a FEC: what each says, or which refusal says what is wrong with it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from msgspec import Struct

from domain.book.refusal import Refused
from domain.imports.fec_refusals import FecAccountIsWrong, FecAmountIsWrong, FecDayIsUnknown
from domain.imports.refusals import LineFinding
from domain.values import faults
from domain.values.faults import FieldIsMissing, TextIsUnreadable
from domain.values.money import LARGEST
from domain.values.text import is_readable
from services.files.fec.line import COLUMNS
from services.imports.fec_text import CREDIT, DEBIT

MANDATORY = (0, 2, 3, 4, 5, 10, 15)
"""Journal, number, date, account, its label, the entry's label, and the day of validation."""
DAYS = (3, 9, 14, 15)
SIDES = {"d": 1, "+1": 1, "1": 1, "+": 1, "c": -1, "-1": -1, "-": -1}
SHOWN = 40

_PLAIN = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})", re.ASCII)
_FRENCH = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})", re.ASCII)
_AMOUNT = re.compile(r"([+-]?)([0-9]{1,15})(?:,([0-9]{0,2})0*)?([+-]?)", re.ASCII)
_ACCOUNT = re.compile(r"[0-9]{3}[0-9A-Za-z]{0,17}", re.ASCII)


class FecRow(Struct, frozen=True, gc=False):
    """A line: `amount` in cents, debit positive; `negative` when it was written so."""

    line: int
    journal: str
    journal_label: str
    number: str
    day: date
    account: str
    account_label: str
    party: str
    party_label: str
    piece: str
    piece_day: date | None
    label: str
    amount: int
    negative: bool
    code: str
    validated_on: date
    foreign: bool


def read_row(line: int, cells: Sequence[str], *, signed: bool) -> FecRow | list[LineFinding]:
    """A line of the eighteen fields, or all that is wrong with it."""
    cells = _tidied(cells)
    wrong = _faults(cells, signed=signed)
    if wrong:
        return [
            LineFinding(line=line, column=COLUMNS[place], refused=refused)
            for place, refused in wrong
        ]
    amount, negative = _amount(cells, signed=signed)
    return FecRow(
        line,
        cells[0],
        cells[1],
        cells[2],
        _known(cells[3]),
        cells[4],
        cells[5],
        cells[6],
        cells[7],
        cells[8],
        read_day(cells[9]),
        cells[10],
        amount,
        negative,
        cells[13],
        _known(cells[15]),
        bool(cells[16]),
    )


@lru_cache(maxsize=10_000)
def read_day(text: str) -> date | None:
    """A day as AAAAMMJJ, AAAA-MM-JJ or JJ/MM/AAAA; None for what is none."""
    found = _PLAIN.fullmatch(text)
    parts = found.groups() if found else ()
    if not parts and (french := _FRENCH.fullmatch(text)):
        parts = french.groups()[::-1]
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def read_cents(text: str) -> int | None:
    """An amount in cents: decimal comma, sign before or behind; nothing is zero; None if wrong."""
    if text in ("", "0,00"):
        return 0
    found = _AMOUNT.fullmatch(text)
    if found is None or (found[1] and found[4]):
        return None
    cents = int(found[2]) * 100 + int((found[3] or "").ljust(2, "0"))
    return -cents if "-" in (found[1], found[4]) else cents


def _tidied(cells: Sequence[str]) -> list[str]:
    whole = "".join(cells)
    if whole.isascii():
        return [cell.strip(" ") for cell in cells] if " " in whole else list(cells)
    return [unicodedata.normalize("NFC", cell).strip() for cell in cells]


def _known(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise ValueError(text)
    return day


def _faults(cells: Sequence[str], *, signed: bool) -> list[tuple[int, Refused]]:
    """The place and the refusal of each field that is wrong."""
    found: list[tuple[int, Refused]] = [
        (place, FieldIsMissing(pointer=COLUMNS[place])) for place in MANDATORY if not cells[place]
    ]
    if not is_readable("".join(cells)):
        found += [
            (place, TextIsUnreadable()) for place, cell in enumerate(cells) if not is_readable(cell)
        ]
    for place in DAYS:
        refused = _wrong_day(cells[place])
        if refused is not None:
            found.append((place, refused))
    if not _is_account(cells[4]) and cells[4]:
        found.append((4, FecAccountIsWrong(account=cells[4][:SHOWN])))
    found += _wrong_sides(cells, signed=signed)
    return found


@lru_cache(maxsize=10_000)
def _is_account(text: str) -> bool:
    return _ACCOUNT.fullmatch(text) is not None


@lru_cache(maxsize=10_000)
def _wrong_day(text: str) -> Refused | None:
    if not text:
        return None
    day = read_day(text)
    return faults.out_of_years(day, "") if day else FecDayIsUnknown(day=text[:SHOWN])


def _wrong_sides(cells: Sequence[str], *, signed: bool) -> Iterator[tuple[int, Refused]]:
    """Amounts that cannot be read, two sides at once, or a side nobody knows."""
    one, other = read_cents(cells[DEBIT]), read_cents(cells[CREDIT])
    if signed:
        other = 0 if cells[CREDIT].lower() in SIDES or not cells[DEBIT] else None
    for place, cents in ((DEBIT, one), (CREDIT, other)):
        if cents is None:
            yield place, FecAmountIsWrong(amount=cells[place][:SHOWN])
        elif abs(cents) > LARGEST:
            yield place, faults.AmountIsOutOfBounds(amount=cents, pointer=COLUMNS[place])
    if one and other:
        both = f"{cells[DEBIT]} {cells[CREDIT]}"
        yield DEBIT, FecAmountIsWrong(amount=both[:SHOWN])


def _amount(cells: Sequence[str], *, signed: bool) -> tuple[int, bool]:
    """The amount, debit positive, and whether it was written with a minus."""
    one = read_cents(cells[DEBIT]) or 0
    if signed:
        return one * SIDES.get(cells[CREDIT].lower(), 1), one < 0
    other = read_cents(cells[CREDIT]) or 0
    return one - other, one < 0 or other < 0
