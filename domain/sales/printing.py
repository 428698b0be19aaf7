"""Printed documents: the bytes that were given out, once and for ever, and copies marked as such.

Printing is a fact of its own, told after the document's: rendering never holds the pen.
"""

from typing import ClassVar, Literal

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.deposits.deposit import DepositRequested, deposit_tag
from domain.ledger.entry import document_tag
from domain.orders.delivery import DeliveryIssued, delivery_tag, order_tag
from domain.orders.order import OrderConfirmed
from domain.quotes.quote import QuoteSent, quote_tag
from domain.reminders.reminder import ReminderIssued, reminder_tag
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.invoice import InvoiceValidated
from domain.sales.pricing import Language
from domain.treasury.cheque_deposit import ChequeDepositCreated

PrintedKind = Literal[
    "quote",
    "order",
    "delivery",
    "deposit_request",
    "invoice",
    "credit_note",
    "reminder",
    "cheque_deposit",
]
Copy = Literal["original", "duplicate"]


class DocumentPrinted(Event, frozen=True, kw_only=True):
    """A document was rendered: `files` names the one file kept, by SHA-256 (hex).

    `issued_at` is the position of the event that it shows: a quote that is revised and sent again
    is another one. `template` is the version used (`tpl_…@3`, or the house's), `layout` the version
    of our page.
    """

    stored_as: ClassVar[str] = "document.printed.v1"

    document_kind: PrintedKind
    document_id: str
    number: str
    issued_at: int
    copy: Copy
    language: Language
    template: str
    layout: int
    files: tuple[str, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        return (printed_tag(self.document_kind, self.document_id),)


class Printed(Struct, frozen=True, kw_only=True):
    """The prints of a document: the digest of its original, and how many duplicates were made."""

    position: int
    number: str
    issued_at: int
    original: str
    language: Language
    duplicates: int = 0


class DocumentIsNotIssued(Refused, frozen=True, kw_only=True):
    """Only what was issued has an original; a draft can be looked at as a draft."""

    code = "document_not_issued"
    rule = "M30"
    text = words(
        en="{document} has not been issued: it has no printed original yet.",
        fr="{document} n'est pas émis : il n'en existe pas encore d'original imprimé.",
        nl="{document} is niet uitgereikt: er is nog geen gedrukt origineel.",
    )

    document: str


class SelectionIsWrong(Refused, frozen=True, kw_only=True):
    """A batch prints from 1 to 500 documents, each named once."""

    code = "selection_wrong"
    rule = "M13"
    text = words(
        en="A selection has from 1 to 500 documents, each once, not {count}.",
        fr="Une sélection compte de 1 à 500 documents, chacun une fois, pas {count}.",
        nl="Een selectie telt 1 tot 500 documenten, elk één keer, niet {count}.",
    )

    count: int


def note(printed: Printed | None, told: DocumentPrinted) -> Decision:
    """Tells that a document was rendered: the first time its original, afterwards a duplicate.

    An original that is there already is the original: the second one never was.
    """
    is_there = printed is not None and printed.issued_at >= told.issued_at
    return [] if told.copy == "original" and is_there else [told]


def evolve(printed: Printed | None, fact: Recorded) -> Printed | None:
    """The prints of a document, as it was last issued, after one more event of its tag."""
    match fact.event:
        case DocumentPrinted(copy="original") as told:
            return Printed(
                position=fact.position,
                number=told.number,
                issued_at=told.issued_at,
                original=told.files[0],
                language=told.language,
            )
        case DocumentPrinted(copy="duplicate") if printed is not None:
            return replace(printed, duplicates=printed.duplicates + 1)
    return printed


def issued_by(event: Event) -> tuple[PrintedKind, str] | None:
    """The document that an event issues, so that from then on it has an original."""
    match event:
        case InvoiceValidated(invoice_id=document_id):
            return "invoice", document_id
        case CreditNoteIssued(credit_note_id=document_id):
            return "credit_note", document_id
        case OrderConfirmed(order_id=document_id):
            return "order", document_id
        case DeliveryIssued(delivery_id=document_id):
            return "delivery", document_id
        case QuoteSent(quote_id=document_id):
            return "quote", document_id
        case DepositRequested(deposit_id=document_id):
            return "deposit_request", document_id
        case ReminderIssued(reminder_id=document_id):
            return "reminder", document_id
        case ChequeDepositCreated(deposit_id=document_id):
            return "cheque_deposit", document_id
    return None


def issuing_tag(kind: PrintedKind, document_id: str) -> str:
    """The tag that has the event which issues a document."""
    tags: dict[PrintedKind, str] = {
        "invoice": document_tag("invoice", document_id),
        "credit_note": document_tag("credit_note", document_id),
        "order": order_tag(document_id),
        "delivery": delivery_tag(document_id),
        "quote": quote_tag(document_id),
        "deposit_request": deposit_tag(document_id),
        "reminder": reminder_tag(document_id),
        "cheque_deposit": document_tag("cheque_deposit", document_id),
    }
    return tags[kind]


def printed_tag(kind: PrintedKind, document_id: str) -> str:
    """The tag of a document's prints; they are not among the document's own events."""
    return f"printed:{kind}:{document_id}"
