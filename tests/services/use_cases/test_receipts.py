"""VAT on receipts: due with the cash, to the cent, once; never with the lettering (F2, F3)."""

from datetime import date

import pytest
from msgspec.structs import replace

from domain.ledger.entry import EntryPosted
from domain.ledger.period import PeriodLocked
from domain.sales.cash_discount import CashDiscountGranted, DiscountIsMisplaced
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.crediting import CreditedLine
from domain.sales.write_off import InvoiceWrittenOff
from domain.treasury.difference import PaymentDifferenceBooked
from domain.treasury.matching import PartToLetter
from domain.treasury.vat_due import VatBecameDue
from tests.domain import steps
from tests.domain.steps import BELGIAN, FRENCH, new_line
from tests.paper import Paper

PENDING, COLLECTED = "445740", "445710"
MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 30)


def service(net: str, rate: str = "20"):
    return new_line(net, rate, nature="services")


def taxes(book: Paper) -> list[int]:
    """The tax that each event made due, in order."""
    return [sum(share.tax for share in due.shares) for due in book.all(VatBecameDue)]


def balance(book: Paper, account: str, until: date | None = None) -> int:
    """Credit minus debit of an account, of the entries up to a day."""
    return sum(
        line.credit - line.debit
        for entry in book.all(EntryPosted)
        if until is None or entry.date <= until
        for line in entry.lines
        if line.account == account
    )


@pytest.mark.feature("F2")
def test_f2_two_invoices_paid_bit_by_bit_are_taxed_to_the_last_cent():
    """odoo #53245: 8.33 and 21.67, then 3.33, 33.34 and 13.33; the sums are 30 and 50."""
    book = Paper.opened()
    first, second = book.sell(service("150")), book.sell(service("250"))
    book.match(first, book.pay(50_00))
    both = book.pay(150_00)
    book.letter(
        PartToLetter(entry=book.entry("invoice", first), line=0),
        PartToLetter(entry=book.entry("invoice", second), line=0),
        PartToLetter(entry=book.entry("payment", both), line=1),
    )
    for amount in (200_00, 80_00):
        book.match(second, book.pay(amount))
    assert taxes(book) == [8_33, 21_67, 3_33, 33_34, 13_33]
    assert (balance(book, PENDING), balance(book, COLLECTED)) == (0, 80_00)


@pytest.mark.feature("F3")
def test_f3_part_of_an_invoice_is_taxed_in_the_month_it_is_paid():
    """Dolibarr #5374: 250 of 330 make 22.73 due on a base of 227.27, in that month only."""
    book = Paper.opened(today=MARCH)
    invoice = book.sell(service("300", "10"), day=MARCH)
    book.today = APRIL
    book.match(invoice, book.pay(250_00))
    (due,) = book.all(VatBecameDue)
    assert [(share.base, share.tax) for share in due.shares] == [(227_27, 22_73)]
    assert (due.date, due.paid) == (APRIL, 250_00)
    assert (balance(book, COLLECTED, MARCH), balance(book, COLLECTED)) == (0, 22_73)
    entry = book.newest(EntryPosted)
    assert [(x.account, x.debit, x.credit) for x in entry.lines] == [
        (PENDING, 22_73, 0),
        (COLLECTED, 0, 22_73),
    ]
    assert (entry.journal, entry.date, entry.document.kind) == ("OD", APRIL, "vat_due")


def test_goods_and_debits_wait_for_nothing():
    book = Paper.opened()
    book.match(book.sell(new_line("100")), book.pay(120_00))
    assert book.all(VatBecameDue) == []
    belgian = Paper.opened(BELGIAN)
    belgian.match(belgian.sell(service("100", "21")), belgian.pay(121_00))
    assert belgian.all(VatBecameDue) == []


def test_only_the_lines_that_wait_fall_due_with_the_money():
    book = Paper.opened()
    invoice = book.sell(new_line("100"), service("50"), service("10", "10"))
    book.match(invoice, book.pay(95_50))
    assert [(share.rate, share.tax) for share in book.newest(VatBecameDue).shares] == [
        ("20", 5_00),
        ("10", 50),
    ]
    book.match(invoice, book.pay(95_50))
    assert (balance(book, PENDING), balance(book, COLLECTED)) == (0, 31_00)


def test_unlettering_changes_nothing_and_the_same_cash_counts_once():
    book = Paper.opened()
    invoice, payment = book.sell(service("100")), book.pay(120_00)
    for _ in range(3):
        book.unletter(book.match(invoice, payment))
    assert taxes(book) == [20_00]
    assert balance(book, COLLECTED) == 20_00


