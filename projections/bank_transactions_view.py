"""Questions to the bank transactions: the list by journal with its running balance, its totals.

Amounts are minor units, money in is positive. The balance is that of the journal after a movement,
whatever the filter and the order of the list.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal, get_args

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
    in_country,
    order_by,
    read_all,
    read_page,
    standpoint_of,
    where,
)
from projections.searching import says

State = Literal["suspense", "account", "unlettered", "partly_lettered", "lettered", "reversed"]
SortColumn = Literal[
    "date",
    "value_date",
    "journal",
    "account",
    "document_kind",
    "document_number",
    "label",
    "means",
    "party_name",
    "name",
    "communication",
    "currency",
    "amount",
    "state",
    "iban",
    "structured",
    "booked_in",
    "statement_line",
    "id",
    "entry",
    "line",
]
SORT_COLUMNS: tuple[SortColumn, ...] = get_args(SortColumn)


class TransactionFilter(Struct, frozen=True, kw_only=True):
    """Which movements: None means any. `as_of` draws the list up as of a value date: no later
    movements, and states as later letterings, assignments and reversals had not been."""

    journal: str | None = None
    account: str | None = None
    party: str | None = None
    country: str | None = None
    state: State | None = None
    means: str | None = None
    statement: str | None = None
    document_kind: str | None = None
    currency: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    as_of: date | None = None
    q: str | None = None


class TransactionRow(Struct, frozen=True):
    """A movement; `statement_name` is what people call its bank statement, and `settled` how much
    of what stands on third parties is lettered (positive)."""

    id: str
    entry: int
    line: int
    journal: str
    account: str
    booked_in: str
    series: str
    number: int
    document_kind: str
    document_id: str
    document_number: str
    label: str
    means: str
    value_date: date | None
    date: date
    statement: str
    statement_name: str
    statement_line: int
    parties: list[str]
    party_name: str
    name: str
    iban: str
    communication: str
    structured: str
    currency: str
    amount: int
    state: str
    settled: int
    stands_at: int
    balance: int
    rank: Any


class TransactionTotal(Struct, frozen=True):
    """The movements of a journal in one currency; `waiting` is what of them is in suspense."""

    journal: str
    currency: str
    transactions: int
    received: int
    sent: int
    amount: int
    waiting: int
    balance: int


CURSORS = ("bank_transactions_cursor", "unpaid_cursor")
BOOKED = sql.SQL("bank_transaction")
# On a past day a movement stood where it did before it was assigned, and was lettered by less.
SINCE = """coalesce((
    SELECT sum(since.amount) FROM open_item_settlement AS since
    WHERE since.book_id = item.book_id AND since.entry = item.entry AND since.line = item.line
        AND since.date > %(as_of)s::date
), 0)"""
STANDING = sql.SQL("""
SELECT CASE
    WHEN moved.reversed_on <= {day} THEN 'reversed'
    WHEN moved.waits AND coalesce(moved.assigned_on > {day}, true) THEN 'suspense'
    WHEN whole IS NULL THEN 'account'
    WHEN whole = 0 OR left_open = 0 THEN 'lettered'
    WHEN left_open = whole THEN 'unlettered'
    ELSE 'partly_lettered' END AS state, coalesce(whole - left_open, 0)::bigint AS settled
FROM (
    SELECT sum(abs(item.amount)) AS whole, sum(abs(item.open + {since})) AS left_open
    FROM open_item AS item WHERE item.book_id = %(book)s AND item.entry = moved.stands_at
) AS on_parties""")
JUDGED = sql.SQL(
    "(SELECT moved.*, standing.* FROM bank_transaction AS moved, LATERAL ({}) AS standing "
    "WHERE moved.book_id = %(book)s) AS bank_transaction"
)
# The page is cut first. Then each journal on it is summed up to the page's first day, and line by
# line to its last: in the order of a journal that is the page alone.
PAGE = sql.SQL("""
WITH cut AS MATERIALIZED (
    SELECT * FROM (SELECT *, {rank} AS rank FROM {source}) AS ranked
    WHERE {conditions} ORDER BY {order} LIMIT %(limit)s
), span AS MATERIALIZED (
    SELECT journal, currency, first_day, last_day, (
        SELECT coalesce(sum(earlier.amount), 0) FROM bank_transaction AS earlier
        WHERE earlier.book_id = %(book)s AND earlier.entry > 0
            AND earlier.journal = days.journal AND earlier.currency = days.currency
            AND earlier.date < days.first_day
    ) AS carried
    FROM (
        SELECT journal, currency, min(date) AS first_day, max(date) AS last_day
        FROM cut GROUP BY journal, currency
    ) AS days
), balanced AS MATERIALIZED (
    SELECT booked.entry, booked.line, (carried + sum(booked.amount) OVER (
        PARTITION BY span.journal, span.currency ORDER BY booked.date, booked.entry, booked.line
    ))::bigint AS balance
    FROM span CROSS JOIN LATERAL (
        SELECT entry, line, date, amount FROM bank_transaction
        WHERE book_id = %(book)s AND entry > 0 AND journal = span.journal
            AND currency = span.currency AND date BETWEEN span.first_day AND span.last_day
        OFFSET 0
    ) AS booked
)
SELECT {columns} FROM (
    SELECT moved.*, standing.state AS stands, standing.settled AS taken, balanced.balance,
        coalesce(said.name, '') AS statement_name
    FROM cut AS moved JOIN balanced USING (entry, line)
    CROSS JOIN LATERAL ({standing}) AS standing
    LEFT JOIN bank_transaction_statement AS said
        ON said.book_id = %(book)s AND said.statement = moved.statement
) AS row
""")
TOTALS = sql.SQL("""
SELECT journal, currency, transactions, received, sent, amount, waiting, (
        SELECT coalesce(sum(booked.amount), 0)::bigint FROM bank_transaction AS booked
        WHERE booked.book_id = %(book)s AND booked.entry > 0 AND booked.journal = summed.journal
            AND booked.currency = summed.currency
            AND booked.date <= least(%(date_to)s::date, %(as_of)s::date, 'infinity')
    ) AS balance
