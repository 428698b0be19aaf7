"""The CA3 of a French book: frozen in its file, each box the sum of its lines."""

from datetime import date

import pytest
from msgspec import json

from domain.ledger.entry import EntryPosted
from services import companies, ledger
from services.audit.replay_check import Step
from services.audit.replay_entries import EntriesDerive
from services.vat_return_lines import rounding_of
from tests.services.vat.conftest import VatDesk
from tests.services.vat.test_returns import all_lines

DAY = date(2026, 7, 10)
JULY_ENDS = date(2026, 7, 31)


@pytest.mark.feature("V24")
def test_a_ca3_counts_what_is_due_and_is_filed_in_whole_euros(french: VatDesk):
    """Goods are due as invoiced; a service waits for its money and is in no box until then."""
    german = french.someone("DE", "DE136695976")
    german_supplier = french.someone("DE", "DE136695976", supplier=True)
    home = french.someone("FR", "")
    sale = french.sold(DAY, 100_055, to=home, vat_rate="20", nature="goods")
    french.sold(DAY, 50_000, to=home, vat_rate="20", nature="services")
    french.sold(DAY, 70_040, to=german, vat_category="K", vat_rate="0", nature="goods")
    french.bought(DAY, 30_030, category="K", by=german_supplier)
    sheet = french.sheet("2026-07")
    grids = sheet.settled.grids
    assert grids == {
        "08": 26_000, "08B": 130_100, "16": 26_000, "17": 6_000, "20": 6_000, "23": 6_000,
        "28": 20_000, "32": 20_000, "A1": 100_100, "B2": 30_000, "F2": 70_000,
    }  # fmt: skip
    for box, amount in grids.items():
        assert sum(line.amount for line in all_lines(french, sheet, box)) == amount, box
    french.at(date(2026, 8, 3))
    filed = french.file("2026-07").answer.document
    kept = french.store.file(french.book, filed.file)
    assert kept is not None
    assert json.decode(kept.content)["boxes"]["28"] == 200
    french.credited(date(2026, 8, 5), sale)
    sheet = french.sheet("2026-08")
    assert sheet.settled.grids == {"21": 20_000, "23": 20_000, "25": 20_000, "27": 20_000,
                                   "16": 0, "F8": 100_100}  # fmt: skip
    for box, amount in sheet.settled.grids.items():
        assert sum(line.amount for line in all_lines(french, sheet, box)) == amount, box
    assert {line.kind for line in all_lines(french, sheet, "F8")} == {"transferred", "rounding"}


@pytest.mark.feature("V24")
def test_the_cents_of_a_ca3_are_booked_when_it_is_filed_and_shown(french: VatDesk):
    """Goal: filing and rounding are one command. Method: 200.11 owed is filed as 200."""
    home = french.someone("FR", "FR44732829320")
    french.sold(DAY, 100_055, to=home, vat_rate="20", nature="goods")
    french.at(date(2026, 8, 3))
    assert rounding_of(french.sheet("2026-07")) is None
    filing = french.file("2026-07").answer
    sheet = french.sheet("2026-07")
    told = rounding_of(sheet)
    assert told is not None
    assert (told.amount, told.position, told.entry_date) == (-11, filing.position + 1, JULY_ENDS)
    (entry,) = french.store.past(french.book).at([told.position])
    assert isinstance(entry.event, EntryPosted)
    assert entry.command == french.store.past(french.book).at([filing.position])[0].command
    assert [(line.account, line.debit, line.credit) for line in entry.event.lines] == [
        ("758800", 0, 11),
        ("445510", 11, 0),
    ]
    assert entry.event.document.files == (filing.document.file,)
    check = EntriesDerive()
    for fact in french.store.read(french.book):
        if isinstance(fact.event, check.events):
            check.take(Step(fact, ""))
    check.end()
    assert check.outcome().status == "pass"


def test_a_rounding_is_booked_on_accounts_of_choice_and_not_in_a_locked_month(french: VatDesk):
    companies.map_account(
        french.store, french.book, "vat_rounding_gain", "758900", french.command()
    )
    home = french.someone("FR", "FR44732829320")
    french.sold(DAY, 100_055, to=home, vat_rate="20", nature="goods")
    french.at(date(2026, 8, 3))
    ledger.lock_period(french.store, french.book, JULY_ENDS, "TVA", french.command())
    filing = french.file("2026-07").answer
    (entry,) = french.store.past(french.book).at([filing.position + 1])
    assert isinstance(entry.event, EntryPosted)
    assert entry.event.lines[0].account == "758900"
    assert entry.event.date == date(2026, 8, 3)