def test_cash_that_is_lettered_with_another_invoice_counts_for_that_one():
    book = Paper.opened()
    wrong, right, payment = book.sell(service("100")), book.sell(service("100")), book.pay(120_00)
    book.unletter(book.match(wrong, payment))
    book.match(right, payment)
    dues = [(due.invoice_id, due.paid) for due in book.all(VatBecameDue)]
    assert dues == [(wrong, 120_00), (wrong, -120_00), (right, 120_00)]
    assert (balance(book, PENDING), balance(book, COLLECTED)) == (20_00, 20_00)
    book.match(wrong, book.pay(120_00))
    assert (balance(book, PENDING), balance(book, COLLECTED)) == (0, 40_00)


def test_a_payment_in_two_letterings_is_counted_in_two_parts():
    book = Paper.opened()
    invoice, payment = book.sell(service("100")), book.pay(120_00)
    book.match(invoice, payment, 50_00)
    book.match(invoice, payment)
    assert [due.paid for due in book.all(VatBecameDue)] == [50_00, 70_00]
    assert taxes(book) == [8_33, 11_67]


def test_vat_is_due_on_the_day_of_the_cash_whenever_it_is_lettered():
    book = Paper.opened(today=APRIL)
    invoice, payment = book.sell(service("100"), day=MARCH), book.pay(120_00, MARCH)
    book.match(invoice, payment)
    assert book.newest(VatBecameDue).date == MARCH


def test_of_a_locked_period_vat_is_due_on_the_first_open_day():
    book = Paper.opened(today=MARCH)
    invoice, payment = book.sell(service("100")), book.pay(120_00)
    book.today = APRIL
    book.when(steps.lock, MARCH, today=APRIL).then(PeriodLocked)
    book.match(invoice, payment)
    due = book.newest(VatBecameDue)
    assert (due.cash_date, due.date) == (MARCH, date(2026, 4, 1))


@pytest.mark.feature("M39")
def test_a_payment_that_goes_back_takes_its_vat_back_in_the_month_it_does():
    book = Paper.opened(today=MARCH)
    invoice = book.sell(service("100"))
    payment = book.tick("invoice", invoice, paid_on=MARCH)
    book.today = APRIL
    book.reverse(payment)
    assert taxes(book) == [20_00, -20_00]
    assert [due.date for due in book.all(VatBecameDue)] == [MARCH, APRIL]
    assert (balance(book, PENDING), balance(book, COLLECTED)) == (20_00, 0)
    book.tick("invoice", invoice)
    assert (balance(book, PENDING), balance(book, COLLECTED)) == (0, 20_00)


def test_money_sent_back_by_the_bank_takes_its_vat_back():
    """A returned payment is a line of its own on the statement, lettered with the first."""
    book = Paper.opened(today=MARCH)
    invoice, payment = book.sell(service("100")), book.pay(120_00)
    lettering = book.match(invoice, payment)
    book.today = APRIL
    returned = book.pay(120_00, direction="sent")
    book.unletter(lettering)
    book.letter(
        PartToLetter(entry=book.entry("payment", payment), line=1),
        PartToLetter(entry=book.entry("payment", returned), line=1),
    )
    assert taxes(book) == [20_00, -20_00]
    assert book.newest(VatBecameDue).date == APRIL


def test_a_credit_note_takes_what_waits_first():
    """120 paid 60: due is 10. A note of 60 leaves an invoice of 60 that is paid: nothing moves."""
    book = Paper.opened()
    invoice = book.sell(service("50"), service("50"))
    book.match(invoice, book.pay(60_00))
    book.credit(invoice, CreditedLine(line=0))
    assert taxes(book) == [10_00]
    assert (balance(book, PENDING), balance(book, COLLECTED)) == (0, 10_00)


def test_a_credit_note_on_what_is_paid_takes_vat_back_on_its_own_day():
    book = Paper.opened(today=MARCH)
    invoice = book.sell(service("100"))
    book.match(invoice, book.pay(120_00))
    book.today = APRIL
    note = book.credit(invoice)
    assert taxes(book) == [20_00, -20_00]
    assert book.newest(VatBecameDue).date == APRIL
    assert (balance(book, PENDING), balance(book, COLLECTED)) == (0, 0)
    book.tick("credit_note", note)
    assert len(taxes(book)) == 2


def test_a_credit_note_spent_on_another_invoice_pays_it():
    book = Paper.opened()
    first, second = book.sell(service("100")), book.sell(service("100"))
    book.match(first, book.pay(120_00))
    note = book.credit(first)
    book.letter(
        PartToLetter(entry=book.entry("invoice", second), line=0),
        PartToLetter(entry=book.entry("credit_note", note), line=0),
    )
    assert taxes(book) == [20_00, -20_00, 20_00]
    assert (balance(book, PENDING), balance(book, COLLECTED)) == (0, 20_00)


