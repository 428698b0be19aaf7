"""What waits in suspense: proposals, assignments, and the lock that wants it empty."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from domain.book.refusal import Refusals
from domain.ledger.closing import PeriodClosed
from domain.ledger.entry import EntryLine, EntryPosted
from domain.ledger.miscellaneous import NewEntry
from domain.ledger.period import PeriodLocked
from domain.treasury.assigning import NewAssignment, NewPart, PaymentIsNotWaiting
from domain.treasury.assignment import Assigned
from domain.treasury.lettering import EntriesLettered
from domain.treasury.matching import LineIsOverSettled, PartToLetter
from domain.treasury.payment import PaymentIsUnknown, PaymentRecorded
from domain.treasury.proposal import Proposal
from domain.treasury.suspense import SuspenseIsNotEmpty
from services import ledger
from services.assigning import Settles, assign_payment, propose_for
from services.audit.replay_check import Step
from services.audit.replay_documents import Immutability, NumbersGapless
from services.audit.replay_entries import EntriesDerive
from services.closing import close_periods
from tests.services.files.statement_samples import THEIRS, Move, coda
from tests.services.use_cases.test_banking_use_cases import Bank, bank, registers

__all__ = ["bank", "registers"]


def waiting(bank: Bank, *moves: Move) -> list[str]:
    """Imports movements; the ids of those that wait."""
    bank.take(coda(moves))
    return [each.payment_id for each in bank.all(PaymentRecorded) if each.role == "suspense"]


def proposals(bank: Bank, payment_id: str) -> list[Proposal]:
    return propose_for(bank.store, bank.registers, bank.book, payment_id)[1]


def accept(
    bank: Bank, payment_id: str, *parts: NewPart, settles: Sequence[Settles] = ()
) -> Assigned:
    command = bank.command()
    new = NewAssignment(parts=parts)
    written = assign_payment(bank.store, bank.book, payment_id, new, command, settles=settles)
    return written.answer


def first_entry(bank: Bank) -> int:
    """The position of the first entry: that of the invoice."""
    facts = bank.store.read(bank.book)
    return next(fact.position for fact in facts if isinstance(fact.event, EntryPosted))


def settling(proposal: Proposal) -> Settles:
    lines = (
        PartToLetter(entry=item.entry, line=item.line, amount=abs(item.amount))
        for item in proposal.items
    )
    return Settles(part=0, lines=tuple(lines))


@pytest.mark.feature("C4")
def test_charges_of_the_bank_leave_suspense_for_their_account(bank: Bank):
    (payment_id,) = waiting(bank, Move(-1_210, "FRAIS DE GESTION", family="35"))
    (proposal,) = proposals(bank, payment_id)
    assert (proposal.rule, proposal.account, proposal.is_certain) == ("charges", "658000", False)
    part = NewPart(role="account", account=proposal.account, amount=1_210)
    assigned = accept(bank, payment_id, part)
    assert assigned.assigned.date == date(2026, 3, 12)
    balances = bank.balances()
    assert (balances["658000"], balances["499000"], balances["550000"]) == (1_210, 0, -1_210)
    again = bank.size
    with pytest.raises(Refusals) as caught:
        accept(bank, payment_id, part)
    assert isinstance(caught.value.refused, PaymentIsNotWaiting)
    assert bank.size == again


@pytest.mark.feature("C4", "C7", "M45")
def test_a_proposal_is_accepted_by_hand(bank: Bank):
    """A part of an invoice that the text names: it waits, is proposed, and settles in part."""
    invoice = bank.sold()
    (payment_id,) = waiting(bank, Move(50_000, f"acompte sur {invoice.document_number}"))
    (proposal,) = proposals(bank, payment_id)
    assert (proposal.rule, proposal.confidence) == ("numbers_in_part", 60)
    assert invoice.document_number in proposal.explanation["fr"]
    part = NewPart(role="customers", party=bank.customer, amount=50_000)
    accept(bank, payment_id, part, settles=[settling(proposal)])
    (lettered,) = bank.all(EntriesLettered)
    assert not lettered.complete
    assert (bank.balances()["400000"], bank.balances()["499000"]) == (71_000, 0)


@pytest.mark.feature("M45")
def test_one_payment_of_several_less_charges(bank: Bank):
    """1 200.00 comes in for a customer's 1 210.00, of which the bank kept 10.00."""
    invoice = bank.sold()
    (payment_id,) = waiting(bank, Move(120_000, "versement"))
    place = first_entry(bank)
    accept(
        bank,
        payment_id,
        NewPart(role="customers", party=bank.customer, amount=121_000),
        NewPart(role="account", account="658000", amount=-1_000),
        settles=[Settles(part=0, lines=(PartToLetter(entry=place, line=0),))],
    )
    (lettered,) = bank.all(EntriesLettered)
    assert lettered.complete
    assert invoice.totals.gross == 121_000
    assert (bank.balances()["400000"], bank.balances()["658000"]) == (0, 1_000)


