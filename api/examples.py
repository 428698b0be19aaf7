"""A body for each command, as the description shows it; a test sends every one of them."""

from typing import Any

from api.archive_examples import ARCHIVING
from api.article_examples import STOCKING
from api.banking_examples import BANKING
from api.mail_examples import MAILING
from api.order_examples import ORDERING
from api.quote_examples import QUOTING
from api.reminder_examples import REMINDING
from api.remittance_examples import REMITTING

CUSTOMER = "ctc_01kanq4t3g7f5r8x2m6v9c1d0e"
SUPPLIER = "ctc_01kanq4t3g7f5r8x2m6v9c1d0f"
INVOICE = "inv_01kanq4t3g7f5r8x2m6v9c1d0e"


def _eur(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "EUR"}


_INVOICE = {
    "customer_id": CUSTOMER,
    "lines": [
        {
            "description": "Mise en page du catalogue",
            "quantity": "12.5",
            "unit": "HUR",
            "unit_price": "64.00",
            "vat_rate": "21",
        }
    ],
    "buyer_reference": "BC-2026-118",
    "external_id": "shop-4711",
}

_CONTACT = {
    "name": "Librairie de la Place",
    "roles": ["customer"],
    "address": {
        "street": "Place du Marché 4",
        "postal_code": "4000",
        "city": "Liège",
        "country": "BE",
    },
    "vat_number": "BE0403019261",
    "email": "compta@librairie.example",
    "phone": "+32 4 222 33 44",
    "language": "fr",
    "bank_accounts": [{"iban": "BE71 0961 2345 6769", "bic": "GKCCBEBB"}],
    "accounting": {"auxiliary": "C0042"},
    "payment_days": 30,
    "end_of_month": True,
}

_TEMPLATE = {
    "name": "Chantiers",
    "kinds": ["quote", "invoice", "situation"],
    "colour": "#8a3324",
    "introduction": "Merci de votre confiance.",
    "footer": "Assurance décennale n° 45.678.901.",
}

EXAMPLES: dict[str, dict[str, Any]] = {
    **QUOTING,
    **ORDERING,
    **REMITTING,
    **REMINDING,
    **MAILING,
    **BANKING,
    **ARCHIVING,
    "templates_make": _TEMPLATE,
    "templates_revise": {**_TEMPLATE, "typeface": "serif"},
    "exports_ask": {
        "list": "sales_documents",
        "filter": {"kind": "invoice", "date_from": "2026-01-01"},
        "sort": "-number",
        "format": "xlsx",
    },
    "prints_ask": {"documents": [{"kind": "invoice", "id": INVOICE}], "group_by": "date"},
    "companies_open": {
        "name": "Imprimerie du Parc",
        "legal_form": "SRL",
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
        "profile": {"registry": "RPM Bruxelles", "website": "parc.example", "bic": "GKCCBEBB"},
    },
    "dossiers_keep": {"code": "C0417", "manager": "mdv"},
    "accounts_map": {"account": "700100"},
    **STOCKING,
    "contacts_create": _CONTACT,
    "contacts_change": {**_CONTACT, "payment_days": 15},
    "invoices_draft": _INVOICE,
    "invoices_revise": {**_INVOICE, "note": "Merci de votre confiance."},
    "invoices_discard": {"reason": "Commande annulée"},
    "invoices_credit": {
        "reason": "Une heure en trop",
        "lines": [{"line": 0, "quantity": "1"}],
    },
    "invoices_write_off": {"reason": "Client en faillite, aucun dividende attendu"},
    "write_offs_reclaim_vat": {"evidence": "Clôture de la faillite, jugement du 3 novembre 2026"},
    "write_offs_recover": {"amount": _eur(2100)},
    "bills_record": {
        "supplier_id": SUPPLIER,
        "supplier_reference": "F-2026-0042",
        "issue_date": "2026-10-05",
        "due_date": "2026-11-04",
        "lines": [{"description": "Papier couché 135 g", "net": _eur(84000)}],
        "vat": [{"rate": "21", "base": _eur(84000), "tax": _eur(17640)}],
        "payment_reference": "+++090/9337/55493+++",
        "ibans": ["BE71 0961 2345 6769"],
    },
    "payments_record": {
        "direction": "received",
        "date": "2026-10-20",
        "amount": _eur(96800),
        "role": "customers",
        "party": CUSTOMER,
        "reference": "2026-201-17",
    },
    "invoices_unsettle": {"instalment": 0, "reason": "Coché par erreur"},
    "bills_unsettle": {"instalment": 0, "reason": "Virement rejeté"},
    "invoices_settle": {"instalment": 0, "paid_on": "2026-11-05", "reference": "Virement 1611"},
    "credit_notes_settle": {"reference": "Remboursement"},
    "bills_settle": {"means": "direct_debit"},
    "payments_reverse": {"reason": "Prélèvement rejeté (AM04)"},
    "payment_tolerance_set": {"amount": 250},
    "letterings_letter": {"parts": [{"entry": 9, "line": 0}, {"entry": 17, "line": 1}]},
    "letterings_unletter": {"reason": "Mauvaise facture"},
    "journal_entries_post": {
        "date": "2026-09-30",
        "label": "Amortissement du trimestre",
        "lines": [
            {"account": "630200", "debit": _eur(125000)},
            {"account": "230900", "credit": _eur(125000)},
        ],
    },
    "vat_returns_file": {"refund": True},
    "period_lock_advance": {"until": "2026-08-31", "reason": "Déclaration déposée"},
    "period_lock_reopen": {"until": "2026-07-31", "reason": "Facture d'août oubliée"},
    "books_synchronise": {"entries_until": "2026-09-30"},
}
