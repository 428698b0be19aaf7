"""Printed documents: the original of each as PDF, and selections printed into one file."""

import anyio
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api import problems as kinds
from api.downloads import FILE_ANSWERS, FOREVER, give
from api.errors import Problem
from api.ids import (
    ChequeDepositId,
    CreditNoteId,
    DeliveryId,
    DepositId,
    InvoiceId,
    JobId,
    OrderId,
    QuoteId,
    ReminderId,
)
from api.jobs import JobOut, answer_asked, answer_file, answer_job
from api.models.printing import PendingOut, PrintIn
from api.responses import OF_COMMANDS, OF_READS, Responses, problems
from api.route import Route, needs
from api.visit import Commanding, Reading, Visit, answer
from domain.sales.printing import PrintedKind
from services.jobs.job import JobFile
from services.printing.originals import find_printed, kept, require_issue
from services.printing.selection import PRINT, ask_print
from services.store.pen import KeptFile

prints = APIRouter(prefix="/v1/companies/{company_id}/prints", tags=["prints"], route_class=Route)
router = APIRouter(prefix="/v1/companies/{company_id}", tags=["prints"], route_class=Route)

SECONDS = 5.0
"""So long a GET waits for an original that is being printed."""
LOOK_SECONDS = 0.1
_OF_FILES = (*OF_READS, 409, 416)
_PENDING: Responses = {
    202: {
        "description": "It was issued a moment ago and is being printed: ask again.",
        "model": PendingOut,
    }
}
_PDF: Responses = {**FILE_ANSWERS, **_PENDING, **problems(*_OF_FILES)}
_QUOTES = ("quote", "deposit_request")


