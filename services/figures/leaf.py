"""What a figure is made of: its lines, each with the events that made it and their shares."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from domain.book.event import Recorded
from domain.quotes.quote import QuoteDrafted, QuoteRevised, quote_tag
from projections.page import SortKey
from projections.provenance_view import settlements_of
from services.figures.books import Books

Measure = Mapping[str, int]
"""Which columns of a list add up to a figure, and with which sign."""
Share = tuple[int, int]
"""The position of an event, and how much of a line it makes."""


class Leaf(Struct, frozen=True, kw_only=True):
    """A line of a figure, in minor units; its shares add up to it, save where no event made it."""

    amount: int
    kind: str
    date: date | None
    number: str
    label: str
    party_name: str
    document_id: str
    shares: tuple[Share, ...]


class LeafPage(Struct, frozen=True):
    """Some lines of a figure, and the key to go on after; None at the end."""

    leaves: tuple[Leaf, ...]
    next: SortKey | None


Shares = Callable[[Books, Sequence[Any], Sequence[int], Any], list[tuple[Share, ...]]]
"""The shares of rows in their amounts; given the filter of the list too."""


def measured(row: Any, measure: Measure) -> int | None:
    """What a row counts; None where it does not say."""
    total = 0
    for column, sign in measure.items():
        amount: int | None = getattr(row, column)
        if amount is None:
            return None
        total += sign * amount
    return total


def of_entries(
    _: Books, rows: Sequence[Any], amounts: Sequence[int], __: Any
) -> list[tuple[Share, ...]]:
    """A line of an entry is what its entry says."""
    return [((row.entry, amount),) for row, amount in zip(rows, amounts, strict=True)]


def of_positions(
    _: Books, rows: Sequence[Any], amounts: Sequence[int], __: Any
) -> list[tuple[Share, ...]]:
    """A line of a document is what its event says."""
    return [((row.position, amount),) for row, amount in zip(rows, amounts, strict=True)]


def of_open_items(
    books: Books, rows: Sequence[Any], amounts: Sequence[int], wanted: Any
) -> list[tuple[Share, ...]]:
    """What is open is what the entry said, less what each lettering took off."""
    items = [(row.entry, row.line) for row in rows]
    settled = settlements_of(books.conn, books.book_id, items, wanted.as_of)
    found: list[tuple[Share, ...]] = []
    for row, amount, item in zip(rows, amounts, items, strict=True):
        sign = 1 if amount == row.open else -1
        taken = [(position, -sign * part) for position, part in settled.get(item, ())]
        found.append(((row.entry, sign * row.amount), *taken))
    return found


def of_quotes(
    books: Books, rows: Sequence[Any], amounts: Sequence[int], _: Any
) -> list[tuple[Share, ...]]:
    """A quote's amount is what its last revision says; its other events are named beside."""
    found: list[tuple[Share, ...]] = []
    none: tuple[Recorded, ...] = ()
    for row, amount in zip(rows, amounts, strict=True):
        facts = books.past.fold(lambda facts, fact: (*facts, fact), none, quote_tag(row.id))
        last = max(
            fact.position for fact in facts if isinstance(fact.event, QuoteDrafted | QuoteRevised)
        )
        found.append(
            tuple((fact.position, amount if fact.position == last else 0) for fact in facts)
        )
    return found
