"""Direct debit mandates, and the identifier under which the company collects."""

from fastapi import APIRouter, Response

from api.ids import MandateId
from api.models.remittances import CreditorIn, CreditorOut, MandateIn, MandateOut
from api.models.sales import ReasonIn
from api.preconditions import etag
from api.responses import OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.timeline import TimelineOut, timeline_of
from api.visit import Commanding, Reading, answer, answer_written
from domain.treasury.collection import mandate_tag
from services import mandates
from services.mandates import legal_today

router = APIRouter(
    prefix="/v1/companies/{company_id}/mandates", tags=["mandates"], route_class=Route
)
creditor = APIRouter(
    prefix="/v1/companies/{company_id}/creditor_id", tags=["mandates"], route_class=Route
)


@creditor.post(
    "",
    operation_id="creditor_identify",
    summary="Say the SEPA creditor identifier",
    response_model=CreditorOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("remittances:write"),
)
def identify_creditor(visit: Commanding, body: CreditorIn) -> Response:
    """Keeps the identifier under which the company collects, once its key is right (M42)."""
    written = mandates.identify_creditor(
        visit.store, visit.book_id, body.creditor_id, visit.command
    )
    return answer_written(written, CreditorOut(creditor_id=written.answer))


@creditor.get(
    "",
    operation_id="creditor_get",
    summary="See the SEPA creditor identifier",
    response_model=CreditorOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("remittances:read"),
)
def get_creditor(visit: Reading) -> Response:
    """Gives the identifier, empty before it is said."""
    past = visit.store.past(visit.book_id)
    return answer(CreditorOut(creditor_id=mandates.find_creditor_id(past)))


@router.post(
    "",
    operation_id="mandates_sign",
    summary="Keep a signed mandate",
    status_code=201,
    response_model=MandateOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("remittances:write"),
)
def sign_mandate(visit: Commanding, body: MandateIn) -> Response:
    """Keeps a mandate that a customer has signed; its account is stored sealed (M42)."""
    written = mandates.sign_mandate(visit.store, visit.book_id, body.new(), visit.command)
    known = written.answer
    headers = {
        "Location": visit.at("mandates", known.document.mandate_id),
        "ETag": etag(known.position),
    }
    today = legal_today(visit.store, visit.book_id)
    return answer_written(written, MandateOut.of(known, today), 201, headers)


@router.get(
    "/{mandate_id:id}",
    operation_id="mandates_get",
    summary="See a mandate",
    response_model=MandateOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("remittances:read"),
)
def get_mandate(visit: Reading, mandate_id: MandateId) -> Response:
    """Gives a mandate, and whether it may be used today."""
    known = mandates.get_mandate(visit.store.past(visit.book_id), mandate_id)
    today = legal_today(visit.store, visit.book_id)
    return answer(MandateOut.of(known, today), headers={"ETag": etag(known.position)})


@router.post(
    "/{mandate_id:id}/revoke",
    operation_id="mandates_revoke",
    summary="Revoke a mandate",
    response_model=MandateOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("remittances:write"),
)
def revoke_mandate(visit: Commanding, mandate_id: MandateId, body: ReasonIn) -> Response:
    """Nothing more is collected by it; what is under way goes on."""
    written = mandates.revoke_mandate(
        visit.store, visit.book_id, mandate_id, body.reason, visit.command
    )
    today = legal_today(visit.store, visit.book_id)
    return answer_written(written, MandateOut.of(written.answer, today))


@router.get(
    "/{mandate_id:id}/events",
    operation_id="mandates_events",
    summary="See what happened to a mandate",
    response_model=TimelineOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("remittances:read"),
)
def list_mandate_events(visit: Reading, mandate_id: MandateId) -> Response:
    """Gives every event of a mandate and the collections that used it, oldest first."""
    return timeline_of(visit, mandate_tag(mandate_id))
