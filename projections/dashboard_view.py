"""Where the registers behind figures stand together: a dashboard is a view over them, no register.

A figure is the sum of a list; see services/dashboard.py.
"""

from datetime import datetime
from typing import Any

from psycopg import Connection, sql

from projections.page import Standpoint, standpoint_in

ASKED = ("history", "ledger", "sales_documents", "unpaid", "vat_register")
HEAD = standpoint_in(*(f"{name}_cursor" for name in ASKED))


def stand(conn: Connection[Any], book_id: str) -> tuple[Standpoint, datetime]:
    """Where these registers stand, the one furthest back counting, and the database's clock."""
    select = sql.SQL("SELECT head.*, now() FROM ({}) AS head").format(HEAD)
    found = conn.execute(select, {"book": book_id}).fetchone()
    if found is None:
        raise LookupError(book_id)
    return Standpoint(*found[:-1]), found[-1]
