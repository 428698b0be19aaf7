"""What is wrong with the journals of the bank, as their movements and statements show it (C12)."""

from datetime import date
from typing import Any, Literal

from msgspec import Struct
from psycopg import Connection, sql

from projections.page import JudgedOn, Listing, read_all, standpoint_in

Fault = Literal["no_statement", "not_booked", "statement_missing", "balance_gap", "suspense"]


class Finding(Struct, frozen=True):
    """A fault of a journal; `statement` names the statement before which one is missing.

    `amount` is what waits in suspense, or what a statement opens with more than the one before
    closed with; `since` the day up to which all is well, or the oldest that waits.
    """

    journal: str
    label: str
    fault: str
    currency: str
    statement: str
    count: int
    amount: int
    since: date | None


DAY = sql.SQL("""
coalesce(%(on)s::date, (
    SELECT (now() AT TIME ZONE time_zone)::date FROM money_accounts WHERE book_id = %(book)s
))""")
HEAD = sql.SQL("{}, {} AS judged_on").format(standpoint_in("bank_transactions_cursor"), DAY)
FINDINGS = sql.SQL("""
WITH sequence AS (
    SELECT journal, currency, name, number, year, opening,
        lag(number) OVER account AS last_number, lag(year) OVER account AS last_year,
        lag(closing) OVER account AS last_closing, lag(closed_on) OVER account AS last_day,
        row_number() OVER account AS nth
    FROM bank_transaction_statement WHERE book_id = %(book)s
    WINDOW account AS (PARTITION BY bank_transaction_statement.account ORDER BY position)
), finding AS (
    SELECT journal, 'no_statement' AS fault, '' AS currency, '' AS statement, 0::bigint AS count,
        0::bigint AS amount, booked_until AS since
    FROM bank_journal WHERE book_id = %(book)s AND NOT by_statement
    UNION ALL
    SELECT journal, 'not_booked', '', '', coalesce({day} - booked_until, 0), 0, booked_until
    FROM bank_journal WHERE book_id = %(book)s
        AND coalesce(booked_until < {day} - %(days)s::integer, true)
    UNION ALL
    SELECT journal, 'statement_missing', currency, name, number - last_number - 1, 0, last_day
    FROM sequence WHERE number > 0 AND last_number > 0
        AND NOT (year >= last_year AND number = last_number + 1)
        AND NOT (year > last_year AND number = 1)
    UNION ALL
    SELECT journal, 'balance_gap', currency, name, 0, opening - coalesce(last_closing, opening),
        last_day
    FROM sequence WHERE nth > 1 AND opening IS DISTINCT FROM last_closing
    UNION ALL
    SELECT journal, 'suspense', currency, '', count(*), sum(amount)::bigint, min(date)
    FROM bank_transaction WHERE book_id = %(book)s AND entry > 0 AND waits
        AND assigned_on IS NULL AND reversed_on IS NULL
    GROUP BY journal, currency
)
SELECT finding.journal, coalesce(bank_journal.label, '') AS label, fault, currency, statement,
    count, amount, since
FROM finding LEFT JOIN bank_journal
    ON bank_journal.book_id = %(book)s AND bank_journal.journal = finding.journal
""")
ORDER = tuple((each, False) for each in ("journal", "fault", "since", "statement", "currency"))


def diagnose(
    conn: Connection[Any], book_id: str, *, days: int, on: date | None = None
) -> tuple[JudgedOn, tuple[Finding, ...]]:
    """The faults by journal; one that is booked `days` ago or longer, on a day, is late."""
    listing = Listing(HEAD, JudgedOn, FINDINGS.format(day=DAY), Finding)
    return read_all(conn, listing, ORDER, {"book": book_id, "days": days, "on": on})
