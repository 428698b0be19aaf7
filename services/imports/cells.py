"""Cells as they are read, and what people write in them: numbers, yes and no."""

import re
from typing import NamedTuple

_FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9 ().,/\-]*$)")
_ESCAPED = re.compile(r"'[=+\-@\t\r]")
_SPACES = re.compile(r"[\s\u00a0\u202f']+")


class Cell(NamedTuple):
    """The text of a cell, and whether a spreadsheet would calculate it."""

    text: str
    formula: bool = False


def cell_of(text: str) -> Cell:
    """A cell of delimited text: behind an apostrophe it is text, whatever it looks like."""
    stripped = text.strip(" \u00a0")
    if _ESCAPED.match(stripped):
        return Cell(stripped[1:])
    return Cell(stripped, _FORMULA.match(stripped) is not None)


def decimal_of(text: str) -> str:
    """A written number with a dot and no other marks: "1 234,50" is "1234.50".

    The last of dot and comma is the decimal mark, unless there are several of it.
    """
    bare = _SPACES.sub("", text)
    marks = [mark for mark in ".," if mark in bare]
    if not marks:
        return bare
    last = max(marks, key=bare.rfind)
    if bare.count(last) > 1:
        return bare.replace(last, "") if len(marks) == 1 else text
    for mark in marks:
        bare = bare.replace(mark, "." if mark == last else "")
    return bare
