"""Bank statements through the store: imported once, booked whole, matched, lettered."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from domain.book.event import Event
from domain.book.refusal import Refusals, Refused
from domain.ledger.entry import EntryPosted
from domain.ledger.period import PeriodIsLocked
from domain.parties.company import Company
from domain.parties.particulars import BankAccount
from domain.sales.invoice import InvoiceValidated
from domain.treasury.bank_account import BankAccountIsUnknown, JournalIsLinked
from domain.treasury.lettering import EntriesLettered
from domain.treasury.payment import DateIsInFuture, PaymentRecorded
from domain.treasury.statement import (
    StatementDoesNotFollow,
    StatementImported,
    StatementIsAnother,
    StatementIsMissing,
    StatementIsUnknown,
)
from services import banking, companies, directory, ledger, purchasing
from services.banking import ImportedFile, import_statements
from services.loading import load_company
from services.matching import CurrentRegisters
from services.replay.engine import Engine
from services.replay.reading import Readers
from tests.domain.steps import BELGIAN, CUSTOMER, new_bill, new_line
from tests.services.files.statement_samples import OURS, SUPPLIER, THEIRS, Move, coda
from tests.services.use_cases.conftest import Desk


class Bank(Desk):
    """A company with a linked bank account, and the statements that it imports."""

    registers: CurrentRegisters

    def take(self, text: str | bytes, **options: str) -> ImportedFile:
        """Imports a file."""
        content = text if isinstance(text, bytes) else text.encode("cp1252")
        command = self.command()
        return import_statements(self.store, self.registers, self.book, content, command, **options)

    def refused(self, text: str) -> Refused:
        """Why a file is not imported; nothing of it is in the book."""
        before = self.store.head(self.book).size
        with pytest.raises(Refusals) as caught:
            self.take(text)
        assert self.store.head(self.book).size == before
        return caught.value.refused

    def all(self, kind: type[Event]) -> list:
        """Every event of a type."""
        return [fact.event for fact in self.store.read(self.book) if isinstance(fact.event, kind)]

    def switch_on(self) -> None:
        """What is certain is lettered by itself."""
        option = "automatic_lettering"
        companies.set_option(self.store, self.book, option, self.command(), on=True)

    def sold(self, net: str = "1000.00") -> InvoiceValidated:
        """A new invoice at 21 %."""
        self.invoiced(new_line(net, "21"))
        return self.all(InvoiceValidated)[-1]

    def balances(self) -> dict[str, int]:
        """Debit minus credit of every account."""
        found: dict[str, int] = {}
        for entry in self.all(EntryPosted):
            for line in entry.lines:
                found[line.account] = found.get(line.account, 0) + line.debit - line.credit
        return found


@pytest.fixture
def registers(database_url: str) -> Iterator[CurrentRegisters]:
    """The live registers of the worker's database."""
    engine, readers = Engine(database_url), Readers(database_url)
    yield CurrentRegisters(engine, readers)
    readers.close()
    engine.stop()


@pytest.fixture
def bank(desk: Desk, registers: CurrentRegisters) -> Bank:
    """A Belgian company whose bank account is linked to its journal."""
    opened = Bank(desk.store, desk.clock, BELGIAN)
    opened.registers = registers
    banking.link_account(opened.store, opened.book, OURS, "BNK", opened.command())
    return opened


def test_the_sample_goes_from_its_old_to_its_new_balance(bank: Bank, shared_folder: Path):
    bank.clock.now = datetime(2026, 11, 21, 9, tzinfo=UTC)
    content = (shared_folder / "conformance" / "bank" / "sample.coda").read_bytes()
    (taken,) = bank.take(content).statements
    said = taken.imported.event.statement
    assert (said.number, said.opening, said.closing) == (224, 500_000, 607_690)
    assert (taken.booked.payments, taken.booked.waiting) == (4, 4)
    assert bank.balances()["550000"] == 107_690 == -bank.balances()["499000"]
    paid = bank.all(PaymentRecorded)
    assert [each.statement_line for each in paid] == [1, 2, 3, 4]
    assert paid[0].structured == "001202600138"
    assert paid[0].counterparty.name == "CLIENT ALPHA SRL"


