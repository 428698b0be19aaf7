"""The order in which bank statements are imported does not matter, and neither does a second time.

Statements of one account have one order: their numbers refuse any other. Those of several accounts
come in any order, each again at any moment.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from msgspec.structs import replace

from domain.ledger.entry import EntryPosted
from domain.parties.particulars import BankAccount
from domain.sales.invoice import InvoiceValidated
from domain.treasury.lettering import EntriesLettered
from domain.treasury.payment import PaymentRecorded
from domain.treasury.statement import StatementImported, StatementIsMissing
from services import banking, directory
from services.assigning import propose_for
from services.loading import load_company
from tests.domain.steps import BELGIAN, CUSTOMER
from tests.services.files.statement_samples import OURS, THEIRS, Move, coda
from tests.services.use_cases.test_banking_use_cases import Bank, bank, registers

__all__ = ["bank", "registers"]

ACCOUNTS = {OURS: ("BNK", "550000"), "BE71096123456769": ("BN2", "550200")}
INVOICES = ("100.00", "100.00", "250.00")
UNKNOWN = "BE61310126985517"
FEW = settings(
    max_examples=6,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@dataclass(frozen=True)
class Said:
    """A line: how it names an invoice, and which; how much (0: all of it), from which account."""

    how: str
    invoice: int
    amount: int
    iban: str

    def move(self, sold: Sequence[InvoiceValidated]) -> Move:
        """The line in a book with these invoices."""
        invoice = sold[self.invoice]
        amount = self.amount or invoice.totals.gross
        if self.how == "structured":
            reference = invoice.payment_reference.strip("+").replace("/", "")
            return Move(amount, structured=reference, iban=self.iban)
        text = invoice.document_number if self.how == "number" else "versement"
        return Move(-amount if self.how == "charge" else amount, text, iban=self.iban)


Script = tuple[list[list[Said]], list[list[Said]]]


def scripts(*how: str) -> some.SearchStrategy[tuple[Script, list[int], list[int]]]:
    """The statements of two accounts, and two orders in which both are brought."""
    said = some.builds(
        Said,
        how=some.sampled_from(how),
        invoice=some.integers(0, len(INVOICES) - 1),
        amount=some.sampled_from([0, 5_000, 12_100, 40_000]),
        iban=some.sampled_from(["", THEIRS, UNKNOWN]),
    )
    statements = some.lists(some.lists(said, min_size=1, max_size=2), min_size=1, max_size=3)
    return some.tuples(statements, statements).flatmap(
        lambda script: some.tuples(
            some.just(script), some.permutations(_turns(script)), some.permutations(_turns(script))
        )
    )


def _turns(script: Script) -> list[int]:
    return [account for account, statements in enumerate(script) for _ in statements]


def opened(bank: Bank, *, automatic: bool) -> tuple[Bank, list[InvoiceValidated]]:
    """A company with two bank accounts, a customer whose card names one, and what he owes."""
    known = load_company(bank.store.past(bank.book)).journals
    one = next(each for each in known if each.kind == "bank")
    journals = [replace(one, code=code, account=number) for code, number in ACCOUNTS.values()]
    rest = [each for each in known if each.kind != "bank"]
    fresh = Bank(bank.store, bank.clock, replace(BELGIAN, journals=(*journals, *rest)))
    fresh.registers = bank.registers
    details = replace(CUSTOMER, bank_accounts=(BankAccount(iban=THEIRS),), external_id="")
    directory.change_contact(fresh.store, fresh.book, fresh.customer, details, fresh.command())
    for account, (code, _) in ACCOUNTS.items():
        banking.link_account(fresh.store, fresh.book, account, code, fresh.command())
    if automatic:
        fresh.switch_on()
    return fresh, [fresh.sold(net) for net in INVOICES]


def bring(bank: Bank, sold: Sequence[InvoiceValidated], script: Script, order: list[int]) -> None:
    """Imports in that order; what came comes again, and the last comes too early."""
    files = [_files(account, each, sold) for account, each in zip(ACCOUNTS, script, strict=True)]
    came = [0, 0]
    for turn in order:
        mine = files[turn]
        if came[turn] and came[turn] + 1 < len(mine):
            assert isinstance(bank.refused(mine[-1]), StatementIsMissing)
        assert not bank.take(mine[came[turn]]).already
        came[turn] += 1
        size = bank.size
        assert all(bank.take(each).already for each in mine[: came[turn]])
        assert bank.size == size


def _files(account: str, statements: list[list[Said]], sold: Sequence[InvoiceValidated]) -> Any:
    opening, files = 0, []
    for number, lines in enumerate(statements, start=1):
        moves = [line.move(sold) for line in lines]
        files.append(coda(moves, opening=opening, number=number, account=account))
        opening += sum(move.amount for move in moves)
    return files


class End:
    """How a book ends up, in words that do not depend on ids and positions."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._statements = {
            each.statement_id: (each.journal, each.statement.number)
            for each in bank.all(StatementImported)
        }
        self.paid = {each.payment_id: each for each in bank.all(PaymentRecorded)}
        self.balances: Counter[Any] = Counter()
        self.invoices: Counter[str] = Counter()
        self.open_of: dict[Any, int] = {}
        self._read()

    def _read(self) -> None:
        settled: Counter[Any] = Counter()
        for lettering in self._bank.all(EntriesLettered):
            for part in lettering.parts:
                settled[part.entry, part.line] += part.amount
        for fact in self._bank.store.read(self._bank.book):
            if not isinstance(fact.event, EntryPosted):
                continue
            document = fact.event.document
            for nth, line in enumerate(fact.event.lines):
                amount = line.debit - line.credit
                self.balances[line.account, self._bank.customer == line.party] += amount
                if not line.party:
                    continue
                left = amount - settled[fact.position, nth]
                if document.kind == "invoice":
                    self.invoices[document.number] += left
                else:
                    self.open_of[self.line(document.id)] = left

    def line(self, payment_id: str) -> Any:
        """A payment's place: journal, statement, line."""
        paid = self.paid[payment_id]
        return (*self._statements[paid.statement_id], paid.statement_line)

    def proposals(self) -> dict[Any, Any]:
        """What each line that waits may be, in any order of equals."""
        bank = self._bank
        return {
            self.line(payment_id): {
                (
                    each.rule,
                    each.confidence,
                    each.account,
                    each.party == bank.customer,
                    tuple((item.number, item.amount) for item in each.items),
                )
                for each in propose_for(bank.store, bank.registers, bank.book, payment_id)[1]
            }
            for payment_id, paid in self.paid.items()
            if paid.role == "suspense"
        }


