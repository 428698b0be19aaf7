"""A command with `dry_run=true`: decided for real, answered with what it would do, not written.

It is a parameter and not a header, for a server or a route that knows nothing of it must refuse it:
a wish that is overlooked would write.
"""

from typing import Any

import msgspec
from fastapi import Request, Response
from pydantic import Field, JsonValue
from starlette.concurrency import run_in_threadpool

from api.errors import refuse
from api.fields import Out
from api.models.ledger import EntryOut
from api.responses import ProblemOut
from api.visit import JSON, Visit
from domain.book.event import Recorded
from domain.book.refusal import Refusals
from domain.ledger.entry import EntryPosted
from domain.ledger.miscellaneous import Posted
from services.store.rehearsal import Rehearsal

PARAMETER = "dry_run"


class SaidEventOut(Out):
    """An event that would be written."""

    position: int = Field(description="The position that it would have.")
    type: str = Field(description="Versioned name of the kind of event.")
    data: dict[str, JsonValue] = Field(description="What would have happened.")


class DryRunOut(Out):
    """What a command would do now; nothing was written and no number was taken."""

    events: list[SaidEventOut] = Field(description="The events it would write, in order.")
    entries: list[EntryOut] = Field(description="The accounting entries among them.")
    answer: JsonValue = Field(description="What it would answer; null when it is refused.")
    refusal: ProblemOut | None = Field(description="Why the books would refuse it, or null.")


def is_dry_run(request: Request) -> bool:
    """Whether a request asks to be rehearsed; any other value than `true` or `false` is refused."""
    return request.query_params.get(PARAMETER) == "true"


async def rehearse(request: Request, handle: Any) -> Response:
    """Runs the route on a rehearsal of the store; only a refusal of the domain is part of the
    answer, whatever else is wrong with the request is answered as ever."""
    visit: Visit = request.scope["paraphe.visit"]
    rehearsal = Rehearsal(visit.backend.store)
    request.scope["paraphe.visit"] = msgspec.structs.replace(visit, rehearsal=rehearsal)
    try:
        answered = await handle(request)
        return _said(rehearsal.events, bytes(answered.body), b"null")
    except Refusals as error:
        return _said([], b"null", bytes(refuse(request, error.refused).body))
    finally:
        await run_in_threadpool(rehearsal.close)


def _said(facts: list[Recorded], answer: bytes, refusal: bytes) -> Response:
    body = {
        "events": [
            {"position": fact.position, "type": fact.event.stored_as, "data": fact.event}
            for fact in facts
        ],
        "entries": [
            EntryOut.of(Posted(position=fact.position, entry=fact.event)).model_dump(mode="json")
            for fact in facts
            if isinstance(fact.event, EntryPosted)
        ],
        "answer": msgspec.Raw(answer),
        "refusal": msgspec.Raw(refusal),
    }
    return Response(msgspec.json.encode(body), media_type=JSON)
