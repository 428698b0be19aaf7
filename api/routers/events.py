"""The permanent feed of everything that happened in a company, by position."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Response
from pydantic import Field, JsonValue

from api.fields import Instant, Limit, Out, Position
from api.responses import OF_READS, problems
from api.route import Route, needs
from api.visit import JSON, Reading
from domain.book.catalogue import CATALOGUE
from domain.book.event import Recorded

SCANNED_AT_MOST = 5_000
EVENT_TYPES = sorted(CATALOGUE)
TYPES = r"^[a-z_.0-9]+(,[a-z_.0-9]+){0,49}$"

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["events"], route_class=Route)


class EventOut(Out):
    """A recorded event: a fact that never changes."""

    position: int = Field(description="Place in the book, from 1, without gaps.")
    recorded_at: Instant = Field(description="When it was written.")
    type: str = Field(description="Versioned name of the kind of event, for ever.")
    data: dict[str, JsonValue] = Field(description="What happened; its members follow from `type`.")
    actor: str = Field(description="Who wanted it: a key, or a job.")
    command: str = Field(description="The command that caused it; one command may cause several.")


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


def event_out(fact: Recorded) -> dict[str, Any]:
    """An event as the feed and the timelines show it."""
    return {
        "position": fact.position,
        "recorded_at": fact.recorded_at,
        "type": fact.event.stored_as,
        "data": fact.event,
        "actor": fact.actor,
        "command": fact.command,
    }
