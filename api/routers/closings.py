"""The closings of a company's book: days, months and fiscal years, with their totals."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from api.fields import Limit, Position
from api.models.closings import ClosingOut, ClosingsOut
from api.responses import OF_READS, problems
from api.route import Route, needs
from api.visit import Reading, answer
from services.closing import read_closings

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["closings"], route_class=Route)


@router.get(
    "/closings",
    operation_id="closings_list",
    summary="List what is closed",
    response_model=ClosingsOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("closings:read"),
)
def list_closings(
    visit: Reading,
    after: Annotated[Position, Query(description="Closings behind this position.")] = 0,
    level: Annotated[
        Literal["day", "month", "year"] | None, Query(description="Only these.")
    ] = None,
    limit: Annotated[Limit, Query(description="At most so many.")] = 50,
) -> Response:
    """Gives the closings with their totals, the oldest first. They are made by themselves after
    each day, month and fiscal year, in the company's legal time zone."""
    found = read_closings(visit.store, visit.book_id, after, level, limit + 1)
    page = found[:limit]
    body = ClosingsOut(
        data=[ClosingOut.of(closing) for closing in page],
        has_more=len(found) > limit,
        next_after=page[-1].position if page else after,
    )
    return answer(body)
