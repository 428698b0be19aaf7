"""Columns of a list that leaves as a file and comes in again, found by heading in fr, nl and en."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from domain.book.refusal import Refusals
from domain.imports.refusals import CellIsAFormula, HeadingIsWrong, WordIsUnknown
from domain.values.faults import NumberIsMalformed
from projections.searching import folded
from services.files.table import TRUTHS, Column, Words
from services.imports.cells import Cell, decimal_of

_NOT_A_LETTER = re.compile(r"[^0-9a-z]+")


class Field(Struct, frozen=True):
    """A column, and further headings that other programs give it."""

    column: Column
    aliases: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of what it holds."""
        return self.column.name


class Heading(Struct, frozen=True):
    """Which column of a file holds which field, and the columns that nobody knows."""

    fields: Mapping[int, Field]
    titles: Mapping[str, str]
    ignored: tuple[str, ...]

    def title(self, field: str) -> str:
        """What the file calls a field; its own name where it has no such column."""
        return self.titles.get(field, field)


def text(name: str, en: str, fr: str, nl: str, *aliases: str) -> Field:
    """A column of text."""
    return Field(Column(name, "text", {"en": en, "fr": fr, "nl": nl}), aliases)


def decimal(name: str, en: str, fr: str, nl: str, *aliases: str) -> Field:
    """A column of decimal numbers."""
    return Field(Column(name, "decimal", {"en": en, "fr": fr, "nl": nl}), aliases)


def number(name: str, en: str, fr: str, nl: str, *aliases: str) -> Field:
    """A column of whole numbers."""
    return Field(Column(name, "number", {"en": en, "fr": fr, "nl": nl}), aliases)


def truth(name: str, en: str, fr: str, nl: str, *aliases: str) -> Field:
    """A column of yes and no."""
    return Field(Column(name, "truth", {"en": en, "fr": fr, "nl": nl}), aliases)


def code(values: Mapping[str, Words], name: str, en: str, fr: str, nl: str, *also: str) -> Field:
    """A column of our own words, with the readers' for each."""
    return Field(Column(name, "code", {"en": en, "fr": fr, "nl": nl}, values), also)


def match(heading: Sequence[str], fields: Sequence[Field], needed: str) -> Heading:
    """Finds the columns of a file by their titles; raises Refusals for a missing or double one."""
    known = {
        _plain(title): field
        for field in fields
        for title in (field.name, *field.column.label.values(), *field.aliases)
    }
    found: dict[int, Field] = {}
    titles: dict[str, str] = {}
    for at, title in enumerate(heading):
        field = known.get(_plain(title))
        if field is None:
            continue
        if field.name in titles:
            raise Refusals(HeadingIsWrong(column=title[:60], pointer="/lines/1"))
        found[at], titles[field.name] = field, title
    if needed not in titles:
        raise Refusals(HeadingIsWrong(column=needed, pointer="/lines/1"))
    ignored = tuple(t[:60] for at, t in enumerate(heading) if t and at not in found)
    return Heading(found, titles, ignored)


def value_in(field: Field, cell: Cell) -> Any:
    """What a cell says; raises Refusals for a formula, another word, or no number."""
    pointer = f"/{field.name}"
    if cell.formula:
        raise Refusals(CellIsAFormula(pointer=pointer))
    match field.column.kind:
        case "decimal":
            return decimal_of(cell.text)
        case "number":
            return _whole(cell.text, pointer)
        case "truth":
            return _word(cell.text, TRUTH_WORDS, pointer) == "true"
        case "code":
            return _word(cell.text, field.column.values, pointer) if cell.text else ""
    return cell.text


def words_in(listed: str, known: Mapping[str, Words], pointer: str) -> tuple[str, ...]:
    """Several of our own words, separated by commas; raises Refusals."""
    said = (each for each in re.split(r"[,;/\n]", listed) if each.strip())
    return tuple(_word(each, known, pointer) for each in said)


TRUTH_WORDS: dict[str, Words] = {
    "true": {**TRUTHS[True], "sign": "x", "digit": "1", "word": "vrai", "waar": "waar"},
    "false": {**TRUTHS[False], "sign": "", "digit": "0", "word": "faux", "onwaar": "onwaar"},
}


def _word(said: str, known: Mapping[str, Words], pointer: str) -> str:
    plain = folded(said)
    for ours, theirs in known.items():
        if plain in {folded(ours), *map(folded, theirs.values())}:
            return ours
    raise Refusals(WordIsUnknown(known=", ".join(known), pointer=pointer))


def _whole(said: str, pointer: str) -> int:
    plain = decimal_of(said)
    if re.fullmatch(r"[0-9]{1,9}(\.0*)?", plain, re.ASCII) is None:
        raise Refusals(NumberIsMalformed(pointer=pointer))
    return int(plain.partition(".")[0])


def _plain(title: str) -> str:
    """A title without accents, capitals, spaces and marks."""
    return _NOT_A_LETTER.sub("", folded(title))
