"""Orders and deliveries in the register of sales documents: how far an order has come (M46)."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.orders.delivery import DeliveryCancelled, DeliveryIssued
from domain.orders.order import OrderCancelled, OrderConfirmed, OrderInvoiced
from domain.orders.taking import Taken
from domain.sales.content import Content, DocumentLink
from domain.values.quantity import exact
from projections.rows import Need, Row, Rows
from projections.sales_rows import Fold, SalesDocument, known, numbered

Quantities = dict[str, str]
"""Decimal strings by line of the order."""


class SalesOrder(Row, frozen=True):
    """What was ordered, and what of it is on which delivery and which invoice, drafts included."""

    table = "sales_order"
    key = ("id",)

    id: str
    ordered: Quantities
    deliveries: dict[str, Quantities]
    invoices: dict[str, Quantities]


def confirm(fact: Recorded, event: OrderConfirmed, rows: Rows) -> None:
    """An order is taken."""
    items = enumerate(event.content.lines)
    ordered = {str(nth): line.quantity for nth, line in items if line.kind == "item"}
    rows.add(SalesOrder(event.order_id, ordered, {}, {}))
    document = numbered(
        fact,
        event,
        event.order_id,
        kind="order",
        stage="confirmed",
        customer=event.customer,
        content=event.content,
    )
    rows.add(replace(document, quote_id=_linked(event.links, "quote")))


def cancel(_: Recorded, event: OrderCancelled, rows: Rows) -> None:
    """What is left of an order is given up."""
    rows.put(replace(known(rows, event.order_id), stage="cancelled"))


def invoice(_: Recorded, event: OrderInvoiced, rows: Rows) -> None:
    """A part of an order is on a draft invoice."""
    order = rows.get(SalesOrder, event.order_id)
    if order is not None:
        invoices = {**order.invoices, event.invoice_id: _quantities(event.taken)}
        _bring_on(rows, replace(order, invoices=invoices))


def give_back(rows: Rows, order_id: str, invoice_id: str) -> None:
    """A draft invoice of an order is discarded."""
    order = rows.get(SalesOrder, order_id)
    if order is not None:
        _bring_on(rows, replace(order, invoices=_without(order.invoices, invoice_id)))


def deliver(fact: Recorded, event: DeliveryIssued, rows: Rows) -> None:
    """Goods are handed over, perhaps of an order."""
    content = Content(
        customer_id=event.customer_id, lines=event.lines, currency=event.currency, note=event.note
    )
    rows.add(
        numbered(
            fact,
            event,
            event.delivery_id,
            kind="delivery",
            stage="issued",
            customer=event.customer,
            content=content,
        )
    )
    order = None if event.order is None else rows.get(SalesOrder, event.order.id)
    if order is not None:
        deliveries = {**order.deliveries, event.delivery_id: _quantities(event.taken)}
        _bring_on(rows, replace(order, deliveries=deliveries))


def take_back(_: Recorded, event: DeliveryCancelled, rows: Rows) -> None:
    """A delivery did not happen; what it took of its order is left again."""
    rows.put(replace(known(rows, event.delivery_id), stage="cancelled"))
    order = rows.get(SalesOrder, event.order_id) if event.order_id else None
    if order is not None:
        _bring_on(rows, replace(order, deliveries=_without(order.deliveries, event.delivery_id)))


def needs_of_order(order_id: str) -> Iterable[Need]:
    """An order and its row in the list."""
    return ((SalesOrder, order_id), (SalesDocument, order_id))


def _bring_on(rows: Rows, order: SalesOrder) -> None:
    """Keeps an order, and says how far it has come unless it was cancelled."""
    rows.put(order)
    document = known(rows, order.id)
    if document.stage != "cancelled":
        rows.put(replace(document, stage=_stage(order)))


def _stage(order: SalesOrder) -> str:
    if _is_whole(order.ordered, order.invoices):
        return "invoiced"
    if _is_whole(order.ordered, order.deliveries):
        return "delivered"
    return "partly_delivered" if order.deliveries else "confirmed"


def _is_whole(ordered: Quantities, parts: dict[str, Quantities]) -> bool:
    """Whether all that was ordered is on these documents."""
    return bool(ordered) and all(
        exact(quantity) == sum(exact(part[line]) for part in parts.values() if line in part)
        for line, quantity in ordered.items()
    )


def _quantities(taken: Sequence[Taken]) -> Quantities:
    return {str(part.line): part.quantity for part in taken}


def _without(parts: dict[str, Quantities], name: str) -> dict[str, Quantities]:
    return {key: part for key, part in parts.items() if key != name}


def _linked(links: Sequence[DocumentLink], kind: str) -> str:
    return next((link.id for link in links if link.kind == kind), "")


def _needs_of_delivery(event: DeliveryIssued) -> Iterable[Need]:
    return () if event.order is None else needs_of_order(event.order.id)


def _needs_of_return(event: DeliveryCancelled) -> Iterable[Need]:
    yield SalesDocument, event.delivery_id
    if event.order_id:
        yield from needs_of_order(event.order_id)


FOLDS: dict[type[Event], Fold] = {
    OrderConfirmed: Fold(lambda _: (), confirm),
    OrderCancelled: Fold(lambda event: needs_of_order(event.order_id), cancel),
    OrderInvoiced: Fold(lambda event: needs_of_order(event.order_id), invoice),
    DeliveryIssued: Fold(_needs_of_delivery, deliver),
    DeliveryCancelled: Fold(_needs_of_return, take_back),
}
