"""Cheque deposits: slips of cheques for the bank, and their reversal as one."""

from fastapi import APIRouter, Response

from api.ids import ChequeDepositId
from api.models.cheque_deposits import ChequeDepositIn, ChequeDepositOut, DepositReversalIn
from api.preconditions import etag
from api.responses import OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.timeline import TimelineOut, timeline_of
from api.visit import Commanding, Reading, answer, answer_written
from domain.ledger.entry import document_tag
from services import cheque_deposits

router = APIRouter(
    prefix="/v1/companies/{company_id}/cheque_deposits", tags=["remittances"], route_class=Route
)


@router.post(
    "",
    operation_id="cheque_deposits_create",
    summary="Deposit cheques",
    status_code=201,
    response_model=ChequeDepositOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("remittances:write"),
)
def deposit_cheques(visit: Commanding, body: ChequeDepositIn) -> Response:
    """Hands cheques to the bank under the next slip number, with their entry (M41)."""
    written = cheque_deposits.deposit_cheques(visit.store, visit.book_id, body.new(), visit.command)
    known = written.answer
    headers = {
        "Location": visit.at("cheque_deposits", known.document.deposit_id),
        "ETag": etag(known.position),
    }
    return answer_written(written, ChequeDepositOut.of(known), 201, headers)


@router.get(
    "/{cheque_deposit_id:id}",
    operation_id="cheque_deposits_get",
    summary="See a cheque deposit",
    response_model=ChequeDepositOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("remittances:read"),
)
def get_cheque_deposit(visit: Reading, cheque_deposit_id: ChequeDepositId) -> Response:
    """Gives a slip, reversed or not."""
    past = visit.store.past(visit.book_id)
    known = cheque_deposits.get_cheque_deposit(past, cheque_deposit_id)
    last = past.last(document_tag("cheque_deposit", cheque_deposit_id))
    headers = {"ETag": etag(last.position if last is not None else known.position)}
    return answer(ChequeDepositOut.of(known), headers=headers)


@router.post(
    "/{cheque_deposit_id:id}/reverse",
    operation_id="cheque_deposits_reverse",
    summary="Reverse a cheque deposit",
    response_model=ChequeDepositOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("remittances:write"),
)
def reverse_cheque_deposit(
    visit: Commanding, cheque_deposit_id: ChequeDepositId, body: DepositReversalIn
) -> Response:
    """Undoes a slip as one, with its entry: its cheques are to be collected again (M41)."""
    written = cheque_deposits.reverse_cheque_deposit(
        visit.store,
        visit.book_id,
        cheque_deposit_id,
        body.reason,
        visit.command,
        reversed_on=body.reversed_on,
    )
    headers = {"ETag": etag(written.position)}
    return answer_written(written, ChequeDepositOut.of(written.answer), headers=headers)


@router.get(
    "/{cheque_deposit_id:id}/events",
    operation_id="cheque_deposits_events",
    summary="See what happened to a cheque deposit",
    response_model=TimelineOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("remittances:read"),
)
def list_cheque_deposit_events(visit: Reading, cheque_deposit_id: ChequeDepositId) -> Response:
    """Gives every event of a slip, its entries included, oldest first."""
    return timeline_of(visit, document_tag("cheque_deposit", cheque_deposit_id))
