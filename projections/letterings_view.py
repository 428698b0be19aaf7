"""Questions to the letterings register: the acts, the lines of each, and what became of them."""

from collections.abc import Mapping
from datetime import date, datetime
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

State = Literal["complete", "partial", "undone"]
SortColumn = Literal[
    "lettered_at",
    "lettered_by",
    "date",
    "account",
    "party_name",
    "code",
    "currency",
    "amount",
    "reason",
    "state",
    "undone_at",
    "undone_by",
    "undone_reason",
    "lettering_id",
    "party",
    "position",
]
SORT_COLUMNS: tuple[SortColumn, ...] = get_args(SortColumn)


class LetteringFilter(Struct, frozen=True, kw_only=True):
    """Which letterings: None means any. `date` is the value date, `as_of` the last one that counts;
    `made` and `undone` are the company's days on which it was done. `actor`: who did either."""

    party: str | None = None
    country: str | None = None
    account: str | None = None
    code: str | None = None
    year: int | None = None
    currency: str | None = None
    state: State | None = None
    actor: str | None = None
    entry: int | None = None
    date_from: date | None = None
    date_to: date | None = None
    made_from: date | None = None
    made_to: date | None = None
    undone_from: date | None = None
    undone_to: date | None = None
    as_of: date | None = None
    q: str | None = None


class LetteringRow(Struct, frozen=True):
    """A lettering; `lines` are objects with the entry, the document and the amount of each part,
    `pairs` lists of debit, credit (places in `lines`) and amount; `documents` are their numbers."""

    lettering_id: str
    position: int
    lettered_at: datetime
    lettered_by: str
    account: str
    party: str
    party_name: str
    currency: str
    code: str
    year: int
    date: date
    amount: int
    reason: str
    state: str
    undone_position: int | None
    undone_at: datetime | None
    undone_by: str
    undone_reason: str
    lines: list[dict[str, Any]]
    pairs: list[list[int]]
    documents: list[str]
    rank: Any


class LetteringTotal(Struct, frozen=True):
    """The letterings of an account in one state and currency."""

    account: str
    state: str
    currency: str
    letterings: int
    amount: int


CURSORS = ("letterings_cursor", "unpaid_cursor")
STATE = """CASE
    WHEN undone_position IS NOT NULL THEN 'undone' WHEN complete THEN 'complete' ELSE 'partial'
END"""
NAME = (
    "coalesce((SELECT name FROM unpaid_party AS who "
    "WHERE who.book_id = %(book)s AND who.party = lettering.party), '')"
)
# A day of the company begins when it begins there.
BEGINS = (
    "(({}::date + {})::timestamp AT TIME ZONE "
    "(SELECT time_zone FROM lettering_book WHERE book_id = %(book)s))"
)
RANKS: Mapping[str, sql.Composable] = {
    "lettered_at": sql.SQL("position"),
    "undone_at": sql.SQL("coalesce(undone_position, 9223372036854775807)"),
    "state": sql.SQL(STATE),
    "party_name": sql.SQL(NAME),
}
CONDITIONS = {
    "party": "party = %(party)s",
    "country": in_country(),
    "account": "account = %(account)s",
    "code": "code = %(code)s",
    "year": "year = %(year)s",
    "currency": "currency = %(currency)s",
    "state": f"{STATE} = %(state)s",
    "actor": "%(actor)s IN (lettered_by, undone_by)",
    "entry": "matched @? format('$.parts[*] ? (@[0] == %%s)', %(entry)s::bigint)::jsonpath",
    **IN_PERIOD,
    "made_from": f"lettered_at >= {BEGINS.format('%(made_from)s', 0)}",
    "made_to": f"lettered_at < {BEGINS.format('%(made_to)s', 1)}",
    "undone_from": f"undone_at >= {BEGINS.format('%(undone_from)s', 0)}",
    "undone_to": f"undone_at < {BEGINS.format('%(undone_to)s', 1)}",
    "pattern": f"({says('code', 'reason', 'undone_reason')} OR {says(NAME)})",
}
# The page is cut first; then its lines are looked up.
PAGE = sql.SQL("""
SELECT lettering_id, position, lettered_at, lettered_by, account, party, {name} AS party_name,
    currency, code, year, date, amount, reason, {state} AS state, undone_position, undone_at,
    undone_by, undone_reason, lines, matched -> 'pairs' AS pairs, documents, rank
FROM (
    SELECT * FROM (SELECT *, {rank} AS rank FROM lettering) AS lettering
    WHERE {conditions} ORDER BY {order} LIMIT %(limit)s
) AS lettering CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object(
            'entry', part -> 0, 'line', part -> 1, 'amount', part -> 2,
            'date', item.date, 'journal', item.journal, 'document_kind', item.document_kind,
            'document_id', item.document_id, 'document_number', item.document_number,
            'due_date', item.due_date, 'label', item.label) ORDER BY nth) AS lines,
        array_agg(coalesce(item.document_number, '') ORDER BY nth) AS documents
    FROM jsonb_array_elements(matched -> 'parts') WITH ORDINALITY AS each (part, nth)
    LEFT JOIN LATERAL (
        SELECT * FROM open_item WHERE book_id = %(book)s
            AND entry = (part ->> 0)::bigint AND line = (part ->> 1)::integer LIMIT 1
    ) AS item ON true
) AS looked_up
""")


def list_letterings(
    conn: Connection[Any],
    book_id: str,
    wanted: LetteringFilter,
    *,
    sort: str = "-lettered_at",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, LetteringRow]:
    """A page of letterings by one of SORT_COLUMNS, descending behind a `-`; raises ValueError."""
    _, rank, order = by_rank(sort, SORT_COLUMNS, RANKS, ("position",))
    select = PAGE.format(
        name=sql.SQL(NAME),
        state=sql.SQL(STATE),
        rank=rank,
        conditions=both([*_conditions(wanted), *beyond(order, after)]),
        order=order_by(order),
    )
    listing = Listing(standpoint_of(wanted, *CURSORS), Standpoint, select, LetteringRow)
    return read_page(conn, listing, order, asked(book_id, wanted), after=after, limit=limit)


def summarise(
    conn: Connection[Any], book_id: str, wanted: LetteringFilter
) -> tuple[Standpoint, tuple[LetteringTotal, ...]]:
    """The same letterings by account, state and currency."""
    select = sql.SQL(
        "SELECT account, {state} AS state, currency, count(*) AS letterings, "
        "sum(amount)::bigint AS amount FROM lettering WHERE {conditions} GROUP BY 1, 2, 3"
    ).format(state=sql.SQL(STATE), conditions=both(_conditions(wanted)))
    order = tuple((each, False) for each in ("account", "state", "currency"))
    listing = Listing(standpoint_of(wanted, *CURSORS), Standpoint, select, LetteringTotal)
    return read_all(conn, listing, order, asked(book_id, wanted))


def _conditions(wanted: LetteringFilter) -> list[sql.Composable]:
    return where(asked("", wanted), CONDITIONS)
