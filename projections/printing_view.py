"""Questions to the printing register: the documents sent to customers, and how far each has come.

What a document says comes from the register of sales documents, of a reminder from its own letter.
"""

from datetime import date
from typing import Any, Literal, get_args

from msgspec import Struct
from psycopg import Connection, sql

from projections.page import (
    IN_PERIOD,
    Listing,
    Page,
    SortKey,
    Standpoint,
    asked,
    beyond,
    both,
    by_rank,
    columns,
    in_country,
    read_all,
    read_page,
    standpoint_of,
    where,
)
from projections.searching import says

SentKind = Literal[
    "quote", "order", "delivery", "deposit_request", "invoice", "credit_note", "reminder"
]
SentState = Literal["issued", "printed", "sent", "opened", "failed"]
Channel = Literal["email", "post"]
SortColumn = Literal[
    "date",
    "kind",
    "number",
    "party",
    "party_name",
    "currency",
    "amount",
    "state",
    "channel",
    "sent_on",
    "duplicates",
    "issued_at",
    "document_id",
    "original",
]
SORT_COLUMNS: tuple[SortColumn, ...] = get_args(SortColumn)


class SentFilter(Struct, frozen=True, kw_only=True):
    """Which documents: None means any. `date` is the day of issue.

    `as_of` draws the list up as of a value date: none issued later, and what left later had not.
    """

    kind: SentKind | None = None
    state: SentState | None = None
    channel: Channel | None = None
    party: str | None = None
    country: str | None = None
    currency: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    as_of: date | None = None
    q: str | None = None


class SentDocument(Struct, frozen=True):
    """A document as it was last issued, at that position; `original` is its PDF's digest or empty.

    `state`: issued, then printed, then sent where an event says so, by `channel` on `sent_on`,
    then opened, where it was a link that was sent; or failed. `amount` with VAT, in minor units,
    positive for every kind; `rank` is what the list is sorted by.
    """

    kind: str
    document_id: str
    number: str
    sent_on: date | None
    date: date
    party: str
    party_name: str
    currency: str
    amount: int
    state: str
    channel: str
    original: str
    duplicates: int
    issued_at: int
    rank: Any


class SentTotal(Struct, frozen=True):
    """The documents of one kind in one state and currency."""

    kind: str
    state: str
    currency: str
    documents: int
    amount: int


CURSORS = ("printing_cursor", "sales_documents_cursor")
# A quote is issued by having gone to the customer: the event says so, not by which channel.
DOCUMENTS = """(
    SELECT issued.book_id, issued.kind, issued.document_id, issued.issued_at, issued.original,
        issued.duplicates, document.number, document.issue_date AS date,
        document.customer_id AS party, document.customer_name AS party_name, document.currency,
        document.gross AS amount,
        CASE WHEN issued.mailed_on {then} THEN 'email' ELSE '' END COLLATE "C" AS channel,
        CASE WHEN issued.mailed_on {then} THEN issued.mailed_on END AS sent_on,
        CASE WHEN issued.opened AND coalesce(issued.mailed_on {then}, true) THEN 'opened'
            WHEN issued.mailed_on {then} OR issued.kind = 'quote' THEN 'sent'
            WHEN issued.original <> '' THEN 'printed' ELSE 'issued' END COLLATE "C" AS state
    FROM issued_document AS issued JOIN sales_document AS document
        ON document.book_id = issued.book_id AND document.id = issued.document_id
    WHERE issued.book_id = %(book)s AND document.issue_date IS NOT NULL
    UNION ALL
    SELECT issued.book_id, issued.kind, issued.document_id, issued.issued_at, issued.original,
        issued.duplicates, letter.number, letter.issue_date, letter.party, letter.party_name,
        letter.currency, letter.amount, letter.channel,
        CASE WHEN letter.sent_on {then} THEN letter.sent_on END,
        CASE WHEN letter.sent_on {then} THEN 'sent' WHEN letter.failed THEN 'failed'
            WHEN issued.original <> '' THEN 'printed' ELSE 'issued' END COLLATE "C"
    FROM issued_document AS issued JOIN issued_letter AS letter
        ON letter.book_id = issued.book_id AND letter.document_id = issued.document_id
    WHERE issued.book_id = %(book)s AND issued.kind = 'reminder'
) AS sent"""
NOW = sql.SQL(DOCUMENTS.format(then="IS NOT NULL"))
# On a past day: what left later had not left.
AS_OF = sql.SQL(DOCUMENTS.format(then="<= %(as_of)s"))
RANKED = sql.SQL("(SELECT *, {rank} AS rank FROM {documents}) AS ranked")
RANKS = {"sent_on": sql.SQL("coalesce(sent_on, '9999-12-31')")}
CONDITIONS = {
    "kind": "kind = %(kind)s",
    "state": "state = %(state)s",
    "channel": "channel = %(channel)s",
    "party": "party = %(party)s",
    "country": in_country(),
    "currency": "currency = %(currency)s",
    **IN_PERIOD,
    "amount_from": "amount >= %(amount_from)s",
    "amount_to": "amount <= %(amount_to)s",
    "pattern": says("number", "party_name"),
}


def list_sent(
    conn: Connection[Any],
    book_id: str,
    wanted: SentFilter,
    *,
    sort: str = "-date",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, SentDocument]:
    """A page of documents by a column of SORT_COLUMNS, descending behind a `-`."""
    _, rank, order = by_rank(sort, SORT_COLUMNS, RANKS, ("issued_at", "document_id"))
    parameters = asked(book_id, wanted)
    select = sql.SQL("SELECT {} FROM {} WHERE {}").format(
        columns(SentDocument),
        RANKED.format(rank=rank, documents=_documents(wanted)),
        both([*where(parameters, CONDITIONS), *beyond(order, after)]),
    )
    listing = Listing(standpoint_of(wanted, *CURSORS), Standpoint, select, SentDocument)
    return read_page(conn, listing, order, parameters, after=after, limit=limit)


def summarise_sent(
    conn: Connection[Any], book_id: str, wanted: SentFilter
) -> tuple[Standpoint, tuple[SentTotal, ...]]:
    """The totals of the same documents, by kind, state and currency."""
    parameters = asked(book_id, wanted)
    select = sql.SQL(
        "SELECT kind, state, currency, count(*) AS documents, sum(amount)::bigint AS amount "
        "FROM {} WHERE {} GROUP BY kind, state, currency"
    ).format(_documents(wanted), both(where(parameters, CONDITIONS)))
    listing = Listing(standpoint_of(wanted, *CURSORS), Standpoint, select, SentTotal)
    order = (("kind", False), ("state", False), ("currency", False))
    return read_all(conn, listing, order, parameters)


def _documents(wanted: SentFilter) -> sql.SQL:
    return NOW if wanted.as_of is None else AS_OF
