"""Payments and lettering: cases, refusals, and a model that runs letterings at random."""

from datetime import date

import pytest
from hypothesis import given as over
from hypothesis import strategies as some
from msgspec.structs import replace

from domain.ledger.entry import EntryPosted
from domain.ledger.period import PeriodIsLocked, PeriodLocked
from domain.parties.company import JournalIsUnknown
from domain.parties.contact import ContactIsUnknown
from domain.treasury.codes import write_code
from domain.treasury.lettering import (
    EntriesLettered,
    EntriesUnlettered,
    LetteringIsUndone,
    LetteringIsUnknown,
    Settled,
    entry_tag,
    settle,
)
from domain.treasury.matching import (
    LetteringIsUnbalanced,
    LineIsOverSettled,
    LineIsUnknown,
    LinesDoNotBelongTogether,
    PartToLetter,
)
from domain.treasury.payment import DateIsInFuture, PartyIsMisplaced, PaymentRecorded
from domain.values import faults
from tests.domain.spec import Story
from tests.domain.steps import (
    invoiced,
    letter,
    lock,
    new_line,
    opened,
    pay,
    received,
    unletter,
)


def paid(story: Story, amount: int, **others: object) -> int:
    """Records a payment; returns the position of its entry."""
    payment_id = f"pay_{len(story.all(PaymentRecorded)) + 1}"
    story.when(pay, received(amount, **others), payment_id).then(PaymentRecorded, EntryPosted)
    return story.place(EntryPosted)


def sold(story: Story, net: str) -> int:
    """Validates an invoice; returns the position of its entry."""
    invoiced(story, new_line(net), invoice_id=f"inv_{len(story.facts)}")
    return story.place(EntryPosted)


def of(entry: int, line: int, amount: int | None = None) -> PartToLetter:
    return PartToLetter(entry=entry, line=line, amount=amount)


@pytest.mark.feature("C11")
@pytest.mark.parametrize(
    ("direction", "role", "party", "sides"),
    [
        ("received", "customers", "ctc_1", [("512000", 500, 0), ("411000", 0, 500)]),
        ("sent", "customers", "ctc_1", [("512000", 0, 500), ("411000", 500, 0)]),
        ("sent", "suppliers", "ctc_2", [("512000", 0, 500), ("401000", 500, 0)]),
        ("received", "suspense", "", [("512000", 500, 0), ("471000", 0, 500)]),
    ],
)
def test_money_is_booked_on_its_bank_journal(direction, role, party, sides):
    story = opened()
    paid(story, 500, direction=direction, role=role, party=party)
    entry = story.newest(EntryPosted)
    assert [(line.account, line.debit, line.credit) for line in entry.lines] == sides
    assert entry.lines[1].party == party
    assert (entry.journal, entry.document.number) == ("BQ", "BQ-2026-00001")


def test_what_is_no_payment():
    story = opened().when(lock, date(2026, 2, 28)).then(PeriodLocked)
    for change, kind in (
        ({"date": date(2026, 3, 17)}, DateIsInFuture),
        ({"date": date(2026, 2, 28)}, PeriodIsLocked),
        ({"date": date(1926, 2, 28)}, faults.DayIsOutOfBounds),
        ({"party": ""}, PartyIsMisplaced),
        ({"role": "suspense"}, PartyIsMisplaced),
        ({"party": "ctc_9"}, ContactIsUnknown),
        ({"amount": 0}, faults.AmountIsOutOfBounds),
        ({"currency": "eur"}, faults.CurrencyIsUnknown),
        ({"label": "\x07"}, faults.TextIsUnreadable),
        ({"journal": "VE"}, JournalIsUnknown),
    ):
        story.when(pay, received(**{"amount": 1, **change})).refused(kind)


@pytest.mark.feature("C7", "M45")
def test_an_invoice_is_settled_in_two_payments():
    story = opened()
    invoice, first = sold(story, "100.00"), paid(story, 5_000)
    story.when(letter, of(invoice, 0), of(first, 1)).then(EntriesLettered)
    partial = story.newest(EntriesLettered)
    assert (partial.code, partial.complete) == ("aaa", False)
    assert [part.amount for part in partial.parts] == [5_000, -5_000]
    second = paid(story, 7_000)
    story.when(letter, of(second, 1), of(invoice, 0), lettering_id="let_2").then(EntriesLettered)
    full = story.newest(EntriesLettered)
    assert (full.code, full.complete, full.ordinal) == ("AAB", True, 2)
    assert full.date == date(2026, 3, 16)
    story.when(letter, of(invoice, 0), of(first, 1)).refused(LineIsOverSettled, position=invoice)


def test_many_lines_settle_each_other_in_the_order_given():
    story = opened()
    invoices = [sold(story, net) for net in ("10.00", "20.00", "30.00")]
    payment = paid(story, 4_000)
    parts = [of(invoice, 0) for invoice in invoices]
    story.when(letter, *parts, of(payment, 1)).then(EntriesLettered)
    amounts = [part.amount for part in story.newest(EntriesLettered).parts]
    assert amounts == [1_200, 2_400, 400, -4_000]


def test_amounts_may_be_said():
    story = opened()
    invoice, payment = sold(story, "100.00"), paid(story, 5_000)
    story.when(letter, of(invoice, 0, 3_000), of(payment, 1)).then(EntriesLettered)
    assert [part.amount for part in story.newest(EntriesLettered).parts] == [3_000, -3_000]
    story.when(letter, of(invoice, 0, 9_001), of(payment, 1)).refused(LineIsOverSettled)
    story.when(letter, of(invoice, 0, 0), of(payment, 1)).refused(LineIsOverSettled)
    story.when(letter, of(invoice, 0, 2_001), of(payment, 1)).refused(LetteringIsUnbalanced)
    story.when(letter, of(invoice, 0, 1_000), of(payment, 1, 999)).refused(LetteringIsUnbalanced)


