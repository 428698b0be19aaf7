"""Sales through the store: numbers, replies to repeated commands, and what a command costs."""

from datetime import UTC, date, datetime
from threading import Thread

import pytest

from domain.book.refusal import Refusals
from domain.ledger.entry import EntryPosted
from domain.sales.credit_note import CreditNoteIsUnknown, NewCreditNote
from domain.sales.frozen import IssuedIsNotDeleted, NumberIsFrozen
from domain.sales.invoice import Discarded, Draft, InvoiceIsUnknown, Validated
from services import invoicing
from services.store.pen import Command
from services.store.reading import Reads
from tests.domain.steps import new_line
from tests.services.use_cases.conftest import Desk


@pytest.mark.feature("M15", "M22")
def test_an_invoice_goes_from_draft_to_a_number_and_an_entry(desk: Desk):
    invoice_id = desk.drafted(new_line("100.00"))
    revised = invoicing.revise_invoice(
        desk.store, desk.book, invoice_id, desk.asked(new_line("50.00")), desk.command()
    )
    assert isinstance(revised.answer, Draft)
    written = invoicing.validate_invoice(desk.store, desk.book, invoice_id, desk.command())
    assert isinstance(written.answer, Validated)
    assert written.answer.document.document_number == "FA-2026-00001"
    assert written.answer.document.totals.gross == 6000
    assert [type(fact.event) for fact in written.events][1] is EntryPosted
    assert written.position == desk.size


@pytest.mark.feature("M30")
def test_a_refusal_writes_nothing_and_names_its_cause(desk: Desk):
    invoice_id = desk.invoiced()
    size = desk.size
    for kind, again, more in (
        (NumberIsFrozen, invoicing.validate_invoice, ()),
        (IssuedIsNotDeleted, invoicing.discard_invoice, ("",)),
    ):
        with pytest.raises(Refusals) as refusal:
            again(desk.store, desk.book, invoice_id, *more, desk.command())
        assert isinstance(refusal.value.refused, kind)
        assert refusal.value.refused.position == size - 1
    with pytest.raises(Refusals, match="kept per third party"):
        desk.drafted(new_line(account="411000"))
    assert desk.size == size


def test_a_command_that_comes_again_answers_what_it_answered(desk: Desk):
    command = Command(id="draft-once", actor="test")
    first = invoicing.draft_invoice(desk.store, desk.book, desk.asked(), command)
    invoice_id = first.answer.invoice_id
    invoicing.validate_invoice(desk.store, desk.book, invoice_id, desk.command())
    again = invoicing.draft_invoice(desk.store, desk.book, desk.asked(), command)
    assert again.replayed
    assert again.answer == first.answer
    assert isinstance(again.answer, Draft)
    note = Command(id="credit-once", actor="test")
    wanted = NewCreditNote(reason="retour")
    issued = invoicing.issue_credit_note(desk.store, desk.book, invoice_id, wanted, note)
    repeated = invoicing.issue_credit_note(desk.store, desk.book, invoice_id, wanted, note)
    assert repeated.replayed
    assert repeated.answer == issued.answer
    assert issued.answer.document.totals.gross == 12000


@pytest.mark.feature("M16")
def test_the_issue_date_is_today_where_the_company_is(desk: Desk):
    desk.clock.now = datetime(2026, 3, 16, 23, 30, tzinfo=UTC)
    written = invoicing.validate_invoice(desk.store, desk.book, desk.drafted(), desk.command())
    assert isinstance(written.answer, Validated)
    assert written.answer.document.issue_date == date(2026, 3, 17)


def test_a_discarded_draft_leaves_no_gap(desk: Desk):
    given_up = desk.drafted()
    written = invoicing.discard_invoice(desk.store, desk.book, given_up, "doublon", desk.command())
    assert isinstance(written.answer, Discarded)
    invoice_id = desk.invoiced()
    known = invoicing.get_invoice(desk.store.past(desk.book), invoice_id)
    assert isinstance(known, Validated)
    assert known.document.number == 1


def test_what_is_not_there_is_refused_by_name(desk: Desk):
    past = desk.store.past(desk.book)
    with pytest.raises(Refusals) as refusal:
        invoicing.get_invoice(past, "inv_nobody")
    assert isinstance(refusal.value.refused, InvoiceIsUnknown)
    with pytest.raises(Refusals) as refusal:
        invoicing.get_credit_note(past, "crn_nobody")
    assert isinstance(refusal.value.refused, CreditNoteIsUnknown)


@pytest.mark.feature("M15")
def test_many_at_once_take_numbers_without_a_gap(desk: Desk):
    drafts = [desk.drafted() for _ in range(12)]
    commands = [desk.command() for _ in drafts]
    threads = [
        Thread(target=invoicing.validate_invoice, args=(desk.store, desk.book, draft, command))
        for draft, command in zip(drafts, commands, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    past = desk.store.past(desk.book)
    numbers = sorted(invoicing.get_invoice(past, draft).document.number for draft in drafts)
    assert numbers == list(range(1, 13))


def test_validating_costs_the_same_whatever_the_customer_has_bought_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    """Count what the pen reads to validate the 2nd and the 40th invoice of one customer."""
    read: list[int] = []
    rows = Reads._rows

    def counted(self: Reads, statement: str, parameters: dict[str, object]) -> list[object]:
        found = rows(self, statement, parameters)
        read.append(len(found))
        return found

    def cost() -> tuple[int, int]:
        draft = desk.drafted()
        monkeypatch.setattr(Reads, "_rows", counted)
        read.clear()
        invoicing.validate_invoice(desk.store, desk.book, draft, desk.command())
        monkeypatch.undo()
        return len(read), sum(read)

    desk.invoiced()
    early = cost()
    for _ in range(37):
        desk.invoiced()
    assert cost() == early
    assert early <= (4, 3)
