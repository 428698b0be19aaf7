"""Orders and deliveries through the store, up to the invoice."""

import pytest

from domain.book.refusal import Refusals
from domain.orders.delivery import DeliveryIsClosed, DeliveryIsUnknown
from domain.orders.fulfilment import NewDelivery
from domain.orders.order import NewOrder, OrderIsUnknown
from domain.orders.quote_order import QuoteHasDeposits
from domain.orders.taking import QuantityExceedsRemainder, Taken
from domain.quotes.balance import QuoteIsInvoiced, QuoteIsOrdered
from domain.quotes.quote import DepositTerms, NewQuote
from domain.sales.invoice import Draft, Validated
from services import invoicing, ordering, quoting, situations
from services.situations import QuoteInvoicing
from tests.domain.steps import new_line
from tests.services.use_cases.conftest import Desk


def ordered(desk: Desk) -> str:
    new = NewOrder(customer_id=desk.customer, lines=(new_line("10", quantity="10"),))
    return ordering.confirm_order(
        desk.store, desk.book, new, desk.command()
    ).answer.document.order_id


def delivered(desk: Desk, order_id: str, quantity: str) -> str:
    new = NewDelivery(order_id=order_id, taken=(Taken(line=0, quantity=quantity),))
    written = ordering.issue_delivery(desk.store, desk.book, new, desk.command())
    return written.answer.document.delivery_id


@pytest.mark.feature("M46")
def test_from_an_order_to_one_invoice_of_two_deliveries(desk: Desk):
    order_id = ordered(desk)
    both = [delivered(desk, order_id, "4"), delivered(desk, order_id, "6")]
    drafted = ordering.invoice_deliveries(desk.store, desk.book, both, desk.command())
    assert isinstance(drafted.answer, Draft)
    invoice_id = drafted.answer.invoice_id
    issued = invoicing.validate_invoice(desk.store, desk.book, invoice_id, desk.command())
    assert isinstance(issued.answer, Validated)
    assert issued.answer.document.totals.net == 10_000
    assert ordering.get_order(desk.store.past(desk.book), order_id).is_done
    with pytest.raises(Refusals) as refusal:
        ordering.invoice_deliveries(desk.store, desk.book, both[:1], desk.command())
    assert isinstance(refusal.value.refused, DeliveryIsClosed)


@pytest.mark.feature("M46")
def test_a_discarded_draft_and_a_cancelled_delivery_give_quantities_back(desk: Desk):
    order_id = ordered(desk)
    drafted = ordering.invoice_order(desk.store, desk.book, order_id, (), desk.command())
    invoicing.discard_invoice(
        desk.store, desk.book, drafted.answer.invoice_id, "erreur", desk.command()
    )
    assert not ordering.get_order(desk.store.past(desk.book), order_id).is_done
    delivery_id = delivered(desk, order_id, "10")
    with pytest.raises(Refusals) as refusal:
        delivered(desk, order_id, "1")
    assert isinstance(refusal.value.refused, QuantityExceedsRemainder)
    ordering.cancel_delivery(desk.store, desk.book, delivery_id, "refusé", desk.command())
    delivered(desk, order_id, "10")
    cancelled = ordering.cancel_order(desk.store, desk.book, order_id, "fin", desk.command())
    assert cancelled.answer.cancelled == "fin"


@pytest.mark.feature("M46")
def test_a_command_that_comes_again_makes_nothing_twice(desk: Desk):
    new = NewOrder(customer_id=desk.customer, lines=(new_line(),))
    command = desk.command()
    first = ordering.confirm_order(desk.store, desk.book, new, command)
    again = ordering.confirm_order(desk.store, desk.book, new, command)
    assert (again.answer, again.replayed) == (first.answer, True)


def test_what_is_not_there_is_refused(desk: Desk):
    past = desk.store.past(desk.book)
    with pytest.raises(Refusals) as refusal:
        ordering.get_order(past, "ord_9")
    assert isinstance(refusal.value.refused, OrderIsUnknown)
    with pytest.raises(Refusals) as refusal:
        ordering.get_delivery(past, "dlv_9")
    assert isinstance(refusal.value.refused, DeliveryIsUnknown)


def accepted(desk: Desk, deposit: DepositTerms | None = None) -> str:
    new = NewQuote(customer_id=desk.customer, lines=(new_line(quantity="2"),), deposit=deposit)
    written = quoting.draft_quote(desk.store, desk.book, new, desk.command())
    quote_id = written.answer.quote.quote_id
    quoting.send_quote(desk.store, desk.book, quote_id, desk.command())
    quoting.accept_quote(desk.store, desk.book, quote_id, desk.command())
    return quote_id


@pytest.mark.feature("M46", "M25")
def test_an_order_takes_an_accepted_quote_over(desk: Desk):
    quote_id = accepted(desk)
    taken = ordering.order_quote(desk.store, desk.book, quote_id, desk.command()).answer.document
    assert [(link.kind, link.id) for link in taken.links] == [("quote", quote_id)]
    with pytest.raises(Refusals) as refusal:
        situations.invoice_quote(desk.store, desk.book, quote_id, QuoteInvoicing(), desk.command())
    assert isinstance(refusal.value.refused, QuoteIsOrdered)
    ordering.cancel_order(desk.store, desk.book, taken.order_id, "renonce", desk.command())
    situations.invoice_quote(desk.store, desk.book, quote_id, QuoteInvoicing(), desk.command())
    with pytest.raises(Refusals) as refusal:
        ordering.order_quote(desk.store, desk.book, quote_id, desk.command())
    assert isinstance(refusal.value.refused, QuoteIsInvoiced)


@pytest.mark.feature("M46", "M62")
def test_a_quote_with_deposits_is_invoiced_as_a_quote(desk: Desk):
    quote_id = accepted(desk, DepositTerms(percent="30"))
    with pytest.raises(Refusals) as refusal:
        ordering.order_quote(desk.store, desk.book, quote_id, desk.command())
    assert isinstance(refusal.value.refused, QuoteHasDeposits)
