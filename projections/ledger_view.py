"""Questions to the ledger: general ledger with running balances, journals, trial balance."""

from collections.abc import Mapping
from datetime import date
from typing import Any

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
    by_column,
    columns,
    order_by,
    read_all,
    read_page,
    standpoint_in,
    where,
)

BY_ACCOUNT = {"account": ("account", "currency", "date", "entry", "line")}
IN_JOURNAL = {"journal": ("journal", "date", "series", "number", "entry", "line")}
UNIQUE = ("entry", "line")
BY_JOURNAL: Order = by_column("journal", IN_JOURNAL, UNIQUE)
HEAD = standpoint_in("ledger_cursor")


class LedgerFilter(Struct, frozen=True, kw_only=True):
    """Which lines: None means any; `account` is a prefix, so "41" is every account of 41."""

    account: str | None = None
    party: str | None = None
    journal: str | None = None
    currency: str | None = None
    document_id: str | None = None
    date_from: date | None = None
    date_to: date | None = None


class LedgerRow(Struct, frozen=True):
    """A line of the general ledger; `carried` is the account's balance before its earliest line on
    the page and `balance` that after this line, both debit minus credit, whatever the order."""

    entry: int
    line: int
    account: str
    party: str
    party_name: str
    posted_on: date
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
    carried: int
    balance: int


class JournalRow(Struct, frozen=True):
    """A line of a journal, in the order of its entries."""

    journal: str
    series: str
    number: int
    entry: int
    line: int
    account: str
    party: str
    party_name: str
    posted_on: date
    date: date
    document_kind: str
    document_id: str
    document_number: str
    label: str
    currency: str
    debit: int
    credit: int


JOURNAL_COLUMNS = JournalRow.__struct_fields__
LEDGER_COLUMNS = tuple(
    each for each in LedgerRow.__struct_fields__ if each not in {"codes", "carried", "balance"}
)
"""What the two lists are sorted by."""


class AccountBalance(Struct, frozen=True):
    """An account over a period: what it opened with, moved, and closes with (debit − credit)."""

    account: str
    currency: str
    opening: int
    debit: int
    credit: int
    closing: int


class JournalTotal(Struct, frozen=True):
    """What a journal moved over a period; debit and credit are equal."""

    journal: str
    label: str
    kind: str
    currency: str
    entries: int
    lines: int
    debit: int
    credit: int


SELECTING = {
    "account": "starts_with(account, %(account)s)",
    "party": "party = %(party)s",
    "journal": "journal = %(journal)s",
    "currency": "currency = %(currency)s",
    "document_id": "document_id = %(document_id)s",
}
DATES = {"date_from": "date >= %(date_from)s", "date_to": "date <= %(date_to)s"}
NAME = sql.SQL(
    "coalesce((SELECT name FROM ledger_party AS who "
    "WHERE who.book_id = %(book)s AND who.party = {}), '')"
)
LINES = sql.SQL(
    "(SELECT each.*, {} AS party_name FROM ledger_line AS each WHERE each.book_id = %(book)s) "
    "AS ledger_line"
).format(NAME.format(sql.SQL("each.party")))
# The page is cut first; then each account on it is summed up to its earliest line there, and line
# by line to its latest day: in the order of the accounts that is the page alone.
GENERAL = sql.SQL("""
WITH cut AS MATERIALIZED (
    SELECT * FROM {lines} WHERE {conditions} ORDER BY {order} LIMIT %(limit)s
), first AS (
    SELECT DISTINCT ON (account, currency) account, currency, date, entry, line,
        max(date) OVER (PARTITION BY account, currency) AS last_day
    FROM cut ORDER BY account, currency, date, entry, line
), opening AS MATERIALIZED (
    SELECT first.*, coalesce((
        SELECT sum(debit - credit) FROM ledger_line AS earlier
        WHERE {selected} AND earlier.account = first.account
            AND earlier.currency = first.currency
            AND (earlier.date, earlier.entry, earlier.line) < (first.date, first.entry, first.line)
    ), 0)::bigint AS carried FROM first
), running AS MATERIALIZED (
    SELECT moved.entry, moved.line, carried, (carried + moved.since)::bigint AS balance
    FROM opening CROSS JOIN LATERAL (
        SELECT entry, line, sum(debit - credit) OVER (ORDER BY date, entry, line) AS since
        FROM ledger_line AS later
        WHERE {selected} AND later.account = opening.account
            AND later.currency = opening.currency AND later.date <= opening.last_day
            AND (later.date, later.entry, later.line) >= (
                opening.date, opening.entry, opening.line)
    ) AS moved
)
SELECT {columns} FROM cut JOIN running USING (entry, line)
""")
# Whole months from their sums, the days that remain from the lines: before `date_from` they open
# the account, from then on they are what it moved. The index by account finds them.
TRIAL = sql.SQL("""
WITH bounds AS (
    SELECT %(first_month)s::date AS first_month,
        date_trunc('month', %(date_to)s::timestamp + interval '1 day')::date AS last_month
), account AS (
    SELECT DISTINCT account, currency FROM ledger_month WHERE book_id = %(book)s AND {selected}
), part AS (
    SELECT account, currency, debit, credit, month < first_month AS before
    FROM ledger_month, bounds
    WHERE book_id = %(book)s AND month < last_month AND {selected}
    UNION ALL
    SELECT account.*, line.debit, line.credit, line.date < %(date_from)s
    FROM bounds CROSS JOIN account CROSS JOIN LATERAL (
        SELECT date, debit, credit FROM ledger_line AS each
        WHERE book_id = %(book)s AND each.account = account.account
            AND each.currency = account.currency AND date >= last_month AND date <= %(date_to)s
    ) AS line
    UNION ALL
    SELECT account.*, sign * line.debit, sign * line.credit, sign = 1
    FROM bounds CROSS JOIN account CROSS JOIN LATERAL (
        SELECT debit, credit FROM ledger_line AS each
        WHERE book_id = %(book)s AND each.account = account.account
            AND each.currency = account.currency AND date >= first_month AND date < %(date_from)s
    ) AS line, (VALUES (1), (-1)) AS moved(sign)
    WHERE first_month < last_month
), summed AS (
    SELECT account, currency,
        coalesce(sum(debit - credit) FILTER (WHERE before), 0)::bigint AS opening,
        coalesce(sum(debit) FILTER (WHERE NOT before), 0)::bigint AS debit,
        coalesce(sum(credit) FILTER (WHERE NOT before), 0)::bigint AS credit
    FROM part GROUP BY account, currency
)
SELECT account, currency, opening, debit, credit, opening + debit - credit AS closing
FROM summed WHERE (opening, debit, credit) <> (0, 0, 0)
""")
TOTALS = sql.SQL("""
SELECT journal, label, kind, currency, entries, lines, debit, credit FROM (
    SELECT journal, currency, count(DISTINCT entry) AS entries, count(*) AS lines,
        sum(debit)::bigint AS debit, sum(credit)::bigint AS credit
    FROM ledger_line WHERE {conditions} GROUP BY journal, currency
) AS summed JOIN ledger_journal USING (journal) WHERE ledger_journal.book_id = %(book)s
""")


