"""Where a figure comes from: its lines, their events, the documents and originals behind."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.cursors import seal, unseal
from api.figures import books_of
from api.models.provenance import ExplainAsked, ExplainedOut
from api.responses import OF_READS, problems
from api.route import Route, needs
from api.visit import Reading, answer
from services.figures.address import read_figure
from services.provenance import explain

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["registers"], route_class=Route)


@router.get(
    "/explain",
    operation_id="figures_explain",
    summary="Explain a figure",
    response_model=ExplainedOut,
    responses=problems(*OF_READS, 409, 422),
    openapi_extra=needs("registers:read"),
)
def explain_figure(
    visit: Reading, request: Request, asked: Annotated[ExplainAsked, Query()]
) -> Response:
    """Gives the lines that add up to a figure of any answer: each with the events that made it,
    their documents, and the originals or prints of these."""
    figure = read_figure(asked.figure)
    listing = f"{request.url.path}?{figure}&{asked.known_at}"
    secret = visit.door.secret
    after = None if asked.cursor is None else unseal(secret, listing, asked.cursor)
    with books_of(visit, asked) as books:
        explained = explain(books, figure, after=after, limit=asked.limit)
    cursor = None if explained.next is None else seal(secret, listing, explained.next)
    etag = f'"{explained.standpoint.position}"'
    return answer(ExplainedOut.of(explained, visit, cursor), headers={"ETag": etag})
