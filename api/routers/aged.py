"""What is open by third party and age, on any day and in bands of choice (V26)."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from api.figures import books_of
from api.listing import SummaryOut, meta
from api.models.aged import AgedAsked, AgedOut
from api.responses import OF_READS, problems
from api.route import Route, needs
from api.visit import Reading, answer
from projections import unpaid_view
from projections.unpaid_view import UnpaidFilter
from services.lists.reports import AgedFilter

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["registers"], route_class=Route)


@router.get(
    "/aged_balance",
    operation_id="aged_balance_list",
    summary="Age what is open",
    response_model=SummaryOut[AgedOut],
    responses=problems(*OF_READS, 409),
    openapi_extra=needs("registers:read"),
)
def age_balances(visit: Reading, asked: Annotated[AgedAsked, Query()]) -> Response:
    """Gives what is open with each third party by age; each band says where it is explained."""
    with books_of(visit, asked) as books:
        on = asked.as_of or books.today
        wanted = AgedFilter(on=on, by=asked.by, bands=asked.bands)
        items = UnpaidFilter(
            side=asked.side,
            party=asked.party,
            country=asked.country,
            currency=asked.currency,
            as_of=on,
            q=asked.q,
        )
        standpoint, rows = unpaid_view.age(
            books.conn, visit.book_id, items, on=on, by=asked.by, bands=wanted.days
        )
    body = SummaryOut[AgedOut](
        data=[AgedOut.of(row, visit, asked, wanted) for row in rows], meta=meta(standpoint)
    )
    # Not the position alone: without `as_of` the answer is another one tomorrow.
    return answer(body, headers={"ETag": f'"{standpoint.position}-{on}"'})
