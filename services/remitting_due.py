"""What is due to be collected or paid by a day: a proposal, which the pen checks again (M42)."""

from datetime import date

from psycopg import Connection

from domain.sales.invoice import InvoiceValidated
from domain.treasury.remittance_refusals import MOST_LINES
from domain.treasury.remitting import NewLine, Remitted
from projections.unpaid_view import UnpaidFilter, list_items
from services.remitting import held_lines
from services.store.pen import Reader


def due_lines(
    reader: Reader, registers: Connection, kind: Remitted, until: date
) -> tuple[NewLine, ...]:
    """The open lines due by a day that wait in no remittance, the oldest first.

    Of invoices those whose customer pays by direct debit; of bills all.
    """
    wanted = UnpaidFilter(document_kind=kind, currency="EUR", due_to=until)
    page = list_items(registers, reader.book_id, wanted, limit=MOST_LINES)
    items = [item for item in page.rows if (item.open > 0) == (kind == "invoice")]
    places = sorted({item.entry for item in items})
    held = held_lines(reader, places)
    collected = _by_direct_debit(reader, places) if kind == "invoice" else set(places)
    return tuple(
        NewLine(entry=item.entry, line=item.line)
        for item in items
        if item.entry in collected and (item.entry, item.line) not in held
    )


def _by_direct_debit(reader: Reader, entries: list[int]) -> set[int]:
    """Those entries whose invoice is to be paid by direct debit."""
    documents = reader.at([entry - 1 for entry in entries])
    return {
        fact.position + 1
        for fact in documents
        if isinstance(fact.event, InvoiceValidated) and fact.event.payment_means == "direct_debit"
    }
