"""The archives say which documents the firm's software has, from the exports' own events."""

from datetime import date

import pytest

from domain.operations.exported import ACCOUNTING
from projections import archives_view
from projections.archives import ArchiveExport
from projections.archives_view import ArchiveFilter
from services.exports.accounting import AccountingWish
from services.exports.kinds import FILES
from tests.services.exports.conftest import Leaving
from tests.services.vat.conftest import VatDesk

YEAR = {"date_from": date(2026, 1, 1), "date_to": date(2026, 12, 31)}
MARCH = {"date_from": date(2026, 3, 1), "date_to": date(2026, 3, 31)}


def marks(desk: VatDesk, leaving: Leaving, wanted: ArchiveFilter | None = None) -> dict[str, str]:
    """What each document of the archives was last exported as, by its number."""
    leaving.backend.engine.run_to_head(desk.book)
    with desk.reading() as conn:
        page = archives_view.list_documents(
            conn, desk.book, wanted or ArchiveFilter(), sort="exported_at"
        )
    return {row.number: row.exported_as for row in page.rows}


def test_every_kind_of_accounting_export_marks() -> None:
    assert set(ACCOUNTING) == {k for k, kind in FILES.items() if kind.wish is AccountingWish}


@pytest.mark.feature("V19")
def test_a_document_is_marked_by_an_export_that_had_it(desk: VatDesk, leaving: Leaving) -> None:
    """Its day, its journal and the position that the export stood on decide."""
    desk.sold(date(2026, 3, 10), 12_345)
    desk.sold(date(2026, 4, 10), 500)
    first, second = sorted(marks(desk, leaving))
    assert marks(desk, leaving) == {first: "", second: ""}
    leaving.export("accounting_journal", **MARCH)
    assert marks(desk, leaving) == {first: "accounting_journal", second: ""}
    assert marks(desk, leaving, ArchiveFilter(exported=True)).keys() == {first}
    assert marks(desk, leaving, ArchiveFilter(exported=False)).keys() == {second}
    leaving.export("originals", **YEAR)
    leaving.export("accounting_journal", **YEAR, journal="OD")
    assert marks(desk, leaving) == {first: "accounting_journal", second: ""}
    leaving.export("winbooks", **YEAR, book_year="7")
    assert set(marks(desk, leaving).values()) == {"winbooks"}
    desk.sold(date(2026, 4, 11), 700)
    found = marks(desk, leaving)
    assert sorted(found.values()) == ["", "winbooks", "winbooks"]
    assert found == marks(desk, leaving, ArchiveFilter(as_of=date(2026, 12, 31)))
    with desk.reading() as conn:
        _, totals = archives_view.summarise(conn, desk.book, ArchiveFilter(exported=True))
        kept = conn.execute(f"SELECT * FROM {ArchiveExport.table} WHERE book_id = %s", [desk.book])
    assert sum(total.documents for total in totals) == 2
    assert kept.rowcount == 3
