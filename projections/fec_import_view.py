"""Questions of an import to the ledger and the unpaid: what stands on each account of its days."""

from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict
from psycopg import Connection


class Part(Struct, frozen=True, kw_only=True):
    """The lines of a book that are meant: dated in these days, both counted; None: any journal."""

    book: str
    first: date
    until: date
    journal: str | None


BALANCES = """
SELECT account, sum(debit - credit)::bigint FROM ledger_line
WHERE book_id = %(book)s AND date BETWEEN %(first)s AND %(until)s
    AND journal = coalesce(%(journal)s::text, journal)
GROUP BY account
"""
OPEN_ITEMS = """
SELECT account, count(*), sum(open)::bigint FROM open_item
WHERE book_id = %(book)s AND date BETWEEN %(first)s AND %(until)s
    AND journal = coalesce(%(journal)s::text, journal) AND party <> '' AND open <> 0
GROUP BY account
"""


def sum_balances(conn: Connection[Any], part: Part) -> dict[str, int]:
    """The balance of each account, debit positive."""
    return dict(conn.execute(BALANCES, asdict(part)).fetchall())


def sum_open_items(conn: Connection[Any], part: Part) -> dict[str, tuple[int, int]]:
    """How many items of each account are open now, and their sum."""
    rows = conn.execute(OPEN_ITEMS, asdict(part)).fetchall()
    return {account: (items, amount) for account, items, amount in rows}
