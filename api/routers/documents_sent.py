"""Documents sent: what was issued to customers, with its original and how it left."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.list_files import answers_of_list, list_out
from api.listing import PageOut, SummaryOut, register_of, summary_out
from api.models.documents_sent import SentAsked, SentAskedPage, SentOut, SentTotalOut
from api.responses import OF_READS, UNCHANGED, problems
from api.route import Route, needs
from api.visit import Reading
from projections import printing_view
from services.lists import kinds

router = APIRouter(
    prefix="/v1/companies/{company_id}/documents_sent", tags=["registers"], route_class=Route
)


@router.get(
    "",
    operation_id="documents_sent_list",
    summary="List what customers were sent",
    response_model=PageOut[SentOut],
    responses=answers_of_list(),
    openapi_extra=needs("registers:read"),
)
def list_sent(
    visit: Reading, request: Request, asked: Annotated[SentAskedPage, Query()]
) -> Response:
    """Gives issued documents and reminders with the digest of each original (V18)."""
    return list_out(visit, request, asked, kinds.DOCUMENTS_SENT, SentOut.of)


@router.get(
    "/summary",
    operation_id="documents_sent_summary",
    summary="Add up what customers were sent",
    response_model=SummaryOut[SentTotalOut],
    responses={**UNCHANGED, **problems(*OF_READS)},
    openapi_extra=needs("registers:read"),
)
def sum_sent(visit: Reading, request: Request, asked: Annotated[SentAsked, Query()]) -> Response:
    """Gives totals by kind, state and currency."""
    with register_of(visit, kinds.DOCUMENTS_SENT.register, asked) as conn:
        totals = printing_view.summarise_sent(conn, visit.book_id, asked.wanted())
    return summary_out(request, *totals, SentTotalOut.of)
