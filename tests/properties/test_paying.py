"""Property of bills: what is deductible and what waits are together the VAT of the bills, always.

Books are written on paper by the use cases: bought, credited, paid, lettered, unlettered, returned,
discounted.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.book.refusal import Refused
from domain.ledger.entry import EntryPosted
from domain.purchases.bill import BillLine, BillRecorded
from domain.treasury import lettering, vat_due
from domain.treasury.discount_taken import CashDiscountTaken
from domain.treasury.lettering import EntriesLettered, Settled, entry_tag
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import PaymentRecorded
from domain.values.vat import VatAmount, tax_on
from projections.vat_register import VatDetail
from services.audit.replay_check import Check, Step
from services.audit.replay_entries import DebitsEqualCredits, EntriesDerive
from services.audit.replay_receipts import ReceiptsVatRecomputes
from tests.paper import Paper
from tests.registers import in_memory

SUPPLIERS, PENDING, DEDUCTIBLE = "401000", "445640", "445660"
CHECKS: tuple[type[Check], ...] = (DebitsEqualCredits, EntriesDerive, ReceiptsVatRecomputes)

pick = some.integers(0, 30)
amounts = some.integers(1, 40_000)
rates = some.sampled_from(["20", "10", "5.5"])
shares = some.sampled_from(["100", "80", "0"])
line = some.tuples(some.integers(1, 20_000), rates, some.booleans(), shares)
buy = some.tuples(some.just("buy"), some.lists(line, min_size=1, max_size=3))
pay = some.tuples(some.just("pay"), amounts, some.booleans())
act = some.one_of(
    buy,
    pay,
    some.tuples(some.just("letter"), some.lists(pick, min_size=2, max_size=5)),
    some.tuples(some.just("unletter"), pick),
    some.tuples(some.just("reverse"), pick),
    some.tuples(some.just("keep"), pick),
    some.tuples(some.just("credit"), pick, some.integers(1, 9_000), some.booleans()),
    some.tuples(some.just("wait"), some.integers(1, 45)),
)
acts = some.tuples(
    some.lists(buy, min_size=1, max_size=3),
    some.lists(pay, min_size=1, max_size=3),
    some.lists(act, min_size=5, max_size=18),
).map(lambda parts: [step for part in parts for step in part])


class Hand:
    """Does on a book of paper what is drawn; what the rules refuse is not done."""

    def __init__(self) -> None:
        self.book = Paper.opened()
        self.references = 0

    def do(self, what: str, *how: Any) -> Refused | None:
        """One act."""
        return self.book.refusal(getattr(self, what), *how)

    def buy(self, lines: list[tuple[int, str, bool, str]], **how: Any) -> None:
        self.references += 1
        nets: dict[str, int] = defaultdict(int)
        for net, rate, _, _ in lines:
            nets[rate] += net
        vat = (VatAmount(category="S", rate=r, base=n, tax=tax_on(n, r)) for r, n in nets.items())
        bought = (
            BillLine(
                description="x",
                net=net,
                rate=rate,
                nature="services" if waits else "goods",
                deductible=part,
            )
            for net, rate, waits, part in lines
        )
        self.book.buy(f"F-{self.references}", *bought, vat=tuple(vat), **how)

    def pay(self, amount: int, sent: bool) -> None:
        way = "sent" if sent else "received"
        self.book.pay(amount, direction=way, role="suppliers", party="ctc_2")

    def letter(self, picks: list[int]) -> None:
        found = self._lines()
        chosen = dict.fromkeys(found[each % len(found)] for each in picks) if found else {}
        self.book.letter(*(PartToLetter(entry=entry, line=index) for entry, index in chosen))

    def unletter(self, which: int) -> None:
        known = self.book.all(EntriesLettered)
        if known:
            self.book.unletter(known[which % len(known)].lettering_id)

    def reverse(self, which: int) -> None:
        known = self.book.all(PaymentRecorded)
        if known:
            self.book.reverse(known[which % len(known)].payment_id)

    def keep(self, which: int) -> None:
        """Pays a bill less a cash discount."""
        bills = [each for each in self.book.all(BillRecorded) if each.kind == "invoice"]
        if bills:
            bill = bills[which % len(bills)]
            paid = max(1, bill.totals.gross - 1 - which)
            self.book.tick("bill", bill.bill_id, amount=paid, difference="discount")

    def credit(self, which: int, net: int, named: bool) -> None:
        bills = [each for each in self.book.all(BillRecorded) if each.kind == "invoice"]
        if bills:
            bill = bills[which % len(bills)]
            one = bill.lines[which % len(bill.lines)]
            of_bill = {"credited_bill_id": bill.bill_id} if named else {}
            lines = [(min(net, one.net), one.rate, one.nature == "services", one.deductible)]
            self.buy(lines, kind="credit_note", **of_bill)

    def wait(self, days: int) -> None:
        self.book.today += timedelta(days=days)

    def _lines(self) -> list[tuple[int, int]]:
        """The open lines of the supplier."""
        return [
            (fact.position, index)
            for fact in self.book.facts
            if isinstance(fact.event, EntryPosted)
            for index, each in enumerate(fact.event.lines)
            if each.account == SUPPLIERS
            and each.debit - each.credit != self._settled(fact.position).get(index, 0)
        ]

    def _settled(self, position: int) -> dict[int, int]:
        tag = entry_tag(position)
        return self.book.fold(lettering.settle, Settled(entry=position), tag).amounts


def movement(book: Paper, account: str) -> dict[str, int]:
    """Debit minus credit of an account, month by month, without the months of none."""
    months: dict[str, int] = defaultdict(int)
    for entry in book.all(EntryPosted):
        for each in entry.lines:
            if each.account == account:
                months[entry.date.isoformat()[:7]] += each.debit - each.credit
    return {month: amount for month, amount in months.items() if amount}


def check_register(book: Paper) -> None:
    """The register of a month is the movement of its accounts."""
    sums: dict[str, dict[str, int]] = {"issue": defaultdict(int), "payment": defaultdict(int)}
    for row in in_memory(book.facts)["vat_detail"].values():
        assert isinstance(row, VatDetail)
        sums[row.exigible][row.period] += row.deductible
    for exigible, account in (("issue", DEDUCTIBLE), ("payment", PENDING)):
        told = {month: tax for month, tax in sums[exigible].items() if tax}
        assert told == movement(book, account)


def check_waiting(book: Paper) -> None:
    """What waits is what is not paid of the bills; a bill that is paid leaves none."""
    waits = 0
    for bill in book.all(BillRecorded):
        known = book.fold(vat_due.evolve, None, f"bill:{bill.bill_id}")
        if known is None:
            continue
        pending = sum(s.deductible for s in known.left.shares if s.exigible == "payment")
        left = pending - sum(share.deductible for share in known.due)
        assert known.outstanding(known.paid) == ()
        assert left == 0 or known.paid < known.left.gross
        waits += left
    assert waits == sum(movement(book, PENDING).values())


@pytest.mark.feature("F2", "F3", "V24")
@settings(max_examples=60)
@given(acts)
def test_deductible_and_pending_are_the_vat_of_the_bills_whatever_happens(steps) -> None:
    hand = Hand()
    for step in steps:
        hand.do(*step)
    book = hand.book
    of_bills = sum(
        (1 if bill.kind == "invoice" else -1) * share.deductible
        for bill in book.all(BillRecorded)
        for share in bill.shares
    )
    kept = sum(share.deductible for each in book.all(CashDiscountTaken) for share in each.shares)
    both = sum(sum(movement(book, each).values()) for each in (PENDING, DEDUCTIBLE))
    assert both == of_bills - kept
    check_register(book)
    check_waiting(book)
    for kind in CHECKS:
        check = kind()
        for fact in book.facts:
            if isinstance(fact.event, check.events):
                check.take(Step(fact, ""))
        check.end()
        assert check.failures == [], check.name
