"""Use cases of orders and deliveries: confirm, deliver in parts, invoice what was delivered."""

from collections.abc import Callable, Sequence
from functools import partial

from msgspec.structs import replace

from domain.book.refusal import Refusals
from domain.ledger.entry import document_tag, series_tag
from domain.orders import delivery, fulfilment, order, quote_order
from domain.orders.delivery import Delivery, DeliveryIsUnknown, delivery_tag, order_tag
from domain.orders.fulfilment import NewDelivery
from domain.orders.order import NewOrder, Order, OrderIsUnknown
from domain.orders.taking import Taken
from domain.parties.company import COMPANY_TAG
from domain.parties.contact import contact_tag
from domain.quotes.quote import quote_tag
from domain.sales.invoice import Invoice
from services import articles
from services.identity import make
from services.invoicing import get_invoice
from services.loading import load_company, load_contact, today_of
from services.quote_loading import load_billing
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written


def confirm_order(store: Store, book_id: str, new: NewOrder, command: Command) -> Written[Order]:
    """Takes an order today under the next number of its series (M46)."""

    def decide(pen: Pen, order_id: str) -> None:
        company = load_company(pen)
        today, customer = today_of(pen, company), load_contact(pen, new.customer_id)
        pen.append(
            order.confirm(
                order_id,
                articles.complete(pen, new, customer, "order"),
                company=company,
                customer=customer,
                last=pen.last(series_tag(order.series_on(company, today))),
                today=today,
            )
        )

    return make(
        store,
        book_id,
        command,
        "ord",
        tag=order_tag,
        decide=decide,
        find=get_order,
        reads=[COMPANY_TAG, contact_tag(new.customer_id)],
    )


def order_quote(store: Store, book_id: str, quote_id: str, command: Command) -> Written[Order]:
    """Takes an accepted quote as an order: from then on the order is invoiced (M46)."""

    def decide(pen: Pen, order_id: str) -> None:
        company, billing = load_company(pen), load_billing(pen, quote_id)
        today = today_of(pen, company)
        pen.append(
            quote_order.take_over(
                order_id,
                billing,
                company=company,
                customer=load_contact(pen, billing.quote.content.customer_id),
                last=pen.last(series_tag(order.series_on(company, today))),
                today=today,
            )
        )

    return make(
        store,
        book_id,
        command,
        "ord",
        tag=order_tag,
        decide=decide,
        find=get_order,
        reads=[COMPANY_TAG, quote_tag(quote_id)],
    )


def cancel_order(
    store: Store, book_id: str, order_id: str, reason: str, command: Command
) -> Written[Order]:
    """Gives up what is left of an order (M46)."""

    def decide(pen: Pen) -> None:
        pen.append(order.cancel(find_order(pen, order_id), order_id, reason))

    return store.write(
        book_id, command, decide, lambda r: get_order(r, order_id), [order_tag(order_id)]
    )


def issue_delivery(
    store: Store, book_id: str, new: NewDelivery, command: Command
) -> Written[Delivery]:
    """Hands over what is left of an order, a part of it, or lines without an order (M46)."""

    def decide(pen: Pen, delivery_id: str) -> None:
        company = load_company(pen)
        today = today_of(pen, company)
        ordered = find_order(pen, new.order_id) if new.order_id else None
        whose = new.customer_id if ordered is None else ordered.document.content.customer_id
        customer = load_contact(pen, whose)
        pen.append(
            fulfilment.deliver(
                delivery_id,
                replace(new, lines=articles.complete_lines(pen, new.lines, customer)),
                ordered,
                company=company,
                customer=customer,
                last=pen.last(series_tag(fulfilment.deliveries_on(company, today))),
                today=today,
            )
        )

    named = order_tag(new.order_id) if new.order_id else contact_tag(new.customer_id)
    return make(
        store,
        book_id,
        command,
        "dlv",
        tag=delivery_tag,
        decide=decide,
        find=get_delivery,
        reads=[COMPANY_TAG, named],
    )


def cancel_delivery(
    store: Store, book_id: str, delivery_id: str, reason: str, command: Command
) -> Written[Delivery]:
    """Takes back a delivery that is on no invoice; the order's quantities are left again."""

    def decide(pen: Pen) -> None:
        pen.append(delivery.cancel(find_delivery(pen, delivery_id), delivery_id, reason))

    reads = [delivery_tag(delivery_id)]
    return store.write(book_id, command, decide, lambda r: get_delivery(r, delivery_id), reads)


def invoice_order(
    store: Store, book_id: str, order_id: str, asked: Sequence[Taken], command: Command
) -> Written[Invoice]:
    """Drafts an invoice of what is left of an order, or of the quantities asked for (M46)."""

    def decide(pen: Pen, invoice_id: str) -> None:
        known = find_order(pen, order_id)
        pen.append(fulfilment.invoice_order(invoice_id, known, order_id, asked))

    return _drafted(store, book_id, command, decide, [order_tag(order_id)])


def invoice_deliveries(
    store: Store, book_id: str, delivery_ids: Sequence[str], command: Command
) -> Written[Invoice]:
    """Drafts one invoice of several deliveries to one customer (M46)."""

    def decide(pen: Pen, invoice_id: str) -> None:
        deliveries = {each: find_delivery(pen, each) for each in delivery_ids}
        ids = {
            known.document.order.id
            for known in deliveries.values()
            if known is not None and known.document.order is not None
        }
        orders = {order_id: get_order(pen, order_id) for order_id in sorted(ids)}
        pen.append(fulfilment.invoice_deliveries(invoice_id, deliveries, orders))

    reads = [delivery_tag(each) for each in dict.fromkeys(delivery_ids)]
    return _drafted(store, book_id, command, decide, reads)


def find_order(reader: Reader, order_id: str) -> Order | None:
    """An order by its id."""
    return reader.fold(order.evolve, None, order_tag(order_id))


def get_order(reader: Reader, order_id: str) -> Order:
    """An order by its id; raises Refusals when there is none."""
    known = find_order(reader, order_id)
    if known is None:
        raise Refusals(OrderIsUnknown(order_id=order_id))
    return known


def find_delivery(reader: Reader, delivery_id: str) -> Delivery | None:
    """A delivery by its id."""
    return reader.fold(delivery.evolve, None, delivery_tag(delivery_id))


def get_delivery(reader: Reader, delivery_id: str) -> Delivery:
    """A delivery by its id; raises Refusals when there is none."""
    known = find_delivery(reader, delivery_id)
    if known is None:
        raise Refusals(DeliveryIsUnknown(delivery_id=delivery_id))
    return known


def _drafted(
    store: Store,
    book_id: str,
    command: Command,
    decide: Callable[[Pen, str], None],
    reads: Sequence[str],
) -> Written[Invoice]:
    return make(
        store,
        book_id,
        command,
        "inv",
        tag=partial(document_tag, "invoice"),
        decide=decide,
        find=get_invoice,
        reads=reads,
    )
