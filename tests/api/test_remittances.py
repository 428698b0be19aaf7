"""Mandates, direct debit and transfer files, cheque slips, at the door."""

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api.quote_examples import CUSTOMER
from api.remittance_examples import PAYMENT, REMITTING
from services.backend import Backend
from tests.api import bodies
from tests.api.conftest import Caller

TODAY = datetime.now(UTC).astimezone(ZoneInfo("Europe/Brussels")).date()
LATER = (TODAY + timedelta(days=120)).isoformat()


def payer(caller: Caller, **changes: Any) -> str:
    """A customer who pays by direct debit, with a mandate; the company may collect."""
    caller.made("/creditor_id", REMITTING["creditor_identify"])
    details = bodies.customer(payment_means="direct_debit", **changes)
    customer = str(caller.made("/contacts", details)["id"])
    caller.made("/mandates", {**REMITTING["mandates_sign"], "contact_id": customer})
    return customer


@pytest.mark.feature("M42")
def test_what_is_due_by_direct_debit_is_collected_by_one_file(caller: Caller) -> None:
    customer = payer(caller)
    invoice = caller.validated(customer)
    caller.validated(caller.customer())  # pays by transfer
    caller.seen("/unpaid", caller.position())
    asked = {"execution_date": LATER}
    rehearsed = caller.post("/collections?dry_run=true", asked)
    assert rehearsed.json()["answer"]["total"] == bodies.eur(12100)
    made = caller.post("/collections", asked)
    assert made.status_code == 201, made.text
    collection = made.json()
    assert made.headers["location"].endswith(f"/remittances/{collection['id']}")
    (line,) = collection["lines"]
    assert (line["document_number"], line["sequence"]) == (invoice["number"], "FRST")
    again = caller.post("/collections", asked)
    assert (again.status_code, again.json()["code"]) == (422, "nothing_to_remit")
    place = {"entry": line["entry"], "line": line["line"]}
    twice = caller.post("/collections", {**asked, "lines": [place]})
    assert (twice.status_code, twice.json()["code"]) == (409, "line_remitted")


@pytest.mark.feature("M42")
def test_the_file_is_its_digest_and_never_changes(caller: Caller) -> None:
    caller.validated(payer(caller))
    caller.seen("/unpaid", caller.position())
    collection = caller.made("/collections", {"execution_date": LATER})
    address = f"/remittances/{collection['id']}/file"
    file = caller.get(address)
    assert file.headers["content-type"] == "application/xml"
    assert sha256(file.content).hexdigest() == collection["file"]
    assert file.headers["etag"] == f'"{collection["file"]}"'
    assert caller.get(address, If_None_Match=file.headers["etag"]).status_code == 304
    assert caller.get(address, Range="bytes=0-4").content == file.content[:5]
    assert caller.get(address).content == file.content


@pytest.mark.feature("M42", "M39")
def test_a_collection_is_settled_and_one_line_comes_back(caller: Caller) -> None:
    customer = payer(caller)
    caller.validated(customer)
    caller.validated(customer)
    caller.seen("/unpaid", caller.position())
    collection = caller.made("/collections", {"execution_date": LATER})
    own = f"/remittances/{collection['id']}"
    settled = caller.made(f"{own}/settle", {})
    assert settled["status"] == "settled"
    assert caller.seen("/unpaid", caller.position())["data"] == []
    back = {"nth": 1, "returned_on": TODAY.isoformat(), "reason": "MD06", "fee": bodies.eur(500)}
    returned = caller.made(f"{own}/return", back)
    assert [line["return_reason"] for line in returned["lines"]] == ["", "MD06"]
    (item,) = caller.seen("/unpaid", caller.position())["data"]
    assert item["open"] == bodies.eur(12100)
    assert caller.seen(own) == returned
    types = [event["type"] for event in caller.seen(f"{own}/events")["data"]]
    assert types == [
        "collection.created.v1",
        "remittance.settled.v1",
        "remittance.line_returned.v1",
    ]
    wrong = caller.post(f"{own}/cancel", {"reason": "x"})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "remittance_closed")


@pytest.mark.feature("M42")
def test_bills_are_paid_by_a_file(caller: Caller) -> None:
    supplier = caller.supplier()
    caller.made("/bills", bodies.bill(supplier))
    caller.seen("/unpaid", caller.position())
    refused = caller.post("/transfer_orders", {"execution_date": LATER})
    assert refused.json()["code"] == "payee_account_missing"
    known = bodies.supplier(bank_accounts=[{"iban": "BE68 5390 0754 7034"}])
    other = caller.made("/contacts", {**known, "vat_number": "BE0202239951"})["id"]
    bill = caller.made("/bills", bodies.bill(other, supplier_reference="F-9"))
    items = caller.seen("/unpaid?side=suppliers", caller.position())["data"]
    (item,) = [each for each in items if each["document_id"] == bill["id"]]
    lines = [{"entry": item["entry"], "line": item["line"]}]
    order = caller.made("/transfer_orders", {"execution_date": LATER, "lines": lines})
    assert (order["number"][:3], order["lines"][0]["account"]) == ("VI-", "BE68…7034")
    settled = caller.made(f"/remittances/{order['id']}/settle", {})
    assert settled["lines"][0]["lettering_id"].startswith("let_")
    position = caller.position()
    (listed,) = caller.seen("/transfer_orders?state=settled", position)["data"]
    assert (listed["id"], listed["amount"]) == (order["id"], order["total"])
    assert caller.seen("/remittances?kind=transfer_order")["data"] == [listed]
    assert caller.seen("/collections")["data"] == []
    assert caller.seen("/cheque_deposits?sort=amount")["data"] == []
    file = caller.get("/remittances?format=csv&sort=-amount")
    assert order["number"] in file.text


