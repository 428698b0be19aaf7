"""Quotes: drafted, sent, answered; invoiced whole or by situations."""

from fastapi import APIRouter, Response

from api.ids import QuoteId
from api.models.orders import OrderOut
from api.models.quotes import DepositIn, DepositOut, ProbabilityIn, QuoteIn, QuoteOut
from api.models.sales import InvoiceOut, ReasonIn
from api.models.situations import QuoteInvoicingIn, SituationIn, SituationOut
from api.preconditions import Guarded, IfMatch, etag
from api.responses import OF_CHANGES, OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.timeline import TimelineOut, timeline_of
from api.visit import Commanding, Reading, Revising, Visit, answer, answer_written
from domain.quotes.quote import quote_tag
from services import deposits, ordering, quoting, situations
from services.quote_loading import KnownQuote, get_quote
from services.store.store import Written

router = APIRouter(prefix="/v1/companies/{company_id}/quotes", tags=["quotes"], route_class=Route)


@router.post(
    "",
    operation_id="quotes_draft",
    summary="Draft a quote",
    status_code=201,
    response_model=QuoteOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("quotes:write"),
)
def draft_quote(visit: Commanding, body: QuoteIn) -> Response:
    """Begins a quote today under the next number of its own series (M14, M15)."""
    written = quoting.draft_quote(visit.store, visit.book_id, body.new(), visit.command)
    return _made(visit, written)


@router.get(
    "/{quote_id:id}",
    operation_id="quotes_get",
    summary="See a quote",
    response_model=QuoteOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("quotes:read"),
)
def show_quote(visit: Reading, quote_id: QuoteId) -> Response:
    """Gives a quote at whatever stage, with its deposits and its invoices."""
    known = get_quote(visit.store.past(visit.book_id), quote_id)
    return answer(QuoteOut.of(known), headers={"ETag": etag(known.position)})


@router.patch(
    "/{quote_id:id}",
    operation_id="quotes_revise",
    summary="Revise a draft quote",
    response_model=QuoteOut,
    responses=problems(*OF_CHANGES),
    openapi_extra=needs("quotes:write"),
)
def revise_quote(visit: Revising, quote_id: QuoteId, if_match: IfMatch, body: QuoteIn) -> Response:
    """Replaces what a draft quote says, whole; number and date stay."""
    store = Guarded(visit.store, quote_tag(quote_id), if_match)
    return _moved(quoting.revise_quote(store, visit.book_id, quote_id, body.new(), visit.command))


@router.post(
    "/{quote_id:id}/duplicate",
    operation_id="quotes_duplicate",
    summary="Duplicate a quote",
    status_code=201,
    response_model=QuoteOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("quotes:write"),
)
def duplicate_quote(visit: Commanding, quote_id: QuoteId) -> Response:
    """Begins another quote that says the same, under its own number and today's date."""
    written = quoting.duplicate_quote(visit.store, visit.book_id, quote_id, visit.command)
    return _made(visit, written)


@router.post(
    "/{quote_id:id}/send",
    operation_id="quotes_send",
    summary="Send a quote",
    response_model=QuoteOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("quotes:write"),
)
def send_quote(visit: Commanding, quote_id: QuoteId) -> Response:
    """Notes that the quote has gone to the customer (M23)."""
    return _moved(quoting.send_quote(visit.store, visit.book_id, quote_id, visit.command))


@router.post(
    "/{quote_id:id}/accept",
    operation_id="quotes_accept",
    summary="Accept a quote",
    response_model=QuoteOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("quotes:write"),
)
def accept_quote(visit: Commanding, quote_id: QuoteId) -> Response:
    """Notes the customer's agreement; the deposit it asks for falls due (M23, M57)."""
    return _moved(quoting.accept_quote(visit.store, visit.book_id, quote_id, visit.command))


@router.post(
    "/{quote_id:id}/refuse",
    operation_id="quotes_refuse",
    summary="Refuse a quote",
    response_model=QuoteOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("quotes:write"),
)
def refuse_quote(visit: Commanding, quote_id: QuoteId, body: ReasonIn) -> Response:
    """Notes that the customer declines: the quote is cancelled and may be restored (M24)."""
    written = quoting.refuse_quote(visit.store, visit.book_id, quote_id, body.reason, visit.command)
    return _moved(written)


