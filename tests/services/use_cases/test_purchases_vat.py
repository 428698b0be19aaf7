"""VAT of services bought is deductible as the supplier is paid, to the cent (CGI 271, I, 2)."""

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from domain.ledger.entry import EntryPosted
from domain.parties import introducing
from domain.parties.particulars import AccountingData
from domain.purchases.bill import BillLine, BillRecorded
from domain.purchases.crediting import BillIsUnknown, CreditIsMisplaced
from domain.treasury.matching import PartToLetter
from domain.treasury.vat_due import VatBecameDeductible
from domain.values.vat import VatAmount, tax_on
from services.loading import load_contact
from tests.domain.steps import BELGIAN, FRENCH
from tests.paper import Paper

PENDING, DEDUCTIBLE = "445640", "445660"
MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 30)


def line(net: int, rate: str = "20", **others: Any) -> BillLine:
    return BillLine(description="x", net=net, rate=rate, **others)


def bought(book: Paper, *lines: BillLine, reference: str = "F-1", **how: Any) -> str:
    """A bill of these lines, its VAT that of each rate."""
    nets: dict[str, int] = {}
    for each in lines:
        nets[each.rate] = nets.get(each.rate, 0) + each.net
    vat = tuple(
        VatAmount(category="S", rate=rate, base=net, tax=tax_on(net, rate))
        for rate, net in nets.items()
    )
    return book.buy(reference, *lines, vat=vat, **how)


def sent(book: Paper, amount: int) -> str:
    return book.pay(amount, direction="sent", role="suppliers", party="ctc_2")


def paid(book: Paper, bill: str, amount: int) -> str:
    payment = sent(book, amount)
    book.match(bill, payment, kind="bill")
    return payment


def balances(book: Paper, until: date | None = None) -> tuple[int, int]:
    """Debit minus credit of what waits, and of what is deductible."""
    sums = {PENDING: 0, DEDUCTIBLE: 0}
    for entry in book.all(EntryPosted):
        for each in entry.lines if until is None or entry.date <= until else ():
            if each.account in sums:
                sums[each.account] += each.debit - each.credit
    return sums[PENDING], sums[DEDUCTIBLE]


def deducted(book: Paper) -> list[int]:
    return [sum(s.deductible for s in each.shares) for each in book.all(VatBecameDeductible)]


def exigible(book: Paper) -> list[str]:
    return [share.exigible for share in book.newest(BillRecorded).shares]


@pytest.mark.feature("F3")
def test_part_of_a_bill_is_deducted_in_the_month_it_is_paid():
    book = Paper.opened(today=MARCH)
    bill = bought(book, line(300_00, "10"))
    assert balances(book) == (30_00, 0)
    book.today = APRIL
    paid(book, bill, 250_00)
    assert (balances(book, MARCH), balances(book)) == ((30_00, 0), (7_27, 22_73))
    entry = book.newest(EntryPosted)
    assert [(x.account, x.debit, x.credit) for x in entry.lines] == [
        (DEDUCTIBLE, 22_73, 0),
        (PENDING, 0, 22_73),
    ]
    assert (entry.journal, entry.date, entry.document.kind) == ("OD", APRIL, "vat_deductible")


@pytest.mark.feature("F2")
def test_bills_paid_bit_by_bit_are_deducted_to_the_last_cent():
    book = Paper.opened()
    first, second = bought(book, line(150_00)), bought(book, line(250_00), reference="F-2")
    paid(book, first, 50_00)
    both = sent(book, 150_00)
    book.letter(
        PartToLetter(entry=book.entry("bill", first), line=0),
        PartToLetter(entry=book.entry("bill", second), line=0),
        PartToLetter(entry=book.entry("payment", both), line=1),
    )
    for amount in (200_00, 80_00):
        paid(book, second, amount)
    assert deducted(book) == [8_33, 21_67, 3_33, 33_34, 13_33]
    assert balances(book) == (0, 80_00)


@pytest.mark.parametrize(
    ("lines", "how", "said"),
    [
        ([line(100_00)], {}, ["payment"]),
        ([line(100_00, account="607000")], {}, ["issue"]),
        ([line(100_00, account="604000")], {}, ["payment"]),
        ([line(100_00, account="607000", nature="services")], {}, ["payment"]),
        ([line(100_00, nature="goods")], {}, ["issue"]),
        ([line(100_00, nature="goods")], {"tax_point": "payment"}, ["payment"]),
        ([line(100_00)], {"tax_point": "issue"}, ["issue"]),
        ([line(100_00, deductible="0")], {}, ["issue"]),
        ([line(10_00, nature="goods"), line(10_00)], {}, ["issue", "payment"]),
    ],
)
def test_the_nature_of_a_line_decides_and_what_the_document_says_goes_before(lines, how, said):
    book = Paper.opened()
    bought(book, *lines, **how)
    assert exigible(book) == said