def test_a_refused_lettering_leaves_the_payment_where_it_was(bank: Bank):
    bank.sold("10.00")
    (payment_id,) = waiting(bank, Move(5_000, "versement"))
    place = first_entry(bank)
    size = bank.size
    with pytest.raises(Refusals) as caught:
        accept(
            bank,
            payment_id,
            NewPart(role="customers", party=bank.customer, amount=5_000),
            settles=[Settles(part=0, lines=(PartToLetter(entry=place, line=0, amount=5_000),))],
        )
    assert isinstance(caught.value.refused, LineIsOverSettled)
    assert bank.size == size
    with pytest.raises(Refusals) as caught:
        accept(bank, "pay_nobody", NewPart(role="account", account="658000", amount=1))
    assert isinstance(caught.value.refused, PaymentIsUnknown)


@pytest.mark.feature("C4")
def test_a_period_is_locked_once_nothing_waits(bank: Bank):
    """Naming what waits; what is dated later does not matter."""
    february = date(2026, 2, 20)
    waits = waiting(bank, Move(-500, "?", day=february), Move(700, "?"))
    until = date(2026, 2, 28)
    with pytest.raises(Refusals) as caught:
        ledger.lock_period(bank.store, bank.book, until, "", bank.command())
    refused = caught.value.refused
    assert isinstance(refused, SuspenseIsNotEmpty)
    (line,) = refused.lines
    assert (line.document_id, line.day, line.amount) == (waits[0], february, 500)
    assert refused.balance == "5.00 EUR"
    accept(bank, waits[0], NewPart(role="account", account="658000", amount=500))
    ledger.lock_period(bank.store, bank.book, until, "", bank.command())
    assert bank.all(PeriodLocked)[-1].until == until


@pytest.mark.feature("C4", "C14")
def test_entries_by_hand_count_in_suspense(bank: Bank):
    """One that puts money there refuses the lock, one that takes it off lets it pass."""
    day, until = date(2026, 2, 20), date(2026, 2, 28)
    post(bank, day, "499000", "658000")
    with pytest.raises(Refusals) as caught:
        ledger.lock_period(bank.store, bank.book, until, "", bank.command())
    refused = caught.value.refused
    assert isinstance(refused, SuspenseIsNotEmpty)
    (line,) = refused.lines
    assert (line.kind, line.amount, refused.balance) == ("entry", 700, "7.00 EUR")
    (payment_id,) = waiting(bank, Move(700, "?", day=day))
    ledger.lock_period(bank.store, bank.book, until, "", bank.command())
    assert payment_id


@pytest.mark.feature("C4")
def test_a_month_is_not_closed_over_suspense(bank: Bank):
    """Its days are; the month waits until the account is at zero, and then follows."""
    (payment_id,) = waiting(bank, Move(-500, "?"))
    bank.clock.now = datetime(2026, 4, 2, 9, tzinfo=UTC)
    with pytest.raises(Refusals) as caught:
        close_periods(bank.store, bank.book, None, bank.command())
    assert isinstance(caught.value.refused, SuspenseIsNotEmpty)
    assert bank.all(PeriodClosed)[-1].until == date(2026, 3, 31)
    assert {each.level for each in bank.all(PeriodClosed)} == {"day"}
    accept(bank, payment_id, NewPart(role="account", account="658000", amount=500))
    closings = close_periods(bank.store, bank.book, None, bank.command())
    assert [each.event.level for each in closings] == ["month", "day"]


def post(bank: Bank, day: date, debit: str, credit: str) -> None:
    """An entry of 7.00 by hand."""
    lines = (EntryLine(account=debit, debit=700), EntryLine(account=credit, credit=700))
    new = NewEntry(date=day, label="OD", lines=lines)
    ledger.post_entry(bank.store, bank.book, new, bank.command())


@pytest.mark.feature("C4")
def test_an_unknown_account_learns_whose_it_is(bank: Bank):
    """Once a payment is recorded with its party, the next from that account is known."""
    (payment_id,) = waiting(bank, Move(5_000, "versement", iban=THEIRS, name="X"))
    assert proposals(bank, payment_id) == []
    accept(bank, payment_id, NewPart(role="customers", party=bank.customer, amount=5_000))
    bank.take(coda([Move(100, "encore", iban=THEIRS)], opening=505_000, number=2))
    assert bank.all(PaymentRecorded)[-1].party == bank.customer


@pytest.mark.feature("C4", "C14")
def test_an_audit_makes_the_same_entries_again(bank: Bank):
    """Lettered by itself, assigned in parts, left waiting: each entry follows from its document."""
    bank.switch_on()
    said = bank.sold().payment_reference.strip("+").replace("/", "")
    moves = (Move(100_000, structured=said), Move(7_000, "?"), Move(-500, "?"))
    first, _ = waiting(bank, *moves)
    accept(
        bank,
        first,
        NewPart(role="customers", party=bank.customer, amount=8_000),
        NewPart(role="account", account="658000", amount=-1_000),
    )
    checks = [EntriesDerive(), Immutability(), NumbersGapless()]
    for fact in bank.store.read(bank.book):
        for check in checks:
            if not check.events or isinstance(fact.event, check.events):
                check.take(Step(fact, ""))
    for check in checks:
        check.end()
        assert check.outcome().status == "pass", check.outcome()
        assert check.checked
