"""A dispute: the customer contests an invoice, and until it is settled nobody reminds him of it."""

from typing import ClassVar

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.ledger.entry import document_tag
from domain.sales.invoice import InvoiceValidated
from domain.values import faults
from domain.values.text import tidy


class _OfDispute(Event, frozen=True, kw_only=True):
    invoice_id: str
    invoice_number: str
    reason: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (document_tag("invoice", self.invoice_id),)


class InvoiceDisputed(_OfDispute, frozen=True, kw_only=True):
    """The customer contests an invoice: no reminder of it goes out (M43)."""

    stored_as: ClassVar[str] = "invoice.disputed.v1"


class DisputeSettled(_OfDispute, frozen=True, kw_only=True):
    """The dispute is over: what is still owed of the invoice may be reminded again."""

    stored_as: ClassVar[str] = "invoice.dispute_settled.v1"


class Dispute(Struct, frozen=True, kw_only=True):
    """A dispute that goes on, and the event that began it."""

    position: int
    invoice_number: str
    reason: str


class InvoiceIsDisputed(Refused, frozen=True, kw_only=True):
    """The customer contests the invoice."""

    code = "invoice_disputed"
    rule = "M43"
    text = words(
        en="Invoice {number} is disputed: settle the dispute first.",
        fr="La facture {number} est contestée : réglez d'abord le litige.",
        nl="Factuur {number} wordt betwist: regel eerst het geschil.",
    )

    number: str


class InvoiceIsNotDisputed(Refused, frozen=True, kw_only=True):
    """There is no dispute to settle."""

    code = "invoice_not_disputed"
    rule = "M43"
    text = words(
        en="Invoice {number} is not disputed.",
        fr="La facture {number} n'est pas contestée.",
        nl="Factuur {number} wordt niet betwist.",
    )

    number: str


def dispute(invoice: InvoiceValidated, known: Dispute | None, reason: str) -> Decision:
    """Notes that the customer contests a validated invoice, and why."""
    number, reason = invoice.document_number, tidy(reason)
    if known is not None:
        return InvoiceIsDisputed(number=number, position=known.position)
    told = InvoiceDisputed(invoice_id=invoice.invoice_id, invoice_number=number, reason=reason)
    return _unexplained(reason) or [told]


def settle(invoice: InvoiceValidated, known: Dispute | None, reason: str) -> Decision:
    """Notes that the dispute is over, and how it ended."""
    number, reason = invoice.document_number, tidy(reason)
    if known is None:
        return InvoiceIsNotDisputed(number=number)
    told = DisputeSettled(invoice_id=invoice.invoice_id, invoice_number=number, reason=reason)
    return _unexplained(reason) or [told]


def evolve(known: Dispute | None, fact: Recorded) -> Dispute | None:
    """The dispute that goes on after one more event of the invoice's tag, if any."""
    match fact.event:
        case InvoiceDisputed(invoice_number=number, reason=reason):
            return Dispute(position=fact.position, invoice_number=number, reason=reason)
        case DisputeSettled():
            return None
    return known


def _unexplained(reason: str) -> Refused | None:
    return faults.unreadable(reason) or faults.missing(reason, "/reason")
