"""Quotes at the door: from draft to deposits, situations and the balance invoice."""

from typing import Any

import pytest

from api.quote_examples import QUOTING
from tests.api import bodies
from tests.api.conftest import Caller


def quote(customer_id: str, **changes: Any) -> dict[str, Any]:
    """A quote of 121.00 EUR."""
    return {"customer_id": customer_id, "lines": [bodies.line()], **changes}


def accepted(caller: Caller, **changes: Any) -> Any:
    """An accepted quote."""
    made = caller.made("/quotes", quote(caller.customer(), **changes))
    return caller.made(f"/quotes/{made['id']}/accept")


def settle(caller: Caller, deposit_id: str) -> Any:
    """A deposit, settled today."""
    return caller.made(f"/deposits/{deposit_id}/settle", {"confirm_date": today(caller)})


def today(caller: Caller) -> str:
    """The company's day, as its quotes say."""
    made = caller.made("/quotes", quote(caller.customer()))
    return str(made["issue_date"])


def code_of(answer: Any, status: int) -> tuple[str, str]:
    """The code and rule of a refusal."""
    assert answer.status_code == status, answer.text
    return answer.json()["code"], answer.json()["rule"]


@pytest.mark.feature("M14", "M15", "M16", "M19", "M23", "M24")
def test_a_quote_from_draft_to_answer(caller: Caller) -> None:
    body = quote(
        caller.customer(),
        discount={"percent": "10"},
        shipping={"amount": bodies.eur(500), "vat_rate": "21"},
        deposit={"percent": "30", "days": 8},
        valid_until="2099-12-31",
    )
    drafted = caller.post("/quotes", body)
    made = drafted.json()
    assert (drafted.status_code, made["status"]) == (201, "draft")
    assert made["number"].startswith("DE-")
    assert made["totals"]["net"] == bodies.eur(9500)
    address = f"/quotes/{made['id']}"
    assert drafted.headers["location"] == f"{caller.base}{address}"
    revised = caller.patch(address, {**body, "note": "Merci"}, If_Match=drafted.headers["etag"])
    assert revised.json()["note"] == "Merci"
    assert caller.made(f"{address}/probability", {"probability": 60})["probability"] == 60
    assert caller.made(f"{address}/send")["status"] == "sent"
    refused = caller.made(f"{address}/refuse", {"reason": "Trop cher"})
    assert (refused["status"], refused["refusal"]) == ("refused", "Trop cher")
    assert code_of(caller.post(f"{address}/accept"), 409) == ("quote_answered", "M23")
    assert caller.made(f"{address}/restore")["status"] == "draft"
    whole = caller.made(f"{address}/accept")
    assert (whole["status"], len(whole["deposits"])) == ("accepted", 1)
    assert whole["deposits"][0]["amount"] == bodies.eur(3449)
    assert caller.seen(address) == whole
    types = [event["type"] for event in caller.seen(f"{address}/events")["data"]]
    assert types[-2:] == ["quote.accepted.v1", "deposit.instalment_opened.v1"]
    copy = caller.made(f"{address}/duplicate")
    assert copy["number"] > made["number"]
    yesterday = {**body, "issue_date": "2020-01-01"}
    assert code_of(caller.post("/quotes", yesterday), 422) == ("quote_date_not_today", "M16")


@pytest.mark.feature("M33")
def test_instalments_come_with_the_quote_and_with_the_draft(caller: Caller) -> None:
    halves = [{"percent": "50", "days": 10}, {"amount": bodies.eur(6050)}]
    wrong = [{"amount": bodies.eur(6000)}, {"amount": bodies.eur(6000), "days": 60}]
    for address in ("/quotes", "/invoices"):
        refused = caller.post(address, quote(caller.customer(), instalments=wrong))
        assert code_of(refused, 422) == ("instalments_wrong", "M33")
        assert refused.json()["errors"][0]["pointer"] == "/instalments"
    made = accepted(caller, instalments=halves)
    assert [part["percent"] for part in made["instalments"]] == ["50", ""]
    drafted = caller.made(f"/quotes/{made['id']}/invoice", {})
    assert drafted["planned"] == made["instalments"]
    issued = caller.made(f"/invoices/{drafted['id']}/validate")
    assert [part["amount"] for part in issued["instalments"]] == [bodies.eur(6050)] * 2
    other = accepted(caller, instalments=halves)
    drafted = caller.made(f"/quotes/{other['id']}/invoice", {"instalments": [{"days": 5}]})
    assert [part["days"] for part in drafted["planned"]] == [5]


