"""A customer's order: confirmed, delivered and invoiced in parts, until nothing of it is left."""

from datetime import date
from fractions import Fraction
from typing import ClassVar

from msgspec import Struct, field
from msgspec.structs import replace

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.ledger.entry import series_tag
from domain.ledger.numbering import assign_next, name_series, write_number
from domain.orders.delivery import DeliveryCancelled, DeliveryIssued, order_tag
from domain.orders.taking import Taken, added, left_of
from domain.parties.company import Company
from domain.parties.contact import Contact, ContactIsUnknown
from domain.parties.options import check_on
from domain.sales.content import Content, DocumentLink, NewContent, settle_content
from domain.sales.document import PrintedParty, printed_customer
from domain.sales.invoice import InvoiceDiscarded, link_tags
from domain.values import faults
from domain.values.quantity import exact
from domain.values.text import tidy

ORDERS = "BC"


class OrderConfirmed(Event, frozen=True, kw_only=True):
    """An order is taken, under a number of its own series and today's date (M46)."""

    stored_as: ClassVar[str] = "order.confirmed.v1"

    order_id: str
    series: str
    number: int
    document_number: str
    issue_date: date
    customer: PrintedParty
    content: Content
    delivery_date: date | None = None
    links: tuple[DocumentLink, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        return (order_tag(self.order_id), series_tag(self.series), *link_tags(self.links))


class OrderCancelled(Event, frozen=True, kw_only=True):
    """What is left of an order is given up; what was delivered or invoiced stays."""

    stored_as: ClassVar[str] = "order.cancelled.v1"

    order_id: str
    reason: str
    links: tuple[DocumentLink, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        return (order_tag(self.order_id), *link_tags(self.links))


class OrderInvoiced(Event, frozen=True, kw_only=True):
    """These quantities of an order are on a draft invoice; discarding it gives them back."""

    stored_as: ClassVar[str] = "order.invoiced.v1"

    order_id: str
    invoice_id: str
    taken: tuple[Taken, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        return (order_tag(self.order_id),)


class NewOrder(NewContent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An order as it is asked for; `delivery_date` is when the customer expects it."""

    delivery_date: date | None = None


class Order(Struct, frozen=True, kw_only=True):
    """An order with what of it is delivered and what is invoiced, by line.

    `deliveries` and `invoices` say by which document how much was taken.
    """

    position: int
    document: OrderConfirmed
    deliveries: dict[str, tuple[Taken, ...]] = field(default_factory=dict)
    invoices: dict[str, tuple[Taken, ...]] = field(default_factory=dict)
    cancelled: str | None = None

    @property
    def delivered(self) -> dict[int, Fraction]:
        """How much of each line is delivered."""
        return _summed(self.deliveries)

    @property
    def invoiced(self) -> dict[int, Fraction]:
        """How much of each line is invoiced, drafts included."""
        return _summed(self.invoices)

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to invoice."""
        return not left_of(self.document.content.lines, self.invoiced)

    @property
    def link(self) -> DocumentLink:
        """How documents that come from it name it."""
        ours = self.document
        return DocumentLink(
            kind="order", id=ours.order_id, number=ours.document_number, issue_date=ours.issue_date
        )


class OrderIsUnknown(Refused, frozen=True, kw_only=True):
    """No order has that id in this book."""

    code = "order_unknown"
    rule = "M46"
    text = words(
        en="There is no order {order_id}.",
        fr="Il n'y a pas de commande {order_id}.",
        nl="Er is geen bestelling {order_id}.",
    )

    order_id: str


class OrderIsCancelled(Refused, frozen=True, kw_only=True):
    """What was left of the order is given up: nothing more is delivered."""

    code = "order_cancelled"
    rule = "M46"
    text = words(
        en="Order {number} is cancelled.",
        fr="La commande {number} est annulée.",
        nl="Bestelling {number} is geannuleerd.",
    )

    number: str


class OrderedQuantityIsWrong(Refused, frozen=True, kw_only=True):
    """What is ordered is more than nothing."""

    code = "ordered_quantity_wrong"
    rule = "M46"
    text = words(
        en="An order asks for more than {quantity} of an item.",
        fr="Une commande demande plus de {quantity} d'un article.",
        nl="Een bestelling vraagt meer dan {quantity} van een artikel.",
    )

    quantity: str


def confirm(
    order_id: str,
    new: NewOrder,
    *,
    company: Company,
    customer: Contact | None,
    last: Recorded | None,
    today: date,
) -> Decision:
    """Takes an order today; `last` is the newest order of `series_on(…)` (M15, M46)."""
    new = tidy(new)
    if customer is None:
        return ContactIsUnknown(contact_id=new.customer_id[:60], pointer="/customer_id")
    refused = check_on(company, "orders") or faults.out_of_years(
        new.delivery_date, "/delivery_date"
    )
    if refused is not None:
        return refused
    content = settle_content(new, company)
    if isinstance(content, Refused):
        return content
    return take_down(
        order_id,
        content,
        company=company,
        customer=customer,
        last=last,
        today=today,
        delivery_date=new.delivery_date,
    )


def take_down(
    order_id: str,
    content: Content,
    *,
    company: Company,
    customer: Contact,
    last: Recorded | None,
    today: date,
    delivery_date: date | None = None,
    links: tuple[DocumentLink, ...] = (),
) -> Decision:
    """The order of a content that is settled, under the next number of its series."""
    for index, line in enumerate(content.lines):
        if line.kind == "item" and exact(line.quantity) <= 0:
            pointer = f"/lines/{index}/quantity"
            return OrderedQuantityIsWrong(quantity=line.quantity, pointer=pointer)
    series, number = series_on(company, today), assign_next(last)
    return [
        OrderConfirmed(
            order_id=order_id,
            series=series,
            number=number,
            document_number=write_number(series, number),
            issue_date=today,
            customer=printed_customer(customer.details),
            content=content,
            delivery_date=delivery_date,
            links=links,
        )
    ]


def cancel(order: Order | None, order_id: str, reason: str) -> Decision:
    """Gives up what is left of an order (M46)."""
    reason = tidy(reason)
    if order is None:
        return OrderIsUnknown(order_id=order_id)
    if order.cancelled is not None:
        return OrderIsCancelled(number=order.document.document_number, position=order.position)
    refused = faults.unreadable(reason) or faults.missing(reason, "/reason")
    return refused or [OrderCancelled(order_id=order_id, reason=reason, links=order.document.links)]


def series_on(company: Company, day: date) -> str:
    """The series that an order of that day takes its number in."""
    return name_series(ORDERS, day, company.fiscal_year_start_month)


def evolve(order: Order | None, fact: Recorded) -> Order | None:
    """The order after one more event of its tag."""
    if order is None:
        if isinstance(fact.event, OrderConfirmed):
            return Order(position=fact.position, document=fact.event)
        return None
    match fact.event:
        case OrderCancelled(reason=reason):
            return replace(order, cancelled=reason)
        case OrderInvoiced(invoice_id=invoice, taken=taken):
            return replace(order, invoices={**order.invoices, invoice: taken})
        case InvoiceDiscarded(invoice_id=invoice):
            return replace(order, invoices=_without(order.invoices, invoice))
        case DeliveryIssued() as delivery:
            return replace(
                order, deliveries={**order.deliveries, delivery.delivery_id: delivery.taken}
            )
        case DeliveryCancelled(delivery_id=delivery_id):
            return replace(order, deliveries=_without(order.deliveries, delivery_id))
    return order


def _summed(parts: dict[str, tuple[Taken, ...]]) -> dict[int, Fraction]:
    sums: dict[int, Fraction] = {}
    for taken in parts.values():
        sums = added(sums, taken)
    return sums


def _without(parts: dict[str, tuple[Taken, ...]], name: str) -> dict[str, tuple[Taken, ...]]:
    return {key: taken for key, taken in parts.items() if key != name}
