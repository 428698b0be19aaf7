"""Lost debts: an invoice is written off, its VAT taken back, its money comes after all."""

from fastapi import APIRouter, Response

from api.ids import InvoiceId, WriteOffId
from api.models.credit_notes import EvidenceIn, RecoveryIn, WriteOffOut
from api.models.sales import ReasonIn
from api.preconditions import etag
from api.responses import OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.timeline import TimelineOut, timeline_of
from api.visit import Commanding, Reading, answer, answer_written
from domain.ledger.entry import document_tag
from domain.sales.debt import WriteOff
from services import losses
from services.store.store import Written

router = APIRouter(
    prefix="/v1/companies/{company_id}/write_offs", tags=["write_offs"], route_class=Route
)
invoices = APIRouter(
    prefix="/v1/companies/{company_id}/invoices", tags=["write_offs"], route_class=Route
)


@invoices.post(
    "/{invoice_id:id}/write_off",
    operation_id="invoices_write_off",
    summary="Write an invoice off",
    status_code=201,
    response_model=WriteOffOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def write_off_invoice(visit: Commanding, invoice_id: InvoiceId, body: ReasonIn) -> Response:
    """Books what is open of an invoice as lost and letters it; VAT is taken back apart (M44)."""
    written = losses.write_off_invoice(
        visit.store, visit.book_id, invoice_id, body.reason, visit.command
    )
    loss = written.answer.document
    headers = {
        "Location": visit.at("write_offs", loss.write_off_id),
        "ETag": etag(written.position),
    }
    return answer_written(written, WriteOffOut.of(written.answer), 201, headers)


@router.get(
    "/{write_off_id:id}",
    operation_id="write_offs_get",
    summary="See a write-off",
    response_model=WriteOffOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("invoices:read"),
)
def get_write_off(visit: Reading, write_off_id: WriteOffId) -> Response:
    """Gives a write-off, with the VAT taken back and the money that came since."""
    book = visit.store.past(visit.book_id)
    loss = losses.get_write_off(book, write_off_id)
    last = book.last(document_tag("write_off", write_off_id))
    headers = {"ETag": etag(last.position if last is not None else loss.position)}
    return answer(WriteOffOut.of(loss), headers=headers)


@router.post(
    "/{write_off_id:id}/reclaim_vat",
    operation_id="write_offs_reclaim_vat",
    summary="Take the VAT of a lost debt back",
    response_model=WriteOffOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def reclaim_vat(visit: Commanding, write_off_id: WriteOffId, body: EvidenceIn) -> Response:
    """Takes back the VAT declared on a debt that is lost for good (CGI 272, CTVA 77)."""
    return _answer(
        losses.reclaim_vat(visit.store, visit.book_id, write_off_id, body.evidence, visit.command)
    )


@router.post(
    "/{write_off_id:id}/recover",
    operation_id="write_offs_recover",
    summary="Recover a lost debt",
    response_model=WriteOffOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def recover_debt(visit: Commanding, write_off_id: WriteOffId, body: RecoveryIn) -> Response:
    """Makes the customer owe again what he pays after all, with the VAT that is due on it (M29)."""
    return _answer(
        losses.recover_debt(
            visit.store, visit.book_id, write_off_id, body.amount.amount, visit.command
        )
    )


@router.get(
    "/{write_off_id:id}/events",
    operation_id="write_offs_events",
    summary="See what happened to a write-off",
    response_model=TimelineOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("invoices:read"),
)
def list_write_off_events(visit: Reading, write_off_id: WriteOffId) -> Response:
    """Gives every event of a write-off, its entries included, oldest first."""
    return timeline_of(visit, document_tag("write_off", write_off_id))


def _answer(written: Written[WriteOff]) -> Response:
    headers = {"ETag": etag(written.position)}
    return answer_written(written, WriteOffOut.of(written.answer), headers=headers)
