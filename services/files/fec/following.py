"""Whether a FEC opens with what the one of the exercise before closed with."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from services.files.fec.checking import Finding
from services.files.fec.fields import Fields, read_fields
from services.files.fec.line import OPENING_JOURNAL, SEPARATOR, Encoding

RESULT = "12"
CHARGES_AND_INCOME = ("6", "7")


def check_opening(path: Path, before: Path, encoding: Encoding) -> Iterator[Finding]:
    """The balances that differ, account by account and third party by third party.

    The result of the exercise before is compared with what stands on 12, as one sum.
    """
    closed, opened = _sums(_fields(before, encoding)), _sums(_opening(path, encoding))
    for account, auxiliary in sorted(closed.keys() | opened.keys()):
        was, now = closed[account, auxiliary], opened[account, auxiliary]
        if was != now:
            detail = f"{account} {auxiliary}: closed with {was}, opens with {now} cents"
            yield Finding(rule="opening_differs", line=0, detail=detail)


def _opening(path: Path, encoding: Encoding) -> Iterator[Fields]:
    for fields in _fields(path, encoding):
        if fields.number != "1" or fields.journal != OPENING_JOURNAL:
            return
        yield fields


def _sums(lines: Iterator[Fields]) -> defaultdict[tuple[str, str], int]:
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for fields in lines:
        if fields.account.startswith((*CHARGES_AND_INCOME, RESULT)):
            sums[RESULT, ""] += fields.amount
        else:
            sums[fields.account, fields.auxiliary] += fields.amount
    return sums


def _fields(path: Path, encoding: Encoding) -> Iterator[Fields]:
    with path.open(encoding=encoding, newline="\r\n") as file:
        for line in islice(file, 1, None):
            fields, _ = read_fields(line.rstrip("\r\n").split(SEPARATOR))
            if fields is not None:
                yield fields
