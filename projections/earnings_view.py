"""Questions to the ledger: revenues and expenses, line by line and added up (V22, V23).

Amounts are minor units without VAT. What a company earns is positive among revenues, what it
costs positive among expenses: a credit note is negative. Currencies are never added up.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from msgspec import Struct
from psycopg import Connection, sql

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
    in_country,
    read_all,
    read_page,
    standpoint_of,
    where,
)
from projections.searching import says

Side = Literal["revenues", "expenses"]
By = Literal["account", "month", "party"]

CLASSES: Mapping[Side, tuple[str, int]] = {"revenues": ("7", 1), "expenses": ("6", -1)}
"""The class of accounts in France (PCG) as in Belgium (MAR), and the sign of credit − debit."""


class EarningsFilter(Struct, frozen=True, kw_only=True):
    """Which lines: None means any; `account` is a prefix within the class, dates those of entry."""

    account: str | None = None
    party: str | None = None
    country: str | None = None
    journal: str | None = None
    document_kind: str | None = None
    currency: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    as_of: date | None = None
    q: str | None = None


class EarningsRow(Struct, frozen=True):
    """A line on an account of the class; its third party is the one of its entry."""

    date: date
    entry: int
    line: int
    journal: str
    document_kind: str
    document_id: str
    document_number: str
    account: str
    party: str
    party_name: str
    label: str
    currency: str
    amount: int


class EarningsTotal(Struct, frozen=True):
    """What one account, month (its first day, ISO 8601) or third party comes to in a currency."""

    key: str
    name: str
    currency: str
    lines: int
    amount: int


SORT_COLUMNS = EarningsRow.__struct_fields__
CONDITIONS = {
    "account": "starts_with(account, %(account)s)",
    "party": "party = %(party)s",
    "country": in_country(),
    "journal": "journal = %(journal)s",
    "document_kind": "document_kind = %(document_kind)s",
    "currency": "currency = %(currency)s",
    **IN_PERIOD,
    "pattern": says("document_number", "party_name", "label"),
}
EARNED = sql.SQL("""(
SELECT earned.*, coalesce(who.party, '') AS party, coalesce(who.name, '') AS party_name
FROM (
    SELECT book_id, entry, line, date, journal, document_kind, document_id, document_number,
        account, label, currency, %(sign)s * (credit - debit) AS amount
    FROM ledger_line WHERE book_id = %(book)s AND starts_with(account, %(class)s)
) AS earned LEFT JOIN LATERAL (
    SELECT ledger_party.party, ledger_party.name FROM ledger_line AS other
    JOIN ledger_party ON ledger_party.book_id = %(book)s AND ledger_party.party = other.party
    WHERE other.book_id = %(book)s AND other.entry = earned.entry ORDER BY other.line LIMIT 1
) AS who ON true) AS earning""")
KEYS: Mapping[By, tuple[str, str]] = {
    "account": ("account", "''"),
    "month": ("date_trunc('month', date)::date::text", "''"),
    "party": ("party", "max(party_name)"),
}


def list_earnings(
    conn: Connection[Any],
    book_id: str,
    side: Side,
    wanted: EarningsFilter,
    *,
    sort: str = "date",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, EarningsRow]:
    """A page of what was earned or spent, by one of SORT_COLUMNS; raises ValueError."""
    order = by_column(sort, SORT_COLUMNS, {}, ("entry", "line"))
    select = sql.SQL("SELECT {} FROM {} WHERE {}").format(
        columns(EarningsRow), EARNED, both([*_conditions(wanted), *beyond(order, after)])
    )
    listing = Listing(standpoint_of(wanted, "ledger_cursor"), Standpoint, select, EarningsRow)
    parameters = _parameters(book_id, side, wanted)
    return read_page(conn, listing, order, parameters, after=after, limit=limit)


def total_earnings(
    conn: Connection[Any], book_id: str, side: Side, wanted: EarningsFilter, by: By = "account"
) -> tuple[Standpoint, tuple[EarningsTotal, ...]]:
    """What the lines of the list come to, by account, month or third party."""
    key, name = (sql.SQL(each) for each in KEYS[by])
    select = sql.SQL(
        "SELECT {} AS key, {} AS name, currency, count(*) AS lines, sum(amount)::bigint AS amount "
        "FROM {} WHERE {} GROUP BY 1, currency"
    ).format(key, name, EARNED, both(_conditions(wanted)))
    listing = Listing(standpoint_of(wanted, "ledger_cursor"), Standpoint, select, EarningsTotal)
    order: Order = (("key", False), ("currency", False))
    return read_all(conn, listing, order, _parameters(book_id, side, wanted))


def _conditions(wanted: EarningsFilter) -> list[sql.Composable]:
    return where(asked("", wanted), CONDITIONS)


def _parameters(book_id: str, side: Side, wanted: EarningsFilter) -> Mapping[str, Any]:
    account_class, sign = CLASSES[side]
    return {**asked(book_id, wanted), "class": account_class, "sign": sign}
