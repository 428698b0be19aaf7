"""When the VAT of a bill is deductible, at the door: said by the bill, seen in its shares."""

import pytest
from fastapi.testclient import TestClient

from tests.api import bodies
from tests.api.conftest import Caller, open_company

PARIS = {"street": "1, rue A", "postal_code": "75001", "city": "Paris", "country": "FR"}


@pytest.fixture
def french(client: TestClient, firm_key: str) -> Caller:
    """A caller in the book of a French company."""
    return open_company(
        client,
        firm_key,
        country="FR",
        address=PARIS,
        registration="732829320",
        vat_number="FR44732829320",
    )


@pytest.mark.feature("V24")
def test_a_bill_says_when_its_vat_is_due_and_which_bill_it_reduces(french: Caller) -> None:
    supplier = french.supplier()
    goods = [{"description": "Papier", "net": bodies.eur(20000), "nature": "goods"}]
    bill = french.made("/bills", bodies.bill(supplier, lines=goods))
    assert [(x["nature"], x["exigible"]) for x in bill["vat_shares"]] == [("goods", "issue")]
    said = bodies.bill(supplier, supplier_reference="F-2", lines=goods, tax_point="payment")
    waiting = french.made("/bills", said)
    assert [share["exigible"] for share in waiting["vat_shares"]] == ["payment"]
    credit = {"kind": "credit_note", "supplier_reference": "N-1", "lines": goods}
    note = french.made("/bills", bodies.bill(supplier, credited_bill_id=waiting["id"], **credit))
    assert note["credited_bill_id"] == waiting["id"]
    assert [share["exigible"] for share in note["vat_shares"]] == ["payment"]
    assert french.seen(f"/bills/{waiting['id']}") == waiting
    another = french.made("/contacts", bodies.customer(roles=["supplier"]))["id"]
    wrong = bodies.bill(another, credited_bill_id=waiting["id"], **credit)
    refused = french.post("/bills", wrong)
    assert (refused.status_code, refused.json()["code"]) == (409, "credit_misplaced")


def test_a_supplier_on_debits_is_told_by_his_contact(french: Caller) -> None:
    details = bodies.supplier(accounting={"vat_on_debits": True})
    supplier = french.made("/contacts", details)["id"]
    bill = french.made("/bills", bodies.bill(supplier))
    assert [share["exigible"] for share in bill["vat_shares"]] == ["issue"]
