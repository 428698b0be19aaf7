"""Questions to the history register: the lines of third parties with a running balance (C14)."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import asdict
from psycopg import Connection, sql

from projections.page import (
    Listing,
    Order,
    Page,
    SortKey,
    Standpoint,
    beyond,
    both,
    read_all,
    read_page,
    standpoint_in,
    where,
)

ORDER: Order = tuple(
    (column, False) for column in ("party", "account", "currency", "date", "entry", "line")
)


class HistoryFilter(Struct, frozen=True, kw_only=True):
    """Which lines: None means any. `lettered`: only lines with, or without, a living code.

    The balance runs over the lines that the filter selects, whatever the dates: what lies before
    `date_from` is carried forward.
    """

    party: str | None = None
    side: Literal["customers", "suppliers"] | None = None
    account: str | None = None
    currency: str | None = None
    lettered: bool | None = None
    date_from: date | None = None
    date_to: date | None = None


class HistoryRow(Struct, frozen=True):
    """A line; `balance` is that of its account, third party and currency after it, and `carried`
    the same before the first such line on the page (both debit minus credit)."""

    entry: int
    line: int
    account: str
    side: str
    party: str
    party_name: str
    date: date
    journal: str
    series: str
    number: int
    document_kind: str
    document_id: str
    document_number: str
    label: str
    currency: str
    debit: int
    credit: int
    codes: list[str]
    files: list[str]
    carried: int
    balance: int


class PartyBalance(Struct, frozen=True):
    """The balance of one third party on one account in one currency."""

    side: str
    account: str
    party: str
    party_name: str
    currency: str
    lines: int
    debit: int
    credit: int
    balance: int


HEAD = standpoint_in("history_cursor")
SELECTING = {
    "party": "party = %(party)s",
    "side": "side = %(side)s",
    "account": "account = %(account)s",
    "currency": "currency = %(currency)s",
    "lettered": "(codes <> '{}') = %(lettered)s",
}
DATES = {"date_from": "date >= %(date_from)s", "date_to": "date <= %(date_to)s"}
NAME = sql.SQL(
    "coalesce((SELECT name FROM history_party AS who "
    "WHERE who.book_id = %(book)s AND who.party = {}), '')"
)
# The page is cut first; then each account on it gets what lies before its first line there.
PAGE = sql.SQL("""
WITH cut AS (
    SELECT * FROM history_line WHERE {conditions}
    ORDER BY party, account, currency, date, entry, line LIMIT %(limit)s
), first AS (
    SELECT DISTINCT ON (party, account, currency) party, account, currency, date, entry, line
    FROM cut ORDER BY party, account, currency, date, entry, line
), opening AS MATERIALIZED (
    SELECT first.party, first.account, first.currency, coalesce((
        SELECT sum(debit - credit) FROM history_line AS earlier
        WHERE {selected} AND earlier.party = first.party AND earlier.account = first.account
            AND earlier.currency = first.currency
            AND (earlier.date, earlier.entry, earlier.line) < (first.date, first.entry, first.line)
    ), 0)::bigint AS carried FROM first
)
SELECT entry, line, account, side, party, {name} AS party_name, date, journal, series, number,
    document_kind, document_id, document_number, label, currency, debit, credit, codes, files,
    carried, (carried + sum(debit - credit) OVER (
        PARTITION BY party, account, currency ORDER BY date, entry, line
    ))::bigint AS balance
FROM cut JOIN opening USING (party, account, currency)
""")


def list_lines(
    conn: Connection[Any],
    book_id: str,
    wanted: HistoryFilter,
    *,
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, HistoryRow]:
    """A page of lines by third party, account, currency and date."""
    given = asdict(wanted)
    select = PAGE.format(
        conditions=both([*where(given, {**SELECTING, **DATES}), *beyond(ORDER, after)]),
        selected=both(where(given, SELECTING)),
        name=NAME.format(sql.SQL("cut.party")),
    )
    listing = Listing(HEAD, Standpoint, select, HistoryRow)
    return read_page(conn, listing, ORDER, _parameters(book_id, wanted), after=after, limit=limit)


def balance_parties(
    conn: Connection[Any], book_id: str, wanted: HistoryFilter
) -> tuple[Standpoint, tuple[PartyBalance, ...]]:
    """The balance of every third party; with `date_from`, of the lines since then alone."""
    select = sql.SQL(
        "SELECT side, account, party, {name} AS party_name, currency, lines, debit, credit, "
        "debit - credit AS balance FROM (SELECT side, account, party, currency, "
        "count(*) AS lines, sum(debit)::bigint AS debit, sum(credit)::bigint AS credit "
        "FROM history_line WHERE {conditions} GROUP BY side, account, party, currency) AS summed"
    ).format(
        name=NAME.format(sql.SQL("summed.party")),
        conditions=both(where(asdict(wanted), {**SELECTING, **DATES})),
    )
    listing = Listing(HEAD, Standpoint, select, PartyBalance)
    order = tuple((each, False) for each in ("side", "account", "party_name", "party", "currency"))
    return read_all(conn, listing, order, _parameters(book_id, wanted))


def _parameters(book_id: str, wanted: HistoryFilter) -> Mapping[str, Any]:
    return {"book": book_id, **asdict(wanted)}
