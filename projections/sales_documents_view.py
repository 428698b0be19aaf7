"""Questions to the register of sales documents: the list in any order, and its totals (M12, M27).

Amounts are minor units and positive on every kind of document. `open` is what is not settled yet of
an invoice, a credit note or a deposit that is asked for; other documents have nothing open.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, get_args

from msgspec import Struct
from psycopg import Connection, sql

from projections.page import (
    JudgedOn,
    Listing,
    Page,
    SortKey,
    asked,
    beyond,
    both,
    by_rank,
    columns,
    in_country,
    order_by,
    read_all,
    read_page,
    where,
)
from projections.sales_as_of import AS_OF, NOW, Sight
from projections.sales_states import DAY, SETTLING, Kind, State, Type

SortColumn = Literal[
    "date",
    "number",
    "kind",
    "type",
    "state",
    "issue_date",
    "due_date",
    "valid_until",
    "customer_name",
    "currency",
    "net",
    "tax",
    "gross",
    "credited",
    "open",
    "probability",
    "weighted",
    "external_id",
    "id",
    "customer_id",
    "quote_id",
]
SORT_COLUMNS: tuple[SortColumn, ...] = get_args(SortColumn)


class SalesFilter(Struct, frozen=True, kw_only=True):
    """Which documents: None means any. `on` is the day that expiry is judged by, today by default.

    `date` is the day of issue, or of the beginning of what is not issued. `q` looks for words in
    number, customer's name, references and note. `overdue`: due before `on`, with something open.
    `as_of` draws the list up as of a value date: no later documents, and what was open then.
    """

    kind: Kind | None = None
    type: Type | None = None
    state: State | None = None
    party: str | None = None
    country: str | None = None
    number: str | None = None
    external_id: str | None = None
    quote_id: str | None = None
    invoice_id: str | None = None
    currency: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    gross_from: int | None = None
    gross_to: int | None = None
    open_from: int | None = None
    open_to: int | None = None
    overdue: bool | None = None
    q: str | None = None
    on: date | None = None
    as_of: date | None = None


class DocumentRow(Struct, frozen=True):
    """A document as listed; `rank` is what it is sorted by, never empty.

    `probability` is a quote's, in percent, and `weighted` that share of its net; None where nobody
    said how likely it is (M19).
    """

    id: str
    position: int
    kind: str
    type: str
    number: str
    state: str
    issue_date: date | None
    due_date: date | None
    valid_until: date | None
    date: date
    customer_id: str
    customer_name: str
    currency: str
    net: int
    tax: int
    gross: int
    credited: int
    open: int
    external_id: str
    quote_id: str
    invoice_id: str
    probability: int | None
    weighted: int | None
    rank: Any


class DocumentTotal(Struct, frozen=True):
    """The documents of one kind in one state and currency; `weighted` of those that have one.

    `unknown` counts the others.
    """

    kind: str
    state: str
    currency: str
    documents: int
    net: int
    weighted: int | None
    unknown: int
    tax: int
    gross: int
    open: int


LISTED = sql.SQL("""
(
    SELECT document.*, {state} AS state, CASE
        WHEN stage IN ('opened', 'requested') THEN gross
        WHEN kind = 'credit_note' THEN coalesce(-settling.open, 0)
        ELSE coalesce(settling.open, 0)
    END AS open, {weighted} AS weighted
    FROM {source} AS document LEFT JOIN LATERAL (
        SELECT sum({opened})::bigint AS open, sum(line.amount)::bigint AS amount
        FROM sales_open_line AS line
        WHERE line.book_id = %(book)s AND line.document_id = document.id
    ) AS settling ON true
    WHERE document.book_id = %(book)s
) AS listed""")
WEIGHTED = sql.SQL("(net * probability + 50) / 100")
"""A quote's net weighted by its probability, half-up: no document's net is negative."""
RANKED = sql.SQL("(SELECT *, {rank} AS rank FROM {documents}) AS ranked")
# The page is cut first; then only its documents are asked for what is open on them.
CUT = sql.SQL("(SELECT * FROM {ranked} WHERE {conditions} ORDER BY {order} LIMIT %(limit)s)")
RECKONED = frozenset({"state", "open"})
"""What is not stored, but told from what is open."""
CONDITIONS = {
    "kind": "kind = %(kind)s",
    "type": "type = %(type)s",
    "stage": "stage = %(stage)s",
    "state": "state = %(state)s",
    "party": "customer_id = %(party)s",
    "country": in_country("customer_id"),
    "number": "number = %(number)s",
    "external_id": "external_id = %(external_id)s",
    "quote_id": "quote_id = %(quote_id)s",
    "invoice_id": "invoice_id = %(invoice_id)s",
    "currency": "currency = %(currency)s",
    "date_from": "date >= %(date_from)s",
    "date_to": "date <= %(date_to)s",
    "due_from": "due_date >= %(due_from)s",
    "due_to": "due_date <= %(due_to)s",
    "valid_from": "valid_until >= %(valid_from)s",
    "valid_to": "valid_until <= %(valid_to)s",
    "gross_from": "gross >= %(gross_from)s",
    "gross_to": "gross <= %(gross_to)s",
    "open_from": "open >= %(open_from)s",
    "open_to": "open <= %(open_to)s",
    "pattern": "words LIKE %(pattern)s",
}
OVERDUE = sql.SQL("(due_date IS NOT NULL AND due_date < {day} AND open > 0) = %(overdue)s").format(
    day=DAY
)
# What has no such day comes last, what has no such number before 0.
RANKS: dict[str, sql.Composable] = {
    **{
        each: sql.SQL("coalesce({}, '9999-12-31')").format(sql.Identifier(each))
        for each in ("issue_date", "due_date", "valid_until")
    },
    "probability": sql.SQL("coalesce(probability, -1)"),
    "weighted": sql.SQL("coalesce({}, -1)").format(WEIGHTED),
}


def list_documents(
    conn: Connection[Any],
    book_id: str,
    wanted: SalesFilter,
    *,
    sort: str = "date",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[JudgedOn, DocumentRow]:
    """A page of documents sorted by a column of SORT_COLUMNS, descending behind a `-`.

    Those that are equal there stand in the order of the book.
    """
    column, rank, order = by_rank(sort, SORT_COLUMNS, RANKS, ("position", "id"))
    sight = _sight(wanted)
    conditions: sql.Composable = both([*_conditions(wanted), *beyond(order, after)])
    if column in RECKONED or _is_reckoned(wanted):
        listed = _listed(sight, sight.source)
        documents: sql.Composable = RANKED.format(rank=rank, documents=listed)
    else:
        source = sql.SQL("{} AS document").format(sight.source)
        ranked = RANKED.format(rank=rank, documents=source)
        cut = CUT.format(ranked=ranked, conditions=conditions, order=order_by(order))
        documents = _listed(sight, cut)
        conditions = sql.SQL("true")
    select = sql.SQL("SELECT {} FROM {} WHERE {}").format(
        columns(DocumentRow), documents, conditions
    )
    listing = Listing(sight.head(wanted), JudgedOn, select, DocumentRow)
    return read_page(conn, listing, order, _parameters(book_id, wanted), after=after, limit=limit)


def summarise(
    conn: Connection[Any], book_id: str, wanted: SalesFilter
) -> tuple[JudgedOn, tuple[DocumentTotal, ...]]:
    """The totals of the same documents, by kind, state and currency."""
    sight = _sight(wanted)
    select = sql.SQL(
        "SELECT kind, state, currency, count(*) AS documents, sum(net)::bigint AS net, "
        "sum(weighted)::bigint AS weighted, count(*) FILTER (WHERE weighted IS NULL) AS unknown, "
        "sum(tax)::bigint AS tax, sum(gross)::bigint AS gross, sum(open)::bigint AS open "
        "FROM {} WHERE {} GROUP BY kind, state, currency"
    ).format(_listed(sight, sight.source), both(_conditions(wanted)))
    listing = Listing(sight.head(wanted), JudgedOn, select, DocumentTotal)
    order = (("kind", False), ("state", False), ("currency", False))
    return read_all(conn, listing, order, _parameters(book_id, wanted))


def states_of(conn: Connection[Any], book_id: str, ids: Sequence[str]) -> dict[str, str]:
    """The state of each of these documents that the register knows."""
    select = sql.SQL("SELECT id, state FROM {} WHERE id = ANY(%(ids)s)").format(
        _listed(NOW, NOW.source)
    )
    found = conn.execute(select, {"book": book_id, "on": None, "ids": list(ids)})
    return dict(found.fetchall())


def _sight(wanted: SalesFilter) -> Sight:
    return NOW if wanted.as_of is None else AS_OF


def _listed(sight: Sight, source: sql.Composable) -> sql.Composable:
    """Documents of a source with their state and what is open on them."""
    return LISTED.format(state=sight.state, opened=sight.opened, weighted=WEIGHTED, source=source)


def _is_reckoned(wanted: SalesFilter) -> bool:
    """Whether the filter asks for what is not stored."""
    asked = wanted.state, wanted.overdue, wanted.open_from, wanted.open_to
    return any(each is not None for each in asked)


def _conditions(wanted: SalesFilter) -> list[sql.Composable]:
    given = where(_parameters("", wanted), CONDITIONS)
    return given if wanted.overdue is None else [*given, OVERDUE]


def _parameters(book_id: str, wanted: SalesFilter) -> Mapping[str, Any]:
    """The filter, and what follows from it: the stage that a state comes from."""
    return {
        **asked(book_id, wanted),
        "on": wanted.on or wanted.as_of,
        "stage": "validated" if wanted.state in SETTLING else None,
    }
