"""A body for each command about being late: reminders, disputes, claims."""

from typing import Any

from api.quote_examples import CUSTOMER

REMINDER = "rem_01kanq4t3g7f5r8x2m6v9c1d0e"

REMINDING: dict[str, dict[str, Any]] = {
    "reminders_issue": {
        "customer_id": CUSTOMER,
        "level": 1,
        "items": [{"entry": 12, "line": 0}],
        "channel": "email",
    },
    "reminders_set_policy": {"after_due": [7, 18, 30], "between": 8, "consumer_terms": True},
    "reminder_mails_ask": {"reminders": [REMINDER]},
    "reminder_letters_ask": {"reminders": [REMINDER]},
    "contacts_suspend_reminders": {"reason": "Plan d'apurement jusqu'en juin"},
    "contacts_resume_reminders": {"reason": "Plan terminé"},
    "invoices_dispute": {"reason": "Deux colis manquent"},
    "invoices_settle_dispute": {"reason": "Colis retrouvés"},
    "invoices_claim_late_fees": {"until": "2026-06-30"},
}
