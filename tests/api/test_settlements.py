"""Settling at the door: ticking, refunding, taking back, differences, what is paid when."""

import pytest

from tests.api import bodies
from tests.api.conftest import Caller


@pytest.mark.feature("M38", "M45", "C7")
def test_an_instalment_is_ticked_as_settled_and_the_rest_later(caller: Caller) -> None:
    days = [{"percent": "50", "due_date": "2027-01-31"}, {"due_date": "2027-02-28"}]
    asked = bodies.invoice(caller.customer(), instalments=days)
    draft = caller.made("/invoices", asked)
    invoice = caller.post(f"/invoices/{draft['id']}/validate").json()
    address = f"/invoices/{invoice['id']}/settle"
    first = caller.made(address, {"instalment": 0})
    assert first["payment"]["amount"] == bodies.eur(6050)
    assert first["letterings"][0]["complete"] is True
    assert caller.seen(f"/invoices/{invoice['id']}")["status"] == "partly_paid"
    again = caller.post(address, {"instalment": 0})
    assert (again.status_code, again.json()["code"]) == (409, "nothing_to_pay")
    caller.made(address, {"amount": bodies.eur(5000)})
    rest = caller.made(address, {"reference": "solde", "means": "cheque"})
    assert (rest["payment"]["amount"], rest["payment"]["means"]) == (bodies.eur(1050), "cheque")
    assert caller.seen(f"/invoices/{invoice['id']}")["status"] == "settled"


@pytest.mark.feature("M38", "M39", "M44")
def test_one_of_several_instalments_is_unticked(caller: Caller) -> None:
    days = [{"percent": "50", "due_date": "2027-01-31"}, {"due_date": "2027-02-28"}]
    draft = caller.made("/invoices", bodies.invoice(caller.customer(), instalments=days))
    address = f"/invoices/{draft['id']}"
    caller.post(f"{address}/validate")
    whole = caller.made(f"{address}/settle", {})["payment"]
    back = caller.post(f"{address}/unsettle", {"instalment": 1, "reason": "Erreur"})
    assert back.status_code == 200, back.text
    (recorded,) = back.json()["recorded"]
    assert back.json()["taken_back"] == [whole["id"]]
    assert caller.seen(f"/payments/{recorded}")["amount"] == bodies.eur(6050)
    assert caller.seen(address)["status"] == "partly_paid"
    (item,) = caller.seen("/unpaid", back.headers["event-position"])["data"]
    assert (item["due_date"], item["open"]) == ("2027-02-28", bodies.eur(6050))
    again = caller.post(f"{address}/unsettle", {"instalment": 1, "reason": "Erreur"})
    assert (again.status_code, again.json()["code"]) == (409, "instalment_not_paid")


@pytest.mark.feature("M39")
def test_a_tick_is_taken_back_and_the_invoice_is_open_again(caller: Caller) -> None:
    invoice = caller.validated()
    made = caller.made(f"/invoices/{invoice['id']}/settle", {})["payment"]
    address = f"/payments/{made['id']}"
    back = caller.post(f"{address}/reverse", {"reason": "Rejeté"})
    assert back.status_code == 200, back.text
    assert back.json()["payment"]["reversed_reason"] == "Rejeté"
    (joined,) = back.json()["letterings"]
    position = back.headers["event-position"]
    assert caller.seen(f"/invoices/{invoice['id']}")["status"] == "validated"
    (item,) = caller.seen("/unpaid", position)["data"]
    assert (item["document_id"], item["open"]) == (invoice["id"], bodies.eur(12100))
    assert caller.seen(address)["reversed_on"] == caller.seen(address)["date"]
    assert caller.seen(f"{address}/letterings")["letterings"] == [joined]
    again = caller.post(f"{address}/reverse", {"reason": "Rejeté"})
    assert again.json()["code"] == "payment_reversed"
    undone = caller.post(f"/letterings/{joined['id']}/unletter", {"reason": "Erreur"})
    assert undone.json()["code"] == "reversal_stands"
    types = [event["type"] for event in caller.seen(f"{address}/events")["data"]]
    assert types == [
        "payment.recorded.v1",
        "entry.posted.v1",
        "payment.reversed.v1",
        "entry.posted.v1",
    ]


