"""The one kind of route: it must say who may use it, and holds that before anything is parsed."""

from collections.abc import Callable, Coroutine, Iterator
from tempfile import TemporaryFile
from typing import Any

import msgspec
from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from structlog.contextvars import bind_contextvars

from api import problems
from api.dry_run import is_dry_run, rehearse
from api.errors import Problem
from api.reading import pieces_within
from api.spooling import SpooledRequest
from api.standing import stand
from api.visit import Visit, admit, is_json
from services.access import SCOPES
from services.replicas import ReplicaFailed

LARGEST_JSON = 1024 * 1024
LARGEST_FILE = 20 * 1024 * 1024
SCHEME = "key"

Answering = Callable[[Request], Coroutine[Any, Any, Response]]


class UndeclaredScope(Exception):
    """A route does not say which scope it asks for: the application must not start."""


def needs(scope: str) -> dict[str, Any]:
    """What a route says of itself (as its `openapi_extra`): the scope a key must have."""
    if scope not in SCOPES:
        raise UndeclaredScope(scope)
    return {"security": [{SCHEME: [scope]}]}


PUBLIC: dict[str, Any] = {"security": []}
"""What a route says of itself when it is open to everybody."""


class StrictRequest(Request):
    """A request read with limits: so many bytes, and JSON without NaN or lone surrogates."""

    most_bytes = LARGEST_JSON

    async def body(self) -> bytes:
        """The body; raises the problem body_too_large as soon as it is."""
        if not hasattr(self, "_body"):
            pieces = pieces_within(self, self.most_bytes)
            self._body = b"".join([piece async for piece in pieces])
        return self._body

    async def json(self) -> Any:
        """The body as JSON; raises the problem malformed_body."""
        if not hasattr(self, "_json"):
            try:
                self._json = msgspec.json.decode(await self.body())
            except (msgspec.MsgspecError, RecursionError, ValueError):
                raise Problem(problems.MALFORMED_BODY) from None
        return self._json


class Route(APIRoute):
    """A route of ours: admits by scope, refuses unknown parameters, waits for Min-Position."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        security = (options.get("openapi_extra") or {}).get("security")
        if security is None:
            raise UndeclaredScope(f"{path}: {endpoint.__name__}")
        self.scope = str(security[0][SCHEME][0]) if security else None
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Answering:
        """The handler of FastAPI behind our checks."""
        handle = super().get_route_handler()
        scope = self.scope
        known = frozenset(_query_names(self.dependant))
        asks_registers = "registers" in self.tags
        takes_json = self.body_field is not None
        most_bytes = LARGEST_FILE if "requestBody" in (self.openapi_extra or {}) else LARGEST_JSON

        async def answer(request: Request) -> Response:
            if not isinstance(request, SpooledRequest):
                request = StrictRequest(request.scope, request.receive)
                request.most_bytes = most_bytes
            if scope is not None:
                visit = await _enter(request, scope)
                if visit.book_id:
                    await stand(request, visit, registers=asks_registers)
            if not known.issuperset(request.query_params.keys()) or _has_twice(request):
                raise _unknown(request, known)
            if takes_json and not is_json(request):
                raise Problem(problems.UNSUPPORTED_MEDIA_TYPE)
            if is_dry_run(request):
                return await rehearse(request, handle)
            try:
                return await handle(request)
            except ReplicaFailed:
                await stand(request, visit, registers=asks_registers, primary=True)
                return await handle(request)

        return answer


class SpooledRoute(Route):
    """A route that takes a body too long for memory, up to what the settings say."""

    def get_route_handler(self) -> Answering:
        """The handler of our routes, with a request whose body goes to a file."""
        handle = super().get_route_handler()
        if "requestBody" not in (self.openapi_extra or {}):
            return handle

        async def answer(request: Request) -> Response:
            settings = request.app.state.door.backend.settings
            spooled = SpooledRequest(request.scope, request.receive)
            spooled.most_bytes = settings.fec_mib * 1024 * 1024
            with TemporaryFile(prefix="paraphe-") as spooled.spool:
                return await handle(spooled)

        return answer


def _query_names(dependant: Dependant) -> Iterator[str]:
    """The names of the query parameters of a route and of what it depends on."""
    for field in dependant.query_params:
        model = field.field_info.annotation
        if isinstance(model, type) and issubclass(model, BaseModel):
            yield from model.model_fields
        else:
            yield field.alias
    for inner in dependant.dependencies:
        yield from _query_names(inner)


async def _enter(request: Request, scope: str) -> Visit:
    visit = await admit(request, scope)
    bind_contextvars(company=visit.book_id, actor=visit.access.key_id)
    request.scope["paraphe.visit"] = visit
    return visit


def _has_twice(request: Request) -> bool:
    return len(request.query_params.multi_items()) != len(request.query_params)


def _unknown(request: Request, known: frozenset[str]) -> Problem:
    """Names the wrong parameters when they were meant as names, not as a place for secrets."""
    names = sorted({name for name in request.query_params if name not in known})
    shown = [name for name in names if len(name) <= 40 and name.isidentifier() and name.isascii()]
    errors = [{"parameter": name, "code": "unknown_field"} for name in shown[:20]]
    return Problem(problems.UNKNOWN_PARAMETER, errors=errors)
