"""The acts of lettering: who settled what with what, when and why, and what was undone."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.list_files import answers_of_list, list_out
from api.listing import PageOut, SummaryOut, register_of, summary_out
from api.models.letterings import (
    LetteringActOut,
    LetteringsAsked,
    LetteringsAskedPage,
    LetteringTotalOut,
)
from api.responses import OF_READS, UNCHANGED, problems
from api.route import Route, needs
from api.visit import Reading
from projections import letterings_view
from services.lists.treasury import LETTERINGS

router = APIRouter(
    prefix="/v1/companies/{company_id}/letterings", tags=["registers"], route_class=Route
)


@router.get(
    "",
    operation_id="letterings_list",
    summary="List letterings",
    response_model=PageOut[LetteringActOut],
    responses=answers_of_list(),
    openapi_extra=needs("registers:read"),
)
def list_letterings(
    visit: Reading, request: Request, asked: Annotated[LetteringsAskedPage, Query()]
) -> Response:
    """Gives every lettering with its lines, the newest first, undone ones too (C7, M45)."""
    return list_out(visit, request, asked, LETTERINGS, LetteringActOut.of)


@router.get(
    "/summary",
    operation_id="letterings_summary",
    summary="Add up letterings",
    response_model=SummaryOut[LetteringTotalOut],
    responses={**UNCHANGED, **problems(*OF_READS)},
    openapi_extra=needs("registers:read"),
)
def sum_letterings(
    visit: Reading, request: Request, asked: Annotated[LetteringsAsked, Query()]
) -> Response:
    """Gives totals by account, state and currency."""
    with register_of(visit, LETTERINGS.register, asked) as conn:
        totals = letterings_view.summarise(conn, visit.book_id, asked.wanted())
    return summary_out(request, *totals, LetteringTotalOut.of)
