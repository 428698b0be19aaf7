"""Invoices and credit notes: drafted, revised, discarded, validated, credited."""

from fastapi import APIRouter, Response

from api.ids import CreditNoteId, InvoiceId
from api.models.credit_notes import CreditNoteIn, CreditNoteOut
from api.models.drafts import InvoiceIn
from api.models.sales import InvoiceOut, ReasonIn
from api.preconditions import Guarded, IfMatch, etag
from api.responses import OF_CHANGES, OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.timeline import TimelineOut, timeline_of
from api.visit import Commanding, Reading, Revising, answer, answer_written
from domain.ledger.entry import document_tag
from services import invoicing, losses

router = APIRouter(
    prefix="/v1/companies/{company_id}/invoices", tags=["invoices"], route_class=Route
)
credit_notes = APIRouter(
    prefix="/v1/companies/{company_id}/credit_notes", tags=["credit_notes"], route_class=Route
)


@router.post(
    "",
    operation_id="invoices_draft",
    summary="Draft an invoice",
    status_code=201,
    response_model=InvoiceOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def draft_invoice(visit: Commanding, body: InvoiceIn) -> Response:
    """Begins a draft; it has no number yet, so that a discarded one leaves no gap."""
    written = invoicing.draft_invoice(visit.store, visit.book_id, body.new(), visit.command)
    invoice = written.answer
    headers = {
        "Location": visit.at("invoices", invoice.invoice_id),
        "ETag": etag(written.position),
    }
    return answer_written(written, InvoiceOut.of(invoice), 201, headers)


@router.get(
    "/{invoice_id:id}",
    operation_id="invoices_get",
    summary="See an invoice",
    response_model=InvoiceOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("invoices:read"),
)
def get_invoice(visit: Reading, invoice_id: InvoiceId) -> Response:
    """Gives an invoice at whatever stage, with the credit notes on it and how it is settled."""
    book = visit.store.past(visit.book_id)
    invoice = invoicing.get_invoice(book, invoice_id)
    last = book.last(document_tag("invoice", invoice_id))
    debt = losses.find_standing(book, invoice_id)
    headers = {"ETag": etag(last.position if last is not None else 0)}
    return answer(InvoiceOut.of(invoice, debt), headers=headers)


@router.patch(
    "/{invoice_id:id}",
    operation_id="invoices_revise",
    summary="Revise a draft",
    response_model=InvoiceOut,
    responses=problems(*OF_CHANGES),
    openapi_extra=needs("invoices:write"),
)
def revise_invoice(
    visit: Revising, invoice_id: InvoiceId, if_match: IfMatch, body: InvoiceIn
) -> Response:
    """Replaces what a draft says, whole; a validated invoice can only be credited."""
    store = Guarded(visit.store, document_tag("invoice", invoice_id), if_match)
    written = invoicing.revise_invoice(store, visit.book_id, invoice_id, body.new(), visit.command)
    headers = {"ETag": etag(written.position)}
    return answer_written(written, InvoiceOut.of(written.answer), headers=headers)


@router.post(
    "/{invoice_id:id}/discard",
    operation_id="invoices_discard",
    summary="Give a draft up",
    response_model=InvoiceOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def discard_invoice(visit: Commanding, invoice_id: InvoiceId, body: ReasonIn) -> Response:
    """Gives a draft up; nothing was numbered, so nothing is missing."""
    written = invoicing.discard_invoice(
        visit.store, visit.book_id, invoice_id, body.reason, visit.command
    )
    headers = {"ETag": etag(written.position)}
    return answer_written(written, InvoiceOut.of(written.answer), headers=headers)


@router.post(
    "/{invoice_id:id}/validate",
    operation_id="invoices_validate",
    summary="Validate an invoice",
    response_model=InvoiceOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def validate_invoice(visit: Commanding, invoice_id: InvoiceId) -> Response:
    """Issues a draft today under the next legal number, with its entry; no way back (M15, M30)."""
    written = invoicing.validate_invoice(visit.store, visit.book_id, invoice_id, visit.command)
    headers = {"ETag": etag(written.position)}
    return answer_written(written, InvoiceOut.of(written.answer), headers=headers)


@router.post(
    "/{invoice_id:id}/credit_notes",
    operation_id="invoices_credit",
    summary="Credit an invoice",
    status_code=201,
    response_model=CreditNoteOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def credit_invoice(visit: Commanding, invoice_id: InvoiceId, body: CreditNoteIn) -> Response:
    """Issues a credit note on a validated invoice, wholly or in part, never beyond it (M31)."""
    written = invoicing.issue_credit_note(
        visit.store, visit.book_id, invoice_id, body.new(), visit.command
    )
    note = written.answer.document
    headers = {
        "Location": visit.at("credit_notes", note.credit_note_id),
        "ETag": etag(written.position),
    }
    return answer_written(written, CreditNoteOut.of(note), 201, headers)


@router.get(
    "/{invoice_id:id}/events",
    operation_id="invoices_events",
    summary="See what happened to an invoice",
    response_model=TimelineOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("invoices:read"),
)
def list_invoice_events(visit: Reading, invoice_id: InvoiceId) -> Response:
    """Gives every event of an invoice, its entry and credit notes included, oldest first."""
    return timeline_of(visit, document_tag("invoice", invoice_id))


@credit_notes.get(
    "/{credit_note_id:id}",
    operation_id="credit_notes_get",
    summary="See a credit note",
    response_model=CreditNoteOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("invoices:read"),
)
def get_credit_note(visit: Reading, credit_note_id: CreditNoteId) -> Response:
    """Gives a credit note."""
    note = invoicing.get_credit_note(visit.store.past(visit.book_id), credit_note_id)
    headers = {"ETag": etag(note.position)}
    return answer(CreditNoteOut.of(note.document), headers=headers)
