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
    in_country,
    read_all,
    read_page,
    standpoint_of,
    where,
)
from projections.searching import says

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
    country: str | None = None
    as_of: date | None = None
    q: str | None = None


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
CONDITIONS = {
    "direction": "direction = %(direction)s",
    "period_from": "period >= %(period_from)s",
    "period_to": "period <= %(period_to)s",
    "currency": "currency = %(currency)s",
    "category": "category = %(category)s",
    "rate": "rate = %(rate)s",
    "code": "code = %(code)s",
}
OF_DOCUMENTS = {
    "party": "party = %(party)s",
    "country": in_country(),
    "as_of": "date <= %(as_of)s",
    "pattern": says("number", "party_name"),
}
"""What the sums by month cannot tell."""
# What reduces a document's VAT is apart in the sums: of a receipt, when money went back.
REDUCES = """(kind IN ('credit_note', 'bill_credit_note', 'write_off', 'bad_debt', 'cash_discount')
    OR kind IN ('receipt', 'bill_payment') AND (
        SELECT sum(due.base) FROM vat_detail AS due WHERE due.book_id = %(book)s
            AND due.position = vat_detail.position AND due.exigible = 'issue'
    ) < 0)"""
SUMMED = sql.SQL("vat_total")
DETAILED = sql.SQL("""(
    SELECT book_id, direction, period, currency, category, rate, code, exigible, {amounts}
    FROM (SELECT *, {reduces} AS reduces FROM vat_detail WHERE {conditions}) AS detail
) AS vat_total""")
AMOUNTS = sql.SQL(
    "CASE WHEN reduces THEN 0 ELSE base END AS base, CASE WHEN reduces THEN 0 ELSE tax END AS tax, "
    "CASE WHEN reduces THEN base ELSE 0 END AS credit_base, "
    "CASE WHEN reduces THEN tax ELSE 0 END AS credit_tax"
)
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
    """The totals by month, category and rate."""
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
    conditions = where(parameters, {**CONDITIONS, **OF_DOCUMENTS})
    select = sql.SQL(
        "SELECT {} FROM (SELECT *, {} AS rank FROM vat_detail) AS ranked WHERE {}"
    ).format(columns(VatLine), rank, both([*conditions, *beyond(order, after)]))
    listing = Listing(standpoint_of(wanted, "vat_register_cursor"), Standpoint, select, VatLine)
    return read_page(conn, listing, order, parameters, after=after, limit=limit)


def _totals(
    conn: Connection[Any], book_id: str, wanted: VatFilter, period: sql.SQL, code: sql.SQL
) -> tuple[Standpoint, tuple[VatRate, ...]]:
    parameters = asked(book_id, wanted)
    select = sql.SQL(
        "SELECT direction, {}, currency, category, rate, {}, {} FROM {} WHERE {} "
        "GROUP BY 1, 2, 3, 4, 5, 6"
    ).format(period, code, SUMS, _totals_of(parameters), both(where(parameters, CONDITIONS)))
    listing = Listing(standpoint_of(wanted, "vat_register_cursor"), Standpoint, select, VatRate)
    return read_all(conn, listing, BY_RATE, parameters)


def _totals_of(parameters: Mapping[str, Any]) -> sql.Composable:
    """The sums by month; or where the question goes into documents, what these come to."""
    if all(parameters[each] is None for each in OF_DOCUMENTS):
        return SUMMED
    conditions = both(where(parameters, {**CONDITIONS, **OF_DOCUMENTS}))
    return DETAILED.format(amounts=AMOUNTS, reduces=sql.SQL(REDUCES), conditions=conditions)
