"""Questions to what was sold: the lines, their net and margin, the best customers and articles."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from msgspec import Struct
from psycopg import Connection, sql

from projections.page import (
    IN_PERIOD,
    Listing,
    Page,
    SortKey,
    Standpoint,
    asked,
    beyond,
    both,
    by_rank,
    columns,
    in_country,
    read_all,
    read_page,
    standpoint_of,
    where,
)
from projections.searching import says

CONDITIONS = {
    "party": "customer_id = %(party)s",
    "country": in_country("customer_id"),
    "article_id": "article_id = %(article_id)s",
    "rate": "rate = %(rate)s",
    "currency": "currency = %(currency)s",
    **IN_PERIOD,
    "pattern": says("number", "customer_name", "description"),
}
By = Literal["customer_id", "article_id"]
NAMES: Mapping[By, str] = {"customer_id": "customer_name", "article_id": "description"}


class SoldFilter(Struct, frozen=True, kw_only=True):
    """Which lines: None means any; the day is that of the document."""

    party: str | None = None
    country: str | None = None
    article_id: str | None = None
    rate: str | None = None
    currency: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    as_of: date | None = None
    q: str | None = None


class SoldRow(Struct, frozen=True):
    """A line that was sold; `cost` and `margin` are None where nobody said what it cost.

    `rank` is what the list is sorted by, never empty.
    """

    position: int
    line: int
    date: date
    document_kind: str
    document_id: str
    number: str
    customer_id: str
    customer_name: str
    article_id: str
    description: str
    quantity: str
    rate: str
    currency: str
    net: int
    cost: int | None
    margin: int | None
    rank: Any


SORT_COLUMNS = tuple(each for each in SoldRow.__struct_fields__ if each != "rank")
RANKS: Mapping[str, sql.Composable] = {
    "quantity": sql.SQL("coalesce(nullif(quantity, '')::numeric, 0)"),
    "rate": sql.SQL("coalesce(nullif(rate, '')::numeric, -1)"),
    # What nobody knows comes before what is known, losses included.
    "cost": sql.SQL("coalesce(cost, -9223372036854775808)"),
    "margin": sql.SQL("coalesce(margin, -9223372036854775808)"),
}


class SoldTotal(Struct, frozen=True):
    """What was sold in a currency; `margin` is that of the lines whose cost is known, or None.

    `unknown` counts the other lines.
    """

    currency: str
    lines: int
    net: int
    margin: int | None
    unknown: int


class Best(Struct, frozen=True):
    """A customer or an article, by its name on its newest line, and what was sold."""

    id: str
    name: str
    net: int


SOLD = sql.SQL("(SELECT *, net - cost AS margin FROM sales_line) AS sold")


def list_lines(
    conn: Connection[Any],
    book_id: str,
    wanted: SoldFilter,
    *,
    sort: str = "date",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, SoldRow]:
    """A page of lines by one of SORT_COLUMNS, descending behind a `-`; raises ValueError."""
    _, rank, order = by_rank(sort, SORT_COLUMNS, RANKS, ("position", "line"))
    parameters = asked(book_id, wanted)
    select = sql.SQL("SELECT {} FROM (SELECT *, {} AS rank FROM {}) AS ranked WHERE {}").format(
        columns(SoldRow),
        rank,
        SOLD,
        both([*where(parameters, CONDITIONS), *beyond(order, after)]),
    )
    listing = Listing(standpoint_of(wanted, "sales_documents_cursor"), Standpoint, select, SoldRow)
    return read_page(conn, listing, order, parameters, after=after, limit=limit)


def summarise(
    conn: Connection[Any], book_id: str, wanted: SoldFilter
) -> tuple[Standpoint, tuple[SoldTotal, ...]]:
    """The totals of the same lines by currency."""
    parameters = asked(book_id, wanted)
    select = sql.SQL(
        "SELECT currency, count(*) AS lines, sum(net)::bigint AS net, "
        "sum(margin)::bigint AS margin, count(*) FILTER (WHERE margin IS NULL) AS unknown "
        "FROM {} WHERE {} GROUP BY currency"
    ).format(SOLD, both(where(parameters, CONDITIONS)))
    listing = Listing(
        standpoint_of(wanted, "sales_documents_cursor"), Standpoint, select, SoldTotal
    )
    return read_all(conn, listing, (("currency", False),), parameters)


def list_best(
    conn: Connection[Any], book_id: str, wanted: SoldFilter, by: By, most: int
) -> tuple[Best, ...]:
    """The customers or articles of whom most was sold, the best first (M49)."""
    parameters = {**asked(book_id, wanted), "most": most}
    select = sql.SQL(
        "SELECT {by} AS id, (array_agg({name} ORDER BY position DESC, line DESC))[1] AS name, "
        "sum(net)::bigint AS net FROM sales_line WHERE {conditions} AND {by} <> '' "
        "GROUP BY {by} ORDER BY net DESC, id LIMIT %(most)s"
    ).format(
        by=sql.Identifier(by),
        name=sql.Identifier(NAMES[by]),
        conditions=both(where(parameters, CONDITIONS)),
    )
    return tuple(Best(*row) for row in conn.execute(select, parameters).fetchall())
