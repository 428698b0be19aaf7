"""A supplier's cash discount is taken with the payment: its VAT goes as the country says."""

from typing import Any

import pytest
from msgspec.structs import replace

from domain.ledger.entry import EntryPosted
from domain.purchases.bill import BillRecorded
from domain.purchases.lines import BillLine
from domain.sales.cash_discount import DiscountIsMisplaced
from domain.sales.document import VatAmount
from domain.treasury.discount_taken import CashDiscountTaken
from domain.treasury.matching import PartToLetter
from domain.treasury.vat_due import VatBecameDeductible
from projections.vat_register import VatRegister
from services.audit.replay_check import Step
from services.audit.replay_entries import EntriesDerive
from services.audit.replay_receipts import ReceiptsVatRecomputes
from tests.domain import steps
from tests.domain.steps import BELGIAN, FRENCH, new_bill
from tests.paper import Paper
from tests.registers import in_memory

GOODS, PENDING = "445660", "445664"


def billed(new: Any = FRENCH, nature: str = "", rate: str = "20.00", tax: int = 20_00) -> Paper:
    """A book with a bill of 100.00 and its VAT."""
    book = Paper.opened(new)
    line = BillLine(description="Papier", net=100_00, nature=nature)  # type: ignore[arg-type]
    vat = (VatAmount(category="S", rate=rate, base=100_00, tax=tax),)
    asked = replace(new_bill(), lines=(line,), vat=vat)
    book.when(steps.record_bill, asked).then(BillRecorded, EntryPosted)
    return book


def balances(book: Paper) -> dict[str, int]:
    """Debit minus credit of every account that is not at zero."""
    found: dict[str, int] = {}
    for entry in book.all(EntryPosted):
        for line in entry.lines:
            found[line.account] = found.get(line.account, 0) + line.debit - line.credit
    return {account: amount for account, amount in found.items() if amount}


def audited(book: Paper) -> None:
    """The audit derives the same entries, and the same VAT of what is paid."""
    for check in (EntriesDerive(), ReceiptsVatRecomputes()):
        for fact in book.facts:
            if isinstance(fact.event, check.events):
                check.take(Step(fact, ""))
        check.end()
        assert not check.failures


@pytest.mark.feature("M45", "C7")
@pytest.mark.parametrize(
    ("new", "rate", "tax", "kept", "sides"),
    [
        (FRENCH, "20.00", 20_00, 2_40, [("401000", 2_40), ("765000", -2_00), (GOODS, -40)]),
        (BELGIAN, "21.00", 21_00, 2_42, [("440000", 2_42), ("753000", -2_42)]),
    ],
)
def test_a_discount_taken_takes_vat_off_where_the_law_has_it_so(new, rate, tax, kept, sides):
    book = billed(new, "goods", rate, tax)
    book.tick("bill", "bil_1", amount=100_00 + tax - kept, difference="discount")
    (taken,) = book.all(CashDiscountTaken)
    entry = book.facts[book.place(CashDiscountTaken)].event
    assert isinstance(entry, EntryPosted)
    assert [(line.account, line.debit - line.credit) for line in entry.lines] == sides
    assert taken.net + sum(share.tax for share in taken.shares) == kept
    assert sides[0][0] not in balances(book)
    audited(book)


@pytest.mark.feature("M45")
def test_vat_that_waits_for_the_payment_waits_no_more():
    """Services: 98 % is deducted with the payment, the rest leaves with the discount."""
    book = billed(FRENCH, "services")
    book.tick("bill", "bil_1", amount=117_60, difference="discount")
    deducted = [sum(s.deductible for s in each.shares) for each in book.all(VatBecameDeductible)]
    assert sum(deducted) == 19_60
    left = balances(book)
    assert left["765000"] == -2_00
    assert sorted(amount for account, amount in left.items() if account[:4] == "4456") == [19_60]
    audited(book)


@pytest.mark.feature("V8")
def test_the_vat_register_follows_the_accounts():
    book = billed(FRENCH, "goods")
    book.tick("bill", "bil_1", amount=117_60, difference="discount")
    totals = in_memory(book.facts, [VatRegister()])["vat_detail"].values()
    assert sum(row.sign * row.tax if hasattr(row, "sign") else row.tax for row in totals) == 19_60


def test_a_discount_is_on_one_bill_paid_for_less():
    book = billed()
    bill = PartToLetter(entry=book.entry("bill", "bil_1"), line=0)
    more: Any = {"direction": "sent", "role": "suppliers", "party": "ctc_2"}
    paid = PartToLetter(entry=book.entry("payment", book.pay(130_00, **more)), line=1)
    refused = book.refusal(book.letter, bill, paid, difference="discount")
    assert isinstance(refused, DiscountIsMisplaced)
    assert book.all(CashDiscountTaken) == []
