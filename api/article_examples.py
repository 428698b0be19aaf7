"""A body for each command about articles; a test sends every one of them."""

from typing import Any

ARTICLE = "art_01kanq4t3g7f5r8x2m6v9c1d0e"
BILLED = "inv_01kanq4t3g7f5r8x2m6v9c1d0f"

_CARD = {
    "code": "CARTE-90",
    "label": "Cartes de visite, 90 × 55 mm",
    "unit": "C62",
    "unit_price": "0.35",
    "unit_cost": "0.12",
    "vat_rate": "21",
    "nature": "goods",
    "sales_account": "700100",
}

STOCKING: dict[str, dict[str, Any]] = {
    "articles_create": _CARD,
    "articles_change": {**_CARD, "unit_price": "0.38"},
    "articles_compose": {"components": [{"article_id": ARTICLE, "quantity": "250"}]},
    "articles_change_vat": {"where": {"nature": "goods", "vat_rate": "21"}, "vat_rate": "6"},
    "articles_change_account": {
        "article_ids": [ARTICLE],
        "side": "sales",
        "account": "700200",
    },
    "articles_from_line": {
        "document_kind": "invoice",
        "document_id": BILLED,
        "line": 0,
        "code": "MISE-EN-PAGE",
    },
}