@pytest.mark.feature("C3", "C4")
@FEW
@given(scripts("structured", "number", "text", "charge"))
def test_no_order_of_imports_changes_the_books(bank: Bank, script: Any) -> None:
    """Goal: balances, open items and proposals depend on what the statements say alone. Method:
    the same statements of two accounts in two random orders, each brought again after each."""
    ends = []
    for order in script[1:]:
        fresh, sold = opened(bank, automatic=False)
        bring(fresh, sold, script[0], order)
        ends.append(End(fresh))
    one, other = ends
    assert one.balances == other.balances
    assert (one.invoices, one.open_of) == (other.invoices, other.open_of)
    assert one.proposals() == other.proposals()


@pytest.mark.feature("C4", "C7")
@FEW
@given(scripts("structured", "charge"))
def test_no_order_of_imports_changes_what_is_settled(bank: Bank, script: Any) -> None:
    """Goal: lettered by themselves, lines that say what they pay settle the same of each invoice.
    Whose money came too much depends on who came first, its sum does not."""
    ends = []
    for order in script[1:]:
        fresh, sold = opened(bank, automatic=True)
        bring(fresh, sold, script[0], order)
        ends.append(End(fresh))
    one, other = ends
    assert one.balances == other.balances
    assert one.invoices == other.invoices
    assert sum(one.open_of.values()) == sum(other.open_of.values())


def test_what_a_line_teaches_is_proposed_and_books_nothing(bank: Bank) -> None:
    """An account that one line tells does not book the next: the other order would not have."""
    fresh, sold = opened(bank, automatic=True)
    told = Said("structured", 0, 0, UNKNOWN).move(sold)
    fresh.take(coda([told], opening=0))
    fresh.take(coda([Move(77, "versement", iban=UNKNOWN)], opening=told.amount, number=2))
    paid = fresh.all(PaymentRecorded)[-1]
    assert paid.role == "suspense"
    _, (proposal,) = propose_for(fresh.store, fresh.registers, fresh.book, paid.payment_id)
    assert (proposal.rule, proposal.party) == ("account", fresh.customer)


def test_statements_out_of_order_are_refused_for_good(bank: Bank) -> None:
    """Begun with the second, the first never comes in: nothing is booked twice or out of turn."""
    first, second = coda([Move(1)], opening=0), coda([Move(2)], opening=1, number=2)
    bank.take(second)
    assert isinstance(bank.refused(first), StatementIsMissing)
    assert bank.take(second).already
