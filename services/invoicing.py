"""Use cases of sales: draft, revise, discard and validate an invoice, and credit it."""

from functools import partial

from domain.book.event import Recorded
from domain.book.refusal import Refusals
from domain.ledger.entry import document_tag
from domain.parties.company import COMPANY_TAG
from domain.parties.contact import contact_tag
from domain.sales import credit_note, invoice, validation
from domain.sales.content import NewInvoice
from domain.sales.credit_note import Creditable, CreditNote, NewCreditNote
from domain.sales.frozen import NumberIsFrozen
from domain.sales.invoice import Draft, Invoice, external_tag
from domain.values.text import tidy
from services import articles, templates
from services.identity import make
from services.loading import (
    choose_journal,
    load_company,
    load_contact,
    load_standing,
    standing_tags,
    today_of,
)
from services.origins import check_not_deducted, load_origins
from services.receipts import follow_invoice
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written


def draft_invoice(
    store: Store, book_id: str, new: NewInvoice, command: Command
) -> Written[Invoice]:
    """Begins a draft; it has no number yet (M14, M22)."""

    def decide(pen: Pen, invoice_id: str) -> None:
        customer = load_contact(pen, new.customer_id)
        pen.append(
            invoice.draft(
                invoice_id,
                articles.complete(pen, new, customer, "invoice"),
                company=load_company(pen),
                customer=customer,
                namesake=_namesake(pen, new),
            )
        )

    reads = [COMPANY_TAG, contact_tag(new.customer_id), *articles.article_tags(new.lines)]
    return make(
        store,
        book_id,
        command,
        "inv",
        tag=partial(document_tag, "invoice"),
        decide=decide,
        find=get_invoice,
        reads=reads,
    )


def revise_invoice(
    store: Store, book_id: str, invoice_id: str, new: NewInvoice, command: Command
) -> Written[Invoice]:
    """Replaces what a draft says, whole."""

    def decide(pen: Pen) -> None:
        customer = load_contact(pen, new.customer_id)
        pen.append(
            invoice.revise(
                find_invoice(pen, invoice_id),
                invoice_id,
                articles.complete(pen, new, customer, "invoice"),
                company=load_company(pen),
                customer=customer,
                namesake=_namesake(pen, new),
            )
        )

    reads = [document_tag("invoice", invoice_id), COMPANY_TAG, contact_tag(new.customer_id)]
    return store.write(book_id, command, decide, lambda r: get_invoice(r, invoice_id), reads)


def discard_invoice(
    store: Store, book_id: str, invoice_id: str, reason: str, command: Command
) -> Written[Invoice]:
    """Gives a draft up."""

    def decide(pen: Pen) -> None:
        pen.append(invoice.discard(find_invoice(pen, invoice_id), invoice_id, reason))

    reads = [document_tag("invoice", invoice_id)]
    return store.write(book_id, command, decide, lambda r: get_invoice(r, invoice_id), reads)


def validate_invoice(
    store: Store, book_id: str, invoice_id: str, command: Command
) -> Written[Invoice]:
    """Issues a draft today under its legal number, with its accounting entry (M15, M16, M30)."""

    def decide(pen: Pen) -> None:
        company, known = load_company(pen), find_invoice(pen, invoice_id)
        if not isinstance(known, Draft):
            raise Refusals(invoice.not_a_draft(known, invoice_id, NumberIsFrozen))
        customer = load_contact(pen, known.content.customer_id)
        today = today_of(pen, company)
        journal = choose_journal(company, "sale")
        standing = load_standing(pen, company, journal, today, validation.series_on(company, today))
        origins = load_origins(pen, known.content)
        draft = templates.pin(pen, known)
        pen.append(validation.validate(draft, invoice_id, customer, standing, origins))

    def ahead(pen: Pen) -> list[str]:
        company, known = load_company(pen), find_invoice(pen, invoice_id)
        if not isinstance(known, Draft):
            return []
        today, journal = today_of(pen, company), choose_journal(company, "sale")
        series = validation.series_on(company, today)
        return [
            contact_tag(known.content.customer_id),
            *templates.template_tags(known),
            *standing_tags(company, journal, today, series),
        ]

    reads = [document_tag("invoice", invoice_id), COMPANY_TAG]
    return store.write(
        book_id, command, decide, lambda r: get_invoice(r, invoice_id), reads, ahead=ahead
    )


def issue_credit_note(
    store: Store, book_id: str, invoice_id: str, new: NewCreditNote, command: Command
) -> Written[CreditNote]:
    """Credits a validated invoice, wholly or in part, with its accounting entry (M31)."""

    def decide(pen: Pen, credit_note_id: str) -> None:
        credit(pen, credit_note_id, invoice_id, new)

    reads = [document_tag("invoice", invoice_id), COMPANY_TAG]
    return make(
        store,
        book_id,
        command,
        "crn",
        tag=partial(document_tag, "credit_note"),
        decide=decide,
        find=get_credit_note,
        reads=reads,
    )


def credit(pen: Pen, credit_note_id: str, invoice_id: str, new: NewCreditNote) -> None:
    """All that crediting an invoice writes, within a command; raises Refusals.

    VAT that waited for the money, or fell due with it, follows the smaller invoice.
    """
    company = load_company(pen)
    today = today_of(pen, company)
    journal = choose_journal(company, "sale")
    series = credit_note.series_on(company, today)
    standing = load_standing(pen, company, journal, today, series)
    known = find_creditable(pen, invoice_id)
    check_not_deducted(pen, known)
    pen.append(credit_note.issue(credit_note_id, known, invoice_id, new, standing))
    follow_invoice(pen, company, invoice_id, today)


def find_invoice(reader: Reader, invoice_id: str) -> Invoice | None:
    """An invoice by its id, whatever its stage."""
    return reader.fold(invoice.evolve, None, document_tag("invoice", invoice_id))


def get_invoice(reader: Reader, invoice_id: str) -> Invoice:
    """An invoice by its id; raises Refusals when there is none."""
    known = find_invoice(reader, invoice_id)
    if known is None:
        raise Refusals(invoice.InvoiceIsUnknown(invoice_id=invoice_id))
    return known


def find_creditable(reader: Reader, invoice_id: str) -> Creditable | None:
    """An invoice with what of it has been credited."""
    return reader.fold(credit_note.evolve, None, document_tag("invoice", invoice_id))


def get_credit_note(reader: Reader, credit_note_id: str) -> CreditNote:
    """A credit note by its id; raises Refusals when there is none."""
    tag = document_tag("credit_note", credit_note_id)
    note = reader.fold(credit_note.evolve_note, None, tag)
    if note is None:
        raise Refusals(credit_note.CreditNoteIsUnknown(credit_note_id=credit_note_id))
    return note


def _namesake(pen: Pen, new: NewInvoice) -> Recorded | None:
    external_id = tidy(new.external_id)
    return pen.last(external_tag(external_id)) if external_id else None
