"""Questions to the instalments register: the list and its side panel, on any day (M37, M40).

Amounts are positive for what is owed, by customers and to suppliers alike. Currencies are never
added up, and neither are the two sides.
"""

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
    standpoint_of,
    where,
)
from projections.searching import says

State = Literal["not_due", "due_today", "overdue", "settled"]
Kind = Literal["instalment", "deposit", "situation", "balance", "written_off"]
SortColumn = Literal[
    "due_date",
    "issue_date",
    "date",
    "document_number",
    "document_kind",
    "kind",
    "party_name",
    "account",
    "journal",
    "currency",
    "amount",
    "paid",
    "open",
    "state",
    "settled_how",
    "settled_on",
    "side",
    "nth",
    "parts",
    "document_id",
    "party",
    "entry",
    "line",
]
SORT_COLUMNS: tuple[SortColumn, ...] = get_args(SortColumn)
RECKONED = frozenset({"settled_how", "settled_on"})
"""What is not stored, but told from what settled it."""


class InstalmentFilter(Struct, frozen=True, kw_only=True):
    """Which instalments: None means any. `as_of` draws the list up as of a value date; states are
    judged on the day `on`, by default that one, or today. `means`: settled by that, if only partly.
    """

    party: str | None = None
    country: str | None = None
    side: Literal["customers", "suppliers"] | None = None
    account: str | None = None
    journal: str | None = None
    currency: str | None = None
    document_kind: Literal["invoice", "bill"] | None = None
    document_id: str | None = None
    kind: Kind | None = None
    state: State | None = None
    means: str | None = None
    due_from: date | None = None
    due_to: date | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    settled_from: date | None = None
    settled_to: date | None = None
    as_of: date | None = None
    on: date | None = None
    q: str | None = None


class InstalmentRow(Struct, frozen=True):
    """An instalment; `settled_by` is what of it each means has settled, `settled_on` the day of the
    last settlement once nothing is open."""

    entry: int
    line: int
    nth: int
    parts: int
    side: str
    account: str
    party: str
    party_name: str
    journal: str
    document_kind: str
    document_id: str
    document_number: str
    kind: str
    issue_date: date
    due_date: date
    settled_on: date | None
    date: date
    currency: str
    amount: int
    paid: int
    open: int
    state: str
    settled_by: dict[str, int]
    settled_how: str
    rank: Any


class InstalmentTotal(Struct, frozen=True):
    """The instalments of one side in one currency: amount = paid + open, open = not due + due
    today + overdue, paid = Σ settled_by."""

    side: str
    currency: str
    instalments: int
    amount: int
    paid: int
    open: int
    not_due: int
    due_today: int
    overdue: int
    settled_by: dict[str, int]


DAY = sql.SQL("""
coalesce(%(on)s::date, %(as_of)s::date, (
    SELECT (now() AT TIME ZONE time_zone)::date FROM instalment_book WHERE book_id = %(book)s
))""")
NOW = sql.SQL("SELECT * FROM instalment WHERE book_id = %(book)s")
# On a past day: what is open now, and what was settled since.
AS_OF = sql.SQL("""
    SELECT item.book_id, entry, line, nth, parts, side, account, party, party_name, journal,
        document_kind, document_id, document_number, kind, issue_date, due_date, date, currency,
        amount, item.open + since.taken AS open, item.lost - since.lost AS lost
    FROM instalment AS item CROSS JOIN LATERAL (
        SELECT coalesce(sum(settled.amount), 0)::bigint AS taken,
            coalesce(sum((settled.means ->> 'write_off')::bigint), 0)::bigint AS lost
        FROM instalment_settled AS settled
        WHERE settled.book_id = %(book)s AND settled.entry = item.entry
            AND settled.line = item.line AND settled.date > %(as_of)s
    ) AS since
    WHERE item.book_id = %(book)s AND date <= %(as_of)s""")
JUDGED = sql.SQL("""(
    SELECT book_id, entry, line, nth, parts, side, account, party, party_name, journal,
        document_kind, document_id, document_number, issue_date, due_date, date, currency, amount,
        amount - open AS paid, open,
        CASE WHEN lost <> 0 THEN 'written_off' ELSE kind END AS kind,
        CASE WHEN open = 0 THEN 'settled' WHEN due_date < {day} THEN 'overdue'
            WHEN due_date = {day} THEN 'due_today' ELSE 'not_due' END AS state
    FROM ({items}) AS item
) AS instalment""")
SETTLED = sql.SQL("""
    SELECT coalesce(jsonb_object_agg(means, taken), '{}') AS settled_by,
        CASE count(*) WHEN 0 THEN '' WHEN 1 THEN min(means) ELSE 'mixed' END AS settled_how,
        CASE WHEN instalment.open = 0 THEN max(last) END AS settled_on
    FROM (
        SELECT each.means, sum(each.amount::bigint)::bigint AS taken, max(settled.date) AS last
        FROM instalment_settled AS settled, jsonb_each_text(settled.means) AS each (means, amount)
        WHERE settled.book_id = %(book)s AND settled.entry = instalment.entry
            AND settled.line = instalment.line
            AND settled.date <= coalesce(%(as_of)s::date, 'infinity')
        GROUP BY each.means
    ) AS by_means""")
