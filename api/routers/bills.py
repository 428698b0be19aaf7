"""Supplier bills: recorded by hand or taken in from UBL."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api import problems as kinds
from api.errors import Problem
from api.fields import Out, Truth
from api.ids import BillId
from api.models.purchases import BillIn, BillOut
from api.preconditions import etag
from api.responses import OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.timeline import TimelineOut, timeline_of
from api.uploads import FORM, XML, Upload, upload_of
from api.visit import Commanding, Reading, Visit, answer, answer_written
from domain.ledger.entry import document_tag
from services import purchasing
from services.importing import Imported, import_bill

router = APIRouter(prefix="/v1/companies/{company_id}/bills", tags=["bills"], route_class=Route)


class ImportOut(Out):
    """What a UBL file became."""

    status: Literal["taken", "already"] = Field(
        description="`already`: the same document was in the book; no second bill was made."
    )
    bill: BillOut = Field(description="Its bill.")


@router.post(
    "",
    operation_id="bills_record",
    summary="Record a supplier's bill",
    status_code=201,
    response_model=BillOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("bills:write"),
)
def record_bill(visit: Commanding, body: BillIn) -> Response:
    """Enters a supplier's bill or credit note under the next piece number; once a reference."""
    written = purchasing.record_bill(visit.store, visit.book_id, body.new(), visit.command)
    bill = written.answer
    headers = {
        "Location": visit.at("bills", bill.document.bill_id),
        "ETag": etag(written.position),
    }
    return answer_written(written, BillOut.of(bill), 201, headers)


_FILE = {"schema": {"type": "string", "contentMediaType": XML}}
_FILES = {
    "schema": {
        "type": "object",
        "properties": {"file": {"type": "string", "contentMediaType": XML}},
        "required": ["file"],
    }
}


@router.post(
    "/import",
    operation_id="bills_import",
    summary="Take a UBL file in",
    status_code=201,
    response_model=ImportOut,
    responses={
        200: {"model": ImportOut, "description": "The same document is in the book already."},
        **problems(*OF_COMMANDS),
    },
    openapi_extra={
        **needs("bills:write"),
        "requestBody": {"required": True, "content": {XML: _FILE, FORM: _FILES}},
    },
)
def import_ubl(
    visit: Commanding,
    upload: Annotated[Upload, upload_of()],
    same_reference: Annotated[
        Truth,
        Query(description="Take another document under a reference the supplier used already."),
    ] = False,
) -> Response:
    """Records an EN 16931 / Peppol BIS invoice or credit note as a bill, its files kept whole."""
    imported = import_bill(
        visit.store,
        visit.book_id,
        upload.content,
        visit.command,
        name=upload.name,
        same_reference=same_reference,
    )
    ours = not imported.already or _is_of(visit, imported)
    body = ImportOut(status="taken" if ours else "already", bill=BillOut.of(imported.bill))
    headers = {
        "Location": visit.at("bills", imported.bill.document.bill_id),
        "Event-Position": str(imported.position),
    }
    if ours and imported.already:
        headers["Idempotent-Replayed"] = "true"
    return answer(body, 201 if ours else 200, headers)


@router.get(
    "/{bill_id:id}",
    operation_id="bills_get",
    summary="See a bill",
    response_model=BillOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("bills:read"),
)
def get_bill(visit: Reading, bill_id: BillId) -> Response:
    """Gives a bill; its files are at `/files/{digest}`."""
    book = visit.store.past(visit.book_id)
    bill = purchasing.get_bill(book, bill_id)
    last = book.last(document_tag("bill", bill_id))
    if last is None:
        raise Problem(kinds.NOT_FOUND)
    return answer(BillOut.of(bill), headers={"ETag": etag(last.position)})


@router.get(
    "/{bill_id:id}/events",
    operation_id="bills_events",
    summary="See what happened to a bill",
    response_model=TimelineOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("bills:read"),
)
def list_bill_events(visit: Reading, bill_id: BillId) -> Response:
    """Gives every event of a bill, its entry included, oldest first."""
    return timeline_of(visit, document_tag("bill", bill_id))


def _is_of(visit: Visit, imported: Imported) -> bool:
    """Whether this very command made the bill, and is only repeated."""
    position = imported.bill.position
    facts = visit.store.past(visit.book_id, position).at([position])
    return facts[0].command == visit.command_id
