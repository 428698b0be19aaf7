"""A body for each command of orders, deliveries and the company's own settings."""

from typing import Any

from api.quote_examples import CUSTOMER

ORDER = "ord_01kanq4t3g7f5r8x2m6v9c1d0e"
DELIVERY = "dlv_01kanq4t3g7f5r8x2m6v9c1d0e"

ORDERING: dict[str, dict[str, Any]] = {
    "orders_confirm": {
        "customer_id": CUSTOMER,
        "lines": [
            {
                "description": "Livre imprimé",
                "quantity": "60",
                "unit": "C62",
                "unit_price": "18.40",
                "vat_rate": "6",
                "nature": "goods",
            }
        ],
        "discount": {"percent": "5"},
        "delivery_date": "2026-12-10",
        "buyer_reference": "BC-2026-118",
    },
    "orders_cancel": {"reason": "Le client renonce au reste"},
    "orders_invoice": {"lines": [{"line": 0, "quantity": "20"}]},
    "deliveries_issue": {
        "order_id": ORDER,
        "taken": [{"line": 0, "quantity": "10"}],
        "note": "Livré au quai 4",
    },
    "deliveries_cancel": {"reason": "Refusé à la livraison"},
    "deliveries_invoice": {"deliveries": [DELIVERY]},
    "options_set": {"on": False},
    "companies_describe": {
        "name": "Imprimerie du Parc",
        "address": {
            "street": "Rue du Parc 1",
            "postal_code": "1000",
            "city": "Bruxelles",
            "country": "BE",
        },
        "legal_form": "SRL",
        "vat_number": "BE0417497106",
        "ibans": ["BE71 0961 2345 6769"],
        "profile": {
            "capital": 1855000,
            "registry": "RPM Bruxelles",
            "website": "parc.example",
            "terms": "Intérêts de retard selon la loi du 2 août 2002.",
        },
    },
}
