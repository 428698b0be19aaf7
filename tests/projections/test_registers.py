"""The four registers on a dict: an invoice, a payment, their lettering and its undoing."""

import ast
import inspect
import random
from datetime import date, timedelta

import pytest

from domain.book.catalogue import EVENTS
from domain.book.event import Event
from domain.ledger.closing import PeriodClosed
from domain.ledger.entry import EntryPosted
from domain.operations.technical import TECHNICAL_EVENTS
from domain.parties.company import AccountMapped, BooksSynchronised
from domain.privacy.erasing import PersonalDataErased
from domain.sales.document import Totals
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered, LetteredPart
from domain.values.vat import VatAmount
from projections.archives import ArchivedDocument, ArchiveSettlement
from projections.freshness import BankJournal, FreshnessBook
from projections.history import HistoryLine
from projections.register import HERE, Register
from projections.registers import REGISTERS
from projections.unpaid import OpenItem
from projections.vat_register import VatTotal, plain_rate
from tests.books import FIRST_DAY, BookMaker, make_book, recorded
from tests.registers import Tables, in_memory

ENTRY, PAID = 5, 7


def a_sale(*more: Event) -> list[Event]:
    """Company, contact, draft, invoice, entry of 120.00 (5), payment, entry of 100.00 (7)."""
    maker = BookMaker(random.Random(0))
    maker.open_company()
    party = maker.add_contact()
    maker.invoice()
    events = maker.events[:4]
    vat = (VatAmount(category="S", rate="20.00", base=10_000, tax=2_000),)
    maker.events = list(events)
    totals = Totals(net=10_000, tax=2_000, gross=12_000, vat=vat)
    due = FIRST_DAY + timedelta(days=30)
    maker._post("VE", "invoice", "inv_00001", party, totals, sign=1, due=due)
    maker.payment()
    maker.events = maker.events[:6]
    maker.day = date(2026, 1, 20)
    maker._enter("BQ1", "payment", "pay_1", party, [("411000", -10_000), ("512100", 10_000)])
    return [*maker.events, *more]


def lettered(amount: int = 10_000, *, complete: bool = False) -> EntriesLettered:
    """The payment against the invoice."""
    return EntriesLettered(
        lettering_id="let_1",
        account="411000",
        party="con_0000",
        currency="EUR",
        code="aaa",
        year=2026,
        ordinal=1,
        complete=complete,
        date=date(2026, 1, 20),
        parts=(
            LetteredPart(entry=ENTRY, line=0, amount=amount),
            LetteredPart(entry=PAID, line=0, amount=-amount),
        ),
    )


def unlettered() -> EntriesUnlettered:
    """The same undone."""
    made = lettered()
    return EntriesUnlettered(
        lettering_id=made.lettering_id,
        account=made.account,
        party=made.party,
        currency=made.currency,
        code=made.code,
        date=date(2026, 2, 3),
        parts=made.parts,
        reason="",
    )


def tables(*more: Event) -> Tables:
    """The registers after the sale and what followed."""
    return in_memory(recorded(a_sale(*more)))


@pytest.mark.feature("V26", "C4")
def test_an_invoice_is_open_by_its_gross_amount_until_its_due_date() -> None:
    item = tables()["open_item"][ENTRY, 0]
    assert isinstance(item, OpenItem)
    assert (item.amount, item.open, item.side) == (12_000, 12_000, "customers")
    assert (item.issue_date, item.due_date) == (FIRST_DAY, FIRST_DAY + timedelta(days=30))


@pytest.mark.feature("C7", "C4")
def test_a_partial_lettering_leaves_the_rest_open_and_the_document_unpaid() -> None:
    found = tables(lettered())
    item, document = found["open_item"][ENTRY, 0], found["archive_document"][ENTRY]
    assert isinstance(item, OpenItem)
    assert isinstance(document, ArchivedDocument)
    assert (item.open, document.unsettled) == (2_000, 2_000)
    payment = found["archive_document"][PAID]
    assert isinstance(payment, ArchivedDocument)
    assert (payment.unsettled, payment.amount, payment.journal_kind) == (0, 10_000, "bank")


