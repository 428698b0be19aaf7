"""Cheques through the store: in hand, on a slip, on the bank; a slip is reversed as one."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from domain.book.refusal import Refusals, Refused
from domain.ledger.entry import EntryPosted
from domain.ledger.period import PeriodIsLocked
from domain.parties.describing import Description
from domain.treasury.cheque_deposit import ChequeDeposit, ChequeDepositReversed
from domain.treasury.cheque_refusals import (
    ChequeDepositIsReversed,
    ChequeDepositIsUnknown,
    ChequeIsDeposited,
    ChequeIsNotDepositable,
    DepositDayIsWrong,
    NothingToDeposit,
)
from domain.treasury.depositing_cheques import NewCheque, NewChequeDeposit
from domain.treasury.payment import Counterparty, DateIsInFuture, NewPayment
from domain.treasury.reversing import NewReversal
from domain.treasury.ticking import NewTick
from services import companies, ledger, settling
from services.cheque_deposits import (
    deposit_cheques,
    find_cheque,
    get_cheque_deposit,
    reverse_cheque_deposit,
)
from services.printing.originals import Printshop
from services.printing.press import Press
from services.settling import Document
from services.treasury import record_payment
from tests.domain.steps import DAY, PARIS, new_line, received
from tests.services.use_cases.auditing import findings
from tests.services.use_cases.conftest import Desk


def cheque(desk: Desk, amount: int, **others: object) -> str:
    """A cheque of the customer, in hand."""
    fields = {"party": desk.customer, "means": "cheque", "reference": "0001234", **others}
    new: NewPayment = received(amount, **fields)
    written = record_payment(desk.store, desk.book, new, desk.command())
    return written.answer.document.payment_id


def deposit(desk: Desk, *payments: str, **others: object) -> ChequeDeposit:
    cheques = tuple(NewCheque(payment_id=each, bank="Banque fictive") for each in payments)
    new = NewChequeDeposit(cheques=cheques, **others)  # type: ignore[arg-type]
    return deposit_cheques(desk.store, desk.book, new, desk.command()).answer


def reverse(desk: Desk, known: ChequeDeposit, **others: date) -> ChequeDeposit:
    own = known.document.deposit_id
    return reverse_cheque_deposit(
        desk.store, desk.book, own, "refusé", desk.command(), **others
    ).answer


def balances(desk: Desk) -> dict[str, int]:
    """What each account comes to, over all entries."""
    sums: dict[str, int] = {}
    for fact in desk.store.read(desk.book, types=(EntryPosted.stored_as,)):
        assert isinstance(fact.event, EntryPosted)
        for line in fact.event.lines:
            sums[line.account] = sums.get(line.account, 0) + line.debit - line.credit
    return sums


def refused(kind: type[Refused], step: object, *args: object, **kwargs: object) -> None:
    with pytest.raises(Refusals) as caught:
        step(*args, **kwargs)  # type: ignore[operator]
    assert isinstance(caught.value.refused, kind), caught.value.refused


@pytest.mark.feature("M41")
def test_cheques_wait_in_hand_until_their_slip_brings_them_to_the_bank(desk: Desk):
    first, other = cheque(desk, 12_000), cheque(desk, 3_000)
    assert balances(desk) == {"511200": 15_000, "411000": -15_000}
    known = deposit(desk, first, other)
    assert known.document.document_number == "RC-2026-00001"
    assert known.document.total == sum(each.amount for each in known.document.cheques) == 15_000
    assert balances(desk) == {"511200": 0, "411000": -15_000, "512000": 15_000}
    refused(ChequeIsDeposited, deposit, desk, first)
    new = NewReversal(reason="impayé")
    take_back = settling.reverse_payment
    refused(ChequeIsDeposited, take_back, desk.store, desk.book, first, new, desk.command())


@pytest.mark.feature("M41")
def test_a_slip_is_reversed_as_one_and_its_cheques_wait_again(desk: Desk):
    first, other = cheque(desk, 12_000), cheque(desk, 3_000)
    known = deposit(desk, first, other)
    undone = reverse(desk, known)
    assert isinstance(undone.reversed, ChequeDepositReversed)
    assert balances(desk)["511200"] == 15_000
    assert balances(desk)["512000"] == 0
    refused(ChequeDepositIsReversed, reverse, desk, known)
    new = NewReversal(reason="impayé")
    settling.reverse_payment(desk.store, desk.book, first, new, desk.command())
    refused(ChequeIsNotDepositable, deposit, desk, first, other)
    assert deposit(desk, other).document.document_number == "RC-2026-00002"
    assert balances(desk) == {"511200": 0, "411000": -3_000, "512000": 3_000}


@pytest.mark.feature("M41")
def test_only_cheques_in_hand_go_on_a_slip_each_once_and_in_time(desk: Desk):
    one = cheque(desk, 12_000)
    transfer = cheque(desk, 12_000, means="transfer")
    of_the_bank = cheque(desk, 5_000, statement_id="stm_1", statement_line=1)
    refused(NothingToDeposit, deposit, desk)
    for wrong in ((transfer,), (of_the_bank,), ("pay_9",), (one, one)):
        refused(ChequeIsNotDepositable, deposit, desk, *wrong)
    refused(DepositDayIsWrong, deposit, desk, one, deposited_on=date(2026, 3, 11))
    refused(DateIsInFuture, deposit, desk, one, deposited_on=DAY + timedelta(days=1))
    known = deposit(desk, one)
    refused(DepositDayIsWrong, reverse, desk, known, reversed_on=date(2026, 3, 15))
    refused(ChequeDepositIsUnknown, get_cheque_deposit, desk.store.past(desk.book), "chd_9")
    assert find_cheque(desk.store.past(desk.book), transfer) is None


@pytest.mark.feature("M41", "V16")
def test_nothing_is_deposited_into_a_locked_period(desk: Desk):
    one = cheque(desk, 12_000)
    until = date(2026, 3, 14)
    ledger.lock_period(desk.store, desk.book, until, "clôture", desk.command())
    refused(PeriodIsLocked, deposit, desk, one, deposited_on=date(2026, 3, 13))


@pytest.mark.feature("M41")
def test_the_slip_is_printed_once_with_drawer_bank_number_and_invoices(
    desk: Desk, pdf_libraries: None
):
    said = Description(
        name="Atelier fictif SARL",
        address=PARIS,
        vat_number="FR25900000019",
        ibans=("FR7630006000011234567890189",),
    )
    companies.describe_company(desk.store, desk.book, said, desk.command())
    invoice_id = desk.invoiced(new_line("100"))
    tick = NewTick(means="cheque", reference="0001234")
    ticked = settling.settle_document(
        desk.store, desk.book, Document("invoice", invoice_id), tick, desk.command()
    )
    other = cheque(desk, 3_000, counterparty=Counterparty(name="Zoé Tireuse"))
    known = deposit(desk, ticked.answer.payment.document.payment_id, other)
    assert known.document.cheques[0].documents == ("FA-2026-00001",)
    press = Press()
    shop = Printshop(desk.store, press)
    own = known.document.deposit_id
    slip = shop.original(desk.book, "cheque_deposit", own)
    assert shop.original(desk.book, "cheque_deposit", own) == slip
    press.close()
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(slip.content)).pages)
    for words in ("Remise de chèques", "RC-2026-00001", "Zoé Tireuse", "Banque fictive",
                  "0001234", "FA-2026-00001", "150,00", "FR76"):  # fmt: skip
        assert words in text.replace("\u00a0", " "), words
    assert "Facture " not in text


@pytest.mark.feature("M41")
def test_an_auditor_derives_the_entries_of_slips_again(desk: Desk):
    reverse(desk, deposit(desk, cheque(desk, 12_000), cheque(desk, 3_000)))
    assert findings(desk) == []
