"""Payments that wait are assigned whole, once, in an open period; what waits is counted."""

from datetime import date

import pytest

from domain.book.event import Decision
from domain.ledger.derivation import derive
from domain.ledger.entry import EntryLine, EntryPosted
from domain.ledger.period import PeriodIsLocked, PeriodLocked
from domain.parties.contact import ContactIsUnknown
from domain.treasury import assigning, assignment, suspense
from domain.treasury.assigning import (
    AssignedAccountIsWrong,
    AssignedInOtherCurrency,
    AssignmentIsTooEarly,
    AssignmentIsUnbalanced,
    NewAssignment,
    NewPart,
    PaymentIsNotWaiting,
)
from domain.treasury.assignment import Assigned, PaymentAssigned
from domain.treasury.payment import DateIsInFuture, PaymentIsUnknown, PaymentRecorded
from domain.treasury.suspense import SuspenseIsNotEmpty
from domain.values import faults
from tests.domain.spec import Story
from tests.domain.steps import BELGIAN, DAY, company, contact, lock, opened, pay, received, standing

PAID_ON = date(2026, 3, 12)
CUSTOMER = NewPart(role="customers", party="ctc_1", amount=10_000)


def waiting(**others: object) -> Story:
    """A book with 100.00 in suspense since the 12th of March."""
    money = received(10_000, role="suspense", party="", **others)
    return opened(BELGIAN).when(pay, money).then(PaymentRecorded, EntryPosted)


def assign(story: Story, *parts: NewPart, payment_id: str = "pay_1", **others: object) -> Decision:
    new = NewAssignment(parts=parts, **others)  # type: ignore[arg-type]
    nothing: assignment.Assignable | None = None
    known = story.fold(assignment.evolve, nothing, f"payment:{payment_id}")
    day = new.assigned_on or PAID_ON
    contacts = {part.party: contact(story, part.party) for part in parts if part.party}
    found = {name: each for name, each in contacts.items() if each is not None}
    return assigning.assign(known, payment_id, new, found, standing(story, "OD", day, DAY))


@pytest.mark.feature("C4", "M45")
def test_a_payment_leaves_suspense_for_its_parts():
    parts = (
        NewPart(role="customers", party="ctc_1", amount=11_000),
        NewPart(role="account", account="658000", amount=-1_000),
    )
    story = waiting().when(assign, *parts, reason="vu").then(PaymentAssigned, EntryPosted)
    entry = story.newest(EntryPosted)
    assert (entry.journal, entry.date, entry.document.kind) == ("OD", PAID_ON, "payment")
    label = entry.label
    assert entry.lines == (
        EntryLine(account="499000", debit=10_000, label=label),
        EntryLine(account="400000", credit=11_000, party="ctc_1", label=label),
        EntryLine(account="658000", debit=1_000, label=label),
    )
    assert derive(story.newest(PaymentAssigned), company(story)) == entry.lines
    nothing: assignment.Assignable | None = None
    known = story.fold(assignment.evolve, nothing, "payment:pay_1")
    assert isinstance(known, Assigned)
    assert known.entry == story.place(EntryPosted)
    story.when(assign, CUSTOMER).refused(PaymentIsNotWaiting, payment_id="pay_1")


def test_money_that_was_sent_goes_the_other_way():
    part = NewPart(role="suppliers", party="ctc_2", amount=10_000)
    story = waiting(direction="sent").when(assign, part).then(PaymentAssigned, EntryPosted)
    lines = story.newest(EntryPosted).lines
    assert [(each.account, each.debit, each.credit) for each in lines] == [
        ("499000", 0, 10_000),
        ("440000", 10_000, 0),
    ]


def test_the_parts_are_the_payment():
    story = waiting()
    story.when(assign).refused(AssignmentIsUnbalanced)
    short = NewPart(role="customers", party="ctc_1", amount=9_999)
    story.when(assign, short).refused(AssignmentIsUnbalanced, parts=9_999, amount=10_000)
    nothing = NewPart(role="account", account="658000", amount=0)
    story.when(assign, CUSTOMER, nothing).refused(AssignmentIsUnbalanced)
    story.when(assign, CUSTOMER, currency="USD").refused(AssignedInOtherCurrency, paid="EUR")
    story.when(assign, CUSTOMER, reason="\u202e").refused(faults.TextIsUnreadable)


@pytest.mark.parametrize(
    "part",
    [
        NewPart(role="account", account="400000", amount=10_000),
        NewPart(role="account", account="499000", amount=10_000),
        NewPart(role="account", account="65", amount=10_000),
        NewPart(role="account", account="658000", party="ctc_1", amount=10_000),
        NewPart(role="customers", amount=10_000),
        NewPart(role="customers", party="ctc_1", account="658000", amount=10_000),
    ],
)
def test_a_part_stands_where_it_can(part: NewPart):
    waiting().when(assign, part).refused(AssignedAccountIsWrong)


def test_a_part_is_somebodys():
    stranger = NewPart(role="customers", party="ctc_9", amount=10_000)
    waiting().when(assign, stranger).refused(ContactIsUnknown)
    waiting().when(assign, CUSTOMER, payment_id="pay_9").refused(PaymentIsUnknown)
    story = opened(BELGIAN).when(pay, received(10_000)).then(PaymentRecorded, EntryPosted)
    story.when(assign, CUSTOMER).refused(PaymentIsNotWaiting)


def test_days_of_an_assignment():
    story = waiting()
    early, late = date(2026, 3, 11), date(2026, 3, 17)
    story.when(assign, CUSTOMER, assigned_on=early).refused(AssignmentIsTooEarly, paid_on=PAID_ON)
    story.when(assign, CUSTOMER, assigned_on=late).refused(DateIsInFuture)
    story.when(lock, PAID_ON).then(PeriodLocked)
    story.when(assign, CUSTOMER).refused(PeriodIsLocked)
    story.when(assign, CUSTOMER, assigned_on=DAY).then(PaymentAssigned, EntryPosted)


@pytest.mark.feature("C4")
def test_what_waits_is_counted_by_day():
    """A payment that is assigned later still waits at the end of the day before."""
    story = waiting()
    story.when(assign, CUSTOMER, assigned_on=DAY).then(PaymentAssigned, EntryPosted)
    for until, waits in ((date(2026, 3, 11), 0), (PAID_ON, 1), (date(2026, 3, 15), 1), (DAY, 0)):
        tags = suspense.months(None, until)
        facts = [fact for fact in story.facts if set(tags) & set(fact.tags)]
        lines = suspense.standing(facts, "499000", None, until).values()
        refused = suspense.check_empty(lines, until)
        assert (0 if refused is None else refused.count) == waits
    assert isinstance(refused, SuspenseIsNotEmpty | None)


def test_months_are_looked_through_from_the_lock_on():
    assert suspense.months(date(2025, 12, 31), date(2026, 2, 28)) == [
        "suspense:2026-02",
        "suspense:2026-01",
        "suspense:2025-12",
    ]
    assert len(suspense.months(None, date(2026, 2, 28))) == suspense.MONTHS_BACK
