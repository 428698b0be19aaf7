"""Exports of lists of any length: asked for as jobs, their files fetched when they are made."""

from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Request, Response
from pydantic import Field, StringConstraints

from api import problems as kinds
from api.errors import Problem
from api.fields import In
from api.ids import JobId
from api.jobs import JobOut, answer_asked, answer_file, answer_job
from api.language import preferred
from api.list_files import FILES
from api.responses import OF_COMMANDS, OF_READS, Responses, problems
from api.route import Route, needs
from api.visit import Commanding, Reading, Visit, authorise
from services.lists.export import Format
from services.lists.job import EXPORT, ListAsked
from services.lists.kinds import LISTS

router = APIRouter(prefix="/v1/companies/{company_id}/exports", tags=["exports"], route_class=Route)

FILE: Responses = {
    200: {"description": "The file; its ETag is its SHA-256.", "content": {**FILES}},
    206: {"description": "The range that was asked for.", "content": {**FILES}},
    304: {"description": "It is the one in If-None-Match."},
}
Word = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=200)]
SCOPES = {"contacts": "contacts:read", "articles": "articles:read"}
"""What a key must be allowed to read beside registers, for the lists that are none of documents."""


class ExportIn(In):
    """A list as it is asked for."""

    list: Literal[tuple(sorted(LISTS))] = Field(description="Which list.")  # type: ignore[valid-type]
    filter: dict[Word, Word | int | bool] = Field(
        default={},
        max_length=40,
        description="Its filter, by the names that exports are noted under.",
    )
    sort: Word | Literal[""] = Field(default="", description="Its order; empty: the usual one.")
    format: Format = Field(description="`xlsx`, `csv`, or `json` (one object a line).")


@router.post(
    "",
    operation_id="exports_ask",
    summary="Export a list of any length",
    status_code=202,
    response_model=JobOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("registers:read"),
)
def ask_for_export(visit: Commanding, request: Request, body: ExportIn) -> Response:
    """Writes exactly the filtered list as a job, and notes in the book that it left (V27)."""
    _require(visit, body.list)
    asked = ListAsked(
        list=body.list,
        filter=dict(body.filter),
        sort=body.sort or LISTS[body.list].orders[0],
        format=body.format,
        language=preferred(request.headers.get("accept-language")),
    )
    _check(asked)
    said, desk = msgspec.to_builtins(asked), visit.backend.desk
    if visit.rehearsal is not None:
        job, repeated = desk.rehearse(visit.book_id, EXPORT, said, visit.command), False
    else:
        job, repeated = desk.ask(visit.book_id, EXPORT, said, visit.command)
    return answer_asked(visit, request, "exports", job, repeated=repeated)


@router.get(
    "/{job_id:id}",
    operation_id="exports_get",
    summary="See how an export stands",
    response_model=JobOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("registers:read"),
)
def get_export(visit: Reading, request: Request, job_id: JobId) -> Response:
    """Gives the job's status, and at its end where its file is."""
    return answer_job(visit, request, "exports", job_id, EXPORT)


@router.get(
    "/{job_id:id}/file",
    operation_id="exports_file",
    summary="Fetch an exported list",
    response_class=Response,
    responses={**FILE, **problems(*OF_READS, 409, 416)},
    openapi_extra=needs("registers:read"),
)
def get_exported(visit: Reading, request: Request, job_id: JobId) -> Response:
    """Gives the file of an export that is done, or a range of it."""
    job = visit.backend.desk.find(visit.book_id, job_id, [EXPORT])
    if job is not None:
        _require(visit, str(job.asked["list"]))
    return answer_file(visit, request, job_id, EXPORT)


def _require(visit: Visit, name: str) -> None:
    if name in SCOPES:
        authorise(visit.access, SCOPES[name], within_company=True)


def _check(asked: ListAsked) -> None:
    """Raises the problem body_invalid for a filter or an order that the list does not know."""
    kind = LISTS[asked.list]
    unknown = [name for name in asked.filter if name not in kind.filter.__struct_fields__]
    faults: list[dict[str, Any]] = [
        {"pointer": "/filter", "code": "unknown_field"} for _ in unknown[:1]
    ]
    if asked.sort not in kind.orders:
        faults.append({"pointer": "/sort", "code": "not_one_of"})
    if not faults:
        try:
            asked.asked()
        except msgspec.ValidationError:
            faults.append({"pointer": "/filter", "code": "wrong_format"})
    if faults:
        raise Problem(kinds.BODY_INVALID, errors=faults)
