"""Reading registers: pages in a stable order after a key, with the position they stand on.

Statement and position are one query, so an answer never mixes two positions. Each statement names
the book; row-level security is the second wall.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import asdict
from psycopg import Connection, sql

from projections.searching import pattern

T = TypeVar("T")
SortKey = tuple[Any, ...]
Order = Sequence[tuple[str, bool]]
"""Columns to sort by, each with True where it descends; together unique."""


class Standpoint(Struct, frozen=True):
    """The book position that an answer stands on (0 before the first event), and how far the books
    go: entries (date 1, C2) and banks (date 2, C3: that of the bank journal furthest back)."""

    position: int
    entries_until: date | None
    bank_booked_until: date | None


class JudgedOn(Standpoint, frozen=True):
    """Where an answer stands, and the day it judges delay and expiry by."""

    on: date | None


S = TypeVar("S", bound=Standpoint)
# Two rows of a register of their own, so that known_at asks them as of then too.
DATES = sql.SQL(
    "(SELECT entries_until FROM freshness_book WHERE book_id = %(book)s) AS entries_until, "
    "(SELECT min(booked_until) FROM bank_journal WHERE book_id = %(book)s) AS bank_booked_until"
)

IN_PERIOD = {
    "date_from": "date >= %(date_from)s",
    "date_to": "date <= %(date_to)s",
    "as_of": "date <= %(as_of)s",
}
"""The conditions of a list by the dates of its rows: a period, and what was dated until a day."""


class Page(Struct, Generic[S, T], frozen=True):
    """Rows, what they stand on, and the key to go on after; None at the end."""

    standpoint: S
    rows: tuple[T, ...]
    next: SortKey | None


class Listing(Struct, Generic[S, T], frozen=True):
    """How rows of type `row` are read: `select` gives its fields in order, `head` those of `S`."""

    head: sql.Composable
    standpoint: Callable[..., S]
    select: sql.Composable
    row: Callable[..., T]


def read_page(
    conn: Connection[Any],
    listing: Listing[S, T],
    order: Order,
    parameters: Mapping[str, Any],
    *,
    after: SortKey | None,
    limit: int,
) -> Page[S, T]:
    """At most `limit` rows after a sort key; `select` must take its conditions from `parameters`.

    `after` is bound as %(after_0)s…; see `beyond`.
    """
    keys = {f"after_{i}": value for i, value in enumerate(after or ())}
    paged = sql.SQL("{} ORDER BY {} LIMIT %(limit)s").format(listing.select, order_by(order))
    standpoint, rows = read_all(
        conn, replaced(listing, paged), order, {**parameters, **keys, "limit": limit + 1}
    )
    more = len(rows) > limit
    shown = rows[:limit]
    return Page(standpoint, shown, sort_key(shown[-1], order) if more else None)


def read_all(
    conn: Connection[Any],
    listing: Listing[S, T],
    order: Order,
    parameters: Mapping[str, Any],
) -> tuple[S, tuple[T, ...]]:
    """Every row of a listing, in order, and what they stand on."""
    statement = sql.SQL(
        "SELECT head.*, row.* FROM ({head}) AS head LEFT JOIN LATERAL "
        "(SELECT true AS present, each.* FROM ({select}) AS each) AS row ON true ORDER BY {order}"
    ).format(head=listing.head, select=listing.select, order=order_by(order))
    found = conn.execute(statement, parameters, binary=True)
    width = [column.name for column in found.description or ()].index("present")
    rows = found.fetchall()
    standpoint = listing.standpoint(*rows[0][:width])
    return standpoint, tuple(listing.row(*row[width + 1 :]) for row in rows if row[width])


def replaced(listing: Listing[S, T], select: sql.Composable) -> Listing[S, T]:
    """The listing with another select."""
    return Listing(listing.head, listing.standpoint, select, listing.row)


def order_by(order: Order) -> sql.Composable:
    """The ORDER BY of an order."""
    return sql.SQL(", ").join(
        sql.SQL("{} DESC" if descends else "{}").format(sql.Identifier(column))
        for column, descends in order
    )


def by_column(
    sort: str, known: Collection[str], usual: Mapping[str, Sequence[str]], unique: Sequence[str]
) -> Order:
    """The order by a known column, descending behind a `-`: a usual one by all that it stands for.

    Any other goes on by what makes a row's place its own. No column of an order may be empty.
    Raises ValueError for an unknown column.
    """
    column, descends = _column(sort, known)
    others = (column, *(each for each in unique if each != column))
    return tuple((each, descends) for each in usual.get(column, others))


def by_rank(
    sort: str, known: Collection[str], ranks: Mapping[str, sql.Composable], unique: Sequence[str]
) -> tuple[str, sql.Composable, Order]:
    """A known column, what its rows rank by, and the order by `rank`, then what is unique.

    A column ranks by itself unless `ranks` says otherwise. Raises ValueError for an unknown one.
    """
    column, descends = _column(sort, known)
    order = tuple((each, descends) for each in ("rank", *unique))
    return column, ranks.get(column, sql.Identifier(column)), order


def _column(sort: str, known: Collection[str]) -> tuple[str, bool]:
    column = sort.removeprefix("-")
    if column not in known:
        raise ValueError(sort)
    return column, sort.startswith("-")


def beyond(order: Order, after: SortKey | None) -> list[sql.Composable]:
    """The condition that a row comes after a sort key; all columns go the same way."""
    if after is None:
        return []
    columns = sql.SQL(", ").join(sql.Identifier(column) for column, _ in order)
    values = sql.SQL(", ").join(sql.Placeholder(f"after_{i}") for i in range(len(order)))
    sign = sql.SQL("<" if order[0][1] else ">")
    return [sql.SQL("({}) {} ({})").format(columns, sign, values)]


def sort_key(row: Any, order: Order) -> SortKey:
    """A row's place in an order."""
    return tuple(getattr(row, column) for column, _ in order)