def test_unlettering_revives_the_items_and_spends_the_code() -> None:
    before, after = tables(), tables(lettered(), unlettered())
    for table in ("open_item", "history_line", "archive_document", "archive_settlement"):
        assert after[table] == before[table]
    assert [row.amount for row in after["open_item_settlement"].values()] == [  # type: ignore[attr-defined]
        10_000,
        -10_000,
        -10_000,
        10_000,
    ]


def test_a_lettering_code_stands_on_the_lines_while_it_lives() -> None:
    lines = tables(lettered())["history_line"]
    assert [line.codes for line in lines.values() if isinstance(line, HistoryLine)] == [
        ("aaa",),
        ("aaa",),
    ]
    settled = tables(lettered())["archive_settlement"][ENTRY, "let_1"]
    assert isinstance(settled, ArchiveSettlement)
    assert settled.code == "aaa"


@pytest.mark.feature("C2", "C3")
def test_both_dates_of_every_answer() -> None:
    found = tables(BooksSynchronised(entries_until=date(2026, 1, 31)))
    assert found["bank_journal"] == {
        "BQ1": BankJournal("BQ1", "Banque", date(2026, 1, 20), False),
        "BQ2": BankJournal("BQ2", "Seconde banque", None, False),
    }
    assert found["freshness_book"] == {(): FreshnessBook(date(2026, 1, 31))}


def test_a_line_without_party_on_a_mapped_account_is_not_lost() -> None:
    events = a_sale(AccountMapped(role="customers", account="411900"))
    posted = events[PAID - 1]
    assert isinstance(posted, EntryPosted)
    maker = BookMaker(random.Random(0), events=events)
    maker._enter("OD", "entry", "ent_1", "", [("411900", 50), ("411000", -50), ("401000", 0)])
    found = in_memory(recorded(maker.events))["history_line"]
    position = len(maker.events)
    assert {key for key in found if key[0] == position} == {
        (position, 0),
        (position, 1),
        (position, 2),
    }


@pytest.mark.feature("V24")
def test_credit_notes_count_negative_and_apart() -> None:
    events = make_book(3, 300)
    totals = in_memory(recorded(events))["vat_total"].values()
    assert all(isinstance(t, VatTotal) and t.credit_base <= 0 <= t.base for t in totals)
    assert any(isinstance(t, VatTotal) and t.credit_base < 0 for t in totals)


@pytest.mark.parametrize(
    ("written", "plain"), [("20.00", "20"), ("5.50", "5.5"), ("0", "0"), ("100", "100")]
)
def test_a_rate_is_one_however_it_is_written(written: str, plain: str) -> None:
    assert plain_rate(written) == plain


@pytest.mark.parametrize("register", REGISTERS, ids=lambda each: each.name)
def test_a_register_receives_every_event_it_has_a_case_for(register: Register) -> None:
    """Goal: an event named in needs or apply and forgotten in `events` would never arrive."""
    module = ast.parse(inspect.getsource(inspect.getmodule(type(register))))  # type: ignore[arg-type]
    named = {
        node.id
        for function in ast.walk(module)
        if isinstance(function, ast.FunctionDef) and function.name in {"needs", "apply"}
        for node in ast.walk(function)
        if isinstance(node, ast.Name)
    }
    folds = vars(inspect.getmodule(type(register))).get("FOLDS", {})
    named |= {event.__name__ for event in folds}  # or what each event does is said in a table
    events = {event.__name__ for event in EVENTS}
    assert named & events == {event.__name__ for event in register.events}


@pytest.mark.parametrize("register", REGISTERS, ids=lambda each: each.name)
def test_a_register_has_a_twin_and_tables_of_its_own(register: Register) -> None:
    assert (HERE / f"{register.name}.sql").is_file()
    others = {row.table for each in REGISTERS if each is not register for row in each.rows}
    assert not others & {row.table for row in register.rows}


def test_a_comment_does_not_change_the_digest_but_the_tables_do() -> None:
    digests = {register.digest() for register in REGISTERS}
    assert len(digests) == len(REGISTERS)


@pytest.mark.parametrize("register", REGISTERS, ids=lambda register: register.name)
def test_no_register_reads_what_happens_to_the_system(register: Register) -> None:
    assert not {*TECHNICAL_EVENTS, PersonalDataErased, PeriodClosed} & {*register.events}