@pytest.mark.feature("M42")
def test_mandates_are_seen_without_their_accounts_and_revoked(caller: Caller) -> None:
    customer = payer(caller)
    address = f"/mandates?party={customer}"
    (listed,) = caller.seen(address, caller.position())["data"]
    assert (listed["status"], listed["contact_id"]) == ("active", customer)
    mandate = caller.seen(f"/mandates/{listed['id']}")
    assert (mandate["status"], mandate["account"]) == ("active", "BE68…7034")
    assert listed["lapses_on"] == mandate["lapses_on"]
    assert caller.seen(f"{address}&state=revoked")["data"] == []
    late = caller.seen(f"{address}&state=lapsed&on=2039-01-01")["data"]
    assert [each["id"] for each in late] == [mandate["id"]]
    assert "539007547034" not in json.dumps(caller.seen(f"/mandates/{mandate['id']}/events"))
    revoked = caller.made(f"/mandates/{mandate['id']}/revoke", {"reason": "clôture"})
    assert revoked["status"] == "revoked"
    assert caller.seen("/creditor_id")["creditor_id"] == "BE68ZZZ0123456789"
    wrong = caller.post("/creditor_id", {"creditor_id": "FR12ZZZ123456"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "identifier_wrong")


@pytest.mark.feature("M41")
def test_cheques_go_to_the_bank_under_a_slip(
    caller: Caller, backend: Backend, pdf_libraries: None
) -> None:
    customer = caller.customer()
    cheque = caller.made("/payments", bodies.payment(customer, means="cheque", reference="0001234"))
    body = {"cheques": [{"payment_id": cheque["id"], "bank": "Banque fictive"}]}
    slip = caller.made("/cheque_deposits", body)
    own = f"/cheque_deposits/{slip['id']}"
    assert (slip["status"], slip["cheques"][0]["number"]) == ("deposited", "0001234")
    backend.printshop.original(book_of(backend, caller), "cheque_deposit", slip["id"])
    pdf = caller.get(f"{own}/pdf")
    assert (pdf.status_code, pdf.content[:4]) == (200, b"%PDF")
    assert pdf.headers["etag"] == f'"{sha256(pdf.content).hexdigest()}"'
    twice = caller.post("/cheque_deposits", body)
    assert (twice.status_code, twice.json()["code"]) == (409, "cheque_deposited")
    undone = caller.made(f"{own}/reverse", {"reason": "refusé"})
    assert undone["status"] == "reversed"
    assert caller.seen(own) == undone
    types = [event["type"] for event in caller.seen(f"{own}/events")["data"]]
    assert types[::2] == ["cheque_deposit.created.v1", "cheque_deposit.reversed.v1"]
    assert caller.made("/cheque_deposits", body)["id"] != slip["id"]


def test_every_example_of_remittances_works(caller: Caller) -> None:
    """Sends each example, with the ids and places that this database gave."""
    sent: set[str] = set()
    customer = caller.customer()
    known = {CUSTOMER: customer, "2026-11-30": TODAY.isoformat(), "2027-06-15": LATER}

    def send(operation: str, path: str, **changes: Any) -> Any:
        text = json.dumps({**REMITTING[operation], **changes})
        for example, real in known.items():
            text = text.replace(example, real)
        sent.add(operation)
        return caller.made(path, json.loads(text))

    send("creditor_identify", "/creditor_id")
    mandate = send("mandates_sign", "/mandates")
    invoice, bank = caller.validated(customer), [{"iban": "BE68539007547034"}]
    supplier = caller.made("/contacts", bodies.supplier(bank_accounts=bank))["id"]
    bill = caller.made("/bills", bodies.bill(supplier))
    items = caller.seen("/unpaid", caller.position())["data"]
    places = {item["document_id"]: item["entry"] for item in items}
    line = {"entry": places[invoice["id"]], "line": 0}
    collection = send("collections_create", "/collections", lines=[line])
    send("remittances_settle", f"/remittances/{collection['id']}/settle")
    send("remittances_return", f"/remittances/{collection['id']}/return")
    line = {**REMITTING["transfer_orders_create"]["lines"][0], "entry": places[bill["id"]]}
    order = send("transfer_orders_create", "/transfer_orders", lines=[line])
    send("remittances_cancel", f"/remittances/{order['id']}/cancel")
    send("mandates_revoke", f"/mandates/{mandate['id']}/revoke")
    cheque = bodies.payment(customer, means="cheque")
    known[PAYMENT] = caller.made("/payments", cheque)["id"]
    slip = send("cheque_deposits_create", "/cheque_deposits")
    send("cheque_deposits_reverse", f"/cheque_deposits/{slip['id']}/reverse")
    assert sent == REMITTING.keys()


def book_of(backend: Backend, caller: Caller) -> str:
    """The book of a caller's company."""
    from api.ids import book_id

    return str(book_id(caller.company))
