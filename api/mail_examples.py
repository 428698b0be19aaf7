"""A body for each command that mails documents to customers."""

from typing import Any

MAILING: dict[str, dict[str, Any]] = {
    "document_mails_ask": {
        "documents": [{"kind": "invoice", "id": "inv_01kanq4t3g7f5r8x2m6v9c1d0e"}],
        "days": 60,
        "language": "fr",
    },
}
