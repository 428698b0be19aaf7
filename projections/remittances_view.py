"""Questions to the remittances register: files and slips for the bank, and mandates."""

from datetime import date
from typing import Any, Literal, get_args

from msgspec import Struct
from psycopg import Connection, sql

from projections.page import (
    JudgedOn,
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
    read_page,
    standpoint_in,
    standpoint_of,
    where,
)
from projections.searching import says

Kind = Literal["collection", "transfer_order", "cheque_deposit"]
State = Literal["created", "settled", "cancelled"]
MandateState = Literal["active", "revoked", "lapsed"]
SortColumn = Literal[
    "issue_date", "execution_date", "settled_on", "kind", "number", "journal", "amount", "state"
]
MandateColumn = Literal["signed_on", "reference", "party_name", "scheme", "state", "lapses_on"]
SORT_COLUMNS: tuple[SortColumn, ...] = get_args(SortColumn)
MANDATE_COLUMNS: tuple[MandateColumn, ...] = get_args(MandateColumn)


class RemittanceFilter(Struct, frozen=True, kw_only=True):
    """Which files and slips: None means any."""

    kind: Kind | None = None
    state: State | None = None
    journal: str | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    q: str | None = None


class MandateFilter(Struct, frozen=True, kw_only=True):
    """Which mandates: None means any; `on` is the day on which states are judged, or today."""

    party: str | None = None
    country: str | None = None
    scheme: str | None = None
    state: MandateState | None = None
    on: date | None = None
    q: str | None = None


class RemittanceRow(Struct, frozen=True):
    """A file or a slip."""

    id: str
    position: int
    kind: str
    number: str
    journal: str
    iban: str
    currency: str
    amount: int
    lines: int
    returned: int
    returned_lines: int
    state: str
    file: str
    reason: str
    issue_date: date
    execution_date: date | None
    settled_on: date | None
    rank: Any


class MandateRow(Struct, frozen=True):
    """A mandate and whether it may be used."""

    id: str
    position: int
    reference: str
    scheme: str
    party: str
    party_name: str
    state: str
    reason: str
    collections: int
    signed_on: date
    used_on: date | None
    lapses_on: date
    rank: Any


CURSOR = "remittances_cursor"
HEAD = standpoint_in(CURSOR)
NEVER = "date '9999-12-31'"
RANKS = {each: sql.SQL(f"coalesce({each}, {NEVER})") for each in ("execution_date", "settled_on")}
DAY = """coalesce(%(on)s::date, (
    SELECT (now() AT TIME ZONE time_zone)::date FROM remittance_book WHERE book_id = %(book)s
))"""
STATE = f"CASE WHEN revoked THEN 'revoked' WHEN lapses_on <= {DAY} THEN 'lapsed' ELSE 'active' END"
CONDITIONS = {
    "kind": "kind = %(kind)s",
    "state": "state = %(state)s",
    "journal": "journal = %(journal)s",
    "issued_from": "issue_date >= %(issued_from)s",
    "issued_to": "issue_date <= %(issued_to)s",
    "amount_from": "amount >= %(amount_from)s",
    "amount_to": "amount <= %(amount_to)s",
    "pattern": says("number", "reason"),
}
MANDATE_CONDITIONS = {
    "party": "party = %(party)s",
    "country": in_country(),
    "scheme": "scheme = %(scheme)s",
    "state": "state = %(state)s",
    "pattern": says("reference", "party_name"),
}
SELECT = sql.SQL(
    "SELECT {columns} FROM (SELECT *, {rank} AS rank FROM {source}) AS each "
    "WHERE book_id = %(book)s AND {conditions}"
)
FILES = sql.SQL("remittance")
MANDATES = sql.SQL(
    "(SELECT *, {} AS state FROM mandate WHERE book_id = %(book)s) AS judged"
).format(sql.SQL(STATE))


def list_remittances(
    conn: Connection[Any],
    book_id: str,
    wanted: RemittanceFilter,
    *,
    sort: str = "-issue_date",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, RemittanceRow]:
    """A page of files and slips by one of SORT_COLUMNS, descending behind a `-`; or ValueError."""
    _, rank, order = by_rank(sort, SORT_COLUMNS, RANKS, ("position",))
    parameters = asked(book_id, wanted)
    conditions = [*where(parameters, CONDITIONS), *beyond(order, after)]
    select = _select(RemittanceRow, FILES, rank, conditions)
    listing = Listing(HEAD, Standpoint, select, RemittanceRow)
    return read_page(conn, listing, order, parameters, after=after, limit=limit)


def list_mandates(
    conn: Connection[Any],
    book_id: str,
    wanted: MandateFilter,
    *,
    sort: str = "-signed_on",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[JudgedOn, MandateRow]:
    """A page of mandates by one of MANDATE_COLUMNS, descending behind a `-`; or ValueError."""
    _, rank, order = by_rank(sort, MANDATE_COLUMNS, RANKS, ("position",))
    parameters = asked(book_id, wanted)
    conditions = [*where(parameters, MANDATE_CONDITIONS), *beyond(order, after)]
    select = _select(MandateRow, MANDATES, rank, conditions)
    head = sql.SQL("{}, {}").format(standpoint_of(wanted, CURSOR), sql.SQL(DAY))
    listing = Listing(head, JudgedOn, select, MandateRow)
    return read_page(conn, listing, order, parameters, after=after, limit=limit)


def _select(
    row: type[Struct],
    source: sql.Composable,
    rank: sql.Composable,
    conditions: list[sql.Composable],
) -> sql.Composed:
    return SELECT.format(
        columns=columns(row),
        rank=rank,
        source=source,
        conditions=both(conditions) if conditions else sql.SQL("true"),
    )
