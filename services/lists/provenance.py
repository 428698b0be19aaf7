"""Where a list comes from: whose book, and the chain and instant of the event it stands on."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from domain.ledger.vat_return import Filings
from domain.parties.company import Company
from services.loading import load_company
from services.store.store import Store
from services.vat_returns import load_filings

CHAIN_AT = "SELECT chain, recorded_at FROM event WHERE book_id = %(book)s AND position = %(at)s"


class Provenance(Struct, frozen=True, kw_only=True):
    """Whose list it is, and the chain (hex) and instant of the event that it stands on.

    `whose` and `filings` are the company and its filed returns, for reports that follow from them.
    """

    company: str
    registration: str
    digest: str
    recorded_at: datetime | None
    whose: Company | None = None
    filings: Filings = ()


def provenance_of(store: Store, book_id: str, position: int) -> Provenance:
    """The provenance of what stands on a position of a book."""
    past = store.past(book_id, position)
    company = load_company(past)
    with store.entered(book_id) as conn:
        found: Any = conn.execute(
            CHAIN_AT, {"book": book_id, "at": position}, binary=True
        ).fetchone()
    chain, recorded_at = found or (b"", None)
    return Provenance(
        company=company.name,
        registration=company.registration,
        digest=bytes(chain).hex(),
        recorded_at=recorded_at,
        whose=company,
        filings=load_filings(past),
    )
