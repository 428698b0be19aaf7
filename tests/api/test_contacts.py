"""Contacts at the door: all they say, lists under filters, and being put away."""

from typing import Any

import pytest

from tests.api import bodies
from tests.api.conftest import Caller

WHOLE = {
    "name": "Commune de Namur",
    "roles": ["customer", "partner"],
    "nature": "public",
    "address": {"street": "", "postal_code": "5000", "city": "Namur", "country": "BE"},
    "registration": "",
    "vat_number": "",
    "email": "finances@namur.example",
    "phone": "+32 81 24 60 00",
    "language": "nl",
    "addresses": [
        {
            "use": "delivery",
            "label": "Quai",
            "address": {"street": "Quai 1", "postal_code": "", "city": "Jambes", "country": "BE"},
        }
    ],
    "bank_accounts": [{"iban": "BE71096123456769", "bic": "GKCCBEBB"}],
    "accounting": {
        "auxiliary": "C001",
        "sales_account": "705000",
        "purchase_account": "",
        "vat_on_debits": False,
    },
    "templates": {"quote": "sobre", "invoice": "", "reminder": ""},
    "vat_category": "S",
    "vat_rate": "6",
    "vat_code": "01",
    "payment_days": 30,
    "end_of_month": True,
    "day_of_month": 10,
    "payment_means": "direct_debit",
    "external_id": "crm-1",
}


def names(caller: Caller, query: str) -> list[str]:
    """The names of a list."""
    return [row["name"] for row in caller.seen(f"/contacts{query}", caller.position())["data"]]


@pytest.mark.feature("M1", "M4")
def test_a_contact_says_all_that_its_documents_take_over(caller: Caller) -> None:
    made = caller.made("/contacts", WHOLE)
    assert made == {"id": made["id"], "archived": False, **WHOLE}
    assert caller.seen(f"/contacts/{made['id']}") == made
    (listed,) = caller.seen("/contacts", caller.position())["data"]
    assert listed == made
    refused = caller.post("/contacts", {**WHOLE, "external_id": "crm-2"})
    assert (refused.status_code, refused.json()["code"]) == (409, "auxiliary_taken")


@pytest.mark.feature("M5", "M36")
def test_contacts_are_listed_by_any_filter_and_column(caller: Caller) -> None:
    caller.made("/contacts", WHOLE)
    caller.made("/contacts", bodies.customer(name="Émile", payment_days=7, nature="private"))
    caller.made("/contacts", bodies.supplier())
    assert names(caller, "") == ["Commune de Namur", "Émile", "Papeterie Peeters"]
    assert names(caller, "?sort=payment_days") == ["Émile", "Commune de Namur", "Papeterie Peeters"]
    for query, found in (
        ("role=partner", ["Commune de Namur"]),
        ("role=supplier", ["Papeterie Peeters"]),
        ("nature=private", ["Émile"]),
        ("q=EMILE", ["Émile"]),
        ("q=jambes", ["Commune de Namur"]),
        ("q=finances", []),  # personal: not searched
        ("account=705000", ["Commune de Namur"]),
        ("account=C001", ["Commune de Namur"]),
        ("vat_rate=6.0", ["Commune de Namur"]),
        ("vat_number=BE%200403.019.261&sort=-name", ["Papeterie Peeters", "Émile"]),
        ("language=nl&country=BE", ["Commune de Namur"]),
        ("country=FR", []),
        ("external_id=crm-1", ["Commune de Namur"]),
    ):
        assert names(caller, f"?{query}") == found, query
    first = caller.seen("/contacts?limit=2&sort=-name")
    rest = caller.seen(f"/contacts?limit=2&sort=-name&cursor={first['next_cursor']}")
    assert [row["name"] for row in rest["data"]] == ["Commune de Namur"]
    before = names(caller, f"?known_at={caller.position() - 1}")
    assert before == ["Commune de Namur", "Émile"]


@pytest.mark.feature("M1")
def test_a_contact_is_put_away_and_taken_back(caller: Caller) -> None:
    contact: dict[str, Any] = caller.made("/contacts", WHOLE)
    where = f"/contacts/{contact['id']}"
    gone = caller.made(f"{where}/archive")
    assert gone == {**contact, "archived": True}
    assert names(caller, "") == []
    assert names(caller, "?shown=archived") == names(caller, "?shown=all") == [WHOLE["name"]]
    etag = caller.get(where).headers["etag"]
    refused = caller.patch(where, WHOLE, If_Match=etag)
    assert (refused.status_code, refused.json()["code"]) == (409, "contact_archived")
    assert caller.made(f"{where}/restore") == contact
