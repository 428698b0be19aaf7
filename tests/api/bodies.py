"""Bodies of requests that are right, to be changed where a test needs it."""

from typing import Any


def company(**changes: Any) -> dict[str, Any]:
    """A Belgian company; the numbers are right, the company is nobody's."""
    return {
        "name": "Imprimerie du Parc",
        "country": "BE",
        "address": {
            "street": "Rue du Parc 1",
            "postal_code": "1000",
            "city": "Bruxelles",
            "country": "BE",
        },
        "registration": "0417.497.106",
        "vat_number": "BE0417497106",
        "ibans": ["BE71 0961 2345 6769"],
        **changes,
    }


def customer(**changes: Any) -> dict[str, Any]:
    """A Belgian customer."""
    return {
        "name": "Librairie Dupont",
        "roles": ["customer"],
        "address": {"street": "Place 2", "postal_code": "4000", "city": "Liège", "country": "BE"},
        "vat_number": "BE0403019261",
        **changes,
    }


def supplier(**changes: Any) -> dict[str, Any]:
    """A Belgian supplier."""
    return customer(name="Papeterie Peeters", roles=["supplier"], **changes)


def line(**changes: Any) -> dict[str, Any]:
    """A line of 100.00 at 21 %."""
    return {
        "description": "Cartes de visite",
        "quantity": "2",
        "unit_price": "50",
        "vat_rate": "21",
        **changes,
    }


def invoice(customer_id: str, **changes: Any) -> dict[str, Any]:
    """An invoice of 121.00 EUR."""
    return {"customer_id": customer_id, "lines": [line()], **changes}


def eur(amount: int) -> dict[str, Any]:
    """An amount in cents."""
    return {"amount": amount, "currency": "EUR"}


def bill(supplier_id: str, **changes: Any) -> dict[str, Any]:
    """A supplier's bill of 242.00 EUR."""
    return {
        "supplier_id": supplier_id,
        "supplier_reference": "F-2026-17",
        "issue_date": "2026-11-02",
        "lines": [{"description": "Papier", "net": eur(20000)}],
        "vat": [{"rate": "21", "base": eur(20000), "tax": eur(4200)}],
        **changes,
    }


def payment(party: str, amount: int = 12100, **changes: Any) -> dict[str, Any]:
    """Money received from a customer."""
    return {
        "direction": "received",
        "date": "2026-11-10",
        "amount": eur(amount),
        "role": "customers",
        "party": party,
        **changes,
    }
