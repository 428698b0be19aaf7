"""The printing register: which documents were issued, and the original that each has or lacks."""

from collections.abc import Iterable

from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.delivery import DeliveryIssued
from domain.sales.deposit import DepositRequested
from domain.sales.invoice import InvoiceValidated
from domain.sales.order import OrderConfirmed
from domain.sales.printing import DocumentPrinted, issued_by
from domain.sales.quote import QuoteSent
from domain.sales.reminder import ReminderIssued
from domain.treasury.cheque_deposit import ChequeDepositCreated
from projections.register import Register
from projections.rows import Need, Row, Rows


class IssuedDocument(Row, frozen=True):
    """A document as it was last issued, at that position.

    `original` is the digest (hex) of its PDF, empty while it is not printed.
    """

    table = "issued_document"
    key = ("kind", "document_id")

    kind: str
    document_id: str
    issued_at: int
    original: str
    duplicates: int


class Printing(Register):
    """Documents and their prints: what lacks its original is the work of the printer."""

    name = "printing"
    version = 1
    rows = (IssuedDocument,)
    events = (
        InvoiceValidated,
        CreditNoteIssued,
        OrderConfirmed,
        DeliveryIssued,
        QuoteSent,
        DepositRequested,
        ReminderIssued,
        ChequeDepositCreated,
        DocumentPrinted,
    )

    def needs(self, event: Event) -> Iterable[Need]:
        if isinstance(event, DocumentPrinted):
            yield IssuedDocument, (event.document_kind, event.document_id)
        elif (document := issued_by(event)) is not None:
            yield IssuedDocument, document

    def apply(self, fact: Recorded, rows: Rows) -> None:
        match fact.event:
            case DocumentPrinted() as told:
                self._print(told, rows)
            case (
                InvoiceValidated()
                | CreditNoteIssued()
                | OrderConfirmed()
                | DeliveryIssued()
                | QuoteSent()
                | DepositRequested()
                | ReminderIssued()
                | ChequeDepositCreated()
            ) as event if (document := issued_by(event)) is not None:
                kind, document_id = document
                known = rows.get(IssuedDocument, document)
                duplicates = 0 if known is None else known.duplicates
                rows.put(IssuedDocument(kind, document_id, fact.position, "", duplicates))

    def _print(self, told: DocumentPrinted, rows: Rows) -> None:
        """An original of what was issued before is not that of what was issued since."""
        known = rows.get(IssuedDocument, (told.document_kind, told.document_id))
        if known is None:
            raise LookupError(f"{told.document_kind} {told.document_id} was never issued")
        if told.copy == "duplicate":
            rows.put(replace(known, duplicates=known.duplicates + 1))
        elif told.issued_at == known.issued_at:
            rows.put(replace(known, original=told.files[0]))
