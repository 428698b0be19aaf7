"""Questions about originals: the files of booked documents, and the prints of those we issued.

Archives and prints are two registers; whoever asks sees to it that they stand at one position.
"""

from datetime import date
from typing import Any

from msgspec import Struct
from psycopg import Connection, sql

from domain.ledger.chart import JournalKind
from projections.page import (
    Listing,
    Order,
    Page,
    SortKey,
    Standpoint,
    asked,
    beyond,
    both,
    read_page,
    standpoint_in,
    where,
)

HEAD = standpoint_in("archives_cursor", "printing_cursor")
ORDER: Order = (("date", False), ("entry", False))


class OriginalsFilter(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which documents: None means any; `date` is that of the document."""

    date_from: date
    date_to: date
    journal_kind: JournalKind | None = None
    journal: str | None = None
    kind: str | None = None
    party: str | None = None


class OriginalRow(Struct, frozen=True):
    """A booked document: the digests (hex) of its files, and of its print.

    `issued` says whether we print it ourselves; then `original` is empty until that is done.
    """

    entry: int
    date: date
    journal: str
    journal_kind: str
    kind: str
    document_id: str
    number: str
    party: str
    party_name: str
    files: list[str]
    issued: bool
    original: str


CONDITIONS = {
    "date_from": "date >= %(date_from)s",
    "date_to": "date <= %(date_to)s",
    "journal_kind": "journal_kind = %(journal_kind)s",
    "journal": "journal = %(journal)s",
    "kind": "kind = %(kind)s",
    "party": "party = %(party)s",
}
DOCUMENTS = sql.SQL("""
SELECT entry, date, journal, journal_kind, own.kind, own.document_id, number, party, party_name,
    files, printed.original IS NOT NULL AS issued, coalesce(printed.original, '') AS original
FROM (
    SELECT * FROM archive_document WHERE {conditions} ORDER BY date, entry LIMIT %(limit)s
) AS own
LEFT JOIN issued_document AS printed ON printed.book_id = own.book_id
    AND printed.kind = own.kind AND printed.document_id = own.document_id
""")


def list_originals(
    conn: Connection[Any],
    book_id: str,
    wanted: OriginalsFilter,
    *,
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, OriginalRow]:
    """A page of documents by date."""
    given = asked(book_id, wanted)
    select = DOCUMENTS.format(conditions=both([*where(given, CONDITIONS), *beyond(ORDER, after)]))
    listing = Listing(HEAD, Standpoint, select, OriginalRow)
    return read_page(conn, listing, ORDER, given, after=after, limit=limit)
