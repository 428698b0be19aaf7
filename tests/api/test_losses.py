"""Invoices in instalments with their VAT shares, and debts that are lost, at the door."""

import pytest

from tests.api import bodies
from tests.api.conftest import Caller


@pytest.mark.feature("M33", "M64")
def test_instalments_and_vat_shares_go_in_and_out(caller: Caller) -> None:
    customer = caller.customer()
    parts = [{"percent": "30", "days": 0}, {"amount": bodies.eur(4000), "days": 15}, {"days": 60}]
    asked = bodies.invoice(customer, instalments=parts, discount={"percent": "10"}, language="nl")
    draft = caller.made("/invoices", asked)
    assert [line["kind"] for line in draft["lines"]] == ["item", "discount"]
    invoice = caller.made(f"/invoices/{draft['id']}/validate")
    assert [part["amount"]["amount"] for part in invoice["instalments"]] == [3267, 4000, 3623]
    assert invoice["due_date"] == invoice["instalments"][-1]["due_date"]
    (share,) = invoice["vat_shares"]
    assert (share["code"], share["exigible"]) == ("03", "issue")
    assert (share["base"], share["tax"]) == (bodies.eur(9000), bodies.eur(1890))
    assert invoice["lines"][0]["vat_code"] == "03"
    assert any("2 augustus 2002" in said for said in invoice["mentions"])
    items = caller.seen("/unpaid", caller.position())["data"]
    assert [item["open"]["amount"] for item in items] == [3267, 4000, 3623]
    wrong = caller.post("/invoices", {**asked, "instalments": [{"amount": bodies.eur(1)}]})
    assert wrong.json()["code"] == "instalments_wrong"


@pytest.mark.feature("M44", "M29")
def test_an_invoice_is_written_off_and_paid_after_all(caller: Caller) -> None:
    invoice = caller.validated()
    loss = caller.made(f"/invoices/{invoice['id']}/write_off", {"reason": "Faillite"})
    assert (loss["amount"], loss["declared_tax"]) == (bodies.eur(12100), bodies.eur(2100))
    assert caller.seen(f"/write_offs/{loss['id']}") == loss
    seen = caller.seen(f"/invoices/{invoice['id']}")
    assert (seen["status"], seen["write_off_id"]) == ("written_off", loss["id"])
    unpaid = caller.seen("/unpaid", caller.position())["data"]
    assert [item["account"] for item in unpaid] == ["407000"]
    caller.made(f"/write_offs/{loss['id']}/reclaim_vat", {"evidence": "Jugement"})
    assert caller.seen("/unpaid", caller.position())["data"] == []
    (vat,) = caller.seen("/vat_register/summary?by=code", caller.position())["data"]
    assert (vat["code"], vat["net_tax"]) == ("03", bodies.eur(0))
    again = caller.post(f"/write_offs/{loss['id']}/reclaim_vat", {"evidence": "Jugement"})
    assert again.json()["code"] == "nothing_to_reclaim"
    paid = caller.made(f"/write_offs/{loss['id']}/recover", {"amount": bodies.eur(1210)})
    assert paid["recovered"] == bodies.eur(1210)
    types = [event["type"] for event in caller.seen(f"/write_offs/{loss['id']}/events")["data"]]
    assert types[::2] == [
        "invoice.written_off.v1",
        "bad_debt.vat_reclaimed.v1",
        "bad_debt.recovered.v1",
    ]
