"""A customer invoice: drafted, revised, discarded or validated; then only a credit note undoes."""

from datetime import date
from typing import ClassVar

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.ledger.entry import document_tag, series_tag
from domain.parties.company import Company
from domain.parties.contact import Contact, ContactIsUnknown, ExternalIdIsTaken
from domain.sales import binding, frozen
from domain.sales.content import (
    DocumentLink,
    InvoiceContent,
    InvoiceKind,
    NewInvoice,
    Situation,
    settle,
)
from domain.sales.document import Instalment, Line, PrintedParty, Totals
from domain.sales.frozen import Frozen
from domain.sales.terms import PaymentMeans
from domain.values import faults
from domain.values.language import Language
from domain.values.text import tidy
from domain.values.vat import VatShare, undivided


class InvoiceDrafted(Event, frozen=True, kw_only=True):
    """A draft begins; it has no number, so that a discarded one leaves no gap (A2.4)."""

    stored_as: ClassVar[str] = "invoice.drafted.v1"

    invoice_id: str
    content: InvoiceContent

    @property
    def tags(self) -> tuple[str, ...]:
        return content_tags(self.invoice_id, self.content)


class InvoiceRevised(Event, frozen=True, kw_only=True):
    """A draft's content is replaced, whole."""

    stored_as: ClassVar[str] = "invoice.revised.v1"

    invoice_id: str
    content: InvoiceContent

    @property
    def tags(self) -> tuple[str, ...]:
        return content_tags(self.invoice_id, self.content)


