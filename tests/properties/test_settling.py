"""Properties of settling over random books: the accounts, the open items and VAT always agree.

Books are written on paper by the use cases themselves: sold, paid, lettered, unlettered, ticked,
taken back, credited, discounted, written off, in any order.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.book.refusal import Refused
from domain.ledger.entry import EntryPosted
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.crediting import CreditedLine
from domain.sales.invoice import InvoiceValidated
from domain.treasury import lettering, vat_due
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered, Settled, entry_tag
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import PaymentRecorded
from projections.unpaid import OpenItem
from projections.vat_register import VatDetail
from services.audit.replay_check import Check, Step
from services.audit.replay_entries import DebitsEqualCredits, EntriesDerive
from services.audit.replay_letterings import LetteringsBalance
from services.audit.replay_receipts import ReceiptsVatRecomputes
from tests.domain.steps import new_line
from tests.paper import Paper
from tests.registers import in_memory

CUSTOMERS, PENDING, COLLECTED = "411000", "445740", "445710"
CHECKS: tuple[type[Check], ...] = (
    DebitsEqualCredits,
    EntriesDerive,
    LetteringsBalance,
    ReceiptsVatRecomputes,
)

amounts = some.integers(1, 40_000)
rates = some.sampled_from(["20", "10", "5.5"])
line = some.tuples(some.integers(1, 20_000), rates, some.booleans())
sale = some.tuples(some.just("sell"), some.lists(line, min_size=1, max_size=3))
paid = some.tuples(some.just("pay"), amounts, some.booleans(), some.integers(0, 40))
differences = some.sampled_from(["write_off", "discount"])
act = some.one_of(
    sale,
    paid,
    some.tuples(some.just("letter"), some.lists(some.integers(0, 30), min_size=2, max_size=5)),
    some.tuples(some.just("part"), some.integers(0, 30), some.integers(0, 30), amounts),
    some.tuples(some.just("close"), some.integers(0, 30), differences),
    some.tuples(some.just("unletter"), some.integers(0, 30)),
    some.tuples(some.just("reverse"), some.integers(0, 30)),
    some.tuples(some.just("credit"), some.integers(0, 30), some.integers(1, 9_000)),
    some.tuples(some.just("lose"), some.integers(0, 30)),
    some.tuples(some.just("wait"), some.integers(1, 45)),
)
acts = some.tuples(
    some.lists(sale, min_size=2, max_size=4),
    some.lists(paid, min_size=2, max_size=4),
    some.lists(act, min_size=6, max_size=25),
).map(lambda parts: [step for part in parts for step in part])


class Hand:
    """Does on a book of paper what is drawn; what the rules refuse is not done."""

    def __init__(self) -> None:
        self.book = Paper.opened()

    def do(self, what: str, *how: Any) -> Refused | None:
        """One act."""
        return self.book.refusal(getattr(self, what), *how)

    def sell(self, lines: list[tuple[int, str, bool]]) -> None:
        priced = [
            new_line(f"{net // 100}.{net % 100:02d}", rate, nature="services" if wait else "goods")
            for net, rate, wait in lines
        ]
        self.book.sell(*priced)

    def pay(self, amount: int, received: bool, days: int) -> None:
        day = self.book.today - timedelta(days=days)
        self.book.pay(amount, day, direction="received" if received else "sent")

    def letter(self, picks: list[int]) -> None:
        found = self._lines()
        chosen = dict.fromkeys(found[pick % len(found)] for pick in picks) if found else {}
        self.book.letter(*(PartToLetter(entry=entry, line=index) for entry, index in chosen))

    def part(self, one: int, other: int, amount: int) -> None:
        found = self._lines()
        if found:
            (entry, index), (second, line_) = found[one % len(found)], found[other % len(found)]
            self.book.letter(
                PartToLetter(entry=entry, line=index, amount=amount),
                PartToLetter(entry=second, line=line_),
            )

    def close(self, pick: int, difference: str) -> None:
        invoices = self.book.all(InvoiceValidated)
        if invoices:
            invoice = invoices[pick % len(invoices)]
            paid = max(1, invoice.totals.gross - 1 - pick)
            self.book.tick("invoice", invoice.invoice_id, amount=paid, difference=difference)

    def unletter(self, pick: int) -> None:
        known = self.book.all(EntriesLettered)
        if known:
            self.book.unletter(known[pick % len(known)].lettering_id)

    def reverse(self, pick: int) -> None:
        known = self.book.all(PaymentRecorded)
        if known:
            self.book.reverse(known[pick % len(known)].payment_id)

    def credit(self, pick: int, net: int) -> None:
        invoices = self.book.all(InvoiceValidated)
        if invoices:
            invoice = invoices[pick % len(invoices)]
            at = pick % len(invoice.lines)
            some_net = min(net, invoice.lines[at].net)
            self.book.credit(invoice.invoice_id, CreditedLine(line=at, net=some_net))

    def lose(self, pick: int) -> None:
        invoices = self.book.all(InvoiceValidated)
        if invoices:
            self.book.write_off(invoices[pick % len(invoices)].invoice_id)

    def wait(self, days: int) -> None:
        self.book.today += timedelta(days=days)

    def _lines(self) -> list[tuple[int, int]]:
        """The open lines of the customer."""
        done = settled(self.book)
        return [
            (fact.position, index)
            for fact in self.book.facts
            if isinstance(fact.event, EntryPosted)
            for index, each in enumerate(fact.event.lines)
            if each.account == CUSTOMERS
            and each.debit - each.credit != done.get((fact.position, index), 0)
        ]


def lived(steps: list[tuple[Any, ...]]) -> Paper:
    hand = Hand()
    for step in steps:
        hand.do(*step)
    return hand.book


def movement(book: Paper, account: str) -> dict[str, int]:
    """Credit minus debit of an account, month by month, without the months of none."""
    months: dict[str, int] = defaultdict(int)
    for entry in book.all(EntryPosted):
        for each in entry.lines:
            if each.account == account:
                months[entry.date.isoformat()[:7]] += each.credit - each.debit
    return {month: amount for month, amount in months.items() if amount}


@pytest.mark.feature("C7", "M45")
@settings(max_examples=60)
@given(acts)
def test_open_items_are_the_control_account_and_never_beyond_their_lines(steps) -> None:
    book = lived(steps)
    items = in_memory(book.facts)["open_item"].values()
    owed: dict[tuple[str, str], int] = defaultdict(int)
    for entry in book.all(EntryPosted):
        for each in entry.lines:
            if each.party:
                owed[each.account, each.party] += each.debit - each.credit
    open_: dict[tuple[str, str], int] = defaultdict(int)
    for item in items:
        assert isinstance(item, OpenItem)
        assert item.open * item.amount >= 0
        assert abs(item.open) <= abs(item.amount)
        open_[item.account, item.party] += item.open
    assert open_ == owed


@pytest.mark.feature("F2", "F3", "V24")
@settings(max_examples=60)
@given(acts)
def test_the_vat_register_is_the_movement_of_its_accounts_month_by_month(steps) -> None:
    """Σ register of a month = movement of the collected account; what waits = the pending one."""
    book = lived(steps)
    due: dict[str, int] = defaultdict(int)
    waiting: dict[str, int] = defaultdict(int)
    for row in in_memory(book.facts)["vat_detail"].values():
        assert isinstance(row, VatDetail)
        sums = due if row.exigible == "issue" else waiting
        sums[row.period] += row.tax
    assert {month: tax for month, tax in due.items() if tax} == movement(book, COLLECTED)
    assert {month: tax for month, tax in waiting.items() if tax} == movement(book, PENDING)


@pytest.mark.feature("F2")
@settings(max_examples=60)
@given(acts)
def test_what_waits_is_what_is_not_paid_of_the_open_invoices(steps) -> None:
    """The pending account is Σ VAT that is not due yet; an invoice that is paid leaves none."""
    book = lived(steps)
    waits = 0
    for invoice in book.all(InvoiceValidated):
        known = book.fold(vat_due.evolve, None, f"invoice:{invoice.invoice_id}")
        if known is None:
            continue
        pending = sum(s.tax for s in known.left.shares if s.exigible == "payment")
        left = pending - sum(share.tax for share in known.due)
        waits += left
        assert known.outstanding(known.paid) == ()
        if known.paid >= known.left.gross:
            assert left == 0
    assert waits == sum(movement(book, PENDING).values())


@settings(max_examples=60)
@given(acts)
def test_an_auditor_derives_every_entry_again(steps) -> None:
    facts = lived(steps).facts
    for kind in CHECKS:
        check = kind()
        for fact in facts:
            if isinstance(fact.event, check.events):
                check.take(Step(fact, ""))
        check.end()
        assert check.failures == [], check.name


@pytest.mark.feature("C7")
@settings(max_examples=40)
@given(acts, some.integers(0, 30))
def test_lettered_unlettered_and_lettered_again_is_the_same(steps, pick) -> None:
    book = lived(steps)
    undone = {each.lettering_id for each in book.all(EntriesUnlettered)}
    standing = [each for each in book.all(EntriesLettered) if each.lettering_id not in undone]
    if not standing:
        return
    chosen = standing[pick % len(standing)]
    before, taxed = settled(book), movement(book, COLLECTED)
    if book.refusal(book.unletter, chosen.lettering_id) is not None:
        return
    parts = [
        PartToLetter(entry=part.entry, line=part.line, amount=abs(part.amount))
        for part in chosen.parts
    ]
    again = book.letter(*parts)
    assert again.parts == chosen.parts
    assert again.code.upper() != chosen.code.upper() or again.year != chosen.year
    assert settled(book) == before
    assert movement(book, COLLECTED) == taxed or book.all(CreditNoteIssued)


def settled(book: Paper) -> dict[tuple[int, int], int]:
    """What of each line is settled."""
    return {
        (fact.position, index): amount
        for fact in book.facts
        if isinstance(fact.event, EntryPosted)
        for index, amount in book.fold(
            lettering.settle, Settled(entry=fact.position), entry_tag(fact.position)
        ).amounts.items()
        if amount
    }