def asked(book_id: str, wanted: Struct) -> dict[str, Any]:
    """The parameters of a question: its book, the fields of a filter, the pattern of its `q`."""
    words = getattr(wanted, "q", None)
    found = None if words is None else pattern(words)
    return {"book": book_id, **asdict(wanted), "pattern": found}


def where(parameters: Mapping[str, Any], conditions: Mapping[str, str]) -> list[sql.Composable]:
    """The conditions whose parameter is given; always those of this book alone."""
    given = [
        sql.SQL(condition)
        for name, condition in conditions.items()
        if parameters.get(name) is not None
    ]
    return [sql.SQL("book_id = %(book)s"), *given]


def in_country(party: str = "party") -> str:
    """The condition that a third party is in the %(country)s of its card, as the contacts know it.

    An answer to it stands where `standpoint_of` says.
    """
    # IS TRUE keeps it a condition: as a join it may be looped over for each row, here it is hashed.
    return (
        f"({party} IN (SELECT card.contact_id FROM contact_card AS card "  # noqa: S608  ours
        "WHERE card.book_id = %(book)s AND card.country = %(country)s)) IS TRUE"
    )


def both(conditions: Sequence[sql.Composable]) -> sql.Composed:
    """Conditions that must all hold."""
    return sql.SQL(" AND ").join(conditions)


def columns(row: type[Struct]) -> sql.Composed:
    """The fields of a row as columns, in order."""
    return sql.SQL(", ").join(map(sql.Identifier, row.__struct_fields__))


def read_standpoint(conn: Connection[Any], head: sql.Composed, book_id: str) -> Standpoint:
    """Where a head stands, for answers that are made of several questions."""
    found = conn.execute(head, {"book": book_id}, binary=True).fetchall()
    return Standpoint(*found[0])


def standpoint_of(wanted: Struct, *cursors: str) -> sql.Composed:
    """The head of an answer to a filter: who asks for a country asks the contacts too."""
    asks = getattr(wanted, "country", None) is not None
    return standpoint_in(*cursors, *(("contacts_cursor",) if asks else ()))


def standpoint_in(*cursors: str) -> sql.Composed:
    """The head of every answer: where its registers stand in this book, and how fresh the books
    are. Of several cursors it is the one furthest back."""
    positions = [
        sql.SQL("coalesce((SELECT position FROM {} WHERE book_id = %(book)s), 0)").format(
            sql.Identifier(cursor)
        )
        for cursor in cursors
    ]
    return sql.SQL("SELECT least({}), {}").format(sql.SQL(", ").join(positions), DATES)