@prints.post(
    "",
    operation_id="prints_ask",
    summary="Print a selection",
    status_code=202,
    response_model=JobOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def ask_for_print(visit: Commanding, request: Request, body: PrintIn) -> Response:
    """Prints up to 500 documents into one PDF, in groups, as a job (M13)."""
    new = body.new()
    if any(document.kind in _QUOTES for document in new.documents):
        _require(visit, "quotes:read")
    desk, dry = visit.backend.desk, visit.rehearsal is not None
    job, repeated = ask_print(visit.store, desk, visit.book_id, new, visit.command, dry=dry)
    return answer_asked(visit, request, "prints", job, repeated=repeated)


@prints.get(
    "/{job_id:id}",
    operation_id="prints_get",
    summary="See how a print stands",
    response_model=JobOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("invoices:read"),
)
def get_print(visit: Reading, request: Request, job_id: JobId) -> Response:
    """Gives the job's status and progress, and at its end where its file is."""
    return answer_job(visit, request, "prints", job_id, PRINT)


@prints.get(
    "/{job_id:id}/file",
    operation_id="prints_file",
    summary="Fetch a printed selection",
    response_class=Response,
    responses={**FILE_ANSWERS, **problems(*_OF_FILES)},
    openapi_extra=needs("invoices:read"),
)
def get_printed(visit: Reading, request: Request, job_id: JobId) -> Response:
    """Gives the PDF of a print that is done, or a range of it."""
    return answer_file(visit, request, job_id, PRINT)


@router.get(
    "/invoices/{invoice_id:id}/pdf",
    operation_id="invoices_pdf",
    summary="Fetch an invoice as PDF",
    response_class=Response,
    responses=_PDF,
    openapi_extra=needs("invoices:read"),
)
async def get_invoice_pdf(visit: Reading, request: Request, invoice_id: InvoiceId) -> Response:
    """Gives the original, the same bytes for ever; ETag is its SHA-256."""
    return await _original(visit, request, "invoice", invoice_id)


@router.get(
    "/credit_notes/{credit_note_id:id}/pdf",
    operation_id="credit_notes_pdf",
    summary="Fetch a credit note as PDF",
    response_class=Response,
    responses=_PDF,
    openapi_extra=needs("invoices:read"),
)
async def get_credit_note_pdf(
    visit: Reading, request: Request, credit_note_id: CreditNoteId
) -> Response:
    """Gives the original, the same bytes for ever; ETag is its SHA-256."""
    return await _original(visit, request, "credit_note", credit_note_id)


@router.get(
    "/orders/{order_id:id}/pdf",
    operation_id="orders_pdf",
    summary="Fetch an order as PDF",
    response_class=Response,
    responses=_PDF,
    openapi_extra=needs("invoices:read"),
)
async def get_order_pdf(visit: Reading, request: Request, order_id: OrderId) -> Response:
    """Gives the original, the same bytes for ever; ETag is its SHA-256."""
    return await _original(visit, request, "order", order_id)


@router.get(
    "/deliveries/{delivery_id:id}/pdf",
    operation_id="deliveries_pdf",
    summary="Fetch a delivery note as PDF",
    response_class=Response,
    responses=_PDF,
    openapi_extra=needs("invoices:read"),
)
async def get_delivery_pdf(visit: Reading, request: Request, delivery_id: DeliveryId) -> Response:
    """Gives the original, the same bytes for ever; ETag is its SHA-256."""
    return await _original(visit, request, "delivery", delivery_id)


@router.get(
    "/quotes/{quote_id:id}/pdf",
    operation_id="quotes_pdf",
    summary="Fetch a quote as PDF",
    response_class=Response,
    responses=_PDF,
    openapi_extra=needs("quotes:read"),
)
async def get_quote_pdf(visit: Reading, request: Request, quote_id: QuoteId) -> Response:
    """Gives the quote as it was last sent; ETag is the SHA-256 of its bytes."""
    return await _original(visit, request, "quote", quote_id)


@router.get(
    "/deposits/{deposit_id:id}/pdf",
    operation_id="deposits_pdf",
    summary="Fetch a deposit request as PDF",
    response_class=Response,
    responses=_PDF,
    openapi_extra=needs("quotes:read"),
)
async def get_deposit_request_pdf(
    visit: Reading, request: Request, deposit_id: DepositId
) -> Response:
    """Gives the document by which the deposit was requested (M58)."""
    return await _original(visit, request, "deposit_request", deposit_id)


@router.get(
    "/reminders/{reminder_id:id}/pdf",
    operation_id="reminders_pdf",
    summary="Fetch a reminder as PDF",
    response_class=Response,
    responses=_PDF,
    openapi_extra=needs("reminders:read"),
)
async def get_reminder_pdf(visit: Reading, request: Request, reminder_id: ReminderId) -> Response:
    """Gives the letter, the same bytes for ever; ETag is its SHA-256."""
    return await _original(visit, request, "reminder", reminder_id)


@router.get(
    "/cheque_deposits/{cheque_deposit_id:id}/pdf",
    operation_id="cheque_deposits_pdf",
    summary="Fetch the slip of a cheque deposit as PDF",
    response_class=Response,
    responses=_PDF,
    openapi_extra=needs("remittances:read"),
)
async def get_cheque_slip_pdf(
    visit: Reading, request: Request, cheque_deposit_id: ChequeDepositId
) -> Response:
    """Gives the slip as it was first printed; ETag is the SHA-256 of its bytes (M41)."""
    return await _original(visit, request, "cheque_deposit", cheque_deposit_id)


async def _original(
    visit: Visit, request: Request, kind: PrintedKind, document_id: str
) -> Response:
    """The original; waits a while for one that is being printed. Reading never prints."""
    file = None
    with anyio.move_on_after(SECONDS):
        while (file := await run_in_threadpool(_look, visit, kind, document_id)) is None:
            await anyio.sleep(LOOK_SECONDS)
    if file is None:
        return answer(PendingOut(status="queued"), 202, {"Retry-After": "1"})
    content = file.content
    about = JobFile(
        digest=file.digest, size=len(content), media_type=file.media_type, name=file.name
    )

    def read(first: int, last: int) -> list[bytes]:
        return [content[first : last + 1]]

    # A quote may be sent again; what has a legal number never changes.
    lasting = FOREVER if kind != "quote" else {"Cache-Control": "private, no-cache"}
    return give(request, about, lambda first, last: iter(read(first, last)), headers=lasting)


def _look(visit: Visit, kind: PrintedKind, document_id: str) -> KeptFile | None:
    """The original, if there is one of what was last issued; raises Refusals without an issue."""
    now = visit.store.past(visit.book_id)
    issued_at = require_issue(now, kind, document_id)
    printed = find_printed(now, kind, document_id)
    if printed is None or printed.issued_at < issued_at:
        return None
    return kept(visit.store, visit.book_id, printed.original)


def _require(visit: Visit, scope: str) -> None:
    if scope not in visit.access.scopes:
        raise Problem(kinds.SCOPE_MISSING, scope=scope)
