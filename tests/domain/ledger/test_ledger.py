"""Periods, miscellaneous entries, numbering, dated rates, and entries derived again."""

from datetime import date

import pytest
from msgspec.structs import replace

from domain.countries.atlas import RULES
from domain.ledger.chart import ROLES
from domain.ledger.derivation import derive
from domain.ledger.entering import Unbalanced, enter
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted
from domain.ledger.miscellaneous import (
    EntryIsUnbalanced,
    EntryLineIsWrong,
    NewEntry,
    PartyBelongsElsewhere,
)
from domain.ledger.period import (
    LockDoesNotAdvance,
    LockIsInFuture,
    NothingToReopen,
    PeriodIsLocked,
    PeriodLocked,
    PeriodReopened,
)
from domain.parties.contact import ContactIsUnknown
from domain.sales.credit_note import NewCreditNote
from domain.values import faults
from tests.domain.steps import (
    DAY,
    company,
    credit,
    invoiced,
    lock,
    new_bill,
    opened,
    pay,
    post,
    received,
    record_bill,
    reopen,
    standing,
)

FEBRUARY = date(2026, 2, 28)


def entry(*lines: EntryLine, day: date = FEBRUARY) -> NewEntry:
    return NewEntry(date=day, label="Régularisation", lines=lines)


ROUND_OFF = entry(
    EntryLine(account="658000", debit=2), EntryLine(account="411000", credit=2, party="ctc_1")
)


@pytest.mark.feature("V16")
def test_a_lock_moves_forward_and_is_reopened_for_a_reason():
    story = opened().when(lock, FEBRUARY).then(PeriodLocked)
    place = story.place(PeriodLocked)
    story.when(lock, FEBRUARY).refused(LockDoesNotAdvance, position=place)
    story.when(lock, DAY).refused(LockIsInFuture)
    story.when(lock, FEBRUARY, "\x00").refused(faults.TextIsUnreadable)
    story.when(post, ROUND_OFF).refused(PeriodIsLocked, position=place, pointer="/date")
    story.when(reopen, FEBRUARY, "oubli").refused(NothingToReopen, position=place)
    story.when(reopen, None, " ").refused(faults.FieldIsMissing)
    story.when(reopen, date(2026, 1, 31), "oubli").then(PeriodReopened)
    story.when(post, ROUND_OFF).then(EntryPosted)
    story.when(reopen, None, "tout").then(PeriodReopened)
    story.when(reopen, None, "encore").refused(NothingToReopen)
    opened().when(reopen, None, "rien").refused(NothingToReopen)


@pytest.mark.feature("C14")
def test_a_miscellaneous_entry_is_balanced_and_names_parties_where_they_belong():
    story = opened().when(post, ROUND_OFF).then(EntryPosted)
    posted = story.newest(EntryPosted)
    assert (posted.journal, posted.document.number) == ("OD", "OD-2026-00001")
    assert posted.currency == "EUR"
    for lines, kind in (
        ((EntryLine(account="658000", debit=2),), EntryIsUnbalanced),
        ((), EntryIsUnbalanced),
        (
            (EntryLine(account="658000", debit=2), EntryLine(account="471000", credit=1)),
            EntryIsUnbalanced,
        ),
        ((EntryLine(account="658000", debit=2, credit=2),) * 2, EntryLineIsWrong),
        ((EntryLine(account="658000"),) * 2, EntryLineIsWrong),
        ((EntryLine(account="658000", debit=-2, credit=0),) * 2, EntryLineIsWrong),
        ((EntryLine(account="65", debit=2),) * 2, EntryLineIsWrong),
        ((EntryLine(account="411000", debit=2),) * 2, PartyBelongsElsewhere),
        ((EntryLine(account="658000", debit=2, party="ctc_1"),) * 2, PartyBelongsElsewhere),
        ((EntryLine(account="401000", debit=2, party="ctc_9"),) * 2, ContactIsUnknown),
        ((EntryLine(account="658000", debit=10**15),) * 2, faults.AmountIsOutOfBounds),
    ):
        story.when(post, entry(*lines), "ent_2").refused(kind)
    story.when(post, replace(ROUND_OFF, date=date(2100, 1, 1)), "ent_2").refused(
        faults.DayIsOutOfBounds
    )
    story.when(post, replace(ROUND_OFF, label=""), "ent_2").refused(faults.FieldIsMissing)
    story.when(post, replace(ROUND_OFF, currency="ZZZ"), "ent_2").refused(faults.CurrencyIsUnknown)


def test_an_unbalanced_entry_is_a_fault_of_ours():
    document = DocumentReference(kind="entry", id="ent_1", number="1", issue_date=DAY)
    story = opened()
    with pytest.raises(Unbalanced):
        enter(
            document,
            (EntryLine(account="1", debit=1), EntryLine(account="2", credit=2)),
            standing(story, "OD", DAY, DAY),
            day=DAY,
            currency="EUR",
            label="x",
        )


def test_rates_are_in_force_between_their_days():
    french, belgian = RULES["FR"], RULES["BE"]
    assert french.has_rate("20", date(2014, 1, 1))
    assert not french.has_rate("20", date(2013, 12, 31))
    assert french.has_rate("19.6", date(2013, 12, 31))
    assert not french.has_rate("19.6", date(2014, 1, 1))
    assert {rate for rate in ("21", "12", "6", "0", "20") if belgian.has_rate(rate, DAY)} == {
        "21",
        "12",
        "6",
    }
    for rules in (french, belgian):
        assert len(set(rules.accounts.values())) == len(rules.accounts) == len(ROLES)


def test_an_auditor_derives_the_same_entries_from_the_documents():
    story = invoiced(opened())
    for step, new in (
        (credit, NewCreditNote(reason="retour")),
        (record_bill, new_bill()),
        (pay, received(100)),
    ):
        decided = story.when(step, new).decision
        assert isinstance(decided, list)
        story.happened(*decided)
    ours = company(story)
    derived = [derive(fact.event, ours) for fact in story.facts]
    lines = [found for found in derived if found is not None]
    assert lines == [posted.lines for posted in story.all(EntryPosted)]
    assert len(lines) == 4
