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
    read_all,
    read_page,
    standpoint_in,
    where,
)

BY_ACCOUNT: Order = tuple(
    (column, False) for column in ("account", "currency", "date", "entry", "line")
)
BY_JOURNAL: Order = tuple(
    (column, False) for column in ("journal", "date", "series", "number", "entry", "line")
)
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
    """A line of the general ledger; `carried` is the account's balance before its first line on
    the page and `balance` that after this line, both debit minus credit."""

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
# The page is cut first; then each account on it gets what lies before its first line there.
GENERAL = sql.SQL("""
WITH cut AS (
    SELECT * FROM ledger_line WHERE {conditions}
    ORDER BY account, currency, date, entry, line LIMIT %(limit)s
), first AS (
    SELECT DISTINCT ON (account, currency) account, currency, date, entry, line
    FROM cut ORDER BY account, currency, date, entry, line
), opening AS MATERIALIZED (
    SELECT first.account, first.currency, coalesce((
        SELECT sum(debit - credit) FROM ledger_line AS earlier
        WHERE {selected} AND earlier.account = first.account
            AND earlier.currency = first.currency
            AND (earlier.date, earlier.entry, earlier.line) < (first.date, first.entry, first.line)
    ), 0)::bigint AS carried FROM first
)
SELECT entry, line, account, party, {name} AS party_name, posted_on, date, journal, series,
    number, document_kind, document_id, document_number, label, currency, debit, credit, codes,
    carried, (carried + sum(debit - credit) OVER (
        PARTITION BY account, currency ORDER BY date, entry, line
    ))::bigint AS balance
FROM cut JOIN opening USING (account, currency)
""")
JOURNAL = sql.SQL(
    "SELECT journal, series, number, entry, line, account, party, {name} AS party_name, "
    "posted_on, date, document_kind, document_id, document_number, label, currency, debit, credit "
    "FROM ledger_line WHERE {conditions}"
)
# Whole months from their sums, the days that remain from the lines: before `date_from` they open
# the account, from then on they are what it moved.
TRIAL = sql.SQL("""
WITH part AS (
    SELECT account, currency, debit, credit, month < %(first_month)s AS before
    FROM ledger_month
    WHERE book_id = %(book)s AND month < %(last_month)s AND {selected}
    UNION ALL
    SELECT account, currency, debit, credit, date < %(date_from)s
    FROM ledger_line
    WHERE book_id = %(book)s AND date >= %(last_month)s AND date <= %(date_to)s AND {selected}
    UNION ALL
    SELECT account, currency, sign * debit, sign * credit, sign = 1
    FROM ledger_line, (VALUES (1), (-1)) AS moved(sign)
    WHERE book_id = %(book)s AND date >= %(first_month)s AND date < %(date_from)s
        AND %(first_month)s < %(last_month)s AND {selected}
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
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, LedgerRow]:
    """A page of the general ledger: by account, then by date, with the running balance (C14)."""
    given = asdict(wanted)
    select = GENERAL.format(
        conditions=both([*where(given, {**SELECTING, **DATES}), *beyond(BY_ACCOUNT, after)]),
        selected=both(where(given, SELECTING)),
        name=NAME.format(sql.SQL("cut.party")),
    )
    listing = Listing(HEAD, Standpoint, select, LedgerRow)
    parameters = _parameters(book_id, wanted)
    return read_page(conn, listing, BY_ACCOUNT, parameters, after=after, limit=limit)


def list_journal(
    conn: Connection[Any],
    book_id: str,
    wanted: LedgerFilter,
    *,
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, JournalRow]:
    """A page of the journals: by journal, date and number of the entry."""
    conditions = [*where(asdict(wanted), {**SELECTING, **DATES}), *beyond(BY_JOURNAL, after)]
    select = JOURNAL.format(
        name=NAME.format(sql.SQL("ledger_line.party")), conditions=both(conditions)
    )
    listing = Listing(HEAD, Standpoint, select, JournalRow)
    parameters = _parameters(book_id, wanted)
    return read_page(conn, listing, BY_JOURNAL, parameters, after=after, limit=limit)


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
        "last_month": date_to.replace(day=1),
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
