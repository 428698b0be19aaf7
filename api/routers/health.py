"""Is it alive, is it ready: for those who run it."""

from fastapi import APIRouter, Request, Response
from pydantic import Field

from api.fields import Out
from api.route import PUBLIC, Route
from api.visit import Door, answer
from services.readiness import Check, examine

router = APIRouter(tags=["health"], route_class=Route)


class Alive(Out):
    """The process answers."""

    status: str = Field(description="Always `alive`.", examples=["alive"])


class CheckOut(Out):
    """One thing that was looked at."""

    name: str = Field(description="What was looked at.", examples=["fsync"])
    sound: bool = Field(description="Whether it is as it must be.")
    found: str = Field(description="What was found.", examples=["on"])


class Readiness(Out):
    """Whether requests can be served, and what was looked at."""

    ready: bool = Field(description="Whether every check is sound.")
    checks: list[CheckOut] = Field(description="The checks, in order.")


@router.get(
    "/live",
    operation_id="health_live",
    summary="Is the process alive?",
    response_model=Alive,
    openapi_extra=PUBLIC,
)
async def live() -> Response:
    """Answers without touching anything."""
    return answer(Alive(status="alive"))


@router.get(
    "/ready",
    operation_id="health_ready",
    summary="Can it serve requests?",
    response_model=Readiness,
    responses={503: {"model": Readiness, "description": "Not now; the checks say why."}},
    openapi_extra=PUBLIC,
)
def ready(request: Request) -> Response:
    """Looks at the database, its durability, the schema and how far the registers lag."""
    door: Door = request.app.state.door
    checks = [_out(check) for check in examine(door.backend)]
    sound = all(check.sound for check in checks)
    status, headers = (200, {}) if sound else (503, {"Retry-After": "5"})
    return answer(Readiness(ready=sound, checks=checks), status, headers)


def _out(check: Check) -> CheckOut:
    return CheckOut(name=check.name, sound=check.sound, found=check.found)
