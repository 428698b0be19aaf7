"""Deposits: changed, deleted, requested, settled; and what drafts owe to quotes and deposits."""

from fastapi import APIRouter, Response

from api.ids import DepositId, InvoiceId
from api.models.quotes import DepositIn, DepositOut, SettlementIn
from api.models.sales import InvoiceOut, ReasonIn
from api.models.situations import InvoiceDepositIn, SituationIn, SituationOut
from api.preconditions import Guarded, IfMatch, etag
from api.responses import OF_CHANGES, OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.timeline import TimelineOut, timeline_of
from api.visit import Commanding, Reading, Revising, answer, answer_written
from domain.deposits.deposit import Deposit, deposit_tag
from domain.ledger.entry import document_tag
from services import deposits, situations
from services.quote_loading import get_deposit
from services.store.store import Written

router = APIRouter(
    prefix="/v1/companies/{company_id}/deposits", tags=["deposits"], route_class=Route
)
invoices = APIRouter(
    prefix="/v1/companies/{company_id}/invoices", tags=["invoices"], route_class=Route
)


@router.get(
    "/{deposit_id:id}",
    operation_id="deposits_get",
    summary="See a deposit",
    response_model=DepositOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("quotes:read"),
)
def show_deposit(visit: Reading, deposit_id: DepositId) -> Response:
    """Gives a deposit at whatever stage."""
    known = get_deposit(visit.store.past(visit.book_id), deposit_id)
    return answer(DepositOut.of(known), headers={"ETag": etag(known.position)})


@router.patch(
    "/{deposit_id:id}",
    operation_id="deposits_change",
    summary="Change a deposit",
    response_model=DepositOut,
    responses=problems(*OF_CHANGES),
    openapi_extra=needs("quotes:write"),
)
def change_deposit(
    visit: Revising, deposit_id: DepositId, if_match: IfMatch, body: DepositIn
) -> Response:
    """Asks for another amount or on another day while the quote is not invoiced (M56)."""
    store = Guarded(visit.store, deposit_tag(deposit_id), if_match)
    return _moved(
        deposits.change_deposit(store, visit.book_id, deposit_id, body.new(), visit.command)
    )


@router.post(
    "/{deposit_id:id}/delete",
    operation_id="deposits_delete",
    summary="Ask for a deposit no longer",
    response_model=DepositOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("quotes:write"),
)
def delete_deposit(visit: Commanding, deposit_id: DepositId, body: ReasonIn) -> Response:
    """Asks for an unsettled deposit no longer; what happened to it is kept (M56, M61)."""
    return _moved(
        deposits.delete_deposit(visit.store, visit.book_id, deposit_id, body.reason, visit.command)
    )


@router.post(
    "/{deposit_id:id}/request",
    operation_id="deposits_request",
    summary="Request the payment of a deposit",
    response_model=DepositOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("quotes:write"),
)
def request_deposit(visit: Commanding, deposit_id: DepositId) -> Response:
    """Writes a payment request: no invoice, no VAT, in a series of its own (M58)."""
    return _moved(deposits.request_deposit(visit.store, visit.book_id, deposit_id, visit.command))


@router.post(
    "/{deposit_id:id}/settle",
    operation_id="deposits_settle",
    summary="Settle a deposit",
    response_model=DepositOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def settle_deposit(visit: Commanding, deposit_id: DepositId, body: SettlementIn) -> Response:
    """Issues the deposit's invoice, records its payment and letters both, at once (M59, M60)."""
    return _moved(
        deposits.settle_deposit(visit.store, visit.book_id, deposit_id, body.new(), visit.command)
    )


@router.get(
    "/{deposit_id:id}/events",
    operation_id="deposits_events",
    summary="See what happened to a deposit",
    response_model=TimelineOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("quotes:read"),
)
def list_deposit_events(visit: Reading, deposit_id: DepositId) -> Response:
    """Gives every event of a deposit, oldest first."""
    return timeline_of(visit, deposit_tag(deposit_id))


@invoices.post(
    "/{invoice_id:id}/duplicate",
    operation_id="invoices_duplicate",
    summary="Duplicate an invoice",
    status_code=201,
    response_model=InvoiceOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def duplicate_invoice(visit: Commanding, invoice_id: InvoiceId) -> Response:
    """Begins a draft that says the same; of a situation, the next one of its quote (M67)."""
    written = situations.duplicate_invoice(visit.store, visit.book_id, invoice_id, visit.command)
    made = written.answer
    headers = {"Location": visit.at("invoices", made.invoice_id), "ETag": etag(made.position)}
    return answer_written(written, InvoiceOut.of(made), 201, headers)


@invoices.patch(
    "/{invoice_id:id}/situation",
    operation_id="invoices_revise_situation",
    summary="Revise a situation",
    response_model=SituationOut,
    responses=problems(*OF_CHANGES),
    openapi_extra=needs("invoices:write"),
)
def revise_situation(
    visit: Revising, invoice_id: InvoiceId, if_match: IfMatch, body: SituationIn
) -> Response:
    """Draws a situation that is still a draft anew, from what was invoiced before it (M65)."""
    store = Guarded(visit.store, document_tag("invoice", invoice_id), if_match)
    written = situations.revise_situation(
        store, visit.book_id, invoice_id, body.new(), visit.command
    )
    past = visit.store.past(visit.book_id, written.position)
    unsettled = situations.unsettled_before(past, invoice_id)
    headers = {"ETag": etag(written.answer.position)}
    return answer_written(written, SituationOut.of(written.answer, unsettled), headers=headers)


@invoices.post(
    "/{invoice_id:id}/deposit",
    operation_id="invoices_deposit",
    summary="Settle a deposit on a draft",
    response_model=InvoiceOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def deposit_on_invoice(
    visit: Commanding, invoice_id: InvoiceId, body: InvoiceDepositIn
) -> Response:
    """Settles a deposit on a draft, which deducts it, where the company allows it (M34)."""
    written = deposits.deposit_on_invoice(
        visit.store, visit.book_id, invoice_id, body.new(), visit.command
    )
    headers = {"ETag": etag(written.answer.position)}
    return answer_written(written, InvoiceOut.of(written.answer), headers=headers)


def _moved(written: Written[Deposit]) -> Response:
    headers = {"ETag": etag(written.answer.position)}
    return answer_written(written, DepositOut.of(written.answer), headers=headers)
