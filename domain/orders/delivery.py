"""A delivery note: what was handed over of an order or without one, until it is invoiced."""

from datetime import date
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.ledger.entry import series_tag
from domain.orders.taking import Taken
from domain.parties.company import Address
from domain.sales.content import DocumentLink
from domain.sales.document import Line, PrintedParty
from domain.sales.invoice import InvoiceDiscarded, InvoiceDrafted
from domain.sales.pricing import Language
from domain.values import faults
from domain.values.text import tidy


class DeliveryIssued(Event, frozen=True, kw_only=True):
    """Goods or services are handed over, under a number of their own series (M46).

    `lines` are priced, so that they can be invoiced; `taken` says of which lines of the order they
    are, in the same sequence, and is empty for a delivery without an order.
    """

    stored_as: ClassVar[str] = "delivery.issued.v1"

    delivery_id: str
    series: str
    number: int
    document_number: str
    issue_date: date
    customer_id: str
    customer: PrintedParty
    address: Address
    currency: str
    lines: tuple[Line, ...]
    taken: tuple[Taken, ...] = ()
    order: DocumentLink | None = None
    note: str = ""
    language: Language = "fr"

    @property
    def tags(self) -> tuple[str, ...]:
        ordered = () if self.order is None else (order_tag(self.order.id),)
        return (delivery_tag(self.delivery_id), series_tag(self.series), *ordered)


class DeliveryCancelled(Event, frozen=True, kw_only=True):
    """A delivery did not happen, or came back whole; its number stays taken."""

    stored_as: ClassVar[str] = "delivery.cancelled.v1"

    delivery_id: str
    order_id: str
    reason: str

    @property
    def tags(self) -> tuple[str, ...]:
        ordered = (order_tag(self.order_id),) if self.order_id else ()
        return (delivery_tag(self.delivery_id), *ordered)


class Delivery(Struct, frozen=True, kw_only=True):
    """A delivery; `invoice_id` is the invoice it is on, `cancelled` why it does not count."""

    position: int
    document: DeliveryIssued
    invoice_id: str = ""
    cancelled: str | None = None

    @property
    def link(self) -> DocumentLink:
        """How an invoice of it names it."""
        ours = self.document
        return DocumentLink(
            kind="delivery",
            id=ours.delivery_id,
            number=ours.document_number,
            issue_date=ours.issue_date,
        )


class DeliveryIsUnknown(Refused, frozen=True, kw_only=True):
    """No delivery has that id in this book."""

    code = "delivery_unknown"
    rule = "M46"
    text = words(
        en="There is no delivery {delivery_id}.",
        fr="Il n'y a pas de livraison {delivery_id}.",
        nl="Er is geen levering {delivery_id}.",
    )

    delivery_id: str


class DeliveryIsClosed(Refused, frozen=True, kw_only=True):
    """The delivery is cancelled, or on an invoice already."""

    code = "delivery_closed"
    rule = "M46"
    text = words(
        en="Delivery {number} is cancelled or invoiced.",
        fr="La livraison {number} est annulée ou facturée.",
        nl="Levering {number} is geannuleerd of gefactureerd.",
    )

    number: str


def cancel(delivery: Delivery | None, delivery_id: str, reason: str) -> Decision:
    """Takes a delivery back that is on no invoice; the order's quantities are left again."""
    reason = tidy(reason)
    refused = check_open(delivery, delivery_id) or faults.unreadable(reason)
    if refused is not None or delivery is None:
        return refused or DeliveryIsUnknown(delivery_id=delivery_id)
    of = delivery.document.order
    return faults.missing(reason, "/reason") or [
        DeliveryCancelled(
            delivery_id=delivery_id, order_id=of.id if of is not None else "", reason=reason
        )
    ]


def check_open(delivery: Delivery | None, delivery_id: str) -> Refused | None:
    """Refuses a delivery that is unknown, cancelled or invoiced."""
    if delivery is None:
        return DeliveryIsUnknown(delivery_id=delivery_id)
    if delivery.cancelled is None and not delivery.invoice_id:
        return None
    return DeliveryIsClosed(number=delivery.document.document_number, position=delivery.position)


def evolve(delivery: Delivery | None, fact: Recorded) -> Delivery | None:
    """The delivery after one more event of its tag."""
    match fact.event:
        case DeliveryIssued() as issued:
            return Delivery(position=fact.position, document=issued)
        case DeliveryCancelled(reason=reason) if delivery is not None:
            return replace(delivery, cancelled=reason, position=fact.position)
        case InvoiceDrafted(invoice_id=invoice) if delivery is not None:
            return replace(delivery, invoice_id=invoice, position=fact.position)
        case InvoiceDiscarded(invoice_id=invoice) if delivery is not None:
            given_back = invoice == delivery.invoice_id
            return replace(delivery, invoice_id="") if given_back else delivery
    return delivery


def order_tag(order_id: str) -> str:
    """The tag of what happened to an order."""
    return f"order:{order_id}"


def delivery_tag(delivery_id: str) -> str:
    """The tag of what happened to a delivery."""
    return f"delivery:{delivery_id}"
