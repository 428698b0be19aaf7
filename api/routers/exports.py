"""Exports of any length: asked for as jobs, their files fetched when made."""

from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response

from api import problems as kinds
from api.errors import Problem
from api.ids import JobId
from api.jobs import JobOut, answer_asked, answer_file, answer_job
from api.language import preferred
from api.list_files import FILES
from api.models.exports import ExportIn, FecExportIn, ListExportIn, file_asked
from api.responses import OF_COMMANDS, OF_READS, Responses, problems
from api.route import Route, needs
from api.visit import Commanding, Reading, Visit, authorise
from domain.book.refusal import Refusals
from services.exports.job import FILE, ZIP
from services.fec.export import MEDIA_TYPE
from services.fec.job import FEC
from services.fec.writing import FecIsFrench
from services.lists.job import EXPORT, ListAsked
from services.lists.reports import EXPORTS
from services.loading import load_company

router = APIRouter(prefix="/v1/companies/{company_id}/exports", tags=["exports"], route_class=Route)

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_CONTENT = {**FILES, MEDIA_TYPE: _BINARY, ZIP: _BINARY, "application/xml": _BINARY}
FILE_ANSWERS: Responses = {
    200: {"description": "The file; its ETag is its SHA-256.", "content": _CONTENT},
    206: {"description": "The range that was asked for.", "content": _CONTENT},
    304: {"description": "It is the one in If-None-Match."},
}
SCOPES = {
    "contacts": ("contacts:read",),
    "articles": ("articles:read",),
    "originals": ("invoices:read", "bills:read"),
}
"""What a key must be allowed to read beside registers, for what is no register."""
KINDS = (EXPORT, FEC, FILE)
"""The kinds of jobs that are exports."""


@router.post(
    "",
    operation_id="exports_ask",
    summary="Export a list or report, a FEC, entries, VAT files or originals",
    status_code=202,
    response_model=JobOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("registers:read"),
)
def ask_for_export(visit: Commanding, request: Request, body: ExportIn) -> Response:
    """Writes exactly what is asked, as a job: lists and reports (V27), the FEC (LPF A47 A-1),
    entries for the firm's software (V19), VAT files (V24), originals as a ZIP (V18).

    It is noted in the book that the file left.
    """
    kind, said = _asked(visit, request, body)
    desk = visit.backend.desk
    if visit.rehearsal is not None:
        job, repeated = desk.rehearse(visit.book_id, kind, said, visit.command), False
    else:
        job, repeated = desk.ask(visit.book_id, kind, said, visit.command)
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
    return answer_job(visit, request, "exports", job_id, _kind_of(visit, job_id))


@router.get(
    "/{job_id:id}/file",
    operation_id="exports_file",
    summary="Fetch an exported file",
    response_class=Response,
    responses={**FILE_ANSWERS, **problems(*OF_READS, 409, 416)},
    openapi_extra=needs("registers:read"),
)
def get_exported(visit: Reading, request: Request, job_id: JobId) -> Response:
    """Gives the file of an export that is done, or a range of it."""
    job = visit.backend.desk.find(visit.book_id, job_id, KINDS)
    if job is not None:
        _require(visit, str(job.asked.get("list", job.asked.get("kind", ""))))
    return answer_file(visit, request, job_id, EXPORT if job is None else job.kind)


def _kind_of(visit: Visit, job_id: str) -> str:
    """The kind of an export: that of the job, if there is one."""
    job = visit.backend.desk.find(visit.book_id, job_id, KINDS)
    return EXPORT if job is None else job.kind


def _asked(visit: Visit, request: Request, body: ExportIn) -> tuple[str, dict[str, Any]]:
    """The kind of job, and what it is asked."""
    if isinstance(body, ListExportIn):
        return EXPORT, _list_asked(visit, request, body)
    if isinstance(body, FecExportIn):
        return FEC, _fec_asked(visit, body)
    _require(visit, body.kind)
    said: dict[str, Any] = msgspec.to_builtins(file_asked(body))
    return FILE, said


def _list_asked(visit: Visit, request: Request, body: ListExportIn) -> dict[str, Any]:
    _require(visit, body.list)
    asked = ListAsked(
        list=body.list,
        filter=dict(body.filter),
        sort=body.sort or EXPORTS[body.list].orders[0],
        format=body.format,
        language=preferred(request.headers.get("accept-language")),
    )
    _check(asked)
    said: dict[str, Any] = msgspec.to_builtins(asked)
    return said


def _fec_asked(visit: Visit, body: FecExportIn) -> dict[str, Any]:
    """Raises Refusals for a company that is not in France."""
    company = load_company(visit.backend.store.past(visit.book_id))
    if company.country != "FR":
        raise Refusals(FecIsFrench(name=company.name))
    said: dict[str, Any] = msgspec.to_builtins(body.asked())
    return said


def _require(visit: Visit, name: str) -> None:
    for scope in SCOPES.get(name, ()):
        authorise(visit.access, scope, within_company=True)


def _check(asked: ListAsked) -> None:
    """Raises the problem body_invalid for a filter or an order that the list does not know."""
    kind = EXPORTS[asked.list]
    unknown = [name for name in asked.filter if name not in kind.filter.__struct_fields__]
    faults: list[dict[str, Any]] = [
        {"pointer": "/filter", "code": "unknown_field"} for _ in unknown[:1]
    ]
    if asked.sort not in kind.orders:
        faults.append({"pointer": "/sort", "code": "not_one_of"})
    if not faults:
        try:
            _ = asked.asked().columns
        except msgspec.ValidationError:
            faults.append({"pointer": "/filter", "code": "wrong_format"})
    if faults:
        raise Problem(kinds.BODY_INVALID, errors=faults)
