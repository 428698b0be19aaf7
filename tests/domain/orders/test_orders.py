"""Orders and deliveries: linked or alone, taken in parts, never more than is left."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given as over
from hypothesis import strategies as some

from domain.book.event import Decision
from domain.ledger.entry import series_tag
from domain.orders import delivery, fulfilment, order
from domain.orders.delivery import (
    Delivery,
    DeliveryCancelled,
    DeliveryIsClosed,
    DeliveryIssued,
    DeliveryIsUnknown,
    delivery_tag,
    order_tag,
)
from domain.orders.fulfilment import (
    DeliveriesDiffer,
    DeliveryIsTwofold,
    NewDelivery,
)
from domain.orders.order import (
    NewOrder,
    Order,
    OrderCancelled,
    OrderConfirmed,
    OrderedQuantityIsWrong,
    OrderInvoiced,
    OrderIsCancelled,
    OrderIsUnknown,
)
from domain.orders.taking import (
    NothingIsLeft,
    OrderLineIsUnknown,
    QuantityExceedsRemainder,
    Taken,
    left_of,
)
from domain.parties.company import Address, OptionSet
from domain.parties.contact import ContactIsUnknown
from domain.parties.options import FeatureIsOff
from domain.sales.document import add_up
from domain.sales.invoice import InvoiceDiscarded, InvoiceDrafted
from domain.sales.pricing import Discount, Shipping
from domain.values.faults import FieldIsMissing, NumberIsMalformed
from tests.domain.spec import Story
from tests.domain.steps import DAY, company, contact, discard, new_line, opened


def confirm(story: Story, new: NewOrder, order_id: str = "ord_1", today: date = DAY) -> Decision:
    ours = company(story)
    return order.confirm(
        order_id,
        new,
        company=ours,
        customer=contact(story, new.customer_id),
        last=story.last(series_tag(order.series_on(ours, today))),
        today=today,
    )


def order_of(story: Story, order_id: str = "ord_1") -> Order | None:
    nothing: Order | None = None
    return story.fold(order.evolve, nothing, order_tag(order_id))


def standing_order(story: Story) -> Order:
    known = order_of(story)
    assert known is not None
    return known


def delivery_of(story: Story, delivery_id: str) -> Delivery | None:
    nothing: Delivery | None = None
    return story.fold(delivery.evolve, nothing, delivery_tag(delivery_id))


def deliver(story: Story, new: NewDelivery, delivery_id: str = "dlv_1") -> Decision:
    ours, ordered = company(story), order_of(story, new.order_id)
    whose = new.customer_id if ordered is None else ordered.document.content.customer_id
    return fulfilment.deliver(
        delivery_id,
        new,
        ordered,
        company=ours,
        customer=contact(story, whose),
        last=story.last(series_tag(fulfilment.deliveries_on(ours, DAY))),
        today=DAY,
    )


def bring_back(story: Story, delivery_id: str = "dlv_1", reason: str = "refusé") -> Decision:
    return delivery.cancel(delivery_of(story, delivery_id), delivery_id, reason)


def cancel(story: Story, order_id: str = "ord_1", reason: str = "annulé") -> Decision:
    return order.cancel(order_of(story, order_id), order_id, reason)


def invoice_order(
    story: Story, *asked: Taken, order_id: str = "ord_1", invoice_id: str = "inv_1"
) -> Decision:
    return fulfilment.invoice_order(invoice_id, order_of(story, order_id), order_id, asked)


def invoice_deliveries(story: Story, *ids: str, invoice_id: str = "inv_1") -> Decision:
    deliveries = {each: delivery_of(story, each) for each in ids}
    named = {
        known.document.order.id
        for known in deliveries.values()
        if known is not None and known.document.order is not None
    }
    orders = {each: found for each in named if (found := order_of(story, each)) is not None}
    return fulfilment.invoice_deliveries(invoice_id, deliveries, orders)


def asked(*quantities: str) -> tuple[Taken, ...]:
    return tuple(Taken(line=nth, quantity=quantity) for nth, quantity in enumerate(quantities))


TEN_AND_FOUR = NewOrder(
    customer_id="ctc_1", lines=(new_line("10", quantity="10"), new_line("5", "5.5", quantity="4"))
)


def ordered(new: NewOrder = TEN_AND_FOUR) -> Story:
    return opened().when(confirm, new).then(OrderConfirmed)


def delivered(story: Story, *quantities: str, delivery_id: str = "dlv_1") -> Story:
    new = NewDelivery(order_id="ord_1", taken=asked(*quantities))
    return story.when(deliver, new, delivery_id).then(DeliveryIssued)


@pytest.mark.feature("M46", "M15", "M16")
def test_orders_are_numbered_in_a_series_of_their_own():
    story = ordered()
    taken = story.newest(OrderConfirmed)
    assert (taken.document_number, taken.issue_date) == ("BC-2026-00001", DAY)
    story = story.when(confirm, TEN_AND_FOUR, "ord_2").then(OrderConfirmed)
    assert story.newest(OrderConfirmed).number == 2


@pytest.mark.feature("M46")
def test_an_order_is_delivered_in_parts_and_what_is_left_is_never_negative():
    story = delivered(ordered(), "4", "0")
    assert story.newest(DeliveryIssued).document_number == "BL-2026-00001"
    assert [line.net for line in story.newest(DeliveryIssued).lines] == [4000]
    lines = standing_order(story).document.content.lines
    assert left_of(lines, standing_order(story).delivered) == {0: Fraction(6), 1: Fraction(4)}
    too_much = NewDelivery(order_id="ord_1", taken=asked("6.5"))
    story.when(deliver, too_much, "dlv_2").refused(
        QuantityExceedsRemainder, line=0, asked="6.5", left="6"
    )
    rest = NewDelivery(order_id="ord_1")
    story = story.when(deliver, rest, "dlv_2").then(DeliveryIssued)
    assert [part.quantity for part in story.newest(DeliveryIssued).taken] == ["6", "4"]
    story.when(deliver, rest, "dlv_3").refused(NothingIsLeft)


@pytest.mark.feature("M46")
def test_a_delivery_that_came_back_is_left_to_deliver_again():
    story = delivered(ordered(), "10", "4").when(bring_back).then(DeliveryCancelled)
    assert standing_order(story).delivered == {}
    story.when(bring_back).refused(DeliveryIsClosed)
    story.when(invoice_deliveries, "dlv_1").refused(DeliveryIsClosed)
    story.when(deliver, NewDelivery(order_id="ord_1"), "dlv_2").then(DeliveryIssued)


@pytest.mark.feature("M46")
def test_one_invoice_is_made_of_several_deliveries():
    story = delivered(delivered(ordered(), "4", "1"), "2", "3", delivery_id="dlv_2")
    story = story.when(invoice_deliveries, "dlv_1", "dlv_2").then(InvoiceDrafted, OrderInvoiced)
    content = story.newest(InvoiceDrafted).content
    assert [line.net for line in content.lines] == [0, 4000, 500, 0, 2000, 1500]
    assert content.lines[0].description == "Livraison BL-2026-00001 du 16/03/2026"
    assert [link.kind for link in content.links] == ["order", "delivery", "delivery"]
    assert content.supply_date == DAY
    assert story.newest(OrderInvoiced).taken == asked("6", "4")
    story.when(invoice_deliveries, "dlv_1", invoice_id="inv_2").refused(DeliveryIsClosed)
    assert standing_order(story).invoiced == {0: Fraction(6), 1: Fraction(4)}


@pytest.mark.feature("M46")
def test_a_discarded_draft_gives_its_deliveries_back():
    story = delivered(ordered(), "4", "1")
    story = story.when(invoice_deliveries, "dlv_1").then(InvoiceDrafted, OrderInvoiced)
    story = story.when(discard).then(InvoiceDiscarded)
    assert standing_order(story).invoiced == {}
    story.when(invoice_deliveries, "dlv_1", invoice_id="inv_2").then(InvoiceDrafted, OrderInvoiced)


@pytest.mark.feature("M46")
def test_an_order_is_invoiced_without_deliveries():
    story = ordered().when(invoice_order, *asked("3")).then(InvoiceDrafted, OrderInvoiced)
    assert [line.net for line in story.newest(InvoiceDrafted).content.lines] == [3000]
    story = story.when(invoice_order, invoice_id="inv_2").then(InvoiceDrafted, OrderInvoiced)
    assert [line.net for line in story.newest(InvoiceDrafted).content.lines] == [7000, 2000]
    assert standing_order(story).is_done
    story.when(invoice_order, invoice_id="inv_3").refused(NothingIsLeft)


@pytest.mark.feature("M46")
def test_what_is_invoiced_directly_is_not_invoiced_again_with_its_delivery():
    story = delivered(ordered(), "10", "4")
    story = story.when(invoice_order, *asked("1")).then(InvoiceDrafted, OrderInvoiced)
    story.when(invoice_deliveries, "dlv_1", invoice_id="inv_2").refused(QuantityExceedsRemainder)


@pytest.mark.feature("M46")
def test_a_delivery_needs_no_order():
    home = Address(street="2 quai", postal_code="69002", city="Lyon", country="FR")
    alone = NewDelivery(customer_id="ctc_1", lines=(new_line("7.5"),), address=home)
    story = opened().when(deliver, alone).then(DeliveryIssued)
    assert story.newest(DeliveryIssued).address == home
    story = story.when(invoice_deliveries, "dlv_1").then(InvoiceDrafted)
    assert add_up(story.newest(InvoiceDrafted).content.lines).net == 750


@pytest.mark.feature("M21", "M46")
def test_discount_and_shipping_go_with_what_is_invoiced_and_the_last_takes_the_last_cent():
    new = NewOrder(
        customer_id="ctc_1",
        lines=(new_line("10", quantity="3"), new_line("5", "5.5", quantity="3")),
        discount=Discount(amount=100),
        shipping=Shipping(amount=1000, vat_rate="20"),
    )
    story = ordered(new)
    whole = add_up(story.newest(OrderConfirmed).content.lines)
    for nth in range(3):
        story = story.when(invoice_order, *asked("1", "1"), invoice_id=f"inv_{nth}").then(
            InvoiceDrafted, OrderInvoiced
        )
    totals = [add_up(draft.content.lines) for draft in story.all(InvoiceDrafted)]
    assert sum(each.net for each in totals) == whole.net
    for rate in ("20", "5.5"):
        bases = [vat.base for each in totals for vat in each.vat if vat.rate == rate]
        assert sum(bases) == next(vat.base for vat in whole.vat if vat.rate == rate)


@pytest.mark.feature("M46")
def test_what_is_left_of_an_order_is_given_up():
    story = delivered(ordered(), "4", "0").when(cancel).then(OrderCancelled)
    story.when(cancel).refused(OrderIsCancelled)
    story.when(deliver, NewDelivery(order_id="ord_1"), "dlv_2").refused(OrderIsCancelled)
    story.when(invoice_deliveries, "dlv_1").then(InvoiceDrafted, OrderInvoiced)


@pytest.mark.feature("M46", "M17")
def test_what_is_not_there_is_refused():
    story = ordered()
    story.when(cancel, "ord_9").refused(OrderIsUnknown)
    story.when(cancel, reason="  ").refused(FieldIsMissing)
    story.when(invoice_order, order_id="ord_9").refused(OrderIsUnknown)
    story.when(deliver, NewDelivery(order_id="ord_9")).refused(OrderIsUnknown)
    story.when(bring_back, "dlv_9").refused(DeliveryIsUnknown)
    story.when(invoice_deliveries, "dlv_9").refused(DeliveryIsUnknown)
    story.when(invoice_deliveries).refused(DeliveriesDiffer)
    story.when(deliver, NewDelivery()).refused(DeliveryIsTwofold)
    both = NewDelivery(order_id="ord_1", customer_id="ctc_1", lines=(new_line(),))
    story.when(deliver, both).refused(DeliveryIsTwofold)
    nobody = NewDelivery(customer_id="ctc_9", lines=(new_line(),))
    story.when(deliver, nobody).refused(ContactIsUnknown)
    story.when(confirm, NewOrder(customer_id="ctc_9", lines=(new_line(),))).refused(
        ContactIsUnknown
    )
    negative = NewOrder(customer_id="ctc_1", lines=(new_line(), new_line(quantity="-1")))
    story.when(confirm, negative).refused(OrderedQuantityIsWrong)
    for parts, kind in (
        ([Taken(line=7, quantity="1")], OrderLineIsUnknown),
        ([Taken(line=0, quantity="1"), Taken(line=0, quantity="1")], OrderLineIsUnknown),
        ([Taken(line=0, quantity="one")], NumberIsMalformed),
        ([Taken(line=0, quantity="0")], NothingIsLeft),
        ([Taken(line=0, quantity="-1")], QuantityExceedsRemainder),
    ):
        story.when(invoice_order, *parts).refused(kind)


@pytest.mark.feature("M46")
def test_deliveries_to_two_customers_make_two_invoices():
    story = delivered(ordered(), "4", "0")
    alone = NewDelivery(customer_id="ctc_2", lines=(new_line(),))
    story = story.when(deliver, alone, "dlv_2").then(DeliveryIssued)
    story.when(invoice_deliveries, "dlv_1", "dlv_2").refused(DeliveriesDiffer)


@pytest.mark.feature("M46")
def test_orders_and_deliveries_are_options():
    story = opened().happened(
        OptionSet(option="orders", on=False), OptionSet(option="deliveries", on=False)
    )
    story.when(confirm, TEN_AND_FOUR).refused(FeatureIsOff, option="orders")
    alone = NewDelivery(customer_id="ctc_1", lines=(new_line(),))
    story.when(deliver, alone).refused(FeatureIsOff, option="deliveries")


@over(parts=some.lists(some.tuples(some.integers(0, 10), some.integers(0, 4)), max_size=8))
def test_however_an_order_is_taken_its_remainder_is_never_negative(
    parts: Sequence[tuple[int, int]],
):
    story = ordered()
    for nth, (first, second) in enumerate(parts):
        new = NewDelivery(order_id="ord_1", taken=asked(str(first), str(second)))
        outcome = story.when(deliver, new, f"dlv_{nth}")
        if isinstance(outcome.decision, list):
            story.happened(*outcome.decision)
    known = standing_order(story)
    lines = known.document.content.lines
    assert all(left > 0 for left in left_of(lines, known.delivered).values())
    assert all(
        known.delivered.get(index, Fraction(0)) <= Fraction(line.quantity)
        for index, line in enumerate(lines)
    )
