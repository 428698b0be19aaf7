"""Questions of the firm's software to the ledger: each line with all that its import asks for."""

from datetime import date
from typing import Any

from msgspec import Struct
from psycopg import Connection, sql

from projections.ledger_sql import HEAD, SELECTING
from projections.ledger_view import BY_JOURNAL
from projections.page import (
    Listing,
    Page,
    SortKey,
    Standpoint,
    asked,
    beyond,
    both,
    read_page,
    where,
)


class AccountingFilter(Struct, frozen=True, kw_only=True):
    """Which lines: those of a period, perhaps of one journal."""

    date_from: date
    date_to: date
    journal: str | None = None


class AccountingLine(Struct, frozen=True):
    """A line of an entry, with its journal and third party as they are called today.

    `since` is the event that made the third party known, 0 without one.
    """

    journal: str
    journal_label: str
    journal_kind: str
    series: str
    number: int
    entry: int
    line: int
    posted_on: date
    account: str
    party: str
    party_name: str
    auxiliary: str
    since: int
    document_kind: str
    document_id: str
    document_number: str
    document_date: date
    due_date: date | None
    date: date
    label: str
    currency: str
    debit: int
    credit: int
    codes: list[str]


DATES = {"date_from": "date >= %(date_from)s", "date_to": "date <= %(date_to)s"}
LINES = sql.SQL("""
SELECT own.journal, coalesce(of_journal.label, own.journal) AS journal_label,
    coalesce(of_journal.kind, 'miscellaneous') AS journal_kind, series, number, entry, line,
    posted_on, account, own.party, coalesce(who.name, '') AS party_name,
    coalesce(who.auxiliary, '') AS auxiliary, coalesce(who.since, 0) AS since, document_kind,
    document_id, document_number, document_date, due_date, date, own.label, currency, debit,
    credit, codes
FROM (
    SELECT * FROM ledger_line WHERE {conditions}
    ORDER BY journal, date, series, number, entry, line LIMIT %(limit)s
) AS own
LEFT JOIN ledger_journal AS of_journal
    ON of_journal.book_id = own.book_id AND of_journal.journal = own.journal
LEFT JOIN ledger_party AS who ON who.book_id = own.book_id AND who.party = own.party
""")


def list_accounting(
    conn: Connection[Any],
    book_id: str,
    wanted: AccountingFilter,
    *,
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, AccountingLine]:
    """A page of lines by journal, date and number of the entry."""
    given = asked(book_id, wanted)
    select = LINES.format(
        conditions=both([*where(given, {**SELECTING, **DATES}), *beyond(BY_JOURNAL, after)])
    )
    listing = Listing(HEAD, Standpoint, select, AccountingLine)
    return read_page(conn, listing, BY_JOURNAL, given, after=after, limit=limit)