LISTED = sql.SQL(
    "(SELECT instalment.*, settling.* FROM {}, LATERAL ({}) AS settling) AS instalment"
)
# The page is cut first; then only its rows are asked for what settled them.
CUT = sql.SQL("""(
    SELECT * FROM (SELECT *, {rank} AS rank FROM {items}) AS ranked
    WHERE {conditions} ORDER BY {order} LIMIT %(limit)s
) AS instalment""")
TOTALS = sql.SQL("""
WITH chosen AS MATERIALIZED (SELECT * FROM {items} WHERE {conditions}), by_means AS (
    SELECT side, currency, each.means, sum(each.amount::bigint)::bigint AS taken
    FROM chosen JOIN instalment_settled AS settled USING (book_id, entry, line),
        jsonb_each_text(settled.means) AS each (means, amount)
    WHERE settled.date <= coalesce(%(as_of)s::date, 'infinity')
    GROUP BY side, currency, each.means
)
SELECT side, currency, count(*) AS instalments, sum(amount)::bigint AS amount,
    sum(paid)::bigint AS paid, sum(open)::bigint AS open,
    coalesce(sum(open) FILTER (WHERE state = 'not_due'), 0)::bigint AS not_due,
    coalesce(sum(open) FILTER (WHERE state = 'due_today'), 0)::bigint AS due_today,
    coalesce(sum(open) FILTER (WHERE state = 'overdue'), 0)::bigint AS overdue,
    coalesce((
        SELECT jsonb_object_agg(means, taken) FROM by_means
        WHERE by_means.side = chosen.side AND by_means.currency = chosen.currency
    ), '{{}}') AS settled_by
FROM chosen GROUP BY side, currency
""")
CONDITIONS = {
    "party": "party = %(party)s",
    "country": in_country(),
    "side": "side = %(side)s",
    "account": "account = %(account)s",
    "journal": "journal = %(journal)s",
    "currency": "currency = %(currency)s",
    "document_kind": "document_kind = %(document_kind)s",
    "document_id": "document_id = %(document_id)s",
    "kind": "kind = %(kind)s",
    "state": "state = %(state)s",
    "means": "settled_by ? %(means)s",
    "due_from": "due_date >= %(due_from)s",
    "due_to": "due_date <= %(due_to)s",
    "issued_from": "issue_date >= %(issued_from)s",
    "issued_to": "issue_date <= %(issued_to)s",
    "settled_from": "settled_on >= %(settled_from)s",
    "settled_to": "settled_on <= %(settled_to)s",
    "pattern": says("document_number", "party_name"),
}
# What is not settled comes last.
RANKS = {"settled_on": sql.SQL("coalesce(settled_on, '9999-12-31')")}


def list_instalments(
    conn: Connection[Any],
    book_id: str,
    wanted: InstalmentFilter,
    *,
    sort: str = "-due_date",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[JudgedOn, InstalmentRow]:
    """A page of instalments by one of SORT_COLUMNS, descending behind a `-`; raises ValueError."""
    column, rank, order = by_rank(sort, SORT_COLUMNS, RANKS, ("entry", "line"))
    cut = CUT.format(
        rank=rank,
        items=_items(wanted, reckoned=column in RECKONED),
        conditions=both([*_conditions(wanted), *beyond(order, after)]),
        order=order_by(order),
    )
    if not (column in RECKONED or _is_reckoned(wanted)):
        cut = LISTED.format(cut, SETTLED)
    select = sql.SQL("SELECT {} FROM {}").format(columns(InstalmentRow), cut)
    listing = Listing(_head(wanted), JudgedOn, select, InstalmentRow)
    return read_page(conn, listing, order, asked(book_id, wanted), after=after, limit=limit)


def summarise(
    conn: Connection[Any], book_id: str, wanted: InstalmentFilter
) -> tuple[JudgedOn, tuple[InstalmentTotal, ...]]:
    """The side panel of the same instalments, by side and currency (M40)."""
    select = TOTALS.format(items=_items(wanted), conditions=both(_conditions(wanted)))
    listing = Listing(_head(wanted), JudgedOn, select, InstalmentTotal)
    order = (("side", False), ("currency", False))
    return read_all(conn, listing, order, asked(book_id, wanted))


def _head(wanted: InstalmentFilter) -> sql.Composed:
    standpoint = standpoint_of(wanted, "instalments_cursor")
    return sql.SQL("{}, {} AS judged_on").format(standpoint, DAY)


def _items(wanted: InstalmentFilter, *, reckoned: bool = False) -> sql.Composed:
    """The instalments, judged; with what settled them where the question needs it."""
    judged = JUDGED.format(day=DAY, items=AS_OF if wanted.as_of else NOW)
    return LISTED.format(judged, SETTLED) if reckoned or _is_reckoned(wanted) else judged


def _is_reckoned(wanted: InstalmentFilter) -> bool:
    """Whether the filter asks for what is not stored."""
    asked = wanted.means, wanted.settled_from, wanted.settled_to
    return any(each is not None for each in asked)


def _conditions(wanted: InstalmentFilter) -> list[sql.Composable]:
    return where(asked("", wanted), CONDITIONS)