def test_an_invoice_its_credit_note_and_a_payment_in_one_lettering():
    """The note settles its own invoice, whatever the order; only the rest is paid."""
    book = Paper.opened()
    first, second = book.sell(service("100")), book.sell(service("100"))
    notes = [book.credit(each, CreditedLine(line=0, net=50_00)) for each in (second, first)]
    payment = book.pay(120_00)
    lettering = book.letter(
        *(PartToLetter(entry=book.entry("invoice", each), line=0) for each in (first, second)),
        *(PartToLetter(entry=book.entry("credit_note", each), line=0) for each in notes),
        PartToLetter(entry=book.entry("payment", payment), line=1),
    )
    pairs = {(pair.debit, pair.credit): pair.amount for pair in lettering.allocations}
    assert pairs == {(0, 3): 60_00, (1, 2): 60_00, (0, 4): 60_00, (1, 4): 60_00}
    assert taxes(book) == [10_00, 10_00]


@pytest.mark.feature("M44")
def test_a_loss_takes_away_what_still_waits():
    book = Paper.opened()
    invoice = book.sell(service("99.99"))
    book.match(invoice, book.pay(33_33))
    book.write_off(invoice)
    assert balance(book, PENDING) == 0
    assert balance(book, COLLECTED) == taxes(book)[0] == 5_56


def test_a_loss_of_what_was_paid_and_unlettered_takes_all_back():
    book = Paper.opened()
    invoice = book.sell(service("100"))
    book.unletter(book.match(invoice, book.pay(60_00)))
    book.write_off(invoice)
    assert taxes(book) == [10_00, -10_00]
    assert (balance(book, PENDING), balance(book, COLLECTED)) == (0, 0)


def test_a_difference_that_is_written_off_makes_all_vat_due():
    book = Paper.opened()
    invoice = book.sell(service("100"))
    book.tick("invoice", invoice, amount=119_98, difference="write_off")
    assert book.newest(PaymentDifferenceBooked).amount == 2
    assert (balance(book, PENDING), balance(book, COLLECTED)) == (0, 20_00)


def test_a_cent_may_make_nothing_due_and_is_counted_all_the_same():
    book = Paper.opened()
    invoice = book.sell(service("100"))
    for amount in (2, 2, 119_96):
        book.match(invoice, book.pay(amount))
    assert taxes(book) == [0, 1, 19_99]
    assert [due.paid for due in book.all(VatBecameDue)] == [2, 2, 119_96]


@pytest.mark.parametrize(
    ("new", "rate", "sides"),
    [
        (FRENCH, "20", [("411000", -2_40), ("665000", 2_00), (PENDING, 40)]),
        (BELGIAN, "21", [("400000", -2_42), ("653000", 2_42)]),
    ],
)
def test_a_cash_discount_takes_vat_off_where_the_law_has_it_so(new, rate, sides):
    book = Paper.opened(new)
    invoice = book.sell(service("100", rate))
    gross, kept = (120_00, 2_40) if new is FRENCH else (121_00, 2_42)
    book.tick("invoice", invoice, amount=gross - kept, difference="discount")
    (granted,) = book.all(CashDiscountGranted)
    position = book.place(CashDiscountGranted) + 1
    (fact,) = book.at([position])
    assert isinstance(fact.event, EntryPosted)
    assert [(x.account, x.debit - x.credit) for x in fact.event.lines] == sides
    assert granted.net + sum(share.tax for share in granted.shares) == kept
    assert balance(book, PENDING) == 0
    if new is FRENCH:
        assert balance(book, COLLECTED) == 19_60
    third_party = sides[0][0]
    assert balance(book, third_party) == 0


def test_a_cash_discount_is_on_one_invoice_of_ours():
    book = Paper.opened()
    first, second = book.sell(new_line("10")), book.sell(new_line("10"))
    parts = [PartToLetter(entry=book.entry("invoice", each), line=0) for each in (first, second)]
    paid = PartToLetter(entry=book.entry("payment", book.pay(20_00)), line=1)
    for lines in ((*parts, paid), (parts[0], replace(paid, amount=12_10))):
        refused = book.refusal(book.letter, *lines, difference="discount")
        assert isinstance(refused, DiscountIsMisplaced)
    assert book.all(CashDiscountGranted) == book.all(CreditNoteIssued) == []


def test_an_invoice_whose_credit_note_settled_another_is_lost_without_vat():
    book = Paper.opened()
    first, second = book.sell(service("100")), book.sell(service("100"))
    note = book.credit(first)
    book.letter(
        PartToLetter(entry=book.entry("invoice", second), line=0),
        PartToLetter(entry=book.entry("credit_note", note), line=0),
    )
    book.write_off(first)
    loss = book.newest(InvoiceWrittenOff)
    assert (loss.net, loss.pending_tax) == (120_00, 0)
    assert (balance(book, PENDING), balance(book, COLLECTED)) == (0, 20_00)
