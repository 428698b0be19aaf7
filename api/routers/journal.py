"""The journal of technical events: what happened to the system that keeps a company's book."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.fields import Limit, Out, Position
from api.responses import OF_READS, problems
from api.route import Route, needs
from api.timeline import EventOut, event_out
from api.visit import JSON, Reading
from services.technical import read_journal

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["journal"], route_class=Route)


class JournalOut(Out):
    """Technical events in the order of the book."""

    data: list[EventOut] = Field(description="The events.")
    has_more: bool = Field(description="Whether there are more.")
    next_after: int = Field(description="`after` of the next request.")


@router.get(
    "/journal",
    operation_id="journal_list",
    summary="Read the journal of technical events",
    response_model=JournalOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("journal:read"),
)
def list_journal(
    visit: Reading,
    after: Annotated[Position, Query(description="Events behind this position.")] = 0,
    limit: Annotated[Limit, Query(description="At most so many.")] = 50,
) -> Response:
    """Gives versions, keys, first uses and refused logins of each day, exports, backups, audits,
    clock jumps, findings, closings, erasures. They stand in the same chain as the invoices."""
    facts = read_journal(visit.store, visit.book_id)
    found = [fact for fact in facts if fact.position > after]
    page = found[:limit]
    body = {
        "data": [event_out(fact) for fact in page],
        "has_more": len(found) > limit,
        "next_after": page[-1].position if page else after,
    }
    return Response(msgspec.json.encode(body), media_type=JSON)
