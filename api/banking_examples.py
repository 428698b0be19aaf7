"""Bodies of the commands of the bank, as the description shows them; a test sends every one."""

from typing import Any

BANKING: dict[str, dict[str, Any]] = {
    "bank_accounts_link": {"account": "BE68 5390 0754 7034", "journal": "BNK"},
    "bank_accounts_csv_layout": {
        "account": "BE68 5390 0754 7034",
        "columns": {
            "date": "Date",
            "amount": "Montant",
            "name": "Contrepartie",
            "communication": "Communication",
        },
        "dates": "dmy",
        "decimal": ",",
    },
    "bank_lines_assign": {
        "parts": [
            {
                "role": "account",
                "account": "658000",
                "amount": {"amount": 1210, "currency": "EUR"},
            }
        ],
        "reason": "Frais de gestion",
    },
}