FROM (
    SELECT journal, currency, count(*) AS transactions, sum(amount)::bigint AS amount,
        coalesce(sum(amount) FILTER (WHERE amount > 0), 0)::bigint AS received,
        coalesce(sum(-amount) FILTER (WHERE amount < 0), 0)::bigint AS sent,
        coalesce(sum(amount) FILTER (WHERE state = 'suspense'), 0)::bigint AS waiting
    FROM {source} WHERE {conditions} GROUP BY journal, currency
) AS summed
""")
CONDITIONS = {
    "journal": "journal = %(journal)s",
    "account": "account = %(account)s",
    "party": "%(party)s = ANY(parties)",
    "country": f"EXISTS (SELECT FROM unnest(parties) AS of (party) WHERE {in_country()})",
    "state": "state = %(state)s",
    "means": "means = %(means)s",
    "statement": "(statement = %(statement)s OR statement IN (SELECT said.statement FROM "
    "bank_transaction_statement AS said "
    "WHERE said.book_id = %(book)s AND said.name = %(statement)s))",
    "document_kind": "document_kind = %(document_kind)s",
    "currency": "currency = %(currency)s",
    **IN_PERIOD,
    "amount_from": "amount >= %(amount_from)s",
    "amount_to": "amount <= %(amount_to)s",
    "pattern": says(
        "party_name", "name", "iban", "communication", "structured", "label", "document_number"
    ),
}
RANKS: Mapping[str, sql.Composable] = {
    "value_date": sql.SQL("coalesce(value_date, '9999-12-31')"),
}
# What a filter or an order by state has judged already is judged again: of a page, that is cheap.
SHOWN = sql.SQL(", ").join(
    sql.SQL("{} AS {}").format(sql.Identifier(found), sql.Identifier(name))
    for name in TransactionRow.__struct_fields__
    for found in ({"state": "stands", "settled": "taken"}.get(name, name),)
)


def list_transactions(
    conn: Connection[Any],
    book_id: str,
    wanted: TransactionFilter,
    *,
    sort: str = "-date",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, TransactionRow]:
    """A page of movements by one of SORT_COLUMNS, descending behind a `-`; raises ValueError."""
    column, rank, order = by_rank(sort, SORT_COLUMNS, RANKS, ("entry", "line"))
    standing = _standing(wanted)
    judged = column == "state" or wanted.state is not None
    select = PAGE.format(
        rank=rank,
        source=JUDGED.format(standing) if judged else BOOKED,
        conditions=both([*_conditions(wanted), *beyond(order, after)]),
        order=order_by(order),
        standing=standing,
        columns=SHOWN,
    )
    listing = Listing(standpoint_of(wanted, *CURSORS), Standpoint, select, TransactionRow)
    return read_page(conn, listing, order, asked(book_id, wanted), after=after, limit=limit)


def summarise(
    conn: Connection[Any], book_id: str, wanted: TransactionFilter
) -> tuple[Standpoint, tuple[TransactionTotal, ...]]:
    """The same movements by journal and currency; `balance` is the journal's at their end."""
    select = TOTALS.format(
        source=JUDGED.format(_standing(wanted)), conditions=both(_conditions(wanted))
    )
    listing = Listing(standpoint_of(wanted, *CURSORS), Standpoint, select, TransactionTotal)
    order = (("journal", False), ("currency", False))
    return read_all(conn, listing, order, asked(book_id, wanted))


def _standing(wanted: TransactionFilter) -> sql.Composed:
    day, since = ("%(as_of)s::date", SINCE) if wanted.as_of else ("'infinity'::date", "0")
    return STANDING.format(day=sql.SQL(day), since=sql.SQL(since))


def _conditions(wanted: TransactionFilter) -> list[sql.Composable]:
    return [sql.SQL("entry > 0"), *where(asked("", wanted), CONDITIONS)]
