"""The report for the One Stop Shop (V25)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.listing import register_of, standing_answer
from api.models.oss import OssAsked, OssOut
from api.responses import OF_READS, UNCHANGED, problems
from api.route import Route, needs
from api.visit import Reading
from projections.vat_register import VatRegister
from services.oss import see_oss

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["registers"], route_class=Route)


@router.get(
    "/oss",
    operation_id="oss_report",
    summary="Report sales to private customers in other member states",
    response_model=OssOut,
    responses={**UNCHANGED, **problems(*OF_READS)},
    openapi_extra=needs("registers:read"),
)
def report_oss(visit: Reading, request: Request, asked: Annotated[OssAsked, Query()]) -> Response:
    """Gives what is declared for a quarter, by state of consumption, nature and rate."""
    with register_of(visit, VatRegister(), asked) as conn:
        report = see_oss(conn, visit.book_id, asked.period)
    return standing_answer(request, OssOut.of(report), report.standpoint, {})
