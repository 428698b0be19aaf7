"""The dashboard of a company (M47-M50)."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.figures import books_of
from api.models.dashboard import DashboardAsked, DashboardOut
from api.responses import OF_READS, problems
from api.route import Route, needs
from api.visit import Reading, answer
from services.dashboard import see_dashboard

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["registers"], route_class=Route)


@router.get(
    "/dashboard",
    operation_id="dashboard_get",
    summary="See how the company stands",
    response_model=DashboardOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("registers:read"),
)
def get_dashboard(visit: Reading, asked: Annotated[DashboardAsked, Query()]) -> Response:
    """Gives the figures that the company's options show: each with the list that adds up to it,
    and where its lines, events and documents are."""
    with books_of(visit, asked) as books:
        seen = see_dashboard(books, asked.as_of or books.today)
    # Not the position alone: without `as_of` the answer is another one tomorrow.
    etag = f'"{seen.standpoint.position}-{seen.on}"'
    return answer(DashboardOut.of(seen, visit, asked), headers={"ETag": etag})
