"""Questions that only explaining a figure asks: an account's lines, what settled open items."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from psycopg import Connection, sql

from projections.page import (
    Listing,
    Order,
    Page,
    SortKey,
    Standpoint,
    asked,
    beyond,
    both,
    read_page,
    standpoint_in,
    where,
)

ORDER: Order = tuple((each, False) for each in ("date", "entry", "line"))
HEAD = standpoint_in("ledger_cursor")
CONDITIONS = {
    "account": "account = %(account)s",
    "currency": "currency = %(currency)s",
    "date_from": "date >= %(date_from)s",
    "date_to": "date <= %(date_to)s",
}
LINES = sql.SQL(
    "SELECT entry, line, date, document_id, document_number, label, debit, credit, coalesce(("
    "SELECT name FROM ledger_party AS who WHERE who.book_id = %(book)s "
    "AND who.party = ledger_line.party), '') AS party_name FROM ledger_line WHERE {}"
)
SETTLED = """
SELECT entry, line, settled_at, sum(amount)::bigint FROM open_item_settlement
WHERE book_id = %(book)s AND (entry, line) IN (
    SELECT * FROM unnest(%(entries)s::bigint[], %(lines)s::integer[])
) AND (%(as_of)s::date IS NULL OR date <= %(as_of)s)
GROUP BY entry, line, settled_at ORDER BY entry, line, settled_at
"""


class OfAccount(Struct, frozen=True, kw_only=True):
    """The lines of exactly this account in a currency, within two days; None: no limit."""

    account: str
    currency: str
    date_from: date | None = None
    date_to: date | None = None


class AccountLine(Struct, frozen=True):
    """A line of an account."""

    entry: int
    line: int
    date: date
    document_id: str
    document_number: str
    label: str
    debit: int
    credit: int
    party_name: str


def list_account(
    conn: Connection[Any],
    book_id: str,
    wanted: OfAccount,
    *,
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, AccountLine]:
    """A page of the lines of an account by date."""
    parameters = asked(book_id, wanted)
    select = LINES.format(both([*where(parameters, CONDITIONS), *beyond(ORDER, after)]))
    listing = Listing(HEAD, Standpoint, select, AccountLine)
    return read_page(conn, listing, ORDER, parameters, after=after, limit=limit)


def settlements_of(
    conn: Connection[Any], book_id: str, items: Sequence[tuple[int, int]], as_of: date | None
) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """What each event up to a value date took off open items: (position, amount), in order."""
    parameters = {
        "book": book_id,
        "entries": [entry for entry, _ in items],
        "lines": [line for _, line in items],
        "as_of": as_of,
    }
    found: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for entry, line, position, amount in conn.execute(SETTLED, parameters).fetchall():
        found.setdefault((entry, line), []).append((position, amount))
    return found
