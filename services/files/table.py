"""A list about to leave as a file: its columns, its title, and what the second sheet says of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Protocol

from msgspec import Struct

from domain.values.currency import EXPONENTS

Language = Literal["en", "fr", "nl"]
Kind = Literal["text", "code", "date", "amount", "number", "decimal", "truth"]
Words = dict[str, str]


class Column(Struct, frozen=True):
    """A column: the row's attribute, what it holds, and its heading by language.

    An `amount` is minor units of the row's `currency`, a `decimal` a decimal string, a `code` one
    of our own words, for which `values` has the reader's.
    """

    name: str
    kind: Kind
    label: Words
    values: Mapping[str, Words] = {}


class Total(Struct, frozen=True, kw_only=True):
    """What columns come to, by their names, over the rows of a group in one currency."""

    group: str
    currency: str
    rows: int
    amounts: Mapping[str, int]


class Table(Struct, frozen=True, kw_only=True):
    """A list with what it is called, the facts about it, and the moment it stands on.

    `company` is whose list it is, `totals` what its rows come to.
    """

    title: str
    columns: tuple[Column, ...]
    facts: tuple[tuple[str, str], ...]
    language: Language
    recorded_at: datetime | None
    company: str = ""
    totals: tuple[Total, ...] = ()


class Writer(Protocol):
    """Writes a list to a file in some format: each row, then what the list is."""

    def add(self, row: Any) -> None:
        """Writes the next row."""
        ...

    def close(self, table: Table, /) -> Mapping[str, str]:
        """Ends the file; gives what is noted of it beside its bytes."""
        ...


NOTHING_MORE: Mapping[str, str] = {}
"""What most formats have to say beside their bytes."""


TRUTHS: dict[bool, Words] = {
    True: {"en": "yes", "fr": "oui", "nl": "ja"},
    False: {"en": "no", "fr": "non", "nl": "nee"},
}


def value_of(row: Any, column: Column, language: Language) -> Any:
    """The row's value in a column, in the reader's words; amounts in minor units."""
    value = getattr(row, column.name)
    if column.kind == "code":
        return column.values.get(value, {}).get(language, value)
    if isinstance(value, bool):
        return TRUTHS[value][language]
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return value


def places_of(currency: str) -> int:
    """How many decimals an amount in this currency is written with."""
    return EXPONENTS.get(currency, 2)
