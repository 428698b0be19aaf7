"""Credit notes of invoices whose VAT waits for the money: what waits is taken back first (M31).

Goal: whatever is paid and credited in whatever order, to the cent: nothing waits beyond the open
amount, what is collected is the VAT of what is paid, and the VAT register says the same.
"""

from fractions import Fraction

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as some

from domain.ledger.entry import EntryPosted
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.crediting import CreditedLine
from domain.sales.invoice import InvoiceValidated
from domain.treasury.vat_due import VatBecameDue
from domain.values.money import half_up
from projections.registers import REGISTERS
from tests.domain.steps import new_line
from tests.paper import Paper
from tests.registers import in_memory

VAT_REGISTER = next(register for register in REGISTERS if register.name == "vat_register")

PENDING, COLLECTED, CUSTOMERS = "445740", "445710", "411000"


def service(net: str, rate: str = "20"):
    return new_line(net, rate, nature="services")


def balance(book: Paper, account: str) -> int:
    """Credit minus debit of an account."""
    lines = (line for entry in book.all(EntryPosted) for line in entry.lines)
    return sum(line.credit - line.debit for line in lines if line.account == account)


def taxes(book: Paper) -> tuple[int, int]:
    """What waits and what is collected."""
    return balance(book, PENDING), balance(book, COLLECTED)


def registered(book: Paper) -> tuple[int, int]:
    """The same as the VAT register lists it, line by line: what waits, and what is due."""
    rows = in_memory(book.facts, [VAT_REGISTER])["vat_detail"].values()
    sums = {True: 0, False: 0}
    for row in rows:
        sums[row.exigible == "payment"] += row.tax
    return sums[True], sums[False]


@pytest.mark.feature("M31", "F2")
def test_paid_in_part_then_credited_what_waits_goes_first():
    """120.00, 60.00 paid: 10.00 collected. 30.00 credited: 5.00 of what waits and no more."""
    book = Paper.opened()
    invoice = book.sell(service("100"))
    book.match(invoice, book.pay(60_00))
    assert taxes(book) == (10_00, 10_00)
    book.credit(invoice, CreditedLine(line=0, net=25_00))
    assert taxes(book) == registered(book) == (5_00, 10_00)
    assert len(book.all(VatBecameDue)) == 1


@pytest.mark.feature("M31", "F2")
def test_credited_then_paid_the_rest_is_collected():
    """120.00, 30.00 credited, 60.00 then 30.00 paid: 15.00 in all, and nothing waits."""
    book = Paper.opened()
    invoice = book.sell(service("100"))
    note = book.credit(invoice, CreditedLine(line=0, net=25_00))
    assert taxes(book) == (15_00, 0)
    book.match(invoice, book.pay(60_00))
    assert taxes(book) == registered(book) == (5_00, 10_00)
    book.match(invoice, book.pay(30_00))
    assert taxes(book) == registered(book) == (0, 15_00)
    assert note


@pytest.mark.feature("M31", "F2")
def test_credited_beyond_what_waits_the_collected_gives_the_rest_back():
    """120.00, 100.00 paid: 16.67 collected. 60.00 credited: 3.33 that waited, then 6.67 back."""
    book = Paper.opened()
    invoice = book.sell(service("100"))
    book.match(invoice, book.pay(100_00))
    assert taxes(book) == (3_33, 16_67)
    book.credit(invoice, CreditedLine(line=0, net=50_00))
    assert taxes(book) == registered(book) == (0, 10_00)


@pytest.mark.feature("M31", "F2")
@pytest.mark.parametrize("first", ["pay", "credit"])
def test_both_orders_come_to_the_same_cent(first: str):
    """Two rates of odd cents, a third credited, all paid in three odd payments."""
    book = Paper.opened()
    invoice = book.sell(service("33.33"), service("66.67", "5.5"))
    if first == "credit":
        book.credit(invoice, CreditedLine(line=1, net=22_22))
    book.match(invoice, book.pay(11_11))
    if first == "pay":
        book.credit(invoice, CreditedLine(line=1, net=22_22))
    left = 40_00 + 70_34 - 23_44 - 11_11
    book.match(invoice, book.pay(33_33))
    book.match(invoice, book.pay(left - 33_33))
    assert taxes(book) == registered(book) == (0, 6_67 + 3_67 - 1_22)


STEPS = some.lists(
    some.tuples(some.sampled_from(["pay", "credit"]), some.integers(1, 60_00)),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=60)
@over(some.lists(some.integers(1, 50_00), min_size=1, max_size=3), STEPS)
def test_what_waits_and_what_is_collected_follow_what_is_left_and_paid(nets, steps):
    """Whatever comes: what is collected is the VAT of what is paid of what is left, half-up."""
    book = Paper.opened()
    invoice = book.sell(*(service(f"{net // 100}.{net % 100:02d}") for net in nets))
    issued = book.newest(InvoiceValidated)
    gross, tax, paid, left = issued.totals.gross, issued.totals.tax, 0, list(nets)
    for what, amount in steps:
        if what == "pay" and paid + amount <= gross:
            book.match(invoice, book.pay(amount))
            paid += amount
        elif what == "credit" and left[0] >= amount:
            book.credit(invoice, CreditedLine(line=0, net=amount))
            note = book.newest(CreditNoteIssued).totals
            gross, tax, left[0] = gross - note.gross, tax - note.tax, left[0] - amount
        reached = min(paid, gross)
        due = tax if reached == gross else half_up(Fraction(tax * reached, gross))
        assert taxes(book) == registered(book) == (tax - due, due)
