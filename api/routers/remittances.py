"""Remittances: direct debit and transfer files, made once, settled, cancelled, returned by line."""

from datetime import date

from fastapi import APIRouter, Request, Response

from api import problems as kinds
from api.downloads import FILE_ANSWERS, FOREVER, give
from api.errors import Problem
from api.ids import RemittanceId
from api.models.remittances import (
    CollectionIn,
    RemittanceOut,
    ReturnIn,
    SettlementIn,
    TransferOrderIn,
)
from api.models.sales import ReasonIn
from api.preconditions import etag
from api.responses import OF_COMMANDS, OF_READS, Responses, problems
from api.route import Route, needs
from api.timeline import TimelineOut, timeline_of
from api.visit import Commanding, Reading, Visit, answer, answer_written
from domain.treasury.remittance import Remittance, remittance_tag
from domain.treasury.remitting import NewLine, Remitted
from services import remitting
from services.jobs.job import JobFile
from services.remittance_returns import return_line
from services.remittance_settling import cancel_remittance, settle_remittance
from services.remitting_due import due_lines
from services.store.store import Written

router = APIRouter(
    prefix="/v1/companies/{company_id}/remittances", tags=["remittances"], route_class=Route
)
collections = APIRouter(
    prefix="/v1/companies/{company_id}/collections", tags=["remittances"], route_class=Route
)
orders = APIRouter(
    prefix="/v1/companies/{company_id}/transfer_orders", tags=["remittances"], route_class=Route
)

_FILE: Responses = {
    200: {
        "description": "The file, byte for byte; its ETag is its SHA-256.",
        "content": {"application/xml": {"schema": {"type": "string", "format": "binary"}}},
    },
    206: FILE_ANSWERS[206],
    304: FILE_ANSWERS[304],
    **problems(*OF_READS, 416),
}


@collections.post(
    "",
    operation_id="collections_create",
    summary="Make a direct debit file",
    status_code=201,
    response_model=RemittanceOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("remittances:write"),
)
def create_collection(visit: Commanding, body: CollectionIn) -> Response:
    """Makes a pain.008 file of instalments, once; each waits in one such file at a time (M42)."""
    until = body.due_until or body.execution_date
    lines = body.chosen() or _due(visit, "invoice", until)
    written = remitting.create_collection(
        visit.store, visit.book_id, body.new(lines), visit.command
    )
    return _made(visit, written)


@orders.post(
    "",
    operation_id="transfer_orders_create",
    summary="Make a credit transfer file",
    status_code=201,
    response_model=RemittanceOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("remittances:write"),
)
def order_transfers(visit: Commanding, body: TransferOrderIn) -> Response:
    """Makes a pain.001 file of suppliers' bills, once; each waits in one such file at a time."""
    until = body.due_until or body.execution_date
    lines = body.chosen() or _due(visit, "bill", until)
    written = remitting.order_transfers(visit.store, visit.book_id, body.new(lines), visit.command)
    return _made(visit, written)


@router.get(
    "/{remittance_id:id}",
    operation_id="remittances_get",
    summary="See a remittance",
    response_model=RemittanceOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("remittances:read"),
)
def get_remittance(visit: Reading, remittance_id: RemittanceId) -> Response:
    """Gives a collection or transfer order, with what became of each line."""
    past = visit.store.past(visit.book_id)
    known = remitting.get_remittance(past, remittance_id)
    last = past.last(remittance_tag(remittance_id))
    headers = {"ETag": etag(last.position if last is not None else known.position)}
    return answer(RemittanceOut.of(known), headers=headers)


@router.get(
    "/{remittance_id:id}/file",
    operation_id="remittances_file",
    summary="Fetch the file for the bank",
    response_class=Response,
    responses=_FILE,
    openapi_extra=needs("remittances:read"),
)
def get_remittance_file(visit: Reading, request: Request, remittance_id: RemittanceId) -> Response:
    """Gives the file as it was made, the same bytes for ever; ETag is its SHA-256."""
    known = remitting.get_remittance(visit.store.past(visit.book_id), remittance_id)
    file = visit.store.file(visit.book_id, known.document.file)
    if file is None:
        raise Problem(kinds.NOT_FOUND)
    content = file.content
    about = JobFile(
        digest=file.digest, size=len(content), media_type=file.media_type, name=file.name
    )

    def read(first: int, last: int) -> list[bytes]:
        return [content[first : last + 1]]

    return give(request, about, lambda first, last: iter(read(first, last)), headers=FOREVER)


@router.post(
    "/{remittance_id:id}/settle",
    operation_id="remittances_settle",
    summary="Settle a remittance",
    response_model=RemittanceOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("remittances:write"),
)
def settle(visit: Commanding, remittance_id: RemittanceId, body: SettlementIn) -> Response:
    """Books and letters every line that the bank did not give back, in one command (M42)."""
    return _done(
        settle_remittance(visit.store, visit.book_id, remittance_id, body.new(), visit.command)
    )


@router.post(
    "/{remittance_id:id}/cancel",
    operation_id="remittances_cancel",
    summary="Cancel a remittance",
    response_model=RemittanceOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("remittances:write"),
)
def cancel(visit: Commanding, remittance_id: RemittanceId, body: ReasonIn) -> Response:
    """For a file that the bank never executed: its lines are free again, the file stays kept."""
    return _done(
        cancel_remittance(visit.store, visit.book_id, remittance_id, body.reason, visit.command)
    )


@router.post(
    "/{remittance_id:id}/return",
    operation_id="remittances_return",
    summary="Take one line back",
    response_model=RemittanceOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("remittances:write"),
)
def take_back(visit: Commanding, remittance_id: RemittanceId, body: ReturnIn) -> Response:
    """An R-transaction: undoes exactly its line, with what the bank charged for it (M42)."""
    return _done(return_line(visit.store, visit.book_id, remittance_id, body.new(), visit.command))


@router.get(
    "/{remittance_id:id}/events",
    operation_id="remittances_events",
    summary="See what happened to a remittance",
    response_model=TimelineOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("remittances:read"),
)
def list_remittance_events(visit: Reading, remittance_id: RemittanceId) -> Response:
    """Gives every event of a remittance, oldest first."""
    return timeline_of(visit, remittance_tag(remittance_id))


def _due(visit: Visit, kind: Remitted, until: date) -> tuple[NewLine, ...]:
    """What the register says is due; the pen checks it again."""
    with visit.backend.readers.of(visit.book_id) as registers:
        return due_lines(visit.store.past(visit.book_id), registers, kind, until)


def _made(visit: Visit, written: Written[Remittance]) -> Response:
    known = written.answer
    headers = {
        "Location": visit.at("remittances", known.document.remittance_id),
        "ETag": etag(known.position),
    }
    return answer_written(written, RemittanceOut.of(known), 201, headers)


def _done(written: Written[Remittance]) -> Response:
    headers = {"ETag": etag(written.position)}
    return answer_written(written, RemittanceOut.of(written.answer), headers=headers)
