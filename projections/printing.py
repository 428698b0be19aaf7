"""The printing register: which documents were issued, and the original that each has or lacks."""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.deposits.deposit import DepositRequested
from domain.orders.delivery import DeliveryIssued
from domain.orders.order import OrderConfirmed
from domain.quotes.quote import QuoteSent
from domain.reminders.reminder import ReminderFailed, ReminderIssued, ReminderSent
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.document_link import DocumentLinkOpened, DocumentLinkSent
from domain.sales.invoice import InvoiceValidated
from domain.sales.printing import DocumentPrinted, issued_by
from domain.treasury.cheque_deposit import ChequeDepositCreated
from projections.register import Register
from projections.rows import Need, Row, Rows


class IssuedDocument(Row, frozen=True):
    """A document as it was last issued, at that position.

    `original` is the digest (hex) of its PDF, empty while it is not printed. `mailed_on` is the day
    on which a link to it last left, `opened` whether any such link was opened.
    """

    table = "issued_document"
    key = ("kind", "document_id")

    kind: str
    document_id: str
    issued_at: int
    original: str
    duplicates: int
    mailed_on: date | None = None
    opened: bool = False


class IssuedLetter(Row, frozen=True):
    """A reminder, which is no sales document: whom it asks for how much, and whether it left.

    `channel` is email or post; `failed` says that it never leaves.
    """

    table = "issued_letter"
    key = ("document_id",)

    document_id: str
    number: str
    issue_date: date
    party: str
    party_name: str
    currency: str
    amount: int
    channel: str
    sent_on: date | None
    failed: bool


class Printing(Register):
    """Documents and their prints: what lacks its original is the work of the printer."""

    name = "printing"
    version = 4
    rows = (IssuedDocument, IssuedLetter)
    events = (
        InvoiceValidated,
        CreditNoteIssued,
        OrderConfirmed,
        DeliveryIssued,
        QuoteSent,
        DepositRequested,
        ReminderIssued,
        ReminderSent,
        ReminderFailed,
        ChequeDepositCreated,
        DocumentPrinted,
        DocumentLinkSent,
        DocumentLinkOpened,
    )

    def needs(self, event: Event) -> Iterable[Need]:
        if isinstance(event, ReminderSent | ReminderFailed):
            yield IssuedLetter, event.reminder_id
        elif isinstance(event, DocumentPrinted | DocumentLinkSent | DocumentLinkOpened):
            yield IssuedDocument, (event.document_kind, event.document_id)
        elif (document := issued_by(event)) is not None:
            yield IssuedDocument, document

    def apply(self, fact: Recorded, rows: Rows) -> None:
        match fact.event:
            case DocumentPrinted() as told:
                self._print(told, rows)
            case DocumentLinkSent() | DocumentLinkOpened() as link:
                _link(link, rows)
            case ReminderSent() as sent:
                letter = _letter(sent.reminder_id, rows)
                rows.put(replace(letter, sent_on=sent.sent_on, channel=sent.delivery.channel))
            case ReminderFailed(final=final) as failed:
                rows.put(replace(_letter(failed.reminder_id, rows), failed=final))
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
                if isinstance(event, ReminderIssued):
                    rows.add(_issued(event))

    def _print(self, told: DocumentPrinted, rows: Rows) -> None:
        """An original of what was issued before is not that of what was issued since."""
        known = _document(told, rows)
        if told.copy == "duplicate":
            rows.put(replace(known, duplicates=known.duplicates + 1))
        elif told.issued_at == known.issued_at:
            rows.put(replace(known, original=told.files[0]))


def _link(link: DocumentLinkSent | DocumentLinkOpened, rows: Rows) -> None:
    """A link to what was issued before says nothing of what was issued since."""
    known = _document(link, rows)
    if link.issued_at != known.issued_at:
        return
    if isinstance(link, DocumentLinkSent):
        rows.put(replace(known, mailed_on=link.sent_on))
    else:
        rows.put(replace(known, opened=True))


def _document(
    told: DocumentPrinted | DocumentLinkSent | DocumentLinkOpened, rows: Rows
) -> IssuedDocument:
    known = rows.get(IssuedDocument, (told.document_kind, told.document_id))
    if known is None:
        raise LookupError(f"{told.document_kind} {told.document_id} was never issued")
    return known


def _issued(reminder: ReminderIssued) -> IssuedLetter:
    return IssuedLetter(
        document_id=reminder.reminder_id,
        number=reminder.document_number,
        issue_date=reminder.issue_date,
        party=reminder.customer_id,
        party_name=reminder.customer.name,
        currency=reminder.currency,
        amount=reminder.due,
        channel=reminder.channel,
        sent_on=None,
        failed=False,
    )


def _letter(reminder_id: str, rows: Rows) -> IssuedLetter:
    letter = rows.get(IssuedLetter, reminder_id)
    if letter is None:
        raise LookupError(f"reminder {reminder_id} was never issued")
    return letter
