"""What kinds of sales documents there are, their states, and how a state is told from a row."""

from typing import Literal

from psycopg import sql

Kind = Literal["quote", "order", "delivery", "deposit_request", "invoice", "credit_note"]
Type = Literal["invoice", "deposit", "situation", "balance"]
State = Literal[
    "draft",
    "discarded",
    "sent",
    "accepted",
    "refused",
    "expired",
    "opened",
    "requested",
    "confirmed",
    "partly_delivered",
    "delivered",
    "issued",
    "partly_invoiced",
    "invoiced",
    "validated",
    "partly_paid",
    "settled",
    "cancelled",
    "written_off",
]
SETTLING: frozenset[str] = frozenset(
    {"validated", "partly_paid", "settled", "cancelled", "written_off"}
)
"""The states of a document whose stage is `validated`."""

DAY = sql.SQL("""
coalesce(%(on)s::date, (
    SELECT (now() AT TIME ZONE time_zone)::date FROM sales_book WHERE book_id = %(book)s
))""")
"""The day that expiry is judged by: the one asked for, or today where the company is."""
_STATE = sql.SQL("""
CASE
    WHEN stage IN ('draft', 'sent') AND valid_until < {day} THEN 'expired'
    WHEN stage <> 'validated' OR kind NOT IN ('invoice', 'credit_note') THEN stage
    WHEN {lost} THEN 'written_off'
    WHEN gross = 0 THEN 'settled'
    WHEN credited >= gross THEN 'cancelled'
    WHEN settling.open = 0 THEN 'settled'
    WHEN settling.open <> settling.amount THEN 'partly_paid'
    ELSE 'validated'
END""")
STATE = _STATE.format(day=DAY, lost=sql.SQL("written_off"))
"""The state of a document beside what is open on it, `settling`."""
STATE_THEN = _STATE.format(day=DAY, lost=sql.SQL("written_off AND settling.open = 0"))
"""The same on a day before, when something may have been open that was written off since."""
