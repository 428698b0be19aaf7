"""Revenues and expenses, as lists and added up."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.list_files import answers_of_list, list_out
from api.listing import PageOut, SummaryOut, register_of, summary_out
from api.models.earnings import (
    EarningsAskedPage,
    EarningsAskedSum,
    EarningsOut,
    EarningsTotalOut,
)
from api.responses import OF_READS, UNCHANGED, problems
from api.route import Route, needs
from api.visit import Reading, Visit
from projections.earnings_view import Side, total_earnings
from services.lists import kinds

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["registers"], route_class=Route)
SUMMARY = {**UNCHANGED, **problems(*OF_READS)}


@router.get(
    "/revenues",
    operation_id="revenues_list",
    summary="List revenues",
    response_model=PageOut[EarningsOut],
    responses=answers_of_list(),
    openapi_extra=needs("registers:read"),
)
def list_revenues(
    visit: Reading, request: Request, asked: Annotated[EarningsAskedPage, Query()]
) -> Response:
    """Gives every line on an account of class 7, without VAT (V22)."""
    return list_out(visit, request, asked, kinds.REVENUES, EarningsOut.of)


@router.get(
    "/revenues/summary",
    operation_id="revenues_summary",
    summary="Add up revenues",
    response_model=SummaryOut[EarningsTotalOut],
    responses=SUMMARY,
    openapi_extra=needs("registers:read"),
)
def sum_revenues(
    visit: Reading, request: Request, asked: Annotated[EarningsAskedSum, Query()]
) -> Response:
    """Gives what revenues come to by account, month or third party, with the same filters."""
    return _summary(visit, request, asked, "revenues")


@router.get(
    "/expenses",
    operation_id="expenses_list",
    summary="List expenses",
    response_model=PageOut[EarningsOut],
    responses=answers_of_list(),
    openapi_extra=needs("registers:read"),
)
def list_expenses(
    visit: Reading, request: Request, asked: Annotated[EarningsAskedPage, Query()]
) -> Response:
    """Gives every line on an account of class 6, without the VAT deducted (V23)."""
    return list_out(visit, request, asked, kinds.EXPENSES, EarningsOut.of)


@router.get(
    "/expenses/summary",
    operation_id="expenses_summary",
    summary="Add up expenses",
    response_model=SummaryOut[EarningsTotalOut],
    responses=SUMMARY,
    openapi_extra=needs("registers:read"),
)
def sum_expenses(
    visit: Reading, request: Request, asked: Annotated[EarningsAskedSum, Query()]
) -> Response:
    """Gives what expenses come to by account, month or third party, with the same filters."""
    return _summary(visit, request, asked, "expenses")


def _summary(visit: Visit, request: Request, asked: EarningsAskedSum, side: Side) -> Response:
    with register_of(visit, kinds.REVENUES.register, asked) as conn:
        totals = total_earnings(conn, visit.book_id, side, asked.wanted(), asked.by)
    return summary_out(request, *totals, EarningsTotalOut.of)
