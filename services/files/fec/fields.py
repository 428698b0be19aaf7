"""The eighteen fields of a line read back, each by its rule: what is missing, malformed, absurd."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache

from msgspec import Struct

from domain.values.currency import EXPONENTS
from services.files.fec.line import COLUMNS

_DAY = re.compile(r"[0-9]{8}", re.ASCII)
_AMOUNT = re.compile(r"-?(0|[1-9][0-9]*),[0-9]{2}", re.ASCII)
_FOREIGN = re.compile(r"-?(0|[1-9][0-9]*),[0-9]{2,4}", re.ASCII)
_ACCOUNT = re.compile(r"[0-9]{3}[0-9A-Za-z]*", re.ASCII)
_NUMBER = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)
YEARS = range(1900, 2100)

MANDATORY = (0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 15)
DAYS = (3, 9, 14, 15)

Fault = tuple[str, str]
"""A rule, and what breaks it."""


class Fields(Struct, frozen=True, kw_only=True):
    """What of a line is looked at beyond it; `amount` in cents, debit positive."""

    journal: str
    journal_label: str
    number: str
    day: date
    account: str
    account_label: str
    auxiliary: str
    amount: int
    code: str
    lettered_on: date | None
    validated_on: date


def read_fields(cells: list[str]) -> tuple[Fields | None, list[Fault]]:
    """The fields of a line, if they can be read, and what is wrong with them."""
    faults = [*_empty(cells), *_unclean(cells), *_malformed(cells)]
    unreadable = {"missing", "day", "amount", "number"}
    if any(rule in unreadable for rule, _ in faults):
        return None, faults
    debit, credit = _cents(cells[11]), _cents(cells[12])
    if debit < 0 or credit < 0:
        faults.append(("negative_amount", f"{cells[11]} {cells[12]}"))
    if (debit == 0) == (credit == 0):
        faults.append(("not_one_side", f"{cells[11]} {cells[12]}"))
    fields = Fields(
        journal=cells[0],
        journal_label=cells[1],
        number=cells[2],
        day=_known(cells[3]),
        account=cells[4],
        account_label=cells[5],
        auxiliary=cells[6],
        amount=debit - credit,
        code=cells[13],
        lettered_on=read_day(cells[14]),
        validated_on=_known(cells[15]),
    )
    return fields, faults


@cache
def read_day(text: str) -> date | None:
    """A day written AAAAMMJJ in a year that can be meant, or None."""
    if _DAY.fullmatch(text) is None or int(text[:4]) not in YEARS:
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def _known(text: str) -> date:
    day = read_day(text)
    if day is None:
        raise ValueError(text)
    return day


def _cents(text: str) -> int:
    return int(text.replace(",", ""))


def _empty(cells: list[str]) -> Iterator[Fault]:
    for place in MANDATORY:
        if not cells[place].strip():
            yield "missing", COLUMNS[place]
    for one, other in ((6, 7), (13, 14), (16, 17)):
        if bool(cells[one]) != bool(cells[other]):
            yield "one_without_the_other", f"{COLUMNS[one]}, {COLUMNS[other]}"


def _unclean(cells: list[str]) -> Iterator[Fault]:
    """Characters that break a file, and space around a text."""
    for place, cell in enumerate(cells):
        if cell.isascii() and cell.isprintable() and "|" not in cell and cell == cell.strip():
            continue
        if "|" in cell or any(unicodedata.category(each) in _BREAKING for each in cell):
            yield "separator_in_text", COLUMNS[place]
        elif cell != cell.strip():
            yield "space_around_text", COLUMNS[place]


_BREAKING = {"Cc", "Zl", "Zp"}


def _malformed(cells: list[str]) -> Iterator[Fault]:
    for place in DAYS:
        if cells[place] and read_day(cells[place]) is None:
            yield "day", f"{COLUMNS[place]} {cells[place]}"
    for place in (11, 12):
        if cells[place] and _AMOUNT.fullmatch(cells[place]) is None:
            yield "amount", f"{COLUMNS[place]} {cells[place]}"
    if cells[2] and _NUMBER.fullmatch(cells[2]) is None:
        yield "number", cells[2]
    if cells[4] and _ACCOUNT.fullmatch(cells[4]) is None:
        yield "account", cells[4]
    if cells[16] and _FOREIGN.fullmatch(cells[16]) is None:
        yield "foreign_amount", cells[16]
    if cells[17] and cells[17] not in EXPONENTS:
        yield "currency", cells[17]
