"""What a listed document says beyond its row: its lines, whatever kind of document it is."""

from collections.abc import Callable
from typing import Any

from domain.book.event import Event, Recorded
from domain.orders.delivery import DeliveryIssued
from domain.orders.order import OrderConfirmed
from domain.quotes.quote import QuoteDrafted, QuoteRevised
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.document import Line
from domain.sales.invoice import InvoiceDrafted, InvoiceRevised, InvoiceValidated
from services.store.pen import Reader

SAYS: dict[str, tuple[type[Event], ...]] = {
    "invoice": (InvoiceDrafted, InvoiceRevised, InvoiceValidated),
    "credit_note": (CreditNoteIssued,),
    "quote": (QuoteDrafted, QuoteRevised),
    "order": (OrderConfirmed,),
    "delivery": (DeliveryIssued,),
}
"""The events that say the lines of a kind of document; each says all of them."""


def lines_of(reader: Reader, kind: str, document_id: str) -> tuple[Line, ...]:
    """The lines of a document as of now; a deposit request has none."""
    if kind not in SAYS:
        return ()
    return reader.fold(_newest(kind, document_id), (), f"{kind}:{document_id}")


def _newest(
    kind: str, document_id: str
) -> Callable[[tuple[Line, ...], Recorded], tuple[Line, ...]]:
    def evolve(lines: tuple[Line, ...], fact: Recorded) -> tuple[Line, ...]:
        said: Any = fact.event
        if type(fact.event) not in SAYS[kind] or getattr(said, f"{kind}_id") != document_id:
            return lines
        newest: tuple[Line, ...] = getattr(said, "content", said).lines
        return newest

    return evolve
