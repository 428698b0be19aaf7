"""A request that has been let in: who it is, which book it may enter, and how it is answered."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID, uuid4

import msgspec
from fastapi import Depends, Header, Query, Request, Response
from msgspec import Struct
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

from api import problems
from api.errors import Problem
from api.fields import Position, Truth
from api.ids import CompanyId, book_id, company_id
from api.meter import Allowance, Meter
from api.spooling import SpooledRequest
from services.access import Access, Porter
from services.backend import Backend
from services.replicas import Replica
from services.store.pen import Command
from services.store.rehearsal import Rehearsal
from services.store.store import Store, Written

BEARER = "Bearer "
NONE: Mapping[str, str] = {}
JSON = "application/json"
UNLIMITED = Meter(0)


class Door(Struct, frozen=True):
    """What every request needs: the backend, who lets in, what signs cursors, what limits."""

    backend: Backend
    porter: Porter
    secret: bytes
    meter: Meter = UNLIMITED


class Visit(Struct, frozen=True, kw_only=True):
    """A request with its rights. `book_id` is "" outside a company.

    A question to live registers goes to `replica`, if there is one, and its answer must stand at
    position `least` or later.
    """

    door: Door
    access: Access
    book_id: str
    request: str
    command_id: str = ""
    rehearsal: Rehearsal | None = None
    replica: Replica | None = None
    least: int = 0

    @property
    def backend(self) -> Backend:
        """The backend behind the door."""
        return self.door.backend

    @property
    def store(self) -> Store:
        """The books; of a dry run, books in which nothing is written."""
        return self.rehearsal or self.door.backend.store

    @property
    def command(self) -> Command:
        """The command that this request is: named for ever by its key and Idempotency-Key."""
        return Command(
            id=self.command_id, actor=self.access.key_id, cause="http", request=self.request
        )

    def at(self, resource: str, resource_id: str) -> str:
        """The address of something in this company."""
        return f"/v1/companies/{company_id(self.book_id)}/{resource}/{resource_id}"


async def admit(request: Request, scope: str) -> Visit:
    """Lets a request in, or raises the problem: 401, 403 without the scope, 404 for the company.

    A company that is not there and one that the key does not reach look the same.
    """
    door: Door = request.app.state.door
    header = request.headers.get("authorization", "")
    company = request.path_params.get("company_id")
    wanted = None if company is None else book_id(str(company))
    access = await run_in_threadpool(_known, door.porter, header, wanted)
    if access is None:
        if header and wanted is not None:
            await run_in_threadpool(door.backend.attendance.note_refusal, str(wanted))
        raise Problem(problems.UNAUTHENTICATED, headers={"WWW-Authenticate": "Bearer"})
    _count(request, door.meter.take(access.key_id))
    authorise(access, scope, within_company=company is not None)
    attendance, used = door.backend.attendance, (access.book_id or "", access.key_id)
    if access.book_id is not None and not attendance.is_noted(*used):
        await run_in_threadpool(attendance.note, *used)
    return Visit(
        door=door,
        access=access,
        book_id=access.book_id or "",
        request=await digest(request),
    )


def authorise(access: Access, scope: str, *, within_company: bool) -> None:
    """The first wall: what the key may do, and where. The second is row-level security."""
    if scope not in access.scopes:
        raise Problem(problems.SCOPE_MISSING, scope=scope)
    if within_company and access.book_id is None:
        raise Problem(problems.NOT_FOUND)


def _count(request: Request, allowance: Allowance | None) -> None:
    """Notes for the answer what the key may still ask; raises the problem too_many_requests."""
    if allowance is None:
        return
    request.scope["paraphe.allowance"] = allowance
    if not allowance.allowed:
        raise Problem(problems.TOO_MANY_REQUESTS, headers={"Retry-After": str(allowance.retry)})


def _known(porter: Porter, header: str, wanted: UUID | None) -> Access | None:
    if not header.startswith(BEARER) or len(header) > 200 or not header.isascii():
        return None
    return porter.admit(header.removeprefix(BEARER).strip(), wanted)


async def digest(request: Request) -> str:
    """SHA-256 (hex) of what is asked: method, path and canonical body."""
    if request.method in ("GET", "HEAD"):
        return ""
    asked = f"{request.method}\n{request.url.path}\n".encode()
    if isinstance(request, SpooledRequest):
        return await request.digest(asked)
    body = await request.body()
    if body and is_json(request):
        body = msgspec.json.encode(await request.json(), order="sorted")
    return sha256(asked + body).hexdigest()


def is_json(request: Request) -> bool:
    """Whether the body says that it is JSON."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == JSON


