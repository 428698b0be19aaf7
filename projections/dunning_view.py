"""Questions that reminders ask of the unpaid register: what is overdue, what credit is open."""

from datetime import date
from typing import Any

from msgspec import Struct
from psycopg import Connection, sql

from projections.page import Listing, Standpoint, read_all
from projections.unpaid_view import HEAD


class OverdueLine(Struct, frozen=True):
    """A line of an invoice's entry of which something is open, though its day has passed."""

    party: str
    currency: str
    due_date: date
    entry: int
    line: int


class OpenCredit(Struct, frozen=True):
    """What of a customer's money and credit notes no lettering has taken, in minor units."""

    party: str
    currency: str
    amount: int


OVERDUE = sql.SQL(
    "SELECT party, currency, due_date, entry, line FROM open_item WHERE book_id = %(book)s "
    "AND open > 0 AND side = 'customers' AND document_kind = 'invoice' AND due_date < %(today)s"
)
CREDITS = sql.SQL(
    "SELECT party, currency, sum(-open)::bigint AS amount FROM open_item "
    "WHERE book_id = %(book)s AND open < 0 AND side = 'customers' GROUP BY party, currency"
)
BY_PARTY = (("party", False), ("currency", False))
BY_DAY = (*BY_PARTY, ("due_date", False), ("entry", False), ("line", False))


def list_overdue(
    conn: Connection[Any], book_id: str, today: date
) -> tuple[Standpoint, tuple[OverdueLine, ...]]:
    """The overdue instalments of customers' invoices, by customer and due date."""
    listing = Listing(HEAD, Standpoint, OVERDUE, OverdueLine)
    return read_all(conn, listing, BY_DAY, {"book": book_id, "today": today})


def list_credits(conn: Connection[Any], book_id: str) -> tuple[Standpoint, tuple[OpenCredit, ...]]:
    """What is open of customers' payments and credit notes, by customer and currency."""
    listing = Listing(HEAD, Standpoint, CREDITS, OpenCredit)
    return read_all(conn, listing, BY_PARTY, {"book": book_id})