@pytest.mark.feature("M56", "M57", "M58", "M59", "M62")
def test_a_deposit_from_request_to_balance_invoice(caller: Caller) -> None:
    known = accepted(caller, deposit={"percent": "50"})
    deposit_id = known["deposits"][0]["id"]
    asked = caller.made(f"/deposits/{deposit_id}/request")
    assert asked["request"]["number"].startswith("DA-")
    invoiced = f"/quotes/{known['id']}/invoice"
    assert code_of(caller.post(invoiced, {}), 409) == ("deposit_choice_required", "M26")
    paid = settle(caller, deposit_id)
    assert (paid["status"], paid["amount"]) == ("settled", bodies.eur(6050))
    assert caller.seen(f"/deposits/{deposit_id}") == paid
    invoice = caller.seen(f"/invoices/{paid['invoice_id']}")
    assert (invoice["status"], invoice["totals"]["gross"]) == ("settled", bodies.eur(6050))
    position = caller.position()
    assert caller.seen("/unpaid", position)["data"] == []
    drafted = caller.made(invoiced, {})
    assert drafted["totals"]["gross"] == bodies.eur(6050)
    caller.made(f"/invoices/{drafted['id']}/validate")
    seen = caller.seen(f"/quotes/{known['id']}")
    assert seen["status"] == "invoiced"
    assert [bill["kind"] for bill in seen["invoices"]] == ["deposit", "balance"]
    more = caller.post(f"/quotes/{known['id']}/deposits", {"percent": "10"})
    assert code_of(more, 409) == ("quote_invoiced", "M56")
    note = caller.post(f"/invoices/{paid['invoice_id']}/credit_notes", {"reason": "Erreur"})
    assert code_of(note, 409) == ("deposit_deducted", "A2.3")


@pytest.mark.feature("M26")
def test_the_choice_of_what_becomes_of_a_deposit(caller: Caller) -> None:
    known = accepted(caller, deposit={"amount": bodies.eur(2100)})
    asked = {"deposit": "paid", "settlement": {"confirm_date": today(caller)}}
    rehearsed = caller.post(f"/quotes/{known['id']}/invoice?dry_run=true", asked)
    assert len(rehearsed.json()["entries"]) == 2
    drafted = caller.made(f"/quotes/{known['id']}/invoice", asked)
    assert drafted["totals"]["gross"] == bodies.eur(10000)
    other = accepted(caller, deposit={"percent": "50"})
    wrong = caller.post(f"/quotes/{other['id']}/invoice", {**asked, "deposit": "delete"})
    assert wrong.status_code == 422
    drafted = caller.made(f"/quotes/{other['id']}/invoice", {"deposit": "delete"})
    assert drafted["totals"]["gross"] == bodies.eur(12100)


@pytest.mark.feature("M56", "M60")
def test_deposits_are_changed_and_deleted(caller: Caller) -> None:
    known = accepted(caller)
    opened = caller.post(f"/quotes/{known['id']}/deposits", {"percent": "30"})
    assert opened.status_code == 201
    address = f"/deposits/{opened.json()['id']}"
    body = {"amount": bodies.eur(5000), "due_date": "2099-01-31"}
    changed = caller.patch(address, body, If_Match=opened.headers["etag"])
    assert changed.json()["amount"] == bodies.eur(5000)
    foreign = {"amount": {"amount": 1, "currency": "USD"}}
    answer = caller.patch(address, foreign, If_Match=changed.headers["etag"])
    assert code_of(answer, 422)[0] == "currency_foreign"
    ahead = caller.post(f"{address}/settle", {"confirm_date": "2099-01-01"})
    assert code_of(ahead, 422) == ("deposit_date_ahead", "M60")
    assert caller.made(f"{address}/delete", {"reason": "Comptant"})["status"] == "deleted"
    assert code_of(caller.post(f"{address}/request"), 409) == ("deposit_deleted", "M56")
    types = [event["type"] for event in caller.seen(f"{address}/events")["data"]]
    assert types[-1] == "deposit.instalment_deleted.v1"
    assert caller.get("/deposits/dep_" + "0" * 26).status_code == 404