def list_lines(
    conn: Connection[Any],
    book_id: str,
    wanted: LedgerFilter,
    *,
    sort: str = "account",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, LedgerRow]:
    """A page of the general ledger by one of LEDGER_COLUMNS: by account, then date (C14).

    Raises ValueError for another column.
    """
    if sort.removeprefix("-") not in LEDGER_COLUMNS:
        raise ValueError(sort)
    given, order = asdict(wanted), by_column(sort, BY_ACCOUNT, UNIQUE)
    select = GENERAL.format(
        lines=LINES,
        conditions=both([*where(given, {**SELECTING, **DATES}), *beyond(order, after)]),
        order=order_by(order),
        selected=both(where(given, SELECTING)),
        columns=columns(LedgerRow),
    )
    listing = Listing(HEAD, Standpoint, select, LedgerRow)
    return read_page(conn, listing, order, _parameters(book_id, wanted), after=after, limit=limit)


def list_journal(
    conn: Connection[Any],
    book_id: str,
    wanted: LedgerFilter,
    *,
    sort: str = "journal",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, JournalRow]:
    """A page of the journals by one of JOURNAL_COLUMNS: by journal, then date and number.

    Raises ValueError for another column.
    """
    if sort.removeprefix("-") not in JOURNAL_COLUMNS:
        raise ValueError(sort)
    order = by_column(sort, IN_JOURNAL, UNIQUE)
    conditions = [*where(asdict(wanted), {**SELECTING, **DATES}), *beyond(order, after)]
    select = sql.SQL("SELECT {} FROM {} WHERE {}").format(
        columns(JournalRow), LINES, both(conditions)
    )
    listing = Listing(HEAD, Standpoint, select, JournalRow)
    return read_page(conn, listing, order, _parameters(book_id, wanted), after=after, limit=limit)


def balance_accounts(
    conn: Connection[Any],
    book_id: str,
    *,
    date_from: date,
    date_to: date,
    account: str = "",
) -> tuple[Standpoint, tuple[AccountBalance, ...]]:
    """The trial balance over a period, of the accounts that begin with `account`.

    Raises ValueError when the period ends before it begins.
    """
    if date_to < date_from:
        raise ValueError(f"{date_from} to {date_to}")
    select = TRIAL.format(selected=sql.SQL("starts_with(account, %(account)s)"))
    listing = Listing(HEAD, Standpoint, select, AccountBalance)
    parameters = {
        "book": book_id,
        "account": account,
        "date_from": date_from,
        "date_to": date_to,
        "first_month": date_from.replace(day=1),
    }
    order: Order = (("account", False), ("currency", False))
    return read_all(conn, listing, order, parameters)


def total_journals(
    conn: Connection[Any], book_id: str, wanted: LedgerFilter
) -> tuple[Standpoint, tuple[JournalTotal, ...]]:
    """What each journal moved: entries, lines, and both sums."""
    select = TOTALS.format(conditions=both(where(asdict(wanted), {**SELECTING, **DATES})))
    listing = Listing(HEAD, Standpoint, select, JournalTotal)
    order: Order = (("journal", False), ("currency", False))
    return read_all(conn, listing, order, _parameters(book_id, wanted))


def _parameters(book_id: str, wanted: LedgerFilter) -> Mapping[str, Any]:
    return {"book": book_id, **asdict(wanted)}
