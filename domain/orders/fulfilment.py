"""Fulfilment: orders are delivered in parts, and invoiced directly or from several deliveries."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.ledger.numbering import assign_next, name_series, write_number
from domain.orders.delivery import Delivery, DeliveryIssued, check_open
from domain.orders.order import Order, OrderInvoiced, OrderIsCancelled, OrderIsUnknown
from domain.orders.taking import Taken, added, items_of, surcharges_of, take
from domain.parties.company import Address, Company
from domain.parties.contact import Contact, ContactIsUnknown
from domain.parties.options import check_on
from domain.sales.content import InvoiceContent, NewContent, settle_content
from domain.sales.document import Line, NewLine, price, printed_customer
from domain.sales.invoice import InvoiceDrafted
from domain.sales.pricing import Language
from domain.values import faults
from domain.values.quantity import write_quantity
from domain.values.text import tidy

DELIVERIES = "BL"
MOST_DELIVERIES = 200

_DELIVERED: dict[Language, str] = {
    "fr": "Livraison {number} du {day:%d/%m/%Y}",
    "nl": "Levering {number} van {day:%d/%m/%Y}",
    "en": "Delivery {number} of {day:%d/%m/%Y}",
}


class NewDelivery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A delivery as it is asked for: of an order (`taken` empty: all that is left), or of `lines`.

    Without an address it goes to the customer's own.
    """

    order_id: str = ""
    taken: tuple[Taken, ...] = ()
    customer_id: str = ""
    lines: tuple[NewLine, ...] = ()
    address: Address | None = None
    note: str = ""
    language: Language = "fr"


class DeliveryIsTwofold(Refused, frozen=True, kw_only=True):
    """A delivery is of an order or of lines of its own, not both and not neither."""

    code = "delivery_twofold"
    rule = "M46"
    text = words(
        en="A delivery names an order, or a customer and lines, not both.",
        fr="Une livraison nomme une commande, ou un client et des lignes, pas les deux.",
        nl="Een levering noemt een bestelling, of een klant en regels, niet beide.",
    )


class DeliveriesDiffer(Refused, frozen=True, kw_only=True):
    """One invoice is for deliveries to one customer, each named once."""

    code = "deliveries_differ"
    rule = "M46"
    text = words(
        en="The deliveries are not all to one customer, each named once.",
        fr="Les livraisons ne sont pas toutes au même client, nommées une fois.",
        nl="De leveringen zijn niet alle aan één klant, elk één keer genoemd.",
    )


def deliver(
    delivery_id: str,
    new: NewDelivery,
    order: Order | None,
    *,
    company: Company,
    customer: Contact | None,
    last: Recorded | None,
    today: date,
) -> Decision:
    """Hands over today; `last` is the newest delivery of `deliveries_on(…)` (M46)."""
    new = tidy(new)
    refused = check_on(company, "deliveries") or _check_sides(new, order) or faults.unreadable(new)
    if refused is not None:
        return refused
    if customer is None:
        return ContactIsUnknown(contact_id=new.customer_id[:60], pointer="/customer_id")
    handed = _of_order(new, order) if order is not None else _of_lines(new, company)
    if isinstance(handed, Refused):
        return handed
    lines, taken = handed
    series, number = deliveries_on(company, today), assign_next(last)
    return [
        DeliveryIssued(
            delivery_id=delivery_id,
            series=series,
            number=number,
            document_number=write_number(series, number),
            issue_date=today,
            customer_id=customer.contact_id,
            customer=printed_customer(customer.details),
            address=new.address or customer.details.address,
            currency=company.currency,
            lines=tuple(lines),
            taken=taken,
            order=order.link if order is not None else None,
            note=new.note,
            language=new.language,
        )
    ]


def invoice_order(
    invoice_id: str,
    order: Order | None,
    order_id: str,
    asked: Sequence[Taken] = (),
) -> Decision:
    """Drafts an invoice of what is left of an order, or of the quantities asked for (M46)."""
    if order is None:
        return OrderIsUnknown(order_id=order_id)
    document, content = order.document, order.document.content
    taken = take(document.document_number, content.lines, order.invoiced, asked)
    if isinstance(taken, Refused):
        return taken
    lines = items_of(content.lines, taken, content.currency)
    draft = InvoiceContent(
        customer_id=content.customer_id,
        lines=(*lines, *_surcharges(order, taken)),
        currency=content.currency,
        note=content.note,
        buyer_reference=content.buyer_reference,
        language=content.language,
        links=(*document.links, order.link),
    )
    invoiced = OrderInvoiced(order_id=document.order_id, invoice_id=invoice_id, taken=taken)
    return [InvoiceDrafted(invoice_id=invoice_id, content=draft), invoiced]


