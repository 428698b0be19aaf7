"""One walk through the house: documents in at the door, registers out of it."""

import pytest

from tests.api import bodies
from tests.api.conftest import Caller


@pytest.mark.feature("M28", "M29")
def test_an_invoice_from_draft_to_settled(caller: Caller) -> None:
    customer = caller.customer()
    draft = caller.post("/invoices", bodies.invoice(customer))
    assert draft.status_code == 201
    invoice_id = draft.json()["id"]
    assert draft.json()["status"] == "draft"
    assert draft.json()["number"] is None
    assert draft.json()["totals"]["gross"] == bodies.eur(12100)
    assert draft.headers["location"] == f"{caller.base}/invoices/{invoice_id}"

    revised = caller.patch(
        f"/invoices/{invoice_id}",
        bodies.invoice(customer, note="Merci"),
        If_Match=draft.headers["etag"],
    )
    assert revised.status_code == 200, revised.text
    validated = caller.post(f"/invoices/{invoice_id}/validate")
    assert validated.status_code == 200, validated.text
    body = validated.json()
    assert (body["status"], body["note"]) == ("validated", "Merci")
    assert body["number"].endswith("1")
    position = validated.headers["event-position"]

    seen = caller.get(f"/invoices/{invoice_id}")
    assert seen.json() == body
    assert seen.headers["etag"] == validated.headers["etag"]

    (item,) = caller.seen("/unpaid", position)["data"]
    assert item["open"] == bodies.eur(12100)
    payment = caller.made("/payments", bodies.payment(customer))
    lettering = caller.post(
        "/letterings",
        {
            "parts": [
                {"entry": item["entry"], "line": item["line"]},
                {"entry": payment["entry"], "line": 1},
            ]
        },
    )
    assert lettering.status_code == 201, lettering.text
    assert lettering.json()["complete"] is True
    position = lettering.headers["event-position"]
    assert caller.seen("/unpaid", position)["data"] == []
    (archived,) = caller.seen("/archives?tab=sales", position)["data"]
    assert archived["paid"] is True
    assert archived["settled_how"] == "bank"
    assert archived["document_id"] == invoice_id
    lines = caller.seen(f"/history?party={customer}", position)["data"]
    assert [line["balance"]["amount"] for line in lines] in ([-12100, 0], [12100, 0])
    assert {code for line in lines for code in line["codes"]} == {lettering.json()["code"]}
    (vat,) = caller.seen("/vat_register/summary", position)["data"]
    assert (vat["net_base"], vat["net_tax"]) == (bodies.eur(10000), bodies.eur(2100))

    types = [event["type"] for event in caller.seen(f"/invoices/{invoice_id}/events")["data"]]
    assert types == [
        "invoice.drafted.v1",
        "invoice.revised.v1",
        "invoice.validated.v1",
        "entry.posted.v1",
    ]


def test_a_credit_note_takes_an_invoice_back(caller: Caller) -> None:
    invoice = caller.validated()
    note = caller.made(f"/invoices/{invoice['id']}/credit_notes", {"reason": "Retour"})
    assert note["totals"]["gross"] == bodies.eur(12100)
    assert caller.seen(f"/credit_notes/{note['id']}") == note
    assert caller.seen(f"/invoices/{invoice['id']}")["credit_notes"] == [note["id"]]
    again = caller.post(f"/invoices/{invoice['id']}/credit_notes", {"reason": "Encore"})
    assert again.json()["code"] == "nothing_to_credit"


def test_a_bill_is_recorded_once(caller: Caller) -> None:
    supplier = caller.supplier()
    bill = caller.made("/bills", bodies.bill(supplier))
    assert caller.seen(f"/bills/{bill['id']}") == bill
    again = caller.post("/bills", bodies.bill(supplier))
    assert again.status_code == 409
    problem = again.json()
    assert (problem["code"], problem["rule"]) == ("bill_double", "C15")
    assert problem["position"] > 0
    (item,) = caller.seen("/unpaid?side=suppliers", caller.position())["data"]
    assert item["open"] == bodies.eur(-24200)


def test_a_draft_can_be_given_up(caller: Caller) -> None:
    draft = caller.made("/invoices", bodies.invoice(caller.customer()))
    gone = caller.made(f"/invoices/{draft['id']}/discard", {"reason": "Erreur"})
    assert (gone["status"], gone["discard_reason"]) == ("discarded", "Erreur")
    assert gone["lines"] == draft["lines"]
    assert caller.post(f"/invoices/{draft['id']}/validate").json()["code"] == "not_a_draft"


def test_entries_periods_and_dates(caller: Caller) -> None:
    lines = [
        {"account": "612000", "debit": bodies.eur(5000)},
        {"account": "550000", "credit": bodies.eur(5000)},
    ]
    entry = caller.made(
        "/journal_entries", {"date": "2026-10-31", "label": "Loyer", "lines": lines}
    )
    assert caller.seen(f"/journal_entries/{entry['id']}") == entry
    assert caller.made("/books/synchronise", {"entries_until": "2026-10-31"}) == {
        "entries_until": "2026-10-31"
    }
    assert caller.seen("/period_lock") == {"until": None}
    locked = caller.made("/period_lock/advance", {"until": "2026-10-31", "reason": "Clôture"})
    assert locked == {"until": "2026-10-31"} == caller.seen("/period_lock")
    refused = caller.post(
        "/journal_entries", {"date": "2026-10-30", "label": "Trop tard", "lines": lines}
    )
    assert refused.status_code == 409
    assert (refused.json()["code"], refused.json()["rule"]) == ("period_locked", "V16")
    assert caller.made("/period_lock/reopen", {"until": None, "reason": "Oubli"}) == {"until": None}
    assert caller.seen("/unpaid", caller.position())["meta"]["entries_until"] == "2026-10-31"


def test_a_company_and_its_settings(caller: Caller) -> None:
    company = caller.seen("")
    assert company["vat_number"] == "BE0417497106"
    assert caller.seen("/accounts")["data"]["customers"] == "400000"
    assert {journal["kind"] for journal in caller.seen("/journals")["data"]} >= {"sale", "bank"}
    mapped = caller.made("/accounts/sales", {"account": "700100"})
    assert mapped["accounts"]["sales"] == "700100"


def test_a_contact_is_found_and_changed(caller: Caller) -> None:
    created = caller.post("/contacts", bodies.customer(external_id="C-9"))
    contact = created.json()
    assert caller.seen("/contacts/lookup?external_id=C-9")["data"] == [contact]
    assert caller.seen("/contacts/lookup?vat_number=BE%200403.019.261")["data"] == [contact]
    changed = caller.patch(
        f"/contacts/{contact['id']}",
        bodies.customer(external_id="C-9", payment_days=15),
        If_Match=created.headers["etag"],
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["payment_days"] == 15
    assert caller.seen(f"/contacts/{contact['id']}") == changed.json()
