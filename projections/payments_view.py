"""Questions about payments to the ledger: what moved on bank accounts and tills (V20).

`amount` is what came in, negative what went out, in minor units.
"""

from datetime import date
from typing import Any, Literal

from msgspec import Struct
from psycopg import Connection, sql

from projections.ledger_sql import CURSOR, SAID
from projections.page import (
    IN_PERIOD,
    Listing,
    Page,
    SortKey,
    Standpoint,
    asked,
    beyond,
    both,
    by_column,
    in_country,
    read_page,
    standpoint_of,
    where,
)
from projections.party_names import name_in


class PaymentFilter(Struct, frozen=True, kw_only=True):
    """Which payments: None means any. `lettered`: only with, or without, a living code."""

    direction: Literal["received", "sent"] | None = None
    journal: str | None = None
    party: str | None = None
    country: str | None = None
    account: str | None = None
    currency: str | None = None
    lettered: bool | None = None
    date_from: date | None = None
    date_to: date | None = None
    as_of: date | None = None
    q: str | None = None


class PaymentRow(Struct, frozen=True):
    """A payment, or its reversal: the line of its entry that stands against the money's."""

    entry: int
    line: int
    date: date
    journal: str
    journal_label: str
    series: str
    number: int
    document_kind: str
    document_id: str
    document_number: str
    direction: str
    account: str
    party: str
    party_name: str
    label: str
    currency: str
    amount: int
    codes: list[str]


SORT_COLUMNS = tuple(each for each in PaymentRow.__struct_fields__ if each != "codes")
SELECTING = {
    "direction": "(credit > debit) = (%(direction)s = 'received')",
    "journal": "journal = %(journal)s",
    "party": "party = %(party)s",
    "country": in_country(),
    "account": "starts_with(account, %(account)s)",
    "currency": "currency = %(currency)s",
    "lettered": "(codes <> '{}') = %(lettered)s",
    "pattern": SAID,
    **IN_PERIOD,
}
# The first line of such an entry is that of the money; those after it say what it was for.
PAYMENTS = sql.SQL("""
SELECT entry, line, date, journal, journal_label, series, number, document_kind, document_id,
    document_number, CASE WHEN credit > debit THEN 'received' ELSE 'sent' END AS direction,
    account, party, {name} AS party_name, label, currency, credit - debit AS amount, codes
FROM ledger_line JOIN (
    SELECT journal, label AS journal_label FROM ledger_journal
    WHERE book_id = %(book)s AND kind IN ('bank', 'cash')
) AS of_money USING (journal)
WHERE document_kind IN ('payment', 'payment_reversal') AND line > 0 AND {conditions}
""")


def list_payments(
    conn: Connection[Any],
    book_id: str,
    wanted: PaymentFilter,
    *,
    sort: str = "date",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, PaymentRow]:
    """A page of payments by one of SORT_COLUMNS, descending behind a `-`; raises ValueError."""
    order = by_column(sort, SORT_COLUMNS, {}, ("entry", "line"))
    given = asked(book_id, wanted)
    payments = PAYMENTS.format(
        name=name_in("ledger_party", "ledger_line.party"), conditions=both(where(given, SELECTING))
    )
    select = sql.SQL("SELECT * FROM ({}) AS payment WHERE {}").format(
        payments, both([sql.SQL("true"), *beyond(order, after)])
    )
    listing = Listing(standpoint_of(wanted, CURSOR), Standpoint, select, PaymentRow)
    return read_page(conn, listing, order, given, after=after, limit=limit)
