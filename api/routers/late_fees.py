"""Late invoices: those that the customer disputes, and fees for being late that are claimed."""

from fastapi import APIRouter, Response

from api.ids import InvoiceId, LateFeeId
from api.models.late_fees import ClaimIn, DisputeOut, LateFeeOut
from api.models.sales import ReasonIn
from api.preconditions import etag
from api.responses import OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.visit import Commanding, Reading, answer, answer_written
from services.reminders import settings as reminder_settings

router = APIRouter(
    prefix="/v1/companies/{company_id}/late_fees", tags=["reminders"], route_class=Route
)
invoices = APIRouter(
    prefix="/v1/companies/{company_id}/invoices", tags=["reminders"], route_class=Route
)


@invoices.post(
    "/{invoice_id:id}/dispute",
    operation_id="invoices_dispute",
    summary="Note that an invoice is disputed",
    response_model=DisputeOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def dispute_invoice(visit: Commanding, invoice_id: InvoiceId, body: ReasonIn) -> Response:
    """Notes that the customer contests an invoice: nobody is reminded of it."""
    written = reminder_settings.dispute_invoice(
        visit.store, visit.book_id, invoice_id, body.reason, visit.command
    )
    return answer_written(written, DisputeOut.of(written.answer))


@invoices.post(
    "/{invoice_id:id}/settle_dispute",
    operation_id="invoices_settle_dispute",
    summary="Note that a dispute is over",
    response_model=DisputeOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def settle_dispute(visit: Commanding, invoice_id: InvoiceId, body: ReasonIn) -> Response:
    """Notes how a dispute ended; what is still owed may be reminded again."""
    written = reminder_settings.settle_dispute(
        visit.store, visit.book_id, invoice_id, body.reason, visit.command
    )
    return answer_written(written, DisputeOut.of(written.answer))


@invoices.post(
    "/{invoice_id:id}/claim_late_fees",
    operation_id="invoices_claim_late_fees",
    summary="Claim late fees",
    status_code=201,
    response_model=LateFeeOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def claim_late_fees(visit: Commanding, invoice_id: InvoiceId, body: ClaimIn) -> Response:
    """Books interest and the indemnity of a late invoice, as far as they were not claimed yet."""
    written = reminder_settings.claim_late_fees(
        visit.store, visit.book_id, invoice_id, body.until, visit.command
    )
    claim = written.answer
    headers = {
        "Location": visit.at("late_fees", claim.document.late_fee_id),
        "ETag": etag(claim.position),
    }
    return answer_written(written, LateFeeOut.of(claim), 201, headers)


@router.get(
    "/{late_fee_id:id}",
    operation_id="late_fees_get",
    summary="See a claim of late fees",
    response_model=LateFeeOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("invoices:read"),
)
def get_late_fee(visit: Reading, late_fee_id: LateFeeId) -> Response:
    """Gives a claim."""
    claim = reminder_settings.get_late_fee(visit.store.past(visit.book_id), late_fee_id)
    return answer(LateFeeOut.of(claim), headers={"ETag": etag(claim.position)})
