"""Revenues and expenses: every line of classes 7 and 6, with a name, added up to the ledger."""

from datetime import date

import pytest
from msgspec.structs import replace

from projections.earnings_view import (
    CLASSES,
    SORT_COLUMNS,
    By,
    EarningsFilter,
    EarningsRow,
    Side,
    list_earnings,
    total_earnings,
)
from projections.ledger_view import LedgerFilter, list_journal
from tests.books import make_book, write_book
from tests.services.lists.conftest import Office

ANY = EarningsFilter()
SIDES: tuple[Side, ...] = ("revenues", "expenses")


@pytest.fixture(scope="module")
def book(office: Office) -> str:
    made = write_book(office.store, make_book(32, 160))
    office.engine.run_to_head(made)
    return made


def rows(
    office: Office, book: str, side: Side, wanted: EarningsFilter = ANY
) -> tuple[EarningsRow, ...]:
    with office.readers.still(book) as conn:
        return list_earnings(conn, book, side, wanted, limit=10_000).rows


@pytest.mark.feature("V22", "V23")
@pytest.mark.parametrize("side", SIDES)
def test_each_line_of_the_class_is_listed_once(office: Office, book: str, side: Side) -> None:
    account_class, sign = CLASSES[side]
    with office.readers.still(book) as conn:
        lines = list_journal(conn, book, LedgerFilter(account=account_class), limit=10_000).rows
        names = {
            line.entry: line.party_name
            for line in list_journal(conn, book, LedgerFilter(), limit=10_000).rows
            if line.party
        }
    found = {(row.entry, row.line): row for row in rows(office, book, side)}
    assert found
    assert found.keys() == {(line.entry, line.line) for line in lines}
    for line in lines:
        row = found[line.entry, line.line]
        assert row.amount == sign * (line.credit - line.debit)
        assert row.party_name == names.get(line.entry, "")


@pytest.mark.feature("V22", "V23")
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("by", ["account", "month", "party"])
def test_totals_are_the_sum_of_their_lines(office: Office, book: str, side: Side, by: By) -> None:
    with office.readers.still(book) as conn:
        _, totals = total_earnings(conn, book, side, ANY, by)
    sums: dict[tuple[str, str], int] = {}
    for row in rows(office, book, side):
        month = row.date.replace(day=1).isoformat()
        key = {"account": row.account, "month": month, "party": row.party}[by]
        sums[key, row.currency] = sums.get((key, row.currency), 0) + row.amount
    assert {(total.key, total.currency): total.amount for total in totals} == sums


@pytest.mark.feature("V22", "V28")
def test_earnings_are_filtered_sorted_and_paged(office: Office, book: str) -> None:
    every = rows(office, book, "revenues")
    one = every[len(every) // 2]
    for wanted in (
        replace(ANY, account=one.account[:3], party=one.party),
        replace(ANY, date_from=one.date, date_to=date(2040, 1, 1), currency=one.currency),
        replace(ANY, document_kind=one.document_kind, journal=one.journal, q=one.document_number),
    ):
        some = rows(office, book, "revenues", wanted)
        assert one in some
        assert set(some) <= set(every)
    for column in SORT_COLUMNS:
        with office.readers.still(book) as conn:
            first = list_earnings(conn, book, "revenues", ANY, sort=f"-{column}", limit=5)
            rest = list_earnings(
                conn, book, "revenues", ANY, sort=f"-{column}", after=first.next, limit=10_000
            )
        paged = (*first.rows, *rest.rows)
        assert len(paged) == len(set(paged)) == len(every)
        values = [getattr(row, column) for row in paged]
        assert values == sorted(values, reverse=True)
