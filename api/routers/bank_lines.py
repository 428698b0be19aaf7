"""Payments that wait on the suspense account: what they may settle, and whose they become."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.ids import PaymentId
from api.language import preferred
from api.listing import PageOut, begin, page_out, register_of
from api.models.bank_lines import (
    AssignmentIn,
    AssignmentOut,
    BankLineOut,
    ProposalOut,
    ProposalsOut,
)
from api.models.banking import BankLinesAsked
from api.responses import OF_COMMANDS, OF_READS, UNCHANGED, problems
from api.route import Route, needs
from api.visit import Commanding, Reading, answer, answer_written
from domain.treasury.assignment import Assigned, Waiting
from projections import matching_view
from projections.matching import Matching
from services import assigning
from services.matching import CurrentRegisters

router = APIRouter(
    prefix="/v1/companies/{company_id}/bank_lines", tags=["bank_statements"], route_class=Route
)
registers = APIRouter(prefix="/v1/companies/{company_id}", tags=["registers"], route_class=Route)


@registers.get(
    "/bank_lines",
    operation_id="bank_lines_list",
    summary="List what waits in suspense",
    response_model=PageOut[BankLineOut],
    responses={**UNCHANGED, **problems(*OF_READS)},
    openapi_extra=needs("payments:read"),
)
def list_waiting(
    visit: Reading, request: Request, asked: Annotated[BankLinesAsked, Query()]
) -> Response:
    """Gives the payments on the suspense account, the oldest first (C4)."""
    after = begin(visit, request, asked)
    with register_of(visit, Matching(), asked) as conn:
        page = matching_view.list_waiting(
            conn, visit.book_id, asked.wanted(), after=after, limit=asked.limit
        )
    return page_out(visit, request, asked, page, BankLineOut.of)


@router.get(
    "/{payment_id:id}/proposals",
    operation_id="bank_lines_proposals",
    summary="See what a payment may settle",
    response_model=ProposalsOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("payments:read"),
)
def propose(visit: Reading, request: Request, payment_id: PaymentId) -> Response:
    """Gives proposals, the likeliest first, each with its reason (C4, C7). Nothing is kept of
    them: they follow from the payment and from what is open now."""
    backend = visit.backend
    registers = CurrentRegisters(backend.engine, backend.readers)
    known, found = assigning.propose_for(visit.store, registers, visit.book_id, payment_id)
    language = preferred(request.headers.get("accept-language"))
    currency = known.document.currency
    status = {Waiting: "waiting", Assigned: "assigned"}.get(type(known), "elsewhere")
    body = ProposalsOut.model_validate(
        {
            "status": status,
            "data": [ProposalOut.of(each, currency, language) for each in found],
        }
    )
    return answer(body)


@router.post(
    "/{payment_id:id}/assign",
    operation_id="bank_lines_assign",
    summary="Assign a payment",
    response_model=AssignmentOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("payments:write"),
)
def assign(visit: Commanding, payment_id: PaymentId, body: AssignmentIn) -> Response:
    """Moves a payment from suspense to whose it is, and letters what it pays, all or nothing."""
    written = assigning.assign_payment(
        visit.store,
        visit.book_id,
        payment_id,
        body.new(),
        visit.command,
        settles=body.settles(),
    )
    return answer_written(written, AssignmentOut.of(written.answer))
