"""What was sold, line by line, with its margin (M47)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.list_files import answers_of_list, list_out
from api.listing import PageOut, SummaryOut, register_of, summary_out
from api.models.sales_lines import SoldAsked, SoldAskedPage, SoldOut, SoldTotalOut
from api.responses import OF_READS, UNCHANGED, problems
from api.route import Route, needs
from api.visit import Reading
from projections import sales_lines_view
from services.lists.kinds import SALES_LINES

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["registers"], route_class=Route)


@router.get(
    "/sales_lines",
    operation_id="sales_lines_list",
    summary="List what was sold",
    response_model=PageOut[SoldOut],
    responses=answers_of_list(),
    openapi_extra=needs("registers:read"),
)
def list_sold(
    visit: Reading, request: Request, asked: Annotated[SoldAskedPage, Query()]
) -> Response:
    """Gives each line of issued invoices and credit notes, deposits aside, with its margin."""
    return list_out(visit, request, asked, SALES_LINES, SoldOut.of)


@router.get(
    "/sales_lines/summary",
    operation_id="sales_lines_summary",
    summary="Add up what was sold",
    response_model=SummaryOut[SoldTotalOut],
    responses={**UNCHANGED, **problems(*OF_READS)},
    openapi_extra=needs("registers:read"),
)
def sum_sold(visit: Reading, request: Request, asked: Annotated[SoldAsked, Query()]) -> Response:
    """Gives net and margin by currency."""
    with register_of(visit, SALES_LINES.register, asked) as conn:
        totals = sales_lines_view.summarise(conn, visit.book_id, asked.wanted())
    return summary_out(request, *totals, SoldTotalOut.of)
