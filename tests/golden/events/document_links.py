"""One complete example of every event about links to documents."""

from datetime import UTC, date, datetime

from domain.book.event import Event
from domain.privacy.personal import Sealed
from domain.sales.document_link import DocumentLinkOpened, DocumentLinkSent

DOCUMENT_LINKS: list[Event] = [
    DocumentLinkSent(
        link_id="lnk-1",
        document_kind="invoice",
        document_id="i-1",
        number="FA-2025-00001",
        issued_at=12,
        original="ab" * 32,
        customer_id="c-1",
        language="nl",
        sent_on=date(2026, 3, 2),
        expires_at=datetime(2026, 4, 1, 9, 30, tzinfo=UTC),
        message_id="<lnk-1.b-1@atelier.example>",
        sealed={"email": Sealed(key="k-1", commitment="cd" * 32, box="AAAA")},
    ),
    DocumentLinkOpened(link_id="lnk-1", document_kind="invoice", document_id="i-1", issued_at=12),
]
