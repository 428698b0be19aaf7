"""Orders and deliveries: taken, handed over in parts, put on invoices (M46)."""

from fastapi import APIRouter, Response

from api.ids import DeliveryId, OrderId
from api.models.orders import (
    DeliveriesIn,
    DeliveryIn,
    DeliveryOut,
    OrderIn,
    OrderOut,
    TakingIn,
    WhyIn,
)
from api.models.sales import InvoiceOut
from api.preconditions import etag
from api.responses import OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.timeline import TimelineOut, timeline_of
from api.visit import Commanding, Reading, answer, answer_written
from domain.orders.delivery import delivery_tag, order_tag
from domain.sales.invoice import Invoice
from services import ordering
from services.store.store import Written

router = APIRouter(prefix="/v1/companies/{company_id}/orders", tags=["orders"], route_class=Route)
deliveries = APIRouter(
    prefix="/v1/companies/{company_id}/deliveries", tags=["deliveries"], route_class=Route
)


@router.post(
    "",
    operation_id="orders_confirm",
    summary="Take an order",
    status_code=201,
    response_model=OrderOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def confirm_order(visit: Commanding, body: OrderIn) -> Response:
    """Takes an order today under the next number of its series; it is no fiscal document."""
    written = ordering.confirm_order(visit.store, visit.book_id, body.new(), visit.command)
    order = written.answer
    headers = {"Location": visit.at("orders", order.document.order_id)}
    return answer_written(written, OrderOut.of(order), 201, headers)


@router.get(
    "/{order_id:id}",
    operation_id="orders_get",
    summary="See an order",
    response_model=OrderOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("invoices:read"),
)
def get_order(visit: Reading, order_id: OrderId) -> Response:
    """Gives an order with what is left to deliver and to invoice of each line."""
    return answer(OrderOut.of(ordering.get_order(visit.store.past(visit.book_id), order_id)))


@router.post(
    "/{order_id:id}/cancel",
    operation_id="orders_cancel",
    summary="Give up what is left of an order",
    response_model=OrderOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def cancel_order(visit: Commanding, order_id: OrderId, body: WhyIn) -> Response:
    """Gives up what is left; what was delivered can still be invoiced."""
    written = ordering.cancel_order(
        visit.store, visit.book_id, order_id, body.reason, visit.command
    )
    return answer_written(written, OrderOut.of(written.answer))


@router.post(
    "/{order_id:id}/invoice",
    operation_id="orders_invoice",
    summary="Draft an invoice of an order",
    status_code=201,
    response_model=InvoiceOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def invoice_order(visit: Commanding, order_id: OrderId, body: TakingIn) -> Response:
    """Drafts an invoice of what is left of an order, or of the quantities asked for."""
    written = ordering.invoice_order(
        visit.store, visit.book_id, order_id, body.new(), visit.command
    )
    return _drafted(visit, written)


@router.get(
    "/{order_id:id}/events",
    operation_id="orders_events",
    summary="See what happened to an order",
    response_model=TimelineOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("invoices:read"),
)
def list_order_events(visit: Reading, order_id: OrderId) -> Response:
    """Gives every event of an order, its deliveries and invoices included, oldest first."""
    return timeline_of(visit, order_tag(order_id))


@deliveries.post(
    "",
    operation_id="deliveries_issue",
    summary="Hand over",
    status_code=201,
    response_model=DeliveryOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def issue_delivery(visit: Commanding, body: DeliveryIn) -> Response:
    """Issues a delivery note for an order, for a part of it, or for lines without an order."""
    written = ordering.issue_delivery(visit.store, visit.book_id, body.new(), visit.command)
    delivery = written.answer
    headers = {"Location": visit.at("deliveries", delivery.document.delivery_id)}
    return answer_written(written, DeliveryOut.of(delivery), 201, headers)


@deliveries.get(
    "/{delivery_id:id}",
    operation_id="deliveries_get",
    summary="See a delivery",
    response_model=DeliveryOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("invoices:read"),
)
def get_delivery(visit: Reading, delivery_id: DeliveryId) -> Response:
    """Gives a delivery and the invoice it is on."""
    delivery = ordering.get_delivery(visit.store.past(visit.book_id), delivery_id)
    return answer(DeliveryOut.of(delivery), headers={"ETag": etag(delivery.position)})


@deliveries.post(
    "/{delivery_id:id}/cancel",
    operation_id="deliveries_cancel",
    summary="Take a delivery back",
    response_model=DeliveryOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def cancel_delivery(visit: Commanding, delivery_id: DeliveryId, body: WhyIn) -> Response:
    """Takes back a delivery that is on no invoice; the order's quantities are left again."""
    written = ordering.cancel_delivery(
        visit.store, visit.book_id, delivery_id, body.reason, visit.command
    )
    return answer_written(written, DeliveryOut.of(written.answer))


@deliveries.post(
    "/invoice",
    operation_id="deliveries_invoice",
    summary="Draft an invoice of deliveries",
    status_code=201,
    response_model=InvoiceOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def invoice_deliveries(visit: Commanding, body: DeliveriesIn) -> Response:
    """Drafts one invoice of several deliveries to one customer, under a heading for each."""
    written = ordering.invoice_deliveries(
        visit.store, visit.book_id, body.deliveries, visit.command
    )
    return _drafted(visit, written)


@deliveries.get(
    "/{delivery_id:id}/events",
    operation_id="deliveries_events",
    summary="See what happened to a delivery",
    response_model=TimelineOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("invoices:read"),
)
def list_delivery_events(visit: Reading, delivery_id: DeliveryId) -> Response:
    """Gives every event of a delivery, its invoice included, oldest first."""
    return timeline_of(visit, delivery_tag(delivery_id))


def _drafted(visit: Commanding, written: Written[Invoice]) -> Response:
    headers = {
        "Location": visit.at("invoices", written.answer.invoice_id),
        "ETag": etag(written.position),
    }
    return answer_written(written, InvoiceOut.of(written.answer), 201, headers)
