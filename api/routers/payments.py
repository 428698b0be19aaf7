"""Payments, and the letterings that say what they settle."""

from fastapi import APIRouter, Response

from api.ids import LetteringId, PaymentId
from api.models.sales import ReasonIn
from api.models.treasury import LetteringIn, LetteringOut, PaymentIn, PaymentOut
from api.preconditions import etag
from api.responses import OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.timeline import TimelineOut, timeline_of
from api.visit import Commanding, Reading, answer, answer_written
from domain.ledger.entry import document_tag
from services import treasury
from services.settling import find_reversal

router = APIRouter(
    prefix="/v1/companies/{company_id}/payments", tags=["payments"], route_class=Route
)
letterings = APIRouter(
    prefix="/v1/companies/{company_id}/letterings", tags=["letterings"], route_class=Route
)


@router.post(
    "",
    operation_id="payments_record",
    summary="Record a payment",
    status_code=201,
    response_model=PaymentOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("payments:write"),
)
def record_payment(visit: Commanding, body: PaymentIn) -> Response:
    """Records money that moved on a bank account, with its entry; letter it to settle something."""
    written = treasury.record_payment(visit.store, visit.book_id, body.new(), visit.command)
    payment = written.answer
    headers = {
        "Location": visit.at("payments", payment.document.payment_id),
        "ETag": etag(payment.position),
    }
    return answer_written(written, PaymentOut.of(payment), 201, headers)


@router.get(
    "/{payment_id:id}",
    operation_id="payments_get",
    summary="See a payment",
    response_model=PaymentOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("payments:read"),
)
def get_payment(visit: Reading, payment_id: PaymentId) -> Response:
    """Gives a payment."""
    book = visit.store.past(visit.book_id)
    payment = treasury.get_payment(book, payment_id)
    back = find_reversal(book, payment_id)
    last = payment.position if back is None else back.position
    return answer(PaymentOut.of(payment, back), headers={"ETag": etag(last)})


@router.get(
    "/{payment_id:id}/events",
    operation_id="payments_events",
    summary="See what happened to a payment",
    response_model=TimelineOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("payments:read"),
)
def list_payment_events(visit: Reading, payment_id: PaymentId) -> Response:
    """Gives every event of a payment, its entry included, oldest first."""
    return timeline_of(visit, document_tag("payment", payment_id))


@letterings.post(
    "",
    operation_id="letterings_letter",
    summary="Letter lines",
    status_code=201,
    response_model=LetteringOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("payments:write"),
)
def letter_entries(visit: Commanding, body: LetteringIn) -> Response:
    """Settles lines of one third party against each other, wholly or in part (C7)."""
    written = treasury.letter_entries(visit.store, visit.book_id, body.new(), visit.command)
    lettering = written.answer
    headers = {
        "Location": visit.at("letterings", lettering.lettering.lettering_id),
        "ETag": etag(lettering.position),
    }
    return answer_written(written, LetteringOut.of(lettering), 201, headers)


@letterings.get(
    "/{lettering_id:id}",
    operation_id="letterings_get",
    summary="See a lettering",
    response_model=LetteringOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("payments:read"),
)
def get_lettering(visit: Reading, lettering_id: LetteringId) -> Response:
    """Gives a lettering, standing or undone."""
    lettering = treasury.get_lettering(visit.store.past(visit.book_id), lettering_id)
    return answer(LetteringOut.of(lettering), headers={"ETag": etag(lettering.position)})


@letterings.post(
    "/{lettering_id:id}/unletter",
    operation_id="letterings_unletter",
    summary="Undo a lettering",
    response_model=LetteringOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("payments:write"),
)
def unletter_entries(visit: Commanding, lettering_id: LetteringId, body: ReasonIn) -> Response:
    """Opens the lines again; the code is never used again."""
    written = treasury.unletter_entries(
        visit.store, visit.book_id, lettering_id, body.reason, visit.command
    )
    lettering = written.answer
    headers = {"ETag": etag(lettering.position)}
    return answer_written(written, LetteringOut.of(lettering), headers=headers)