async def _reading(
    request: Request,
    company_id: CompanyId,  # noqa: ARG001  documented here, heeded before the route runs
    min_position: Annotated[  # noqa: ARG001  documented here, heeded before the route runs
        Position | None,
        Header(
            alias="Min-Position",
            description="Wait up to 2 s until the answer stands at this position or later.",
        ),
    ] = None,
) -> Visit:
    visit: Visit = request.scope["paraphe.visit"]
    return visit


IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        description="Your own name for this command: repeating it gives the first answer.",
        min_length=1,
        max_length=120,
        pattern=r"^[!-~]+$",
    ),
]


DryRun = Annotated[
    Truth,
    Query(description="Only say what the command would do: events, entries, answer or refusal."),
]


async def _commanding(
    request: Request,
    company_id: CompanyId,  # noqa: ARG001  documented here, heeded before the route runs
    idempotency_key: IdempotencyKey,
    dry_run: DryRun = False,  # noqa: ARG001  documented here, heeded before the route runs
) -> Visit:
    return await _founding(request, idempotency_key)


async def _founding(
    request: Request,
    idempotency_key: IdempotencyKey,
    dry_run: DryRun = False,  # noqa: ARG001  documented here, heeded before the route runs
) -> Visit:
    visit: Visit = request.scope["paraphe.visit"]
    command_id = f"{visit.access.key_id}:{idempotency_key}"
    return msgspec.structs.replace(visit, command_id=command_id)


async def _revising(
    request: Request,
    company_id: CompanyId,  # noqa: ARG001  documented here, heeded before the route runs
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="Your own name for this change; If-Match alone makes a repeat harmless.",
            min_length=1,
            max_length=120,
            pattern=r"^[!-~]+$",
        ),
    ] = None,
    dry_run: DryRun = False,  # noqa: ARG001  documented here, heeded before the route runs
) -> Visit:
    return await _founding(request, idempotency_key or f"~{uuid4()}")


async def _browsing(request: Request) -> Visit:
    visit: Visit = request.scope["paraphe.visit"]
    return visit


Reading = Annotated[Visit, Depends(_reading)]
"""The visit of a GET within a company."""

Commanding = Annotated[Visit, Depends(_commanding)]
"""The visit of a command within a company, with the command's id."""

Revising = Annotated[Visit, Depends(_revising)]
"""The visit of a PATCH within a company: a command guarded by If-Match."""

Founding = Annotated[Visit, Depends(_founding)]
"""The visit of a command outside any company."""

Browsing = Annotated[Visit, Depends(_browsing)]
"""The visit of a GET outside any company."""


def answer(body: BaseModel, status: int = 200, headers: Mapping[str, str] = NONE) -> Response:
    """A JSON answer; it is encoded once, by the model that documents it."""
    content = body.__pydantic_serializer__.to_json(body)
    return Response(content, status, headers, JSON)


def answer_written(
    written: Written[Any], body: BaseModel, status: int = 200, headers: Mapping[str, str] = NONE
) -> Response:
    """The answer to a command: where it was written, and whether it had been before."""
    more = {"Event-Position": str(written.position), **headers}
    if written.replayed:
        more["Idempotent-Replayed"] = "true"
    return answer(body, status, more)
