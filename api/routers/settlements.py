"""Settling: documents ticked as paid, payments taken back, and what difference is tolerated."""

from fastapi import APIRouter, Response

from api.ids import BillId, CreditNoteId, InvoiceId, PaymentId
from api.models.settlements import (
    ReversalIn,
    SettlementOut,
    TickIn,
    ToleranceIn,
    ToleranceOut,
    UntickedOut,
    UntickIn,
)
from api.preconditions import etag
from api.responses import OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.visit import Commanding, Reading, answer, answer_written
from services import settling, treasury, unticking
from services.loading import load_company
from services.settling import Document

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["payments"], route_class=Route)


@router.post(
    "/invoices/{invoice_id:id}/settle",
    operation_id="invoices_settle",
    summary="Tick an invoice as settled",
    status_code=201,
    response_model=SettlementOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("payments:write"),
)
def settle_invoice(visit: Commanding, invoice_id: InvoiceId, body: TickIn) -> Response:
    """Records the payment of an invoice or of one instalment, and letters both (M38, M45)."""
    return _settle(visit, Document("invoice", invoice_id), body)


@router.post(
    "/credit_notes/{credit_note_id:id}/settle",
    operation_id="credit_notes_settle",
    summary="Refund a credit note",
    status_code=201,
    response_model=SettlementOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("payments:write"),
)
def refund_credit_note(visit: Commanding, credit_note_id: CreditNoteId, body: TickIn) -> Response:
    """Records the money sent back to the customer, and letters both."""
    return _settle(visit, Document("credit_note", credit_note_id), body)


@router.post(
    "/bills/{bill_id:id}/settle",
    operation_id="bills_settle",
    summary="Tick a bill as settled",
    status_code=201,
    response_model=SettlementOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("payments:write"),
)
def settle_bill(visit: Commanding, bill_id: BillId, body: TickIn) -> Response:
    """Records the payment sent to the supplier, or back from him, and letters both."""
    return _settle(visit, Document("bill", bill_id), body)


@router.post(
    "/invoices/{invoice_id:id}/unsettle",
    operation_id="invoices_unsettle",
    summary="Untick an instalment of an invoice",
    response_model=UntickedOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("payments:write"),
)
def unsettle_invoice(visit: Commanding, invoice_id: InvoiceId, body: UntickIn) -> Response:
    """Takes back exactly what paid the instalment, never a deletion (M39): what else its payments
    settled stays settled."""
    return _unsettle(visit, Document("invoice", invoice_id), body)


@router.post(
    "/bills/{bill_id:id}/unsettle",
    operation_id="bills_unsettle",
    summary="Untick an instalment of a bill",
    response_model=UntickedOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("payments:write"),
)
def unsettle_bill(visit: Commanding, bill_id: BillId, body: UntickIn) -> Response:
    """Takes back exactly what paid the instalment of a supplier's bill."""
    return _unsettle(visit, Document("bill", bill_id), body)


@router.post(
    "/payments/{payment_id:id}/reverse",
    operation_id="payments_reverse",
    summary="Take a payment back",
    response_model=SettlementOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("payments:write"),
)
def reverse_payment(visit: Commanding, payment_id: PaymentId, body: ReversalIn) -> Response:
    """Undoes its letterings and posts the reversing entry; VAT on receipts is due no longer (M39).

    Nothing is deleted. The payment of a deposit is taken back by crediting its invoice first.
    """
    written = settling.reverse_payment(
        visit.store, visit.book_id, payment_id, body.new(), visit.command
    )
    headers = {"ETag": etag(written.answer.payment.position)}
    return answer_written(written, SettlementOut.of(written.answer), headers=headers)


@router.get(
    "/payments/{payment_id:id}/letterings",
    operation_id="payments_letterings",
    summary="See what a payment settles",
    response_model=SettlementOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("payments:read"),
)
def get_settlement(visit: Reading, payment_id: PaymentId) -> Response:
    """Gives the payment with the letterings of it that hold."""
    known = settling.get_settlement(visit.store.past(visit.book_id), payment_id)
    return answer(SettlementOut.of(known))


@router.get(
    "/payment_tolerance",
    operation_id="payment_tolerance_get",
    summary="See the payment tolerance",
    response_model=ToleranceOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("payments:read"),
)
def get_tolerance(visit: Reading) -> Response:
    """Gives the largest difference that a lettering may write off."""
    book = visit.store.past(visit.book_id)
    return answer(ToleranceOut.of(treasury.get_tolerance(book), load_company(book).currency))


@router.post(
    "/payment_tolerance",
    operation_id="payment_tolerance_set",
    summary="Set the payment tolerance",
    response_model=ToleranceOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("companies:write"),
)
def set_tolerance(visit: Commanding, body: ToleranceIn) -> Response:
    """Sets the largest difference that a lettering may write off from now on (C7)."""
    written = treasury.set_tolerance(visit.store, visit.book_id, body.amount, visit.command)
    currency = load_company(visit.store.past(visit.book_id)).currency
    return answer_written(written, ToleranceOut.of(written.answer, currency))


def _unsettle(visit: Commanding, document: Document, body: UntickIn) -> Response:
    written = unticking.untick_document(
        visit.store, visit.book_id, document, body.new(), visit.command
    )
    return answer_written(written, UntickedOut.of(written.answer))


def _settle(visit: Commanding, document: Document, body: TickIn) -> Response:
    written = settling.settle_document(
        visit.store, visit.book_id, document, body.new(), visit.command
    )
    payment = written.answer.payment
    headers = {
        "Location": visit.at("payments", payment.document.payment_id),
        "ETag": etag(payment.position),
    }
    return answer_written(written, SettlementOut.of(written.answer), 201, headers)
