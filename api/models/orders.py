"""Orders and deliveries, as they come in and go out."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Annotated, Literal

import msgspec
from pydantic import Field

from api.fields import Day, In, Label, Out, Quantity, Text
from api.ids import Contact
from api.models.content import ContentIn, SaleLineIn
from api.models.parties import Address
from api.models.sales import LineOut, Party, TotalsOut, lines_out, totals_out
from domain.orders.delivery import Delivery
from domain.orders.fulfilment import NewDelivery
from domain.orders.order import NewOrder, Order
from domain.orders.taking import Taken
from domain.sales.document import Line, add_up
from domain.sales.pricing import Language
from domain.values.quantity import exact, write_quantity

Reference = Annotated[str, Field(strict=True, max_length=40, pattern=r"^[a-z]{3}_[0-9a-z]{26}$")]


class OrderIn(ContentIn):
    """An order: what was ordered, and when it is expected."""

    delivery_date: Day | None = Field(default=None, description="When the customer expects it.")

    def new(self) -> NewOrder:
        """The order as the domain takes it."""
        return msgspec.convert(self.asked(), NewOrder)


class TakenIn(In):
    """So much of a line of an order."""

    line: Annotated[int, Field(strict=True, ge=0, le=999)] = Field(description="Its place, from 0.")
    quantity: Quantity = Field(description="Decimal string.", examples=["2.5"])


Takings = Annotated[list[TakenIn], Field(max_length=1000)]


class TakingIn(In):
    """What of an order is invoiced."""

    lines: Takings = Field(default=[], description="Empty: all that is left.")

    def new(self) -> tuple[Taken, ...]:
        """The quantities as the domain takes them."""
        return taken_of(self.lines)


class DeliveryIn(In):
    """A delivery of an order, or of lines without one."""

    order_id: Reference | Literal[""] = Field(default="", description="The order, or empty.")
    taken: Takings = Field(default=[], description="Of its lines; empty: all that is left.")
    customer_id: Contact | Literal[""] = Field(default="", description="Without an order: who.")
    lines: Annotated[list[SaleLineIn], Field(max_length=1000)] = Field(
        default=[], description="Without an order: what."
    )
    address: Address | None = Field(default=None, description="Null: the customer's own.")
    note: Text = Field(default="", description="Free words on the document.")
    language: Language = Field(default="fr", description="Of the printed document.")

    def new(self) -> NewDelivery:
        """The delivery as the domain takes it."""
        return msgspec.convert(self.model_dump(), NewDelivery)


class DeliveriesIn(In):
    """Deliveries to one customer, to be put on one invoice."""

    deliveries: Annotated[list[Reference], Field(min_length=1, max_length=200)] = Field(
        description="Their ids, in the sequence of the invoice."
    )


class LinkOut(Out):
    """A document that this one comes from."""

    kind: str = Field(description="What it is.")
    id: str = Field(description="Its id.")
    number: str = Field(description="Its number, or empty.")


class OrderedLineOut(LineOut):
    """A line of an order, with what is left of it."""

    left_to_deliver: str = Field(description="Quantity, decimal string.")
    left_to_invoice: str = Field(description="Quantity, decimal string.")


class OrderOut(Out):
    """An order."""

    id: str = Field(description="The order's id.")
    number: str = Field(description="Its number.")
    status: str = Field(description="`open`, `done` (all invoiced) or `cancelled`.")
    issue_date: Day = Field(description="The day it was taken.")
    delivery_date: Day | None = Field(description="When it is expected, or null.")
    customer_id: str = Field(description="The customer.")
    customer: Party = Field(description="The customer as printed.")
    lines: list[OrderedLineOut] = Field(description="The lines, with discount and shipping.")
    totals: TotalsOut = Field(description="Of the whole order.")
    note: str = Field(description="Free words.")
    buyer_reference: str = Field(description="The buyer's own reference.")
    deliveries: list[str] = Field(description="Deliveries of it.")
    invoices: list[str] = Field(description="Invoices and drafts of it.")
    links: list[LinkOut] = Field(description="Where it comes from.")
    cancel_reason: str = Field(description="Why what is left was given up, or empty.")

    @classmethod
    def of(cls, order: Order) -> "OrderOut":
        """An order as it stands."""
        document, content = order.document, order.document.content
        status = "cancelled" if order.cancelled is not None else "done" if order.is_done else "open"
        return cls(
            id=document.order_id,
            number=document.document_number,
            status=status,
            issue_date=document.issue_date,
            delivery_date=document.delivery_date,
            customer_id=content.customer_id,
            customer=Party(**msgspec.to_builtins(document.customer)),
            lines=_ordered(order),
            totals=totals_out(add_up(content.lines), content.currency),
            note=content.note,
            buyer_reference=content.buyer_reference,
            deliveries=list(order.deliveries),
            invoices=list(order.invoices),
            links=[LinkOut(kind=x.kind, id=x.id, number=x.number) for x in document.links],
            cancel_reason=order.cancelled or "",
        )


class DeliveryOut(Out):
    """A delivery."""

    id: str = Field(description="The delivery's id.")
    number: str = Field(description="Its number.")
    status: str = Field(description="`issued`, `invoiced` or `cancelled`.")
    issue_date: Day = Field(description="The day it was handed over.")
    order_id: str = Field(description="The order it is of, or empty.")
    customer_id: str = Field(description="The customer.")
    customer: Party = Field(description="The customer as printed.")
    address: Address = Field(description="Where it went.")
    lines: list[LineOut] = Field(description="What was handed over.")
    note: str = Field(description="Free words.")
    invoice_id: str = Field(description="The invoice or draft it is on, or empty.")
    cancel_reason: str = Field(description="Why it does not count, or empty.")

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryOut":
        """A delivery as it stands."""
        document = delivery.document
        invoiced = "invoiced" if delivery.invoice_id else "issued"
        return cls(
            id=document.delivery_id,
            number=document.document_number,
            status="cancelled" if delivery.cancelled is not None else invoiced,
            issue_date=document.issue_date,
            order_id=document.order.id if document.order is not None else "",
            customer_id=document.customer_id,
            customer=Party(**msgspec.to_builtins(document.customer)),
            address=Address(**msgspec.to_builtins(document.address)),
            lines=lines_out(document.lines, document.currency),
            note=document.note,
            invoice_id=delivery.invoice_id,
            cancel_reason=delivery.cancelled or "",
        )


class WhyIn(In):
    """Why something is given up."""

    reason: Label = Field(description="In a few words; kept for ever.")


def taken_of(lines: Sequence[TakenIn]) -> tuple[Taken, ...]:
    """Quantities as the domain takes them."""
    return tuple(Taken(line=each.line, quantity=each.quantity) for each in lines)


def _ordered(order: Order) -> list[OrderedLineOut]:
    content = order.document.content
    said = lines_out(content.lines, content.currency)
    return [
        OrderedLineOut(
            **line.model_dump(),
            left_to_deliver=_left(nth, content.lines[nth], order.delivered),
            left_to_invoice=_left(nth, content.lines[nth], order.invoiced),
        )
        for nth, line in enumerate(said)
    ]


def _left(nth: int, line: Line, taken: Mapping[int, Fraction]) -> str:
    if line.kind != "item":
        return "0"
    return write_quantity(exact(line.quantity) - taken.get(nth, Fraction(0)))
