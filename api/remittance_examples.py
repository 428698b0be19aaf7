"""A body for each command of mandates, remittances and cheque deposits."""

from typing import Any

from api.quote_examples import CUSTOMER

PAYMENT = "pay_01kanq4t3g7f5r8x2m6v9c1d0e"


def _eur(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "EUR"}


REMITTING: dict[str, dict[str, Any]] = {
    "creditor_identify": {"creditor_id": "BE68ZZZ0123456789"},
    "mandates_sign": {
        "contact_id": CUSTOMER,
        "iban": "BE68 5390 0754 7034",
        "signed_on": "2026-03-16",
        "reference": "RUM-2026-118",
    },
    "mandates_revoke": {"reason": "Compte clôturé"},
    "collections_create": {
        "execution_date": "2027-06-15",
        "lines": [{"entry": 12, "line": 0}],
        "scheme": "CORE",
    },
    "transfer_orders_create": {
        "execution_date": "2027-06-15",
        "lines": [{"entry": 15, "line": 0, "amount": _eur(4_840)}],
    },
    "remittances_settle": {},
    "remittances_cancel": {"reason": "Fichier non transmis"},
    "remittances_return": {"nth": 0, "returned_on": "2026-11-30", "reason": "AM04"},
    "cheque_deposits_create": {
        "cheques": [{"payment_id": PAYMENT, "bank": "Banque fictive", "number": "0001234"}]
    },
    "cheque_deposits_reverse": {"reason": "Bordereau refusé"},
}
