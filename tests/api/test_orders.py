"""Orders and deliveries at the door, up to the invoice of several deliveries."""

import json
from typing import Any

import pytest

from api.order_examples import DELIVERY, ORDER, ORDERING
from api.quote_examples import CUSTOMER
from tests.api import bodies
from tests.api.conftest import Caller


@pytest.mark.feature("M46")
def test_from_an_order_to_one_invoice_of_its_deliveries(caller: Caller) -> None:
    customer = caller.customer()
    lines = [bodies.line(quantity="10", unit_price="10"), {"kind": "text", "description": "Lot 1"}]
    order = caller.made(
        "/orders", {"customer_id": customer, "lines": lines, "discount": {"percent": "10"}}
    )
    assert order["number"].startswith("BC-")
    assert order["totals"]["net"] == bodies.eur(9000)
    assert [line["left_to_deliver"] for line in order["lines"]] == ["10", "0", "0"]
    first = caller.made(
        "/deliveries", {"order_id": order["id"], "taken": [{"line": 0, "quantity": "4"}]}
    )
    rest = caller.made("/deliveries", {"order_id": order["id"]})
    none = caller.post("/deliveries", {"order_id": order["id"]})
    assert (none.status_code, none.json()["code"]) == (422, "nothing_left")
    ids = [first["id"], rest["id"]]
    draft = caller.made("/deliveries/invoice", {"deliveries": ids})
    assert draft["totals"]["net"] == bodies.eur(9000)
    invoice = caller.made(f"/invoices/{draft['id']}/validate")
    assert invoice["totals"]["gross"] == bodies.eur(10890)
    assert caller.seen(f"/orders/{order['id']}")["status"] == "done"
    assert caller.seen(f"/deliveries/{first['id']}")["invoice_id"] == draft["id"]
    types = [event["type"] for event in caller.seen(f"/orders/{order['id']}/events")["data"]]
    assert types[0] == "order.confirmed.v1"
    assert "invoice.validated.v1" in types


@pytest.mark.feature("M46")
def test_what_is_taken_back_and_given_up(caller: Caller) -> None:
    body = {"customer_id": caller.customer(), "lines": [bodies.line()]}
    order = caller.made("/orders", body)
    delivery = caller.made("/deliveries", {"order_id": order["id"]})
    taken_back = caller.made(f"/deliveries/{delivery['id']}/cancel", {"reason": "refusé"})
    assert taken_back["status"] == "cancelled"
    given_up = caller.made(f"/orders/{order['id']}/cancel", {"reason": "annulé"})
    assert (given_up["status"], given_up["cancel_reason"]) == ("cancelled", "annulé")
    again = caller.post("/deliveries", {"order_id": order["id"]})
    assert (again.status_code, again.json()["code"]) == (409, "order_cancelled")


@pytest.mark.feature("M46", "M10")
def test_what_is_switched_off_is_refused_and_stays_readable(caller: Caller) -> None:
    body = {"customer_id": caller.customer(), "lines": [bodies.line()]}
    order = caller.made("/orders", body)
    caller.made("/options/orders", {"on": False})
    refused = caller.post("/orders", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "feature_off")
    assert caller.seen(f"/orders/{order['id']}")["status"] == "open"


def test_every_example_of_orders_works(caller: Caller) -> None:
    """Sends each example, with the ids that this database gave."""
    known = {CUSTOMER: caller.customer()}

    def send(operation: str, path: str) -> Any:
        text = json.dumps(ORDERING[operation])
        for example, real in known.items():
            text = text.replace(example, real)
        sent.add(operation)
        return caller.made(path, json.loads(text))

    sent: set[str] = set()
    order = known[ORDER] = send("orders_confirm", "/orders")["id"]
    known[DELIVERY] = send("deliveries_issue", "/deliveries")["id"]
    send("deliveries_invoice", "/deliveries/invoice")
    send("orders_invoice", f"/orders/{order}/invoice")
    second = send("deliveries_issue", "/deliveries")["id"]
    send("deliveries_cancel", f"/deliveries/{second}/cancel")
    send("orders_cancel", f"/orders/{order}/cancel")
    send("companies_describe", "/describe")
    send("options_set", "/options/quotes")
    assert sent == ORDERING.keys()