@pytest.mark.feature("C3", "C11")
def test_a_statement_is_imported_once(bank: Bank):
    text = coda([Move(12_100, "avance", iban=THEIRS), Move(-1_210, "frais", family="35")])
    first = bank.take(text)
    size = bank.size
    assert not first.already
    again = bank.take(text)
    assert again.already
    assert bank.size == size
    assert again.statements[0].imported == first.statements[0].imported
    marked = coda(
        [Move(12_100, "avance", iban=THEIRS), Move(-1_210, "frais", family="35")], duplicate="D"
    )
    assert bank.take(marked).already
    past = bank.store.past(bank.book)
    found = banking.get_statement(past, first.statements[0].imported.event.statement_id)
    assert found == first.statements[0].imported
    with pytest.raises(Refusals) as caught:
        banking.get_statement(past, "stm_nobody")
    assert isinstance(caught.value.refused, StatementIsUnknown)
    kept = bank.store.file(bank.book, first.statements[0].imported.event.file)
    assert kept is not None
    assert kept.content == text.encode()
    assert isinstance(bank.refused(coda([Move(12_200)])), StatementIsAnother)


def test_a_repeated_command_gives_the_first_answer(bank: Bank):
    content = coda([Move(12_100), Move(500)]).encode()
    command = bank.command()
    store, registers, book = bank.store, bank.registers, bank.book
    first = import_statements(store, registers, book, content, command)
    again = import_statements(store, registers, book, content, command)
    assert again.replayed
    assert again.statements == first.statements


@pytest.mark.feature("C3")
def test_statements_follow_each_other(bank: Bank):
    bank.take(coda([Move(10_000)], opening=0))
    missing = bank.refused(coda([Move(1)], opening=10_000, number=3))
    assert isinstance(missing, StatementIsMissing)
    gap = bank.refused(coda([Move(1)], opening=10_001, number=2))
    assert isinstance(gap, StatementDoesNotFollow)
    bank.take(coda([Move(1)], opening=10_000, number=2))
    bank.clock.now = datetime(2027, 1, 5, 9, tzinfo=UTC)
    new_year = date(2027, 1, 4)
    bank.take(coda([Move(2, day=new_year)], opening=10_001, number=1, day=new_year))
    assert len(bank.all(StatementImported)) == 3


def test_two_statements_of_a_file_go_in_together_or_not_at_all(bank: Bank):
    first = coda([Move(1_000)], opening=0, further="1")
    bank.take(first + coda([Move(2_000)], opening=1_000, number=2))
    assert bank.balances()["550000"] == 3_000
    third = coda([Move(1_000)], opening=3_000, number=3, further="1")
    refused = bank.refused(third + coda([Move(2_000)], opening=9_000, number=4))
    assert isinstance(refused, StatementDoesNotFollow)


@pytest.mark.feature("C12")
def test_the_journal_is_that_of_the_account(bank: Bank):
    other = bank.refused(coda([Move(1)], account=THEIRS))
    assert isinstance(other, BankAccountIsUnknown)
    with pytest.raises(Refusals) as caught:
        banking.link_account(bank.store, bank.book, THEIRS, "BNK", bank.command())
    assert isinstance(caught.value.refused, JournalIsLinked)
    assert banking.diagnose_journals(bank.store.past(bank.book)) == []


def test_nothing_is_half_booked(bank: Bank):
    """A line in a locked month, or of tomorrow, refuses the whole statement by its line."""
    tomorrow = bank.refused(coda([Move(1), Move(2, day=date(2026, 3, 17))]))
    assert isinstance(tomorrow, DateIsInFuture)
    assert tomorrow.pointer == "/lines/2/date"
    ledger.lock_period(bank.store, bank.book, date(2026, 2, 28), "", bank.command())
    locked = bank.refused(coda([Move(1), Move(2, day=date(2026, 2, 27))]))
    assert isinstance(locked, PeriodIsLocked)


@pytest.mark.feature("C4", "C7")
def test_a_structured_communication_settles_its_invoice(bank: Bank):
    bank.switch_on()
    invoice = bank.sold()
    said = invoice.payment_reference.strip("+").replace("/", "")
    (taken,) = bank.take(coda([Move(121_000, structured=said, iban=THEIRS)])).statements
    assert (taken.booked.waiting, taken.booked.lettered) == (0, 1)
    (lettered,) = bank.all(EntriesLettered)
    assert lettered.complete
    assert lettered.reason == "structured"
    assert bank.balances()["400000"] == 0


