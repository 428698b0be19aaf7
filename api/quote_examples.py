"""A body for each command of quotes, deposits and situations, as the description shows it."""

from typing import Any

CUSTOMER = "ctc_01kanq4t3g7f5r8x2m6v9c1d0e"

_HALF = {"percent": "30"}
_SETTLEMENT = {"confirm_date": "2026-11-20", "paid_on": "2026-11-19", "reference": "RF18 5390"}
_QUOTE = {
    "customer_id": CUSTOMER,
    "lines": [
        {"kind": "text", "description": "Lot 1 : maçonnerie"},
        {
            "description": "Béton dosé à 250 kg/m³",
            "quantity": "1",
            "unit_price": "160.00",
            "vat_rate": "21",
            "nature": "services",
            "unit_cost": "104.50",
        },
        {"description": "Ardoise pilée", "unit_price": "182.45", "vat_rate": "21"},
    ],
    "discount": {"percent": "5"},
    "shipping": {"amount": {"amount": 2500, "currency": "EUR"}},
    "deposit": {"percent": "30", "days": 8},
    "note": "Délai : trois semaines.",
}
_SITUATION = {
    "progress": [
        {"line": 1, "percent": "100"},
        {"line": 2, "percent": "40", "label": "Ardoise pilée, façade nord"},
    ]
}

QUOTING: dict[str, dict[str, Any]] = {
    "quotes_draft": _QUOTE,
    "quotes_revise": {**_QUOTE, "note": "Délai : deux semaines."},
    "quotes_refuse": {"reason": "Trop cher"},
    "quotes_set_probability": {"probability": 75},
    "quotes_open_deposit": {**_HALF, "due_date": "2026-12-15"},
    "quotes_invoice": {"deposit": "delete"},
    "quotes_invoice_situation": _SITUATION,
    "deposits_change": {"amount": {"amount": 10000, "currency": "EUR"}},
    "deposits_delete": {"reason": "Le client paie comptant"},
    "deposits_settle": _SETTLEMENT,
    "invoices_revise_situation": {**_SITUATION, "due_date": "2027-01-31"},
    "invoices_deposit": {**_HALF, **_SETTLEMENT},
}
