"""What happened to one document: the events that carry its tag, as the feed shows them."""

from typing import Any

import msgspec
from fastapi import Response
from pydantic import Field, JsonValue

from api import problems
from api.errors import Problem
from api.fields import Instant, Out
from api.visit import JSON, Visit
from domain.book.event import Recorded

NONE: tuple[Recorded, ...] = ()


class EventOut(Out):
    """A recorded event: a fact that never changes."""

    position: int = Field(description="Place in the book, from 1, without gaps.")
    recorded_at: Instant = Field(description="When it was written.")
    type: str = Field(description="Versioned name of the kind of event, for ever.")
    data: dict[str, JsonValue] = Field(description="What happened; its members follow from `type`.")
    actor: str = Field(description="Who wanted it: a key, or a job.")
    command: str = Field(description="The command that caused it; one command may cause several.")


class TimelineOut(Out):
    """The events of one document."""

    data: list[EventOut] = Field(description="Oldest first.")


def event_out(fact: Recorded) -> dict[str, Any]:
    """An event as the feed and the timelines show it; encoded straight from the event."""
    return {
        "position": fact.position,
        "recorded_at": fact.recorded_at,
        "type": fact.event.stored_as,
        "data": fact.event,
        "actor": fact.actor,
        "command": fact.command,
    }


def timeline_of(visit: Visit, tag: str) -> Response:
    """The events of a tag as an answer; raises the problem not_found when there is none."""
    facts = visit.store.past(visit.book_id).fold(lambda seen, fact: (*seen, fact), NONE, tag)
    if not facts:
        raise Problem(problems.NOT_FOUND)
    body = {"data": [event_out(fact) for fact in facts]}
    headers = {"ETag": f'"{facts[-1].position}"'}
    return Response(msgspec.json.encode(body), media_type=JSON, headers=headers)