def test_a_credit_note_is_refunded_and_a_bill_is_paid(caller: Caller) -> None:
    invoice = caller.validated()
    note = caller.made(f"/invoices/{invoice['id']}/credit_notes", {"reason": "Retour"})
    refund = caller.made(f"/credit_notes/{note['id']}/settle", {})["payment"]
    assert (refund["direction"], refund["amount"]) == ("sent", bodies.eur(12100))
    bill = caller.made("/bills", bodies.bill(caller.supplier()))
    paid = caller.made(f"/bills/{bill['id']}/settle", {"means": "direct_debit"})["payment"]
    assert (paid["direction"], paid["role"], paid["amount"]) == (
        "sent",
        "suppliers",
        bodies.eur(24200),
    )


def test_what_is_not_there_is_not_settled(caller: Caller) -> None:
    draft = caller.made("/invoices", bodies.invoice(caller.customer()))
    assert caller.post(f"/invoices/{draft['id']}/settle", {}).json()["code"] == "nothing_to_pay"
    nobody = f"/invoices/inv_{'0' * 26}/settle"
    assert caller.post(nobody, {}).status_code == 404


@pytest.mark.feature("C7")
def test_small_differences_are_written_off_as_far_as_the_company_says(caller: Caller) -> None:
    invoice = caller.validated()
    address = f"/invoices/{invoice['id']}/settle"
    short = {"amount": bodies.eur(11950), "difference": "write_off"}
    assert caller.post(address, short).json()["code"] == "difference_too_large"
    assert caller.seen("/payment_tolerance")["amount"] == bodies.eur(100)
    said = caller.post("/payment_tolerance", {"amount": 150})
    assert said.json()["amount"] == bodies.eur(150)
    made = caller.post(address, short)
    assert made.status_code == 201, made.text
    assert [part["amount"]["amount"] for part in made.json()["letterings"][0]["parts"]] == [
        12100,
        -11950,
        -150,
    ]
    position = made.headers["event-position"]
    assert caller.seen("/unpaid", position)["data"] == []
    repeated = caller.post(address, short, Idempotency_Key="ticked-once")
    assert repeated.json()["code"] == "nothing_to_pay"


def test_a_lettering_with_a_difference_is_repeated_as_one_command(caller: Caller) -> None:
    customer = caller.customer()
    invoice = caller.validated(customer)
    paid = caller.made("/payments", bodies.payment(customer, 12098))
    (item,) = (
        each
        for each in caller.seen("/unpaid", caller.position())["data"]
        if each["document_id"] == invoice["id"]
    )
    parts = [
        {"entry": item["entry"], "line": item["line"]},
        {"entry": paid["entry"], "line": 1},
    ]
    body = {"parts": parts, "difference": "write_off", "reason": "Frais de la banque"}
    first = caller.post("/letterings", body, Idempotency_Key="with-a-difference")
    assert first.status_code == 201, first.text
    again = caller.post("/letterings", body, Idempotency_Key="with-a-difference")
    assert again.json() == first.json()
    assert first.json()["reason"] == "Frais de la banque"
    assert first.json()["allocations"][0]["amount"] == bodies.eur(12098)


@pytest.mark.feature("C7", "C4")
def test_paid_is_told_as_of_a_day_and_as_known_at_a_time(caller: Caller) -> None:
    """An invoice is paid, then open again: each answer is that of its day and of its book."""
    invoice = caller.validated()
    before = caller.position()
    first = caller.made(f"/invoices/{invoice['id']}/settle", {})["payment"]
    paid = caller.position()
    caller.post(f"/payments/{first['id']}/reverse", {"reason": "Rejeté"})
    back = caller.position()

    def states(query: str) -> tuple[bool, int, str]:
        (archived,) = (
            each
            for each in caller.seen(f"/archives?tab=sales{query}", back)["data"]
            if each["document_id"] == invoice["id"]
        )
        open_ = [
            item["open"]["amount"]
            for item in caller.seen(f"/unpaid?{query}", back)["data"]
            if item["document_id"] == invoice["id"]
        ]
        (listed,) = caller.seen(f"/sales_documents?{query}", back)["data"]
        return archived["paid"], sum(open_), listed["state"]

    assert states(f"&known_at={before}") == (False, 12100, "validated")
    assert states(f"&known_at={paid}") == (True, 0, "settled")
    assert states("") == (False, 12100, "validated")
    known = f"&known_at={paid}"
    day = first["date"]
    assert caller.seen(f"/unpaid?as_of={day}{known}", back)["data"] == []
