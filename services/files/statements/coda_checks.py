"""What must hold of a CODA file before anybody reads it: form, order, totals, counts, balances.

CODA 2 (Febelfin): records of 128 characters, every one with a place in the order 0 1 2 3 8 4 9.
Columns are named from 1, as the standard does.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from services.files.statements.fault import refuse

WIDTH = 128
MOST_RECORDS = 100_000
COUNTED = "0123"
"""Types of transaction that stand for themselves; 5 to 9 are parts of one of these."""

_DAY = r"(0[1-9]|[12][0-9]|3[01])(0[1-9]|1[0-2])[0-9]{2}"
_AMOUNT = "[0-9]{15}"
# Record to (first column, form, name) of the fields that must be right.
FIELDS: dict[str, tuple[tuple[int, str, str], ...]] = {
    "0": ((6, _DAY, "date of creation"),),
    "1": (
        (2, "[0-3]", "structure of the account"),
        (43, "[01]", "sign of the opening balance"),
        (44, _AMOUNT, "opening balance"),
        (59, _DAY, "date of the opening balance"),
    ),
    "21": (
        (3, "[0-9]{4}", "sequence number"),
        (7, "[0-9]{4}", "detail number"),
        (32, "[01]", "sign of the amount"),
        (33, _AMOUNT, "amount"),
        (48, f"({_DAY}|000000)", "value date"),
        (54, "[0-9]{8}", "transaction code"),
        (62, "[01]", "kind of communication"),
        (116, _DAY, "entry date"),
    ),
    "8": (
        (42, "[01]", "sign of the closing balance"),
        (43, _AMOUNT, "closing balance"),
        (58, _DAY, "date of the closing balance"),
    ),
    "9": (
        (17, "[0-9]{6}", "number of records"),
        (23, _AMOUNT, "total of debits"),
        (38, _AMOUNT, "total of credits"),
        (128, "[12]", "mark of a further file"),
    ),
}
_FORMS = {
    name: [(first, re.compile(form, re.ASCII), what) for first, form, what in fields]
    for name, fields in FIELDS.items()
}
# What may come behind what.
BEHIND: dict[str, str] = {
    "0": "1",
    "1": "2 3 8 4 9",
    "21": "21 22 23 31 8 4 9",
    "22": "21 23 31 8 4 9",
    "23": "21 31 8 4 9",
    "31": "21 31 32 33 8 4 9",
    "32": "21 31 33 8 4 9",
    "33": "21 31 8 4 9",
    "8": "4 9",
    "4": "4 9",
    "9": "0",
}


class Record(NamedTuple):
    """A record and the line of the file that it stands on."""

    line: int
    text: str

    @property
    def kind(self) -> str:
        """Its name in the standard: 0, 1, 21, 22, 23, 31, 32, 33, 4, 8, 9."""
        return self.text[:2] if self.text[0] in "23" else self.text[0]

    def at(self, first: int, last: int) -> str:
        """The characters from one column to another."""
        return self.text[first - 1 : last]


def statements(text: str) -> Iterator[list[Record]]:
    """The records of each statement, from its header to its trailer; raises Refusals."""
    found: list[Record] = []
    before = "9"
    for record in _records(text):
        allowed = BEHIND[before].split()
        if record.kind not in allowed and record.kind[0] not in allowed:
            refuse("CODA", record.line, 1, "record_order")
        _check_fields(record)
        found.append(record)
        before = record.kind
        if before == "9":
            yield found
            found = []
    if found:
        refuse("CODA", found[-1].line, 1, "cut_off")


def check(records: Sequence[Record]) -> None:
    """Raises Refusals unless accounts, details, totals, counts and balances of a statement hold."""
    opening, trailer = records[1], records[-1]
    closing = next((record for record in records if record.kind == "8"), None)
    if closing is not None and closing.at(5, 41) != opening.at(6, 42):
        refuse("CODA", closing.line, 5, "account_changes")
    _check_details(records)
    moved = [record for record in records if record.kind == "21" and counts(record)]
    credits_ = sum(_thousandths(record, 33) for record in moved if record.at(32, 32) == "0")
    debits = sum(_thousandths(record, 33) for record in moved if record.at(32, 32) == "1")
    if _thousandths(trailer, 23) != debits:
        refuse("CODA", trailer.line, 23, "total", _written(debits))
    if _thousandths(trailer, 38) != credits_:
        refuse("CODA", trailer.line, 38, "total", _written(credits_))
    counted = sum(record.kind[0] in "1238" for record in records)
    if int(trailer.at(17, 22)) != counted:
        refuse("CODA", trailer.line, 17, "record_count", str(counted))
    made = _signed(opening, 43) + credits_ - debits
    if (_signed(closing, 42) if closing is not None else _signed(opening, 43)) != made:
        at = closing or trailer
        refuse("CODA", at.line, 43, "balance", _written(made))


def counts(record: Record) -> bool:
    """Whether a movement counts in balances: a simple one or a total, never a part of a total."""
    return record.at(54, 54) in COUNTED and record.at(7, 10) == "0000"


def _records(text: str) -> Iterator[Record]:
    lines = text.replace("\x1a", "").split("\n")
    if len(lines) > MOST_RECORDS:
        refuse("CODA", MOST_RECORDS, 1, "too_complex")
    for number, line in enumerate(lines, 1):
        bare = line.removesuffix("\r")
        if not bare:
            if any(rest.strip("\r") for rest in lines[number:]):
                refuse("CODA", number, 1, "record_length")
            return
        if len(bare) != WIDTH:
            refuse("CODA", number, min(len(bare), WIDTH) + 1, "record_length")
        record = Record(number, bare)
        if record.kind not in BEHIND:
            refuse("CODA", number, 1, "record_unknown")
        yield record


def _check_fields(record: Record) -> None:
    if record.kind == "0" and record.at(128, 128) != "2":
        refuse("CODA", record.line, 128, "version")
    for first, form, what in _FORMS.get(record.kind, ()):
        if form.match(record.text, first - 1) is None:
            refuse("CODA", record.line, first, "malformed", what)


def _check_details(records: Sequence[Record]) -> None:
    """Each piece belongs to the movement before it, each part to the total before it."""
    movement, total = records[0], ""
    for record in records:
        if record.kind == "21":
            movement = record
            kind, detail = record.at(54, 54), record.at(7, 10)
            if kind not in "012356789" or (kind in COUNTED) != (detail == "0000"):
                refuse("CODA", record.line, 54, "malformed", "type of transaction")
            if kind in COUNTED:
                total = record.at(3, 6)
            elif record.at(3, 6) != total:
                refuse("CODA", record.line, 3, "record_order")
        elif record.kind in ("22", "23") and record.at(3, 10) != movement.at(3, 10):
            refuse("CODA", record.line, 3, "record_order")


def _thousandths(record: Record, first: int) -> int:
    return int(record.at(first, first + 14))


def _signed(record: Record, sign: int) -> int:
    amount = _thousandths(record, sign + 1)
    return -amount if record.at(sign, sign) == "1" else amount


def _written(thousandths: int) -> str:
    sign = "-" if thousandths < 0 else ""
    return f"{sign}{abs(thousandths) // 1000}.{abs(thousandths) % 1000:03d}"
