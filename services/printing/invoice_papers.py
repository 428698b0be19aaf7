"""Invoices to print: as they were frozen, or a draft as it stands now."""

from domain.book.refusal import Refusals
from domain.parties.contact import ContactIsUnknown
from domain.sales.document import PrintedParty, add_up, printed_customer, printed_seller
from domain.sales.invoice import Discarded, Draft, InvoiceValidated, Validated
from domain.sales.printing import DocumentIsNotIssued
from services.invoicing import get_invoice
from services.loading import load_company, load_contact
from services.printing.paper import Paper
from services.store.pen import Reader


def load_invoice(reader: Reader, invoice_id: str) -> Paper:
    """An invoice; raises Refusals where there is none, and for a draft that was given up."""
    match get_invoice(reader, invoice_id):
        case Validated(document=issued):
            return _issued_invoice(issued)
        case Discarded():
            raise Refusals(DocumentIsNotIssued(document=invoice_id))
        case draft:
            return _draft_invoice(reader, draft)


def _issued_invoice(issued: InvoiceValidated) -> Paper:
    """An invoice as it was frozen."""
    return Paper(
        document_kind="invoice",
        document_id=issued.invoice_id,
        kind=issued.kind,
        number=issued.document_number,
        issue_date=issued.issue_date,
        due_date=issued.due_date,
        supply_date=issued.supply_date,
        seller=issued.seller,
        customer=issued.customer,
        customer_id=issued.customer_id,
        currency=issued.currency,
        language=issued.language,
        template=issued.template,
        lines=issued.lines,
        totals=issued.totals,
        instalments=issued.instalments,
        links=issued.links,
        situation=issued.situation,
        payment_reference=issued.payment_reference,
        note=issued.note,
        buyer_reference=issued.buyer_reference,
        mentions=issued.mentions,
        is_settled=issued.kind == "deposit",
    )


def _draft_invoice(reader: Reader, draft: Draft) -> Paper:
    """A draft as it stands now: it has no number, no date and no legal words yet."""
    said = draft.content
    return Paper(
        document_kind="invoice",
        document_id=draft.invoice_id,
        kind=said.kind,
        due_date=said.due_date,
        supply_date=said.supply_date,
        seller=printed_seller(load_company(reader)),
        customer=customer_now(reader, said.customer_id),
        customer_id=said.customer_id,
        currency=said.currency,
        language=said.language,
        template=said.template,
        lines=said.lines,
        totals=add_up(said.lines),
        links=said.links,
        situation=said.situation,
        note=said.note,
        buyer_reference=said.buyer_reference,
    )


def customer_now(reader: Reader, customer_id: str) -> PrintedParty:
    """A customer as he is now: only an issued document says how he was."""
    contact = load_contact(reader, customer_id)
    if contact is None:
        raise Refusals(ContactIsUnknown(contact_id=customer_id))
    return printed_customer(contact.details)