def invoice_deliveries(
    invoice_id: str,
    deliveries: Mapping[str, Delivery | None],
    orders: Mapping[str, Order],
) -> Decision:
    """Drafts one invoice of several deliveries to one customer, under a heading for each (M46).

    `deliveries` are by id in the sequence asked for, `orders` those they were made for.
    """
    if not 1 <= len(deliveries) <= MOST_DELIVERIES:
        return DeliveriesDiffer(pointer="/deliveries")
    closed = (check_open(delivery, delivery_id) for delivery_id, delivery in deliveries.items())
    if refused := next((refused for refused in closed if refused is not None), None):
        return refused
    known = [delivery for delivery in deliveries.values() if delivery is not None]
    if len({delivery.document.customer_id for delivery in known}) != 1:
        return DeliveriesDiffer(pointer="/deliveries")
    taken = _taken_by_order(known)
    for order_id, parts in taken.items():
        order = orders[order_id]
        lines, number = order.document.content.lines, order.document.document_number
        if isinstance(left := take(number, lines, order.invoiced, parts), Refused):
            return left
    content = _content_of(known, orders, taken)
    invoiced: list[Event] = [
        OrderInvoiced(order_id=order_id, invoice_id=invoice_id, taken=parts)
        for order_id, parts in taken.items()
    ]
    return [InvoiceDrafted(invoice_id=invoice_id, content=content), *invoiced]


def deliveries_on(company: Company, day: date) -> str:
    """The series that a delivery of that day takes its number in."""
    return name_series(DELIVERIES, day, company.fiscal_year_start_month)


def _check_sides(new: NewDelivery, order: Order | None) -> Refused | None:
    if bool(new.order_id) == bool(new.lines) or (new.order_id and new.customer_id):
        return DeliveryIsTwofold(pointer="/order_id")
    if new.order_id and order is None:
        return OrderIsUnknown(order_id=new.order_id[:60], pointer="/order_id")
    if order is not None and order.cancelled is not None:
        return OrderIsCancelled(number=order.document.document_number, position=order.position)
    return None


def _of_order(new: NewDelivery, order: Order) -> tuple[Sequence[Line], tuple[Taken, ...]] | Refused:
    ordered = order.document
    lines = ordered.content.lines
    taken = take(ordered.document_number, lines, order.delivered, new.taken)
    if isinstance(taken, Refused):
        return taken
    return items_of(lines, taken, ordered.content.currency), taken


def _of_lines(
    new: NewDelivery, company: Company
) -> tuple[Sequence[Line], tuple[Taken, ...]] | Refused:
    content = settle_content(NewContent(customer_id=new.customer_id, lines=new.lines), company)
    return content if isinstance(content, Refused) else (content.lines, ())


def _taken_by_order(deliveries: Sequence[Delivery]) -> dict[str, tuple[Taken, ...]]:
    """What of each order is on these deliveries, line by line."""
    sums: dict[str, dict[int, Fraction]] = {}
    for delivery in deliveries:
        of = delivery.document.order
        if of is not None:
            sums[of.id] = added(sums.get(of.id, {}), delivery.document.taken)
    return {
        order_id: tuple(
            Taken(line=line, quantity=write_quantity(quantity)) for line, quantity in lines.items()
        )
        for order_id, lines in sums.items()
    }


def _content_of(
    deliveries: Sequence[Delivery],
    orders: Mapping[str, Order],
    taken: Mapping[str, Sequence[Taken]],
) -> InvoiceContent:
    first = deliveries[0].document
    lines: list[Line] = []
    for delivery in deliveries:
        lines += [_heading(delivery, first.language), *delivery.document.lines]
    for order_id, parts in taken.items():
        lines += _surcharges(orders[order_id], parts)
    links = [link for order_id in taken for link in orders[order_id].document.links]
    links += [orders[order_id].link for order_id in taken]
    references = dict.fromkeys(orders[of].document.content.buyer_reference for of in taken)
    return InvoiceContent(
        customer_id=first.customer_id,
        lines=tuple(lines),
        currency=first.currency,
        buyer_reference=next(iter(references)) if len(references) == 1 else "",
        language=first.language,
        supply_date=max(delivery.document.issue_date for delivery in deliveries),
        links=(*dict.fromkeys(links), *(delivery.link for delivery in deliveries)),
    )


def _heading(delivery: Delivery, language: Language) -> Line:
    document = delivery.document
    said = _DELIVERED[language].format(number=document.document_number, day=document.issue_date)
    return price(NewLine(description=said, kind="text"), document.currency)


def _surcharges(order: Order, taken: Sequence[Taken]) -> list[Line]:
    content = order.document.content
    return surcharges_of(content.lines, order.invoiced, taken, content.currency)