@pytest.mark.feature("C7")
def test_which_lines_cannot_be_lettered():
    story = opened()
    invoice, payment = sold(story, "100.00"), paid(story, 5_000)
    foreign = paid(story, 5_000, currency="USD")
    other = paid(story, 5_000, role="suppliers", party="ctc_2")
    story.when(letter, of(invoice, 0), of(invoice, 0)).refused(LineIsUnknown)
    story.when(letter, of(invoice, 1), of(payment, 1)).refused(LineIsUnknown)
    story.when(letter, of(invoice, 9), of(payment, 1)).refused(LineIsUnknown)
    story.when(letter, of(1, 0), of(payment, 1)).refused(LineIsUnknown, entry=1)
    story.when(letter, of(999, 0), of(payment, 1)).refused(LineIsUnknown)
    story.when(letter, of(invoice, 0), of(foreign, 1)).refused(
        LinesDoNotBelongTogether, position=foreign
    )
    story.when(letter, of(invoice, 0), of(other, 1)).refused(LinesDoNotBelongTogether)
    story.when(letter, of(payment, 1)).refused(LetteringIsUnbalanced)
    story.when(letter).refused(LetteringIsUnbalanced)


def test_a_lock_does_not_stop_lettering():
    story = opened()
    invoice, payment = sold(story, "100.00"), paid(story, 12_000)
    story.when(lock, date(2026, 3, 31), today=date(2026, 4, 1)).then(PeriodLocked)
    story.when(letter, of(invoice, 0), of(payment, 1)).then(EntriesLettered)
    story.when(unletter).then(EntriesUnlettered)


def test_a_lettering_is_undone_once_and_its_code_is_spent():
    story = opened()
    invoice, payment = sold(story, "100.00"), paid(story, 12_000)
    parts = of(invoice, 0), of(payment, 1)
    story.when(letter, *parts).then(EntriesLettered)
    story.when(unletter, reason="\x00").refused(faults.TextIsUnreadable)
    story.when(unletter).then(EntriesUnlettered)
    undone = story.newest(EntriesUnlettered)
    assert (undone.code, undone.date) == ("AAA", story.newest(EntriesLettered).date)
    story.when(unletter).refused(LetteringIsUndone, position=story.place(EntriesUnlettered))
    story.when(unletter, "let_9").refused(LetteringIsUnknown)
    before = story.newest(EntriesLettered).parts
    story.when(letter, *parts, lettering_id="let_2").then(EntriesLettered)
    assert story.newest(EntriesLettered).parts == before
    assert story.newest(EntriesLettered).code == "AAB"


def test_codes_run_from_aaa_to_zzz_and_on_with_four_letters():
    assert [write_code(n, complete=True) for n in (1, 2, 26, 27, 17_576, 17_577)] == [
        "AAA",
        "AAB",
        "AAZ",
        "ABA",
        "ZZZ",
        "AAAA",
    ]
    assert write_code(17_576 + 456_976, complete=True) == "ZZZZ"
    assert write_code(17_576 + 456_976 + 1, complete=False) == "aaaaa"
    codes = [write_code(n, complete=True) for n in range(1, 20_000)]
    assert len(set(codes)) == len(codes)


some_indexes = some.lists(some.integers(0, 3), min_size=1, max_size=3)
steps = some.lists(
    some.tuples(
        some.booleans(),
        some_indexes,
        some_indexes,
        some.one_of(some.none(), some.integers(1, 3_000)),
    ),
    min_size=2,
    max_size=12,
)


@pytest.mark.feature("C7")
@over(
    invoices=some.lists(some.integers(1, 9_000), min_size=1, max_size=4),
    payments=some.lists(some.integers(1, 9_000), min_size=1, max_size=4),
    steps=steps,
)
def test_open_amounts_stay_between_nothing_and_the_line(invoices, payments, steps):
    """Letter and unletter at random; after each step every line is within its own bounds."""
    story = opened()
    debits = [of(sold(story, f"{net // 100}.{net % 100:02d}"), 0) for net in invoices]
    credits_ = [of(paid(story, amount), 1) for amount in payments]
    for number, (undo, left, right, amount) in enumerate(steps):
        if undo and story.all(EntriesLettered):
            known = story.all(EntriesLettered)
            decided = story.when(unletter, known[left[0] % len(known)].lettering_id).decision
        else:
            chosen = dict.fromkeys(debits[index % len(debits)] for index in left)
            chosen |= dict.fromkeys(credits_[index % len(credits_)] for index in right)
            first, *rest = chosen
            parts = (replace(first, amount=amount), *rest)
            decided = story.when(letter, *parts, lettering_id=f"let_{number}").decision
        if isinstance(decided, list):
            story.happened(*decided)
        check_bounds(story, [*debits, *credits_])
    lettered = story.all(EntriesLettered)
    assert len({one.code.upper() for one in lettered}) == len(lettered)
    assert all(sum(part.amount for part in one.parts) == 0 for one in lettered)


def check_bounds(story: Story, lines: list[PartToLetter]) -> None:
    for place, index in ((line.entry, line.line) for line in lines):
        (fact,) = story.at([place])
        assert isinstance(fact.event, EntryPosted)
        line = fact.event.lines[index]
        settled = story.fold(settle, Settled(entry=place), entry_tag(place))
        amount = settled.amounts.get(index, 0)
        signed = line.debit - line.credit
        assert 0 <= amount <= signed or signed <= amount <= 0
