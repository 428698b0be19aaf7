"""Questions to the archives: documents by tab, their paid state, and who or what settled them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import asdict
from psycopg import Connection, sql

from domain.ledger.chart import JournalKind
from projections.page import (
    Listing,
    Order,
    Page,
    SortKey,
    Standpoint,
    beyond,
    both,
    read_all,
    read_page,
    standpoint_in,
    where,
)
from projections.searching import pattern, says

Sort = Literal["date", "-date"]
ORDERS: dict[Sort, Order] = {
    "date": (("date", False), ("entry", False)),
    "-date": (("date", True), ("entry", True)),
}


class Tab(Struct, frozen=True):
    """A tab of the archives: the documents booked in journals of these kinds."""

    name: str
    label: str
    kinds: tuple[JournalKind, ...]


TABS: tuple[Tab, ...] = (
    Tab("sales", "Ventes", ("sale",)),
    Tab("purchases", "Achats", ("purchase",)),
    Tab("bank", "Banque", ("bank", "cash")),
    Tab("other", "Divers", ("miscellaneous",)),
)
"""Every kind of journal stands in exactly one tab, so every document does (C5)."""


class ArchiveFilter(Struct, frozen=True, kw_only=True):
    """Which documents: None means any. `paid` False: with something open, wholly or in part."""

    tab: str | None = None
    journal: str | None = None
    kind: str | None = None
    document_id: str | None = None
    party: str | None = None
    currency: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    paid: bool | None = None
    q: str | None = None


class ArchiveRow(Struct, frozen=True):
    """A document. `amount` as `ArchivedDocument` says; `open` has the sign of `amount`.

    `paid`: wholly lettered (C7); None without a third-party line. `settled_by` has one object a
    lettering: its code, date, this document's share, and the documents on the other side.
    `settled_how`: bank, credit_note, entry, invoice, or mixed.
    """

    entry: int
    journal: str
    journal_kind: str
    series: str
    piece: int
    kind: str
    document_id: str
    number: str
    entry_date: date
    due_date: date | None
    date: date
    party: str
    party_name: str
    label: str
    currency: str
    amount: int
    open: int | None
    paid: bool | None
    files: list[str]
    settled_by: list[dict[str, Any]]

    @property
    def settled_how(self) -> str | None:
        """What kind of document settled this one; None while nothing did."""
        kinds = {HOW.get(x["kind"], x["kind"]) for s in self.settled_by for x in s["documents"]}
        return None if not kinds else kinds.pop() if len(kinds) == 1 else "mixed"


HOW = {"payment": "bank", "bill_credit_note": "credit_note", "bill": "invoice"}


class ArchiveTotal(Struct, frozen=True):
    """The documents of one kind of journal in one currency."""

    journal_kind: str
    currency: str
    documents: int
    amount: int
    open: int
    unpaid: int


HEAD = standpoint_in("archives_cursor")
CONDITIONS = {
    "one_kind": "journal_kind = %(one_kind)s",  # so that the tab's own index gives the order
    "kinds": "journal_kind = ANY(%(kinds)s)",
    "journal": "journal = %(journal)s",
    "kind": "kind = %(kind)s",
    "document_id": "document_id = %(document_id)s",
    "party": "party = %(party)s",
    "currency": "currency = %(currency)s",
    "date_from": "date >= %(date_from)s",
    "date_to": "date <= %(date_to)s",
    "due_from": "due_date >= %(due_from)s",
    "due_to": "due_date <= %(due_to)s",
    "pattern": says("number", "label", "party_name"),
    "paid": "(unsettled = 0) = %(paid)s",
}
OPEN = sql.SQL("CASE WHEN amount < 0 THEN -unsettled ELSE unsettled END")
# The other side of a lettering: shares of the opposite sign.
SETTLED_BY = sql.SQL("""
coalesce((
    SELECT jsonb_agg(jsonb_build_object(
        'lettering_id', own.lettering_id, 'code', own.code, 'date', own.date,
        'complete', own.complete, 'amount', abs(own.amount), 'documents', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                'entry', other.entry, 'kind', document.kind, 'document_id', document.document_id,
                'number', document.number, 'date', document.date, 'journal', document.journal,
                'amount', abs(other.amount)) ORDER BY other.entry), '[]')
            FROM archive_settlement AS other JOIN archive_document AS document
                ON document.book_id = other.book_id AND document.entry = other.entry
            WHERE other.book_id = own.book_id AND other.lettering_id = own.lettering_id
                AND other.entry <> own.entry AND sign(other.amount) <> sign(own.amount))
        ) ORDER BY own.date, own.lettering_id)
    FROM archive_settlement AS own
    WHERE own.book_id = %(book)s AND own.entry = page.entry
), '[]')""")
PAGE = sql.SQL("""
SELECT entry, journal, journal_kind, series, piece, kind, document_id, number, entry_date,
    due_date, date, party, party_name, label, currency, amount, {open} AS open,
    unsettled = 0 AS paid, files, {settled_by} AS settled_by
FROM (SELECT * FROM archive_document WHERE {conditions} ORDER BY {order} LIMIT %(limit)s) AS page
""")


def list_documents(
    conn: Connection[Any],
    book_id: str,
    wanted: ArchiveFilter,
    *,
    sort: Sort = "-date",
    after: SortKey | None = None,
    limit: int = 50,
    tabs: Sequence[Tab] = TABS,
) -> Page[Standpoint, ArchiveRow]:
    """A page of documents by date; raises KeyError for a tab that is not configured."""
    order, parameters = ORDERS[sort], _parameters(book_id, wanted, tabs)
    way = sql.SQL("date DESC, entry DESC" if order[0][1] else "date, entry")
    select = PAGE.format(
        open=OPEN,
        settled_by=SETTLED_BY,
        conditions=both([*where(parameters, CONDITIONS), *beyond(order, after)]),
        order=way,
    )
    listing = Listing(HEAD, Standpoint, select, ArchiveRow)
    return read_page(conn, listing, order, parameters, after=after, limit=limit)


def summarise(
    conn: Connection[Any], book_id: str, wanted: ArchiveFilter, *, tabs: Sequence[Tab] = TABS
) -> tuple[Standpoint, tuple[ArchiveTotal, ...]]:
    """The totals of the same documents, by kind of journal and currency."""
    parameters = _parameters(book_id, wanted, tabs)
    select = sql.SQL(
        "SELECT journal_kind, currency, count(*) AS documents, sum(amount)::bigint AS amount, "
        "coalesce(sum({open}), 0)::bigint AS open, count(*) FILTER (WHERE unsettled > 0) AS unpaid "
        "FROM archive_document WHERE {conditions} GROUP BY journal_kind, currency"
    ).format(open=OPEN, conditions=both(where(parameters, CONDITIONS)))
    listing = Listing(HEAD, Standpoint, select, ArchiveTotal)
    return read_all(conn, listing, (("journal_kind", False), ("currency", False)), parameters)


def _parameters(book_id: str, wanted: ArchiveFilter, tabs: Sequence[Tab]) -> Mapping[str, Any]:
    kinds = {tab.name: list(tab.kinds) for tab in tabs}
    chosen = kinds[wanted.tab] if wanted.tab is not None else None
    one = chosen[0] if chosen and len(chosen) == 1 else None
    return {
        "book": book_id,
        "kinds": None if one else chosen,
        "one_kind": one,
        "pattern": None if wanted.q is None else pattern(wanted.q),
        **asdict(wanted),
    }
