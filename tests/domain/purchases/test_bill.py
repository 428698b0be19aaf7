"""Supplier bills: once per reference, numbered in their journal, booked in their own currency."""

from datetime import date

import pytest
from msgspec.structs import replace

from domain.ledger.entry import EntryPosted
from domain.ledger.period import PeriodIsLocked, PeriodLocked
from domain.parties.company import JournalIsUnknown
from domain.parties.contact import ContactIsUnknown
from domain.purchases.bill import BillLine, BillRecorded
from domain.purchases.recording import BillDoesNotAddUp, BillIsDouble, EntryBeforeDocument
from domain.sales.content import AccountIsThirdParty
from domain.values import faults
from domain.values.vat import VatAmount
from tests.domain.spec import Story
from tests.domain.steps import BELGIAN, FRENCH, lock, new_bill, opened, record_bill


def recorded(story: Story, *args: object, **others: object) -> BillRecorded:
    bill_id = f"bil_{len(story.all(BillRecorded)) + 1}"
    story.when(record_bill, new_bill(*args, **others), bill_id).then(BillRecorded, EntryPosted)
    return story.newest(BillRecorded)


@pytest.mark.feature("C15", "V18")
def test_a_bill_takes_the_next_piece_number_and_is_booked():
    story = opened(BELGIAN)
    bill = recorded(story)
    assert bill.document_number == "ACH-2026-00001"
    assert bill.due_date == date(2026, 4, 1)
    assert (bill.totals.gross, bill.payable) == (12_100, 12_100)
    assert bill.totals.vat[0].rate == "21"
    entry = story.newest(EntryPosted)
    assert entry.date == entry.document.issue_date == date(2026, 3, 2)
    assert entry.document.number == "F-17"
    assert [(line.account, line.debit, line.credit, line.party) for line in entry.lines] == [
        ("440000", 0, 12_100, "ctc_2"),
        ("604000", 10_000, 0, ""),
        ("411000", 2_100, 0, ""),
    ]
    assert recorded(story, "F-18").document_number == "ACH-2026-00002"


def test_a_suppliers_credit_note_turns_the_sides_and_has_references_of_its_own():
    story = opened()
    recorded(story)
    recorded(story, kind="credit_note")
    entry = story.newest(EntryPosted)
    assert entry.document.kind == "bill_credit_note"
    assert [(line.debit, line.credit) for line in entry.lines] == [
        (12_100, 0),
        (0, 10_000),
        (0, 2_100),
    ]


@pytest.mark.feature("C15")
@pytest.mark.parametrize("reference", ["F-17", "f-17", " F - 17 "])
def test_a_reference_is_recorded_once_per_supplier_and_kind(reference: str):
    story = opened()
    recorded(story)
    story.when(record_bill, new_bill(reference), "bil_2").refused(
        BillIsDouble,
        position=story.place(BillRecorded),
        document_number="HA-2026-00001",
        pointer="/supplier_reference",
    )
    recorded(story, "F-171")


def test_a_foreign_bill_is_booked_in_its_own_currency():
    story = opened()
    recorded(story, currency="USD")
    assert story.newest(EntryPosted).currency == "USD"


@pytest.mark.feature("V16")
def test_a_locked_issue_date_asks_for_an_entry_date():
    story = opened().when(lock, date(2026, 3, 2)).then(PeriodLocked)
    story.when(record_bill, new_bill()).refused(
        PeriodIsLocked, position=story.place(PeriodLocked), pointer="/entry_date"
    )
    bill = recorded(story, entry_date=date(2026, 3, 3))
    assert (bill.issue_date, bill.entry_date) == (date(2026, 3, 2), date(2026, 3, 3))
    story.when(record_bill, new_bill("F-18", entry_date=date(2026, 3, 1))).refused(
        EntryBeforeDocument
    )


def test_a_company_in_the_franchise_deducts_no_vat():
    story = opened(replace(FRENCH, vat_regime="franchise"))
    recorded(story)
    lines = [(line.account, line.debit - line.credit) for line in story.newest(EntryPosted).lines]
    assert lines == [("401000", -12_100), ("607000", 12_100)]


def test_the_suppliers_own_dates_and_amounts_are_kept():
    bill = recorded(opened(), due_date=date(2026, 3, 1), payable=7, net=1, tax=0)
    assert (bill.due_date, bill.payable) == (date(2026, 3, 1), 7)


def test_what_is_no_bill():
    story = opened()
    for change, kind in (
        ({"supplier_id": "ctc_9"}, ContactIsUnknown),
        ({"supplier_reference": " "}, faults.FieldIsMissing),
        ({"supplier_reference": "\u202e1"}, faults.TextIsUnreadable),
        ({"currency": "EURO"}, faults.CurrencyIsUnknown),
        ({"lines": ()}, faults.FieldIsMissing),
        ({"lines": (BillLine(description="x", net=1),)}, BillDoesNotAddUp),
        ({"lines": (BillLine(description="x", net=1, account="6A"),)}, faults.NumberIsMalformed),
        ({"lines": (BillLine(description="x", net=1, account="401000"),)}, AccountIsThirdParty),
        ({"vat": (VatAmount(category="S", rate="x", base=1, tax=1),)}, faults.NumberIsMalformed),
        ({"journal": "VE"}, JournalIsUnknown),
        ({"issue_date": date(9999, 12, 31)}, faults.DayIsOutOfBounds),
        ({"due_date": date(1999, 12, 31)}, faults.DayIsOutOfBounds),
        ({"payable": 10**15}, faults.AmountIsOutOfBounds),
    ):
        story.when(record_bill, replace(new_bill(), **change)).refused(kind)
    story.when(record_bill, new_bill(net=-100, tax=0)).refused(faults.AmountIsOutOfBounds)