@pytest.mark.feature("C7", "M45")
def test_what_is_certain_waits_until_the_company_says_so(bank: Bank):
    invoice = bank.sold()
    bank.take(coda([Move(121_000, f"facture {invoice.payment_reference}", iban=THEIRS)]))
    assert bank.all(EntriesLettered) == []
    (paid,) = bank.all(PaymentRecorded)
    assert (paid.role, paid.party) == ("customers", bank.customer)


@pytest.mark.feature("M45", "C7")
def test_two_payments_of_one_invoice_and_one_too_much(bank: Bank):
    """The second takes what is left, the third stays open as an advance: in one statement."""
    bank.switch_on()
    said = bank.sold().payment_reference.strip("+").replace("/", "")
    moves = [Move(amount, structured=said, iban=THEIRS) for amount in (100_000, 30_000, 5_000)]
    (taken,) = bank.take(coda(moves)).statements
    assert taken.booked.lettered == 2
    assert [each.complete for each in bank.all(EntriesLettered)] == [False, False]
    assert sum(part.amount for each in bank.all(EntriesLettered) for part in each.parts) == 0
    assert bank.balances()["400000"] == 121_000 - 135_000


@pytest.mark.feature("C4")
def test_an_account_that_is_known_says_whose_money_it_is(bank: Bank):
    """Known from the contact itself (sealed in the book), or from an earlier payment."""
    details = replace(CUSTOMER, bank_accounts=(BankAccount(iban=THEIRS),), external_id="")
    directory.change_contact(bank.store, bank.book, bank.customer, details, bank.command())
    bank.switch_on()
    bank.sold()
    bank.take(coda([Move(121_000, "merci", iban=THEIRS)]))
    (lettered,) = bank.all(EntriesLettered)
    assert lettered.reason == "account_and_amount"
    bank.take(coda([Move(77, "autre chose", iban=THEIRS)], opening=621_000, number=2))
    assert bank.all(PaymentRecorded)[-1].party == bank.customer
    assert len(bank.all(EntriesLettered)) == 1


@pytest.mark.feature("C4")
def test_a_supplier_is_paid_by_his_communication(bank: Bank):
    bank.switch_on()
    bill = replace(new_bill(supplier_id=bank.supplier), payment_reference="+++090/9337/55493+++")
    purchasing.record_bill(bank.store, bank.book, bill, bank.command())
    bank.take(coda([Move(-12_100, structured="090933755493", iban=SUPPLIER)]))
    (lettered,) = bank.all(EntriesLettered)
    assert (lettered.party, lettered.complete) == (bank.supplier, True)
    assert bank.balances()["440000"] == 0


def test_independent_statements_come_in_any_order(bank: Bank):
    """Balances do not depend on which account's statement comes first."""
    other = "BE71096123456769"
    journals = [
        replace(each, code=code, account=account)
        for each, code, account in zip(
            [journal for journal in _company(bank).journals if journal.kind == "bank"] * 2,
            ("BNK", "BN2"),
            ("550000", "550200"),
            strict=True,
        )
    ]
    rest = tuple(each for each in _company(bank).journals if each.kind != "bank")
    found = []
    for order in (1, -1):
        opened = Bank(bank.store, bank.clock, replace(BELGIAN, journals=(*journals, *rest)))
        opened.registers = bank.registers
        opened.switch_on()
        for account, code in ((OURS, "BNK"), (other, "BN2")):
            banking.link_account(opened.store, opened.book, account, code, opened.command())
        said = opened.sold().payment_reference.strip("+").replace("/", "")
        texts = [
            coda([Move(50_000, structured=said), Move(-99)]),
            coda([Move(71_000, structured=said), Move(5)], account=other),
        ]
        for text in texts[::order]:
            opened.take(text)
        found.append(opened.balances())
    assert found[0] == found[1]
    assert found[0]["400000"] == 0


def _company(bank: Bank) -> Company:
    return load_company(bank.store.past(bank.book))


@pytest.mark.slow
def test_a_long_statement_is_booked_in_one_transaction(bank: Bank):
    bank.take(coda([Move(10, f"{n}", iban=THEIRS) for n in range(4_000)]))
    assert len(bank.all(PaymentRecorded)) == 4_000
