"""Instalments of invoices and bills, and the side panel of what is due, overdue and settled."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.list_files import answers_of_list, list_out
from api.listing import PageOut, SummaryOut, register_of, summary_out
from api.models.instalments_register import (
    InstalmentOut,
    InstalmentsAsked,
    InstalmentsAskedPage,
    InstalmentTotalOut,
)
from api.responses import OF_READS, UNCHANGED, problems
from api.route import Route, needs
from api.visit import Reading
from projections import instalments_view
from services.lists.treasury import INSTALMENTS

router = APIRouter(
    prefix="/v1/companies/{company_id}/instalments", tags=["registers"], route_class=Route
)


@router.get(
    "",
    operation_id="instalments_list",
    summary="List instalments",
    response_model=PageOut[InstalmentOut],
    responses=answers_of_list(),
    openapi_extra=needs("registers:read"),
)
def list_instalments(
    visit: Reading, request: Request, asked: Annotated[InstalmentsAskedPage, Query()]
) -> Response:
    """Gives what falls due when, the newest first, and how each was settled (M37, M45)."""
    return list_out(visit, request, asked, INSTALMENTS, InstalmentOut.of)


@router.get(
    "/summary",
    operation_id="instalments_summary",
    summary="Add up instalments",
    response_model=SummaryOut[InstalmentTotalOut],
    responses={**UNCHANGED, **problems(*OF_READS)},
    openapi_extra=needs("registers:read"),
)
def sum_instalments(
    visit: Reading, request: Request, asked: Annotated[InstalmentsAsked, Query()]
) -> Response:
    """Gives what is due, overdue, not due and settled, by type of payment (M40)."""
    with register_of(visit, INSTALMENTS.register, asked) as conn:
        totals = instalments_view.summarise(conn, visit.book_id, asked.wanted())
    return summary_out(request, *totals, InstalmentTotalOut.of)