class InvoiceDiscarded(Event, frozen=True, kw_only=True):
    """A draft is given up; nothing was ever numbered."""

    stored_as: ClassVar[str] = "invoice.discarded.v1"

    invoice_id: str
    reason: str
    links: tuple[DocumentLink, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        return (document_tag("invoice", self.invoice_id), *link_tags(self.links))


class InvoiceValidated(Event, frozen=True, kw_only=True):
    """The invoice is issued: numbered, dated today, frozen (M15, M16, M30).

    `due_date` is when the last of the instalments falls due, Σ instalments = gross. `vat_shares`
    are the VAT beneath its rates; `mentions` the sentences the law wants beside those of the lines.
    """

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
    kind: InvoiceKind = "invoice"
    supply_date: date | None = None
    paid_on: date | None = None
    instalments: tuple[Instalment, ...] = ()
    payment_means: PaymentMeans = "transfer"
    vat_shares: tuple[VatShare, ...] = ()
    mentions: tuple[str, ...] = ()
    links: tuple[DocumentLink, ...] = ()
    situation: Situation | None = None
    language: Language = "fr"
    template: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        own = document_tag("invoice", self.invoice_id)
        return (own, series_tag(self.series), *link_tags(self.links))

    @property
    def shares(self) -> tuple[VatShare, ...]:
        """The VAT beneath its rates; where it says none, each rate is due with the document."""
        return self.vat_shares or undivided(self.totals.vat)


class Draft(Struct, frozen=True, kw_only=True):
    """An invoice without a number: it may be revised, discarded or validated."""

    position: int
    invoice_id: str
    content: InvoiceContent


class Discarded(Struct, frozen=True, kw_only=True):
    """A draft that was given up, with what it said."""

    position: int
    invoice_id: str
    content: InvoiceContent
    reason: str


class Validated(Struct, frozen=True, kw_only=True):
    """An issued invoice, with the draft it was: only a credit note undoes it (M30, M31)."""

    position: int
    invoice_id: str
    content: InvoiceContent
    document: InvoiceValidated


Invoice = Draft | Discarded | Validated


class InvoiceIsUnknown(Refused, frozen=True, kw_only=True):
    """No invoice has that id in this book."""

    code = "invoice_unknown"
    rule = "M27"
    text = words(
        en="There is no invoice {invoice_id}.",
        fr="Il n'y a pas de facture {invoice_id}.",
        nl="Er is geen factuur {invoice_id}.",
    )

    invoice_id: str


class NotADraft(Refused, frozen=True, kw_only=True):
    """The draft was given up: it is not taken up again."""

    code = "not_a_draft"
    rule = "A2.4"
    text = words(
        en="Draft {invoice_id} was discarded.",
        fr="Le brouillon {invoice_id} a été abandonné.",
        nl="Ontwerp {invoice_id} is verwijderd.",
    )

    invoice_id: str


def draft(
    invoice_id: str,
    new: NewInvoice,
    *,
    company: Company,
    customer: Contact | None,
    namesake: Recorded | None,
) -> Decision:
    """Begins a draft; `namesake` is the newest event with the same external id (M14, M17)."""
    content = _settle(invoice_id, new, company, customer, namesake)
    if isinstance(content, Refused):
        return content
    refused = binding.check_parts(content)
    return refused or [InvoiceDrafted(invoice_id=invoice_id, content=content)]


def draft_from(invoice_id: str, content: InvoiceContent, customer: Contact | None) -> Decision:
    """Begins a draft of a content that another document settled: a quote, an order, deliveries."""
    if customer is None:
        return ContactIsUnknown(contact_id=content.customer_id[:60], pointer="/customer_id")
    return [InvoiceDrafted(invoice_id=invoice_id, content=content)]


def revise(
    invoice: Invoice | None,
    invoice_id: str,
    new: NewInvoice,
    *,
    company: Company,
    customer: Contact | None,
    namesake: Recorded | None,
) -> Decision:
    """Replaces what a draft says, whole; it keeps what it comes from and what it deducts."""
    if isinstance(invoice, Validated) and new.customer_id != invoice.content.customer_id:
        return _frozen(invoice, frozen.CustomerIsFrozen, "/customer_id")
    asked = _settle(invoice_id, new, company, customer, namesake)
    if isinstance(invoice, Validated):
        return _frozen(invoice, *frozen.changed_part(invoice.content, asked))
    if not isinstance(invoice, Draft):
        return not_a_draft(invoice, invoice_id)
    content = asked if isinstance(asked, Refused) else binding.keep(invoice.content, asked)
    if isinstance(content, Refused):
        return content
    return [InvoiceRevised(invoice_id=invoice_id, content=content)]


def discard(invoice: Invoice | None, invoice_id: str, reason: str) -> Decision:
    """Gives a draft up; no number was taken, so none is missing (A2.4)."""
    reason = tidy(reason)
    if not isinstance(invoice, Draft):
        return not_a_draft(invoice, invoice_id, frozen.IssuedIsNotDeleted)
    return faults.unreadable(reason) or [
        InvoiceDiscarded(invoice_id=invoice_id, reason=reason, links=invoice.content.links)
    ]


def evolve(invoice: Invoice | None, fact: Recorded) -> Invoice | None:
    """The invoice after one more event of its tag; credit notes and entries change nothing."""
    position = fact.position
    match fact.event:
        case (InvoiceDrafted() | InvoiceRevised()) as made:
            return Draft(position=position, invoice_id=made.invoice_id, content=made.content)
        case InvoiceDiscarded(invoice_id=of, reason=reason) if isinstance(invoice, Draft):
            said = invoice.content
            return Discarded(position=position, invoice_id=of, content=said, reason=reason)
        case InvoiceValidated(invoice_id=of) as issued if isinstance(invoice, Draft):
            said = invoice.content
            return Validated(position=position, invoice_id=of, content=said, document=issued)
    return invoice


def not_a_draft(
    invoice: Invoice | None, invoice_id: str, kind: type[Frozen] = frozen.LinesAreFrozen
) -> Refused:
    """Why what only a draft allows is refused; `kind` is what it would change once validated."""
    if invoice is None:
        return InvoiceIsUnknown(invoice_id=invoice_id)
    if isinstance(invoice, Validated):
        return _frozen(invoice, kind)
    return NotADraft(invoice_id=invoice_id, position=invoice.position)


def content_tags(invoice_id: str, content: InvoiceContent) -> tuple[str, ...]:
    """The tags of a draft's content: its own, and the caller's own key where there is one."""
    named = (external_tag(content.external_id),) if content.external_id else ()
    return (document_tag("invoice", invoice_id), *named, *link_tags(content.links))


def link_tags(links: tuple[DocumentLink, ...]) -> tuple[str, ...]:
    """The tags by which quotes, orders and deliveries hear of the documents made from them."""
    others = (link for link in links if link.kind not in ("invoice", "copy"))
    return tuple(f"{link.kind}:{link.id}" for link in others)


def external_tag(external_id: str) -> str:
    """The tag of the invoices that ever had that external id."""
    return f"invoice_external:{external_id}"


def _frozen(invoice: Validated, kind: type[Frozen], pointer: str = "") -> Frozen:
    number = invoice.document.document_number
    return kind(number=number, position=invoice.position, pointer=pointer)


def _settle(
    invoice_id: str,
    new: NewInvoice,
    company: Company,
    customer: Contact | None,
    namesake: Recorded | None,
) -> InvoiceContent | Refused:
    if customer is None:
        return ContactIsUnknown(contact_id=new.customer_id[:60], pointer="/customer_id")
    match namesake:
        case Recorded(
            event=InvoiceDrafted(invoice_id=holder) | InvoiceRevised(invoice_id=holder)
        ) if holder != invoice_id:
            return ExternalIdIsTaken(
                external_id=new.external_id,
                holder=holder,
                position=namesake.position,
                pointer="/external_id",
            )
    return settle(new, company)
