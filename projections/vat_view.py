"""Questions to the VAT register: totals by month and rate, and the documents behind them (V24)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from msgspec import Struct
from psycopg import Connection, sql

from projections.page import (
    Listing,
    Order,
    Page,
    SortKey,
    Standpoint,
    asked,
    beyond,
    both,
    by_rank,
    columns,
    read_all,
    read_page,
    standpoint_in,
    where,
)

Direction = Literal["sales", "purchases"]
IN_ORDER = ("direction", "period", "date", "position", "part")
BY_RATE: Order = tuple(
    (each, False) for each in ("direction", "period", "currency", "category", "rate", "code")
)


class VatFilter(Struct, frozen=True, kw_only=True):
    """Which rows: None means any. Periods are months, YYYY-MM, both ends included."""

    direction: Direction | None = None
    period_from: str | None = None
    period_to: str | None = None
    currency: str | None = None
    category: str | None = None
    rate: str | None = None
    code: str | None = None
    party: str | None = None


class VatRate(Struct, frozen=True):
    """A rate in a month, in minor units: documents, credit notes (negative), and both together.

    `code` is empty over all codes of the rate. What waits for the money is apart, both together.
    """

    direction: str
    period: str
    currency: str
    category: str
    rate: str
    code: str
    base: int
    tax: int
    credit_base: int
    credit_tax: int
    net_base: int
    net_tax: int
    pending_base: int
    pending_tax: int


class VatLine(Struct, frozen=True):
    """One share of a rate of a document; negative on a credit note.

    `rank` is what the list is sorted by: a rate as a number.
    """

    position: int
    part: int
    direction: str
    period: str
    kind: str
    document_id: str
    number: str
    issue_date: date
    date: date
    party: str
    party_name: str
    currency: str
    category: str
    rate: str
    code: str
    nature: str
    exigible: str
    exemption: str
    base: int
    tax: int
    rank: Any


SORT_COLUMNS = tuple(each for each in VatLine.__struct_fields__ if each not in {"part", "rank"})
HEAD = standpoint_in("vat_register_cursor")
CONDITIONS = {
    "direction": "direction = %(direction)s",
    "period_from": "period >= %(period_from)s",
    "period_to": "period <= %(period_to)s",
    "currency": "currency = %(currency)s",
    "category": "category = %(category)s",
    "rate": "rate = %(rate)s",
    "code": "code = %(code)s",
}
RANKS: Mapping[str, sql.Composable] = {
    "rate": sql.SQL("coalesce(nullif(rate, '')::numeric, -1)"),
}
DUE = {
    "base": "base",
    "tax": "tax",
    "credit_base": "credit_base",
    "credit_tax": "credit_tax",
    "net_base": "base + credit_base",
    "net_tax": "tax + credit_tax",
}
PENDING = {"pending_base": "base + credit_base", "pending_tax": "tax + credit_tax"}


def _sums(columns: Mapping[str, str], exigible: str) -> str:
    return ", ".join(
        f"coalesce(sum({what}) FILTER (WHERE exigible = '{exigible}'), 0)::bigint AS {name}"
        for name, what in columns.items()
    )


SUMS = sql.SQL(f"{_sums(DUE, 'issue')}, {_sums(PENDING, 'payment')}")


def total_rates(
    conn: Connection[Any], book_id: str, wanted: VatFilter
) -> tuple[Standpoint, tuple[VatRate, ...]]:
    """The totals by month, category and rate; a filter on a party has no part in them."""
    return _totals(conn, book_id, wanted, sql.SQL("period"), sql.SQL("'' AS code"))


def total_codes(
    conn: Connection[Any], book_id: str, wanted: VatFilter
) -> tuple[Standpoint, tuple[VatRate, ...]]:
    """The totals by month, category, rate and national VAT code."""
    return _totals(conn, book_id, wanted, sql.SQL("period"), sql.SQL("code"))


def summarise(
    conn: Connection[Any], book_id: str, wanted: VatFilter
) -> tuple[Standpoint, tuple[VatRate, ...]]:
    """The totals by category and rate over all months of the filter; their period is empty."""
    return _totals(conn, book_id, wanted, sql.SQL("'' AS period"), sql.SQL("'' AS code"))


def list_details(
    conn: Connection[Any],
    book_id: str,
    wanted: VatFilter,
    *,
    sort: str = "period",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, VatLine]:
    """A page of documents' rates by one of SORT_COLUMNS: by direction, then month and date.

    Raises ValueError for another column.
    """
    column, rank, order = by_rank(sort, SORT_COLUMNS, RANKS, ("position", "part"))
    if column == "period":
        order = tuple((each, sort.startswith("-")) for each in IN_ORDER)
    parameters = asked(book_id, wanted)
    conditions = where(parameters, {**CONDITIONS, "party": "party = %(party)s"})
    select = sql.SQL(
        "SELECT {} FROM (SELECT *, {} AS rank FROM vat_detail) AS ranked WHERE {}"
    ).format(columns(VatLine), rank, both([*conditions, *beyond(order, after)]))
    listing = Listing(HEAD, Standpoint, select, VatLine)
    return read_page(conn, listing, order, parameters, after=after, limit=limit)


def _totals(
    conn: Connection[Any], book_id: str, wanted: VatFilter, period: sql.SQL, code: sql.SQL
) -> tuple[Standpoint, tuple[VatRate, ...]]:
    parameters = asked(book_id, wanted)
    select = sql.SQL(
        "SELECT direction, {}, currency, category, rate, {}, {} FROM vat_total WHERE {} "
        "GROUP BY 1, 2, 3, 4, 5, 6"
    ).format(period, code, SUMS, both(where(parameters, CONDITIONS)))
    listing = Listing(HEAD, Standpoint, select, VatRate)
    return read_all(conn, listing, BY_RATE, parameters)
