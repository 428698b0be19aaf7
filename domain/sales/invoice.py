"""A customer invoice: drafted, revised, discarded or validated; then only a credit note undoes."""

from datetime import date
from typing import ClassVar

from msgspec import Struct

from domain.book.event import Event
from domain.ledger.entry import document_tag, series_tag
from domain.sales.document import Line, PrintedParty, Totals


class InvoiceContent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a draft says. `due_date` None means: by the customer's payment days at validation."""

    customer_id: str
    lines: tuple[Line, ...]
    currency: str
    due_date: date | None = None
    note: str = ""
    buyer_reference: str = ""
    external_id: str = ""


class InvoiceDrafted(Event, frozen=True, kw_only=True):
    """A draft begins; it has no number, so that a discarded one leaves no gap (A2.4)."""

    stored_as: ClassVar[str] = "invoice.drafted.v1"

    invoice_id: str
    content: InvoiceContent

    @property
    def tags(self) -> tuple[str, ...]:
        return (document_tag("invoice", self.invoice_id),)


class InvoiceRevised(Event, frozen=True, kw_only=True):
    """A draft's content is replaced, whole."""

    stored_as: ClassVar[str] = "invoice.revised.v1"

    invoice_id: str
    content: InvoiceContent

    @property
    def tags(self) -> tuple[str, ...]:
        return (document_tag("invoice", self.invoice_id),)


class InvoiceDiscarded(Event, frozen=True, kw_only=True):
    """A draft is given up; nothing was ever numbered."""

    stored_as: ClassVar[str] = "invoice.discarded.v1"

    invoice_id: str
    reason: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (document_tag("invoice", self.invoice_id),)


class InvoiceValidated(Event, frozen=True, kw_only=True):
    """The invoice is issued: numbered, dated today, frozen (M15, M16, M30)."""

    stored_as: ClassVar[str] = "invoice.validated.v1"

    invoice_id: str
    series: str
    number: int
    document_number: str
    issue_date: date
    due_date: date
    customer_id: str
    seller: PrintedParty
    customer: PrintedParty
    currency: str
    lines: tuple[Line, ...]
    totals: Totals
    payment_reference: str
    note: str
    buyer_reference: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (document_tag("invoice", self.invoice_id), series_tag(self.series))
