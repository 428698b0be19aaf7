"""Figures at the door: the books they are read from, and where each is explained and listed."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from msgspec.structs import asdict

from api.listing import Asked
from api.standing import behind
from api.visit import Visit
from projections.registers import read_by
from services.figures.address import Figure
from services.figures.books import REGISTERS, Books, open_books
from services.figures.sums import GridSum, ListedSum, Sum
from services.lists.kinds import ListKind

PARAMETERS = {
    "date_from": "date_gte",
    "date_to": "date_lte",
    "due_from": "due_date_gte",
    "due_to": "due_date_lte",
    "issued_from": "issue_date_gte",
    "issued_to": "issue_date_lte",
    "valid_from": "valid_until_gte",
    "valid_to": "valid_until_lte",
}
"""What the parameters of lists are called that their filters call otherwise."""


@contextmanager
def books_of(visit: Visit, asked: Asked) -> Iterator[Books]:
    """The registers of figures, all at one position: live, or as they were known."""
    live = asked.known_at is None
    reading: AbstractContextManager[Any] = (
        visit.backend.readers.still(visit.book_id)
        if asked.known_at is None
        else visit.backend.engine.known_at(visit.book_id, asked.known_at, read_by(REGISTERS, asked))
    )
    with reading as conn:
        books = open_books(visit.store, visit.book_id, conn, live=live)
        if books.standpoint.position < visit.least:
            raise behind()
        yield books


def explained_at(visit: Visit, figure: Figure, asked: Asked) -> str:
    """Where a figure is explained, as of the moment it was asked for."""
    return _at(visit, "explain", {"figure": str(figure)}, asked)


def summed_at(visit: Visit, made: Sum, asked: Asked) -> str:
    """The list whose rows add up to a figure."""
    if isinstance(made, GridSum):
        return _at(visit, f"vat_returns/{made.sheet.period}/grids/{made.grid}", {}, asked)
    if isinstance(made, ListedSum):
        return listed_at(visit, made.kind, made.wanted, asked)
    raise TypeError(made)


def listed_at(
    visit: Visit, kind: ListKind, wanted: Any, asked: Asked, more: Mapping[str, str] | None = None
) -> str:
    """The address of a list with its filter."""
    usual = asdict(kind.filter())
    query = {
        PARAMETERS.get(name, name): value
        for name, value in asdict(wanted).items()
        if value != usual[name]
    }
    return _at(visit, kind.name, {**query, **(more or {})}, asked)


def _at(visit: Visit, path: str, query: Mapping[str, Any], asked: Asked) -> str:
    known = asked.known_at
    if isinstance(known, datetime):
        known_at = known.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    else:
        known_at = "" if known is None else str(known)
    whole = {**query, **({"known_at": known_at} if known_at else {})}
    place, _, rest = path.partition("/")
    address = visit.at(place, rest).rstrip("/")
    return f"{address}?{urlencode(whole, safe=':')}" if whole else address