def test_a_supplier_on_debits_lets_deduct_at_once_and_a_bill_may_say_otherwise():
    book = Paper.opened()
    supplier = load_contact(book, "ctc_2")  # type: ignore[arg-type]
    assert supplier is not None
    debits = replace(supplier.details, accounting=AccountingData(vat_on_debits=True))
    book.append(introducing.change(supplier, "ctc_2", debits, None))
    bought(book, line(100_00))
    assert exigible(book) == ["issue"]
    bought(book, line(100_00), reference="F-2", tax_point="payment")
    assert exigible(book) == ["payment"]


def test_tax_that_the_supplier_left_and_belgian_bills_never_wait():
    for category, code in (("AE", "COC"), ("AE", "ICS"), ("K", "ICG")):
        book = Paper.opened()
        vat = (VatAmount(category=category, rate="0", base=100_00, tax=0),)
        owed = BillLine(description="x", net=100_00, vat_code=code, nature="services")
        book.buy("F-1", owed, vat=vat, tax_point="payment")
        assert (exigible(book), balances(book)) == (["issue"], (0, 20_00))
    belgian = Paper.opened(BELGIAN)
    bill = bought(belgian, line(100_00, "21", nature="services"), tax_point="payment")
    assert exigible(belgian) == ["issue"]
    paid(belgian, bill, 121_00)
    assert belgian.all(VatBecameDeductible) == []


def test_nothing_is_deducted_in_the_franchise():
    book = Paper.opened(replace(FRENCH, vat_regime="franchise"))
    bought(book, line(100_00))
    assert (exigible(book), balances(book)) == (["issue"], (0, 0))


def test_only_the_deducted_part_waits():
    book = Paper.opened()
    bill = bought(book, line(99_99, deductible="80"))
    assert balances(book) == (16_00, 0)
    paid(book, bill, 40_00)
    paid(book, bill, 79_99)
    assert deducted(book) == [5_33, 10_67]
    assert balances(book) == (0, 16_00)


@pytest.mark.feature("M39")
def test_a_payment_that_comes_back_takes_its_deduction_back_in_its_month():
    book = Paper.opened(today=MARCH)
    bill = bought(book, line(100_00))
    payment = paid(book, bill, 120_00)
    book.today = APRIL
    book.reverse(payment, day=APRIL)
    assert (balances(book, MARCH), balances(book)) == ((0, 20_00), (20_00, 0))
    paid(book, bill, 120_00)
    assert deducted(book) == [20_00, -20_00, 20_00]


def test_unlettering_changes_nothing_and_the_same_cash_counts_once():
    book = Paper.opened()
    bill, payment = bought(book, line(100_00)), sent(book, 120_00)
    for _ in range(2):
        book.unletter(book.match(bill, payment, kind="bill"))
    assert deducted(book) == [20_00]


def test_a_credit_note_reduces_what_waits_of_its_bill_and_then_what_was_deducted():
    book = Paper.opened()
    bill = bought(book, line(100_00))
    how = {"kind": "credit_note", "credited_bill_id": bill}
    bought(book, line(40_00), reference="NC-1", **how)
    assert (exigible(book), balances(book)) == (["payment"], (12_00, 0))
    paid(book, bill, 72_00)
    assert balances(book) == (0, 12_00)
    bought(book, line(10_00), reference="NC-2", **how)
    assert deducted(book) == [12_00, -2_00]
    assert balances(book) == (0, 10_00)


def test_a_credit_note_and_its_bill_in_one_lettering_pay_nothing():
    book = Paper.opened()
    bill = bought(book, line(100_00))
    note = bought(book, line(40_00), reference="NC-1", kind="credit_note", credited_bill_id=bill)
    book.letter(
        PartToLetter(entry=book.entry("bill", bill), line=0),
        PartToLetter(entry=book.entry("bill_credit_note", note), line=0),
    )
    assert (deducted(book), balances(book)) == ([], (12_00, 0))


def test_a_credit_note_that_names_no_bill_is_taken_back_at_once_and_pays_like_cash():
    book = Paper.opened()
    bill = bought(book, line(100_00))
    note = bought(book, line(100_00), reference="NC-1", kind="credit_note")
    assert balances(book) == (20_00, -20_00)
    book.letter(
        PartToLetter(entry=book.entry("bill", bill), line=0),
        PartToLetter(entry=book.entry("bill_credit_note", note), line=0),
    )
    assert balances(book) == (0, 0)


def test_only_a_credit_note_of_the_same_supplier_reduces_a_bill():
    book = Paper.opened()
    bill = bought(book, line(100_00))
    refused = book.refusal(bought, book, line(1_00), reference="F-2", credited_bill_id=bill)
    assert isinstance(refused, CreditIsMisplaced)
    refused = book.refusal(
        bought, book, line(1_00), reference="N", kind="credit_note", credited_bill_id="bil_x"
    )
    assert isinstance(refused, BillIsUnknown)