@pytest.mark.feature("M65", "M66", "M67", "M68")
def test_situations_at_the_door(caller: Caller) -> None:
    known = accepted(caller, lines=[bodies.line(), bodies.line(unit_price="25")])
    address = f"/quotes/{known['id']}/situations"
    half = {"progress": [{"line": 0, "percent": "50", "label": "Lot 1"}]}
    first = caller.post(address, half)
    assert first.status_code == 201, first.text
    body = first.json()
    assert body["warnings"] == []
    assert [line["net"]["amount"] for line in body["invoice"]["lines"]] == [5000, 0]
    assert body["progress"][0]["percent"] == "50"
    invoice_id = body["invoice"]["id"]
    more = {"progress": [{"line": 0, "cumulated": bodies.eur(6000)}]}
    revised = caller.patch(
        f"/invoices/{invoice_id}/situation", more, If_Match=first.headers["etag"]
    )
    assert revised.json()["invoice"]["totals"]["net"] == bodies.eur(6000)
    plain = caller.patch(
        f"/invoices/{invoice_id}",
        bodies.invoice(known["customer_id"]),
        If_Match=revised.headers["etag"],
    )
    assert code_of(plain, 422) == ("situation_revision", "M65")
    caller.made(f"/invoices/{invoice_id}/validate")
    copy = caller.made(f"/invoices/{invoice_id}/duplicate")
    caller.made(f"/invoices/{copy['id']}/discard", {"reason": "Essai"})
    back = {"progress": [{"line": 0, "percent": "59"}]}
    assert code_of(caller.post(address, back), 422) == ("progress_out_of_bounds", "M66")
    whole = {"progress": [{"line": 0, "percent": "100"}, {"line": 1, "percent": "100"}]}
    last = caller.made(address, whole)
    assert last["warnings"] == ["previous_situation_unsettled"]
    assert last["unsettled"] == [invoice_id]
    caller.made(f"/invoices/{last['invoice']['id']}/validate")
    assert caller.seen(f"/quotes/{known['id']}")["status"] == "invoiced"


@pytest.mark.feature("M34", "A2.1")
def test_a_deposit_on_a_draft_is_an_option(caller: Caller) -> None:
    draft = caller.made("/invoices", bodies.invoice(caller.customer()))
    body = {"percent": "50", "confirm_date": today(caller)}
    address = f"/invoices/{draft['id']}/deposit"
    assert code_of(caller.post(address, body), 409) == ("feature_off", "M10")
    caller.made("/options/invoice_deposits", {"on": True})
    assert caller.made(address, body)["totals"]["gross"] == bodies.eur(6050)


@pytest.mark.feature("M10")
def test_quotes_are_an_option(caller: Caller) -> None:
    known = accepted(caller)
    caller.made("/options/quotes", {"on": False})
    refused = caller.post("/quotes", quote(known["customer_id"]))
    assert code_of(refused, 409) == ("feature_off", "M10")
    assert caller.seen(f"/quotes/{known['id']}") == known


def test_every_example_of_quotes_works(caller: Caller) -> None:
    """Sends each example in an order that makes sense, dated today where the day matters."""
    customer, day, sent = caller.customer(), today(caller), set()

    def send(operation: str, path: str, **headers: str) -> Any:
        body = {**QUOTING[operation]}
        if "customer_id" in body:
            body["customer_id"] = customer
        if "confirm_date" in body:
            body |= {"confirm_date": day, "paid_on": day}
        answer = caller.patch(path, body, **headers) if headers else caller.post(path, body)
        assert answer.status_code in (200, 201), (operation, answer.text)
        sent.add(operation)
        return answer

    drafted = send("quotes_draft", "/quotes")
    address = f"/quotes/{drafted.json()['id']}"
    send("quotes_revise", address, If_Match=drafted.headers["etag"])
    send("quotes_set_probability", f"{address}/probability")
    send("quotes_refuse", f"{address}/refuse")
    caller.made(f"{address}/restore")
    first = caller.made(f"{address}/accept")["deposits"][0]["id"]
    opened = send("quotes_open_deposit", f"{address}/deposits")
    second = f"/deposits/{opened.json()['id']}"
    send("deposits_change", second, If_Match=opened.headers["etag"])
    send("deposits_delete", f"{second}/delete")
    send("deposits_settle", f"/deposits/{first}/settle")
    situation = send("quotes_invoice_situation", f"{address}/situations")
    invoice = f"/invoices/{situation.json()['invoice']['id']}"
    etag = situation.headers["etag"]
    send("invoices_revise_situation", f"{invoice}/situation", If_Match=etag)
    other = accepted(caller, deposit={"percent": "10"})
    send("quotes_invoice", f"/quotes/{other['id']}/invoice")
    caller.made("/options/invoice_deposits", {"on": True})
    plain = caller.made("/invoices", bodies.invoice(customer))
    send("invoices_deposit", f"/invoices/{plain['id']}/deposit")
    assert sent == QUOTING.keys()
