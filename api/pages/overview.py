"""What the first page shows of a company: its four registers, each cut short, with full totals."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct
from psycopg import Connection

from api.ids import company_id
from domain.parties.company import Company
from domain.values.days import legal_day
from projections import archives_view, history_view, unpaid_view, vat_view
from projections.archives_tabs import laid_out
from projections.archives_view import ArchiveFilter, ArchiveRow, ArchiveTotal
from projections.history_view import HistoryFilter, HistoryRow, PartyBalance
from projections.page import Standpoint
from projections.unpaid_view import UnpaidFilter, UnpaidItem, UnpaidTotal
from projections.vat_view import VatFilter, VatRate
from services.backend import Backend
from services.loading import load_company

ROWS = 15
LABELS = {"sales": "Sales", "purchases": "Purchases", "bank": "Bank", "other": "Other"}
"""What the page calls the tabs that a company has before it lays them out itself."""


class Overview(Struct, frozen=True, kw_only=True):
    """Everything on the page, read in one go."""

    id: str
    company: Company
    today: date
    tab: str
    tabs: dict[str, str]
    position: int
    until: Standpoint
    documents: tuple[ArchiveRow, ...]
    document_totals: tuple[ArchiveTotal, ...]
    counts: Counter[str]
    items: tuple[UnpaidItem, ...]
    item_totals: tuple[UnpaidTotal, ...]
    balances: tuple[PartyBalance, ...]
    lines: tuple[HistoryRow, ...]
    rates: tuple[VatRate, ...]
    rate_totals: tuple[VatRate, ...]


def look_over(backend: Backend, book_id: str, tab: str | None, party: str | None) -> Overview:
    """Reads the registers of a company: documents of one tab, or of the first where there is no
    such tab, and lines of one third party if named."""
    company = load_company(backend.store.past(book_id))
    with backend.readers.of(book_id) as conn:
        tabs = {each.name: each.label for each in laid_out(conn, book_id).tabs}
        tab = tab if tab is not None and tab in tabs else next(iter(tabs))
        documents = _documents(conn, book_id, tab)
        items = unpaid_view.list_items(conn, book_id, UnpaidFilter(), limit=ROWS)
        until, item_totals = unpaid_view.summarise(conn, book_id, UnpaidFilter())
        at_history, balances = history_view.balance_parties(conn, book_id, HistoryFilter())
        at_vat, rates = vat_view.total_rates(conn, book_id, VatFilter())
        return Overview(
            id=company_id(book_id),
            company=company,
            today=legal_day(datetime.now(UTC), company.time_zone),
            tab=tab,
            tabs={name: LABELS.get(name, label) for name, label in tabs.items()},
            position=min(
                documents["position"], until.position, at_history.position, at_vat.position
            ),
            until=until,
            documents=documents["rows"],
            document_totals=documents["totals"],
            counts=documents["counts"],
            items=items.rows,
            item_totals=item_totals,
            balances=balances,
            lines=_lines(conn, book_id, party),
            rates=rates,
            rate_totals=vat_view.summarise(conn, book_id, VatFilter())[1],
        )


def _documents(conn: Connection[Any], book_id: str, tab: str) -> dict[str, Any]:
    """The newest documents of a tab, the totals of the tab, and how many each tab holds."""
    page = archives_view.list_documents(conn, book_id, ArchiveFilter(tab=tab), limit=ROWS)
    _, all_totals = archives_view.summarise(conn, book_id, ArchiveFilter())
    counts = Counter[str]()
    for total in all_totals:
        counts[total.tab] += total.documents
    totals = tuple(total for total in all_totals if total.tab == tab)
    position = page.standpoint.position
    return {"rows": page.rows, "totals": totals, "counts": counts, "position": position}


def _lines(conn: Connection[Any], book_id: str, party: str | None) -> tuple[HistoryRow, ...]:
    if party is None:
        return ()
    return history_view.list_lines(conn, book_id, HistoryFilter(party=party), limit=200).rows
