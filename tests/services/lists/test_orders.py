"""Every list in every order it has: both ways, and page by page."""

from typing import Any

import pytest

from services.lists.kind import ListKind
from services.lists.reports import EXPORTS
from tests.books import write_book
from tests.sales_books import make_sales_book
from tests.services.lists.conftest import Office

ALL, PAGE = 10_000, 17
COLUMNS = sorted(
    (name, order)
    for name, kind in EXPORTS.items()
    for order in kind.orders
    if not order.startswith("-") and f"-{order}" in kind.orders
)


@pytest.fixture(scope="module")
def book(office: Office) -> str:
    """A book with something for most lists."""
    made = write_book(office.store, make_sales_book(31, 160))
    office.engine.run_to_head(made)
    return made


def rows(office: Office, book: str, kind: ListKind, sort: str, limit: int = ALL) -> list[Any]:
    """The whole list in an order, in pages of a size."""
    found, after = list[Any](), None
    with office.readers.of(book) as conn:
        while True:
            page = kind.read(conn, book, kind.filter(), sort, after, limit)
            assert len(page.rows) <= limit
            found += page.rows
            if (after := page.next) is None:
                return found


def places(rows: list[Any]) -> list[Any]:
    """The rows without what depends on the page they stand on."""
    return [(row.entry, row.line, row.balance) if hasattr(row, "carried") else row for row in rows]


@pytest.mark.feature("V28", "M36")
@pytest.mark.parametrize(("name", "column"), COLUMNS)
def test_a_list_turns_round_and_its_pages_are_the_whole(
    office: Office, book: str, name: str, column: str
) -> None:
    kind = EXPORTS[name]
    rising = places(rows(office, book, kind, column))
    assert places(rows(office, book, kind, f"-{column}")) == rising[::-1]
    assert places(rows(office, book, kind, column, PAGE)) == rising
    assert places(rows(office, book, kind, f"-{column}", PAGE)) == rising[::-1]


@pytest.mark.feature("V28")
@pytest.mark.parametrize("name", sorted(EXPORTS))
def test_what_a_list_shows_it_is_sorted_by(name: str) -> None:
    """A report has the one order that it is drawn up in; a list has all its columns."""
    kind = EXPORTS[name]
    shown = {column.name for column in kind.columns}
    assert name in DRAWN_UP | OF_A_SCREEN or shown - set(kind.orders) == UNSORTED.get(name, set())


DRAWN_UP = {"aged_balance", "oss", "party_balances", "trial_balance", "vat_figures"}
UNSORTED = {
    "archives": {"accounts", "files"},
    "articles": {"archived", "article_id"},
    "contacts": {"archived", "contact_id", "roles", "street"},
    "documents_received": {"channel", "files"},
    "history": {"balance", "codes"},
    "ledger": {"balance", "codes"},
    "letterings": {"documents"},
    "bank_transactions": {"balance", "settled", "statement_name"},
    "payments": {"codes"},
}
"""What has several values at once, is in every row the same, or is told of the page alone."""
OF_A_SCREEN = {"mandates", "remittances"}
"""Lists that have the orders of their screen."""
