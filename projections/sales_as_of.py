"""Sales documents as they stand now, or stood on a value date: what was open and credited then.

When something was settled, the unpaid register knows; it is asked along. Stages have no value date:
how a quote or an order stood is a question to `known_at`.
"""

from msgspec import Struct
from psycopg import sql

from projections.page import standpoint_of
from projections.sales_rows import SalesDocument
from projections.sales_states import DAY, STATE, STATE_THEN


class Sight(Struct, frozen=True, kw_only=True):
    """What an answer reads, its documents, what is open on a `line` of one, and their state."""

    cursors: tuple[str, ...]
    source: sql.Composable
    opened: sql.Composable
    state: sql.Composable

    def head(self, wanted: Struct) -> sql.Composed:
        """Where an answer to a filter stands, and the day it judges expiry by."""
        return sql.SQL("{}, {}").format(standpoint_of(wanted, *self.cursors), DAY)


NOW = Sight(
    cursors=("sales_documents_cursor",),
    source=sql.SQL("sales_document"),
    opened=sql.SQL("line.open"),
    state=STATE,
)
# As it is now, less what was credited since.
THEN = sql.SQL("""(
    SELECT book_id, {others}, (credited - coalesce(later.gross, 0))::bigint AS credited
    FROM sales_document LEFT JOIN (
        SELECT note.invoice_id AS credited_id, sum(note.gross) AS gross
        FROM sales_document AS note
        WHERE note.book_id = %(book)s AND note.kind = 'credit_note' AND note.date > %(as_of)s
        GROUP BY note.invoice_id
    ) AS later ON later.credited_id = id
    WHERE book_id = %(book)s AND date <= %(as_of)s
)""").format(
    others=sql.SQL(", ").join(
        sql.Identifier("sales_document", name)
        for name in SalesDocument.__struct_fields__
        if name != "credited"
    )
)
# As it is now, and what was settled since.
OPENED_THEN = sql.SQL("""
line.open + coalesce((
    SELECT sum(since.amount) FROM open_item_settlement AS since
    WHERE since.book_id = line.book_id AND since.entry = line.entry AND since.line = line.line
        AND since.date > %(as_of)s
), 0)""")
AS_OF = Sight(
    cursors=("sales_documents_cursor", "unpaid_cursor"),
    source=THEN,
    opened=OPENED_THEN,
    state=STATE_THEN,
)
