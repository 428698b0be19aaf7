"""A body for each command about the archives, as the description shows it."""

from typing import Any

ARCHIVING: dict[str, dict[str, Any]] = {
    "archive_tabs_set": {
        "tabs": [
            {
                "name": "staff",
                "label": "Frais de personnel",
                "rules": [{"accounts": ["62", "64"]}],
            },
            {"name": "sales", "label": "Ventes", "rules": [{"journal_kinds": ["sale"]}]},
            {"name": "purchases", "label": "Achats", "rules": [{"journal_kinds": ["purchase"]}]},
            {"name": "other", "label": "Banque et divers"},
        ]
    },
    "archives_treat": {"entries": [12, 31]},
    "archives_untreat": {"entries": [12]},
}
