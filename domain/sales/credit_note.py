"""A credit note on an invoice: the only way to undo what was validated (M31)."""

from datetime import date
from typing import ClassVar

from domain.book.event import Event
from domain.ledger.entry import document_tag, series_tag
from domain.sales.document import Line, PrintedParty, Totals


class CreditNoteIssued(Event, frozen=True, kw_only=True):
    """An invoice is credited, wholly or in part; amounts are positive (M29, M31)."""

    stored_as: ClassVar[str] = "credit_note.issued.v1"

    credit_note_id: str
    invoice_id: str
    invoice_number: str
    invoice_date: date
    series: str
    number: int
    document_number: str
    issue_date: date
    customer_id: str
    seller: PrintedParty
    customer: PrintedParty
    currency: str
    lines: tuple[Line, ...]
    totals: Totals
    reason: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (
            document_tag("credit_note", self.credit_note_id),
            document_tag("invoice", self.invoice_id),
            series_tag(self.series),
        )
