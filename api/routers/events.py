"""The permanent feed of everything that happened in a company, by position."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.fields import Limit, Out, Position
from api.responses import OF_READS, problems
from api.route import Route, needs
from api.timeline import EventOut, event_out
from api.visit import JSON, Reading

SCANNED_AT_MOST = 5_000
TYPES = r"^[a-z_.0-9]+(,[a-z_.0-9]+){0,49}$"

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["events"], route_class=Route)


class Feed(Out):
    """A piece of the feed."""

    data: list[EventOut] = Field(description="Events in the order of the book.")
    has_more: bool = Field(description="Whether the book goes on behind `next_after`.")
    next_after: int = Field(description="`after` of the next request, also when `data` is empty.")
    meta: dict[str, int] = Field(description="`position`: the newest event of the book.")


@router.get(
    "/events",
    operation_id="events_list",
    summary="Follow everything that happens",
    response_model=Feed,
    responses=problems(*OF_READS),
    openapi_extra=needs("events:read"),
)
def list_events(
    visit: Reading,
    after: Annotated[Position, Query(description="Events behind this position.")] = 0,
    types: Annotated[
        str | None,
        Query(pattern=TYPES, description="Only these types, with commas; see `type`."),
    ] = None,
    limit: Annotated[Limit, Query(description="At most so many events.")] = 50,
) -> Response:
    """Gives events for ever, from any position. With `types` a page scans at most 5000 events and
    may be empty while `has_more` is true: go on from `next_after`."""
    wanted = types.split(",") if types else []
    newest = visit.store.head(visit.book_id).size
    upto = min(newest, after + (SCANNED_AT_MOST if wanted else limit))
    facts = list(visit.store.read(visit.book_id, after=after, upto=upto, types=wanted, limit=limit))
    reached = facts[-1].position if len(facts) == limit else max(upto, min(after, newest))
    body = {
        "data": [event_out(fact) for fact in facts],
        "has_more": reached < newest,
        "next_after": reached,
        "meta": {"position": newest},
    }
    return Response(msgspec.json.encode(body), media_type=JSON, headers={"ETag": f'"{newest}"'})
