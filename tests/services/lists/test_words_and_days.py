"""Lists by words, by rate and as of a value date, each against the whole list."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import asdict, replace

from domain.book.event import Event
from domain.book.refusal import Refusals
from domain.reminders.reminder import ReminderIssued, ReminderSent
from domain.sales.document_link import DocumentLinkOpened, DocumentLinkSent
from domain.sales.invoice import InvoiceValidated
from projections import vat_view
from projections.printing import Printing
from projections.printing_view import SentFilter, list_sent
from projections.searching import folded
from services.lists.reports import EXPORTS, BalanceFilter, PeriodIsLater
from tests.books import make_book, recorded, write_book
from tests.golden.events.document_links import DOCUMENT_LINKS
from tests.golden.events.reminders import REMINDING
from tests.projections.scratch import asked_of
from tests.sales_books import make_sales_book
from tests.services.lists.conftest import Office

RUNNING = {"carried", "balance"}
SAYS: dict[str, tuple[str, ...]] = {
    "history": ("document_number", "label", "party_name"),
    "journals": ("document_number", "label", "party_name"),
    "ledger": ("document_number", "label", "party_name"),
    "payments": ("document_number", "label", "party_name"),
    "sales_lines": ("number", "customer_name", "description"),
    "unpaid": ("document_number", "label", "party_name"),
    "vat_register": ("number", "party_name"),
}
"""What each of these lists looks for words in."""


@pytest.fixture(scope="module")
def sold(office: Office) -> str:
    """A book of sales documents."""
    book = write_book(office.store, make_sales_book(7, 160))
    office.engine.run_to_head(book)
    return book


@pytest.fixture(scope="module")
def booked(office: Office) -> str:
    """A book of sales and purchases."""
    book = write_book(office.store, make_book(7, 160))
    office.engine.run_to_head(book)
    return book


def rows_of(office: Office, book: str, name: str, **given: Any) -> list[Any]:
    """The rows of a list under a filter."""
    kind = EXPORTS[name]
    with office.readers.still(book) as conn:
        page = kind.read(conn, book, kind.filter(**given), kind.orders[0], None, 10_000)
    return list(page.rows)


def said(row: Any) -> Any:
    """A row without its running figures."""
    return {name: value for name, value in asdict(row).items() if name not in RUNNING}


@pytest.mark.feature("V28")
@pytest.mark.parametrize("name", sorted(SAYS))
def test_words_pick_the_rows_that_say_them(office: Office, booked: str, name: str) -> None:
    rows = rows_of(office, booked, name)
    words = {getattr(row, column).upper()[1:6] for row in rows for column in SAYS[name]}
    assert words
    for word in sorted(words, key=len)[-4:]:
        found = rows_of(office, booked, name, q=word)
        expected = [
            row
            for row in rows
            if any(folded(word) in folded(getattr(row, column)) for column in SAYS[name])
        ]
        assert list(map(said, found)) == list(map(said, expected))
    assert rows_of(office, booked, name, q="%") == [
        row for row in rows if any("%" in getattr(row, column) for column in SAYS[name])
    ]


@pytest.mark.feature("C14", "V28")
def test_the_balance_runs_over_the_lines_with_the_words(office: Office, booked: str) -> None:
    word = rows_of(office, booked, "history")[0].document_number[:3]
    rows = rows_of(office, booked, "history", q=word)
    running: dict[Any, int] = defaultdict(int)
    assert rows
    for row in rows:
        key = row.party, row.account, row.currency
        running[key] += row.debit - row.credit
        assert row.balance == running[key]


@pytest.mark.feature("M47", "V28")
def test_a_rate_picks_the_lines_sold_at_it(office: Office, sold: str) -> None:
    rows = rows_of(office, sold, "sales_lines")
    rates = {row.rate for row in rows}
    assert len(rates) > 1
    for rate in rates:
        assert rows_of(office, sold, "sales_lines", rate=rate) == [
            r for r in rows if r.rate == rate
        ]
    kind = EXPORTS["sales_lines"]
    with office.readers.still(sold) as conn:
        page = kind.read(conn, sold, kind.filter(), "-rate", None, 10_000)
    assert [float(row.rate) for row in page.rows] == sorted(map(float, (r.rate for r in rows)))[
        ::-1
    ]


@pytest.mark.feature("V24", "V28")
@pytest.mark.parametrize("total", [vat_view.total_rates, vat_view.total_codes, vat_view.summarise])
def test_vat_up_to_a_day_is_that_of_its_documents(
    office: Office, booked: str, total: Callable[..., Any]
) -> None:
    days = sorted({row.date for row in rows_of(office, booked, "vat_register")})
    middle = days[len(days) // 2]
    rows = rows_of(office, booked, "vat_register", as_of=middle)
    assert {row.date for row in rows} == {day for day in days if day <= middle}
    with office.readers.still(booked) as conn:
        _, totals = total(conn, booked, vat_view.VatFilter(as_of=middle))
        _, last = total(conn, booked, vat_view.VatFilter(as_of=days[-1]))
        _, whole = total(conn, booked, vat_view.VatFilter())
        _, found = total(conn, booked, vat_view.VatFilter(q=rows[0].party_name))
    due = [row for row in rows if row.exigible == "issue"]
    assert sum(each.net_base for each in totals) == sum(row.base for row in due)
    assert sum(each.net_tax for each in totals) == sum(row.tax for row in due)
    assert last == whole != totals
    assert 0 < len(found) <= len(whole)


@pytest.mark.feature("C14", "V28")
def test_a_trial_balance_ends_at_the_value_date(office: Office, booked: str) -> None:
    kind, days = (
        EXPORTS["trial_balance"],
        sorted({r.date for r in rows_of(office, booked, "ledger")}),
    )
    first, middle, last = days[0], days[len(days) // 2], days[-1]
    period = BalanceFilter(date_from=first, date_to=last)
    with office.readers.still(booked) as conn:

        def balances(wanted: BalanceFilter) -> Any:
            return kind.read(conn, booked, wanted, "account", None, 10_000)

        ended = balances(replace(period, as_of=middle))
        assert ended == balances(replace(period, date_to=middle)) != balances(period)
        assert balances(replace(period, as_of=last + timedelta(days=9))) == balances(period)
        before = first - timedelta(days=1)
        with pytest.raises(Refusals) as caught:
            balances(replace(period, as_of=before))
    assert caught.value.refused == PeriodIsLater(as_of=before, date_from=first)


(ISSUED,) = (each for each in REMINDING if isinstance(each, ReminderIssued))
(SENT,) = (each for each in REMINDING if isinstance(each, ReminderSent))
(LINKED,) = (each for each in DOCUMENT_LINKS if isinstance(each, DocumentLinkSent))
(OPENED,) = (each for each in DOCUMENT_LINKS if isinstance(each, DocumentLinkOpened))


@pytest.mark.feature("V18", "V28")
def test_what_left_later_had_not_left(url: str) -> None:
    left = ISSUED.issue_date + timedelta(days=2)
    events: list[Event] = [ISSUED, replace(SENT, reminder_id=ISSUED.reminder_id, sent_on=left)]
    with asked_of(url, Printing(), list(recorded(events))) as (conn, book):

        def seen(as_of: date | None) -> list[tuple[str, date | None]]:
            rows = list_sent(conn, book, SentFilter(as_of=as_of)).rows
            return [(row.state, row.sent_on) for row in rows]

        assert seen(ISSUED.issue_date - timedelta(days=1)) == []
        assert seen(ISSUED.issue_date) == [("issued", None)]
        assert seen(left - timedelta(days=1)) == [("issued", None)]
        assert seen(left) == seen(None) == [("sent", left)]
        assert not list_sent(conn, book, SentFilter(as_of=ISSUED.issue_date, state="sent")).rows


@pytest.mark.feature("V18", "V28")
def test_a_link_that_left_later_was_not_opened_yet(url: str) -> None:
    events = make_sales_book(7, 80)
    at, invoice = next(
        (nth, each) for nth, each in enumerate(events, 1) if isinstance(each, InvoiceValidated)
    )
    about = {"document_kind": "invoice", "document_id": invoice.invoice_id, "issued_at": at}
    left = invoice.issue_date + timedelta(days=2)
    links: list[Event] = [replace(LINKED, **about, sent_on=left), replace(OPENED, **about)]
    with asked_of(url, Printing(), list(recorded([*events, *links]))) as (conn, book):

        def seen(as_of: date | None) -> tuple[str, str, date | None]:
            rows = list_sent(conn, book, SentFilter(as_of=as_of), limit=1_000).rows
            (row,) = (each for each in rows if each.document_id == invoice.invoice_id)
            return row.state, row.channel, row.sent_on

        assert seen(invoice.issue_date) == ("issued", "", None)
        assert seen(left) == seen(None) == ("opened", "email", left)
