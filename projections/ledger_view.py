"""Questions to the ledger: general ledger with running balances, journals, trial balance."""

from datetime import date
from typing import Any

from msgspec import Struct
from psycopg import Connection, sql

from projections.ledger_sql import CURSOR, HEAD, LINES, SELECTING, TOTALS, TRIAL
from projections.page import (
    IN_PERIOD,
    Listing,
    Order,
    Page,
    SortKey,
    Standpoint,
    asked,
    beyond,
    both,
    by_column,
    columns,
    order_by,
    read_all,
    read_page,
    standpoint_of,
    where,
)
from projections.running import running_page

BY_ACCOUNT = {"account": ("account", "currency", "date", "entry", "line")}
IN_JOURNAL = {"journal": ("journal", "date", "series", "number", "entry", "line")}
UNIQUE = ("entry", "line")
BY_JOURNAL: Order = by_column("journal", IN_JOURNAL, IN_JOURNAL, UNIQUE)


class LedgerFilter(Struct, frozen=True, kw_only=True):
    """Which lines: None means any; `account` is a prefix, so "41" is every account of 41."""

    account: str | None = None
    party: str | None = None
    country: str | None = None
    journal: str | None = None
    currency: str | None = None
    document_id: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    as_of: date | None = None
    q: str | None = None


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
    order = by_column(sort, LEDGER_COLUMNS, BY_ACCOUNT, UNIQUE)
    given = asked(book_id, wanted)
    select = running_page(
        "ledger_line",
        ("account", "currency"),
        lines=LINES,
        conditions=both([*where(given, {**SELECTING, **IN_PERIOD}), *beyond(order, after)]),
        order=order_by(order),
        selected=both(where(given, SELECTING)),
        columns=columns(LedgerRow),
    )
    listing = Listing(standpoint_of(wanted, CURSOR), Standpoint, select, LedgerRow)
    return read_page(conn, listing, order, given, after=after, limit=limit)


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
    order = by_column(sort, JOURNAL_COLUMNS, IN_JOURNAL, UNIQUE)
    given = asked(book_id, wanted)
    conditions = [*where(given, {**SELECTING, **IN_PERIOD}), *beyond(order, after)]
    select = sql.SQL("SELECT {} FROM {} WHERE {}").format(
        columns(JournalRow), LINES, both(conditions)
    )
    listing = Listing(standpoint_of(wanted, CURSOR), Standpoint, select, JournalRow)
    return read_page(conn, listing, order, given, after=after, limit=limit)


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
    given = asked(book_id, wanted)
    select = TOTALS.format(conditions=both(where(given, {**SELECTING, **IN_PERIOD})))
    listing = Listing(standpoint_of(wanted, CURSOR), Standpoint, select, JournalTotal)
    order: Order = (("journal", False), ("currency", False))
    return read_all(conn, listing, order, given)
