"""Reports as exports: balances, aged balance, payments, each equal to its register's answer."""

import csv
import io
import json
from datetime import date
from typing import Any

import pytest

from domain.book.refusal import Refusals
from projections.ledger_view import LedgerFilter, list_journal
from services.lists.reports import EXPORTS, REPORTS, AgedFilter, BalanceFilter, BandsAreWrong
from tests.books import write_book
from tests.sales_books import make_sales_book
from tests.services.lists.conftest import Office, asked

YEARS = BalanceFilter(date_from=date(2020, 1, 1), date_to=date(2040, 1, 1))
LATE = date(2040, 1, 1)
WANTED: dict[str, Any] = {
    "trial_balance": YEARS,
    "party_balances": None,
    "aged_balance": AgedFilter(on=LATE),
    "payments": None,
}


@pytest.fixture(scope="module")
def book(office: Office) -> str:
    """A book with entries, payments and open items."""
    return write_book(office.store, make_sales_book(31, 160))


def rows_of(office: Office, book: str, name: str, wanted: Any = None) -> list[dict[str, Any]]:
    """The rows of a report."""
    content = office.export(book, asked(REPORTS[name], "json", wanted or WANTED[name]))
    return [json.loads(line) for line in content.splitlines()]


def lines_of(office: Office, book: str) -> Any:
    """Every line of the ledger."""
    with office.readers.still(book) as conn:
        return list_journal(conn, book, LedgerFilter(), limit=10_000).rows


def said(line: Any, row: dict[str, Any], *names: str) -> bool:
    """Whether a line has what a row says."""
    return all(getattr(line, name) == row[name] for name in names)


@pytest.mark.feature("V27", "M53")
def test_the_trial_balance_adds_up_to_the_ledger(office: Office, book: str) -> None:
    rows, lines = rows_of(office, book, "trial_balance"), lines_of(office, book)
    assert rows
    for row in rows:
        own = [line for line in lines if said(line, row, "account", "currency")]
        assert row["debit"] == sum(line.debit for line in own)
        assert row["closing"] == sum(line.debit - line.credit for line in own)
    assert sum(row["closing"] for row in rows) == 0
    backwards = BalanceFilter(date_from=YEARS.date_to, date_to=YEARS.date_from)
    assert rows_of(office, book, "trial_balance", backwards) == rows


@pytest.mark.feature("V27", "C14")
def test_balances_of_third_parties_are_those_of_their_accounts(office: Office, book: str) -> None:
    rows, lines = rows_of(office, book, "party_balances"), lines_of(office, book)
    assert rows
    assert {row["party"] for row in rows} == {line.party for line in lines if line.party}
    for row in rows:
        own = [line for line in lines if said(line, row, "party", "account", "currency")]
        assert row["balance"] == sum(line.debit - line.credit for line in own)


@pytest.mark.feature("V26", "V27")
def test_bands_of_any_choice_add_up_to_what_is_open(office: Office, book: str) -> None:
    for bands, count in (("30,60,90", 5), ("7", 3), ("10,20,30,40,50,60", 8)):
        rows = rows_of(office, book, "aged_balance", AgedFilter(on=LATE, bands=bands))
        names = [f"band_{nth}" for nth in range(count)]
        assert rows
        assert all(row["open"] == sum(row[name] for name in names) for row in rows)
        assert f"band_{count}" not in rows[0]
    headings = office.export(
        book, asked(REPORTS["aged_balance"], "csv", AgedFilter(on=LATE, bands="10,45"))
    )
    (first,) = csv.reader(io.StringIO(headings.decode("utf-8-sig").splitlines()[0]), delimiter=";")
    assert first[3:7] == ["Non échu", "1 à 10 j", "11 à 45 j", "Plus de 45 j"]


@pytest.mark.parametrize("bands", ["", "0", "30,30", "60,30", "a", "1,2,3,4,5,6,7", "-1"])
def test_bands_that_are_none_are_refused(office: Office, book: str, bands: str) -> None:
    with pytest.raises(Refusals) as caught:
        rows_of(office, book, "aged_balance", AgedFilter(on=LATE, bands=bands))
    assert caught.value.refused == BandsAreWrong(bands=bands)


@pytest.mark.feature("V20")
def test_payments_are_what_moved_on_bank_accounts(office: Office, book: str) -> None:
    rows, lines = rows_of(office, book, "payments"), lines_of(office, book)
    money = [line for line in lines if line.document_kind.startswith("payment") and not line.line]
    assert len(rows) == len(money) > 0
    assert sum(row["amount"] for row in rows) == sum(m.debit - m.credit for m in money)
    assert {row["direction"] for row in rows} <= {"received", "sent"}
    assert all((row["amount"] > 0) == (row["direction"] == "received") for row in rows)


@pytest.mark.feature("V21", "V27")
@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_a_report_is_made_again_from_events_alone(office: Office, book: str, form: Any) -> None:
    for name, wanted in WANTED.items():
        content = office.export(book, asked(EXPORTS[name], form, wanted))
        assert office.again(book, office.noted(book)) == content


def test_totals_of_a_report_are_on_its_second_sheet(office: Office, book: str) -> None:
    import openpyxl

    content = office.export(book, asked(REPORTS["trial_balance"], "xlsx", YEARS))
    rows = rows_of(office, book, "trial_balance")
    sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    about = dict(sheets[1].iter_rows(values_only=True))
    debit = sum(row["debit"] for row in rows if row["currency"] == "EUR")
    assert about["Total Débit EUR"] == f"{debit // 100}.{debit % 100:02}"
    assert about["Filtre: à partir du"] == "01/01/2020"
    assert (sheets[0].freeze_panes, sheets[0].cell(2, 4).data_type) == ("A2", "n")
