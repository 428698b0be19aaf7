"""VAT of documents against VAT of accounts: to the cent in both countries, and false when it is."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.ledger.derivation import derive
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted
from domain.parties.company import AccountMapped, CompanyOpened, evolve
from domain.purchases.bill import BillRecorded
from domain.sales.write_off import BadDebtRecovered, BadDebtVatReclaimed
from domain.values.money import written
from services.audit.inspection import inspection_pack
from services.audit.inspection_rows import Row
from services.audit.replay import LiveBook
from services.audit.vat_reconciliation import VatReconciliation
from services.demonstration.cast import BELGIAN
from services.demonstration.studio import StudioYear
from services.demonstration.year import LivedClock
from services.store.datastore import BookDatastore
from services.store.pen import Command
from services.store.store import Store
from tests.databases import TestRun, UrlOf
from tests.services.audit.lived import TODAY
from tests.services.audit.test_inspection import rows

YEAR = 2026
NOW = datetime(2026, 1, 2, tzinfo=UTC)
BELGIAN_VAT = "451000"


@pytest.fixture(scope="module")
def live(server_url: UrlOf, template_database: str) -> Iterator[LiveBook]:
    """The Belgian demonstration company after its year; test_inspection.py has the French one."""
    with TestRun.joined().database(server_url, None, template_database) as url:
        clock = LivedClock()
        store = Store(BookDatastore(url), clock=clock)
        StudioYear(store, clock, BELGIAN, TODAY).live()
        yield LiveBook(store, url)
        store.close()


@pytest.fixture
def events(live: LiveBook) -> list[Event]:
    """The events of its book, decoded."""
    return [fact.event for fact in live.store.read(BELGIAN.book_id)]


def reconciled(events: Iterable[Event]) -> VatReconciliation:
    """Both sides, gathered from the events."""
    both = VatReconciliation(YEAR)
    for position, event in enumerate(events, start=1):
        if isinstance(event, CompanyOpened | AccountMapped):
            both.map(event)
        both.say(event)
        if isinstance(event, EntryPosted):
            both.book(position, event)
    return both


def wrong(both: VatReconciliation) -> list[Row]:
    """The rows that nothing explains."""
    return [row for row in both.rows() if row[-1] != "0.00"]


def test_a_year_of_trade_agrees_to_the_cent(events: list[Event]) -> None:
    """Losses, VAT taken back on them and what is paid after all are in it."""
    both = reconciled(events)
    assert wrong(both) == []
    assert both.entries() == []
    assert {row[1] for row in both.rows()} == {"vat_collected", "vat_deductible"}
    assert {BadDebtVatReclaimed, BadDebtRecovered} <= {type(event) for event in events}


def test_france_takes_vat_back_on_what_is_collected(events: list[Event]) -> None:
    opened = next(event for event in events if isinstance(event, CompanyOpened))
    back = next(event for event in events if isinstance(event, BadDebtVatReclaimed))
    tax = sum(share.tax for share in back.shares)
    [row] = reconciled([replace(opened, country="FR"), back]).rows()
    assert row[1:4] == ("vat_collected", "EUR", written(-tax, "EUR"))


def test_tax_that_a_supplier_left_to_the_company(events: list[Event]) -> None:
    at = next(nth for nth, event in enumerate(events) if isinstance(event, BillRecorded))
    bill, entry, opened = events[at], events[at + 1], events[0]
    assert isinstance(bill, BillRecorded)
    assert isinstance(entry, EntryPosted)
    first = replace(
        bill.shares[0], code="COC", tax=0, due=2100, deductible=2100, due_account="451056"
    )
    bill = replace(bill, vat_shares=(first,))
    company = evolve(None, Recorded(book_id="", position=1, recorded_at=NOW, event=opened))
    assert company is not None
    lines = derive(bill, company)
    assert lines is not None
    both = reconciled([opened, bill, replace(entry, lines=lines)])
    assert [row[1:] for row in both.rows()] == [
        (role, "EUR", "21.00", "21.00", "0.00", "0.00", "0.00")
        for role in ("vat_deductible", "vat_due_on_purchases")
    ]


def moved(entry: EntryPosted, account: str, cents: int) -> EntryPosted:
    """The entry with more on an account, and as much less on another line; it still balances."""
    lines = list(entry.lines)
    for nth, line in enumerate(lines):
        other = lines[nth - 1]
        if line.account == account and line.credit and other.credit:
            lines[nth] = replace(line, credit=line.credit + cents)
            lines[nth - 1] = replace(other, credit=other.credit - cents)
            return replace(entry, lines=tuple(lines))
    return entry


def test_a_wrong_entry_of_a_document_is_a_difference(events: list[Event]) -> None:
    changed = [
        (nth, moved(event, BELGIAN_VAT, 1))
        for nth, event in enumerate(events)
        if isinstance(event, EntryPosted) and event.document.kind == "invoice"
    ]
    nth, entry = next((nth, entry) for nth, entry in changed if entry != events[nth])
    events[nth] = entry
    [row] = wrong(reconciled(events))
    assert row[:2] == (entry.date.isoformat()[:7], "vat_collected")
    assert (row[5], row[-1]) == ("-0.01", "-0.01")


def test_an_entry_without_its_document_is_a_difference(events: list[Event]) -> None:
    gone = next(nth for nth, event in enumerate(events) if isinstance(event, BadDebtVatReclaimed))
    lost = events[gone]
    assert isinstance(lost, BadDebtVatReclaimed)
    [row] = wrong(reconciled(events[:gone] + events[gone + 1 :]))
    assert row[:2] == (lost.issue_date.isoformat()[:7], "vat_deductible")


def test_an_entry_by_hand_is_told_apart_and_listed(events: list[Event]) -> None:
    day = next(event.date for event in events if isinstance(event, EntryPosted))
    by_hand = EntryPosted(
        journal="OD",
        series="entry:OD:2026",
        number=999,
        date=day,
        label="Ajustement",
        currency="EUR",
        document=DocumentReference(kind="entry", id="ent_1", number="OD-999", issue_date=day),
        lines=(
            EntryLine(account=BELGIAN_VAT, debit=1234),
            EntryLine(account="499000", credit=1234),
        ),
    )
    both = reconciled([*events, by_hand])
    assert wrong(both) == []
    [line] = both.entries()
    assert line[4:7] == (BELGIAN_VAT, "-12.34", "Ajustement")
    [row] = [row for row in both.rows() if row[5] != "0.00"]
    assert row[5:] == ("12.34", "-12.34", "0.00")


def test_a_belgian_pack_has_listings_and_no_fec(live: LiveBook, tmp_path: Path) -> None:
    command = Command(id="pack", actor="test")
    made = inspection_pack(live, BELGIAN.book_id, YEAR, tmp_path, command, language="nl")
    assert made.replay.verdict == "pass"
    assert (made.items[0].state, made.items[0].files) == ("there", ("exports/",))
    assert "België kent geen FEC" in (tmp_path / "index.html").read_text("utf-8")
    names = {path.name for path in (tmp_path / "exports").iterdir()}
    assert "clients-2026.xml" in names
    assert {name for name in names if name.startswith("union-2026-Q")}
    assert {row["unexplained"] for row in rows(tmp_path, "vat_accounts")} == {"0.00"}
    losses = {row["event"] for row in rows(tmp_path, "write_offs")}
    assert {"invoice.written_off.v1", "bad_debt.vat_reclaimed.v1"} <= losses
