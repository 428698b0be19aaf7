"""The books that figures are read from: all their registers at one position, and the past there."""

from datetime import date
from typing import Any

from msgspec import Struct
from psycopg import Connection

from domain.ledger.vat_return import Filings
from domain.parties.company import Company
from domain.values.days import legal_day
from projections.dashboard_view import ASKED, stand
from projections.page import Standpoint
from services.loading import load_company
from services.store.reading import Past
from services.store.store import Store
from services.vat_returns import load_filings

REGISTERS = ASKED
"""The registers that figures are asked of."""


class Books(Struct, frozen=True):
    """A company's registers on a connection that stands still, and its book up to there."""

    conn: Connection[Any]
    book_id: str
    standpoint: Standpoint
    past: Past
    company: Company
    filings: Filings
    today: date
    """The day of the newest event as of then; of the live registers, today."""


def open_books(store: Store, book_id: str, conn: Connection[Any], *, live: bool) -> Books:
    """The books on a connection; raises Refusals when no company has opened them."""
    standpoint, now = stand(conn, book_id)
    past = store.past(book_id, standpoint.position)
    company = load_company(past)
    newest = [] if live else past.at([standpoint.position])
    moment = newest[0].recorded_at if newest else now
    return Books(
        conn=conn,
        book_id=book_id,
        standpoint=standpoint,
        past=past,
        company=company,
        filings=load_filings(past),
        today=legal_day(moment, company.time_zone),
    )