@router.post(
    "/{quote_id:id}/restore",
    operation_id="quotes_restore",
    summary="Restore a refused quote",
    response_model=QuoteOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("quotes:write"),
)
def restore_quote(visit: Commanding, quote_id: QuoteId) -> Response:
    """Makes a refused quote a draft again, with its number and its history (M24)."""
    return _moved(quoting.restore_quote(visit.store, visit.book_id, quote_id, visit.command))


@router.post(
    "/{quote_id:id}/probability",
    operation_id="quotes_set_probability",
    summary="Say how likely a quote is",
    response_model=QuoteOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("quotes:write"),
)
def set_probability(visit: Commanding, quote_id: QuoteId, body: ProbabilityIn) -> Response:
    """Says how likely the quote is to be accepted, where deals are followed (M19)."""
    written = quoting.set_probability(
        visit.store, visit.book_id, quote_id, body.probability, visit.command
    )
    return _moved(written)


@router.post(
    "/{quote_id:id}/deposits",
    operation_id="quotes_open_deposit",
    summary="Ask for a deposit",
    status_code=201,
    response_model=DepositOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("quotes:write"),
)
def open_deposit(visit: Commanding, quote_id: QuoteId, body: DepositIn) -> Response:
    """Asks for one more deposit while the quote is not invoiced (M56)."""
    written = deposits.open_deposit(visit.store, visit.book_id, quote_id, body.new(), visit.command)
    made = written.answer
    headers = {"Location": visit.at("deposits", made.deposit_id), "ETag": etag(made.position)}
    return answer_written(written, DepositOut.of(made), 201, headers)


@router.post(
    "/{quote_id:id}/invoice",
    operation_id="quotes_invoice",
    summary="Invoice a quote",
    status_code=201,
    response_model=InvoiceOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def invoice_quote(visit: Commanding, quote_id: QuoteId, body: QuoteInvoicingIn) -> Response:
    """Drafts the invoice of a whole quote, less its paid deposits (M25, M26, M62)."""
    written = situations.invoice_quote(
        visit.store, visit.book_id, quote_id, body.new(), visit.command
    )
    made = written.answer
    headers = {"Location": visit.at("invoices", made.invoice_id), "ETag": etag(made.position)}
    return answer_written(written, InvoiceOut.of(made), 201, headers)


@router.post(
    "/{quote_id:id}/situations",
    operation_id="quotes_invoice_situation",
    summary="Invoice a situation",
    status_code=201,
    response_model=SituationOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def invoice_situation(visit: Commanding, quote_id: QuoteId, body: SituationIn) -> Response:
    """Drafts the invoice of the quote's progress since the last one (M65, M66)."""
    written = situations.invoice_situation(
        visit.store, visit.book_id, quote_id, body.new(), visit.command
    )
    made = written.answer
    past = visit.store.past(visit.book_id, written.position)
    unsettled = situations.unsettled_before(past, made.invoice_id)
    headers = {"Location": visit.at("invoices", made.invoice_id), "ETag": etag(made.position)}
    return answer_written(written, SituationOut.of(made, unsettled), 201, headers)


@router.post(
    "/{quote_id:id}/order",
    operation_id="quotes_order",
    summary="Take a quote as an order",
    status_code=201,
    response_model=OrderOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("quotes:write"),
)
def order_quote(visit: Commanding, quote_id: QuoteId) -> Response:
    """Takes an accepted quote without deposits as an order, which is delivered and invoiced."""
    written = ordering.order_quote(visit.store, visit.book_id, quote_id, visit.command)
    order = written.answer
    headers = {"Location": visit.at("orders", order.document.order_id)}
    return answer_written(written, OrderOut.of(order), 201, headers)


@router.get(
    "/{quote_id:id}/events",
    operation_id="quotes_events",
    summary="See what happened to a quote",
    response_model=TimelineOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("quotes:read"),
)
def list_quote_events(visit: Reading, quote_id: QuoteId) -> Response:
    """Gives every event of a quote, of its deposits and its invoices, oldest first."""
    return timeline_of(visit, quote_tag(quote_id))


def _made(visit: Visit, written: Written[KnownQuote]) -> Response:
    known = written.answer
    headers = {
        "Location": visit.at("quotes", known.quote.quote_id),
        "ETag": etag(known.position),
    }
    return answer_written(written, QuoteOut.of(known), 201, headers)


def _moved(written: Written[KnownQuote]) -> Response:
    headers = {"ETag": etag(written.answer.position)}
    return answer_written(written, QuoteOut.of(written.answer), headers=headers)
