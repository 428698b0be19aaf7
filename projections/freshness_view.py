"""Questions to the freshness register: how far each bank journal is booked (C3)."""

from datetime import date
from typing import Any

from msgspec import Struct
from psycopg import Connection, sql

from projections.page import Listing, Standpoint, read_all, standpoint_in

HEAD = standpoint_in("freshness_cursor")


class Bank(Struct, frozen=True):
    """A bank journal and the day up to which it is booked; None before its first entry."""

    journal: str
    label: str
    booked_until: date | None
    by_statement: bool


def list_banks(conn: Connection[Any], book_id: str) -> tuple[Standpoint, tuple[Bank, ...]]:
    """The bank journals: which one holds `bank_booked_until` back."""
    select = sql.SQL(
        "SELECT journal, label, booked_until, by_statement FROM bank_journal "
        "WHERE book_id = %(book)s"
    )
    listing = Listing(HEAD, Standpoint, select, Bank)
    return read_all(conn, listing, (("journal", False),), {"book": book_id})
