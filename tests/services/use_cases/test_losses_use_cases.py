"""Lost debts through the store: what is open decides, and the loss is lettered with the invoice."""

import pytest

from domain.book.refusal import Refusals
from domain.ledger.entry import EntryPosted, document_tag
from domain.sales.credit_note import NewCreditNote
from domain.sales.crediting import CreditedLine, InvoiceIsNotValidated
from domain.sales.invoice import InvoiceIsUnknown
from domain.sales.write_off import (
    BadDebtRecovered,
    BadDebtVatReclaimed,
    CreditNoteIsOpen,
    InvoiceWrittenOff,
    NothingIsOpen,
    WriteOffIsUnknown,
)
from domain.treasury.lettering import EntriesLettered, NewLettering
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import NewPayment
from services import invoicing, losses, treasury
from services.store.pen import Command
from tests.domain.steps import DAY, new_line
from tests.services.use_cases.conftest import Desk


def entry_of(desk: Desk, tag: str) -> int:
    """The position of the entry of a document."""
    nothing: int = 0
    return desk.store.past(desk.book).fold(
        lambda found, fact: fact.position if isinstance(fact.event, EntryPosted) else found,
        nothing,
        tag,
    )


def letter(desk: Desk, *parts: PartToLetter) -> None:
    treasury.letter_entries(desk.store, desk.book, NewLettering(parts=parts), desk.command())


def pay(desk: Desk, invoice_id: str, amount: int) -> None:
    """The customer pays a part of an invoice."""
    new = NewPayment(
        direction="received", date=DAY, amount=amount, role="customers", party=desk.customer
    )
    paid = treasury.record_payment(desk.store, desk.book, new, desk.command())
    invoice = entry_of(desk, document_tag("invoice", invoice_id))
    letter(desk, PartToLetter(entry=paid.position, line=1), PartToLetter(entry=invoice, line=0))


def status(desk: Desk, invoice_id: str) -> str:
    standing = losses.find_standing(desk.store.past(desk.book), invoice_id)
    return "" if standing is None else standing.status


def refused(desk: Desk, invoice_id: str, kind: type) -> None:
    with pytest.raises(Refusals) as refusal:
        losses.write_off_invoice(desk.store, desk.book, invoice_id, "faillite", desk.command())
    assert isinstance(refusal.value.refused, kind)


@pytest.mark.feature("M44", "M29", "M45")
def test_what_the_letterings_leave_open_is_lost_and_lettered(desk: Desk):
    invoice_id = desk.invoiced(new_line("100"))
    assert status(desk, invoice_id) == "validated"
    pay(desk, invoice_id, 5_000)
    assert status(desk, invoice_id) == "partly_paid"
    command = Command(id="lose-once", actor="test")
    written = losses.write_off_invoice(desk.store, desk.book, invoice_id, "faillite", command)
    assert [type(fact.event) for fact in written.events] == [
        InvoiceWrittenOff,
        EntryPosted,
        EntriesLettered,
    ]
    assert written.answer.document.amount == 7_000
    assert status(desk, invoice_id) == "written_off"
    again = losses.write_off_invoice(desk.store, desk.book, invoice_id, "faillite", command)
    assert again.replayed
    assert again.answer == written.answer
    debt = losses.find_debt(desk.store.past(desk.book), invoice_id)
    assert debt is not None
    assert losses.open_of(desk.store.past(desk.book), debt).amount == 0


@pytest.mark.feature("M44", "M29")
def test_vat_is_taken_back_and_money_comes_after_all(desk: Desk):
    invoice_id = desk.invoiced(new_line("100"))
    lost = losses.write_off_invoice(desk.store, desk.book, invoice_id, "x", desk.command()).answer
    wof = lost.document.write_off_id
    back = losses.reclaim_vat(desk.store, desk.book, wof, "jugement", desk.command())
    kinds = [type(fact.event) for fact in back.events]
    assert kinds == [BadDebtVatReclaimed, EntryPosted, EntriesLettered]
    came = losses.recover_debt(desk.store, desk.book, wof, 1_200, desk.command())
    assert [type(fact.event) for fact in came.events] == [BadDebtRecovered, EntryPosted]
    assert came.answer.reclaimed is not None
    assert [each.amount for each in came.answer.recoveries] == [1_200]
    with pytest.raises(Refusals) as refusal:
        losses.get_write_off(desk.store.past(desk.book), "wof_9")
    assert isinstance(refusal.value.refused, WriteOffIsUnknown)


@pytest.mark.feature("M44")
def test_a_claim_is_lettered_with_what_is_paid_of_it_and_then_with_the_rest(desk: Desk):
    invoice_id = desk.invoiced(new_line("100"))
    lost = losses.write_off_invoice(desk.store, desk.book, invoice_id, "x", desk.command()).answer
    wof = lost.document.write_off_id
    came = losses.recover_debt(desk.store, desk.book, wof, 1_200, desk.command())
    back = losses.reclaim_vat(desk.store, desk.book, wof, "jugement", desk.command())
    letterings = [written.events[-1].event for written in (came, back)]
    assert all(isinstance(each, EntriesLettered) for each in letterings)
    assert [each.complete for each in letterings] == [False, True]
    assert [part.amount for part in letterings[1].parts] == [1_800, -1_800]


@pytest.mark.feature("M44", "M31")
def test_a_credit_note_is_lettered_before_the_rest_is_lost(desk: Desk):
    invoice_id = desk.invoiced(new_line("100"))
    asked = NewCreditNote(reason="retour", lines=(CreditedLine(line=0, net=4_000),))
    note = invoicing.issue_credit_note(desk.store, desk.book, invoice_id, asked, desk.command())
    refused(desk, invoice_id, CreditNoteIsOpen)
    credit = entry_of(desk, document_tag("credit_note", note.answer.document.credit_note_id))
    invoice = entry_of(desk, document_tag("invoice", invoice_id))
    letter(desk, PartToLetter(entry=credit, line=0), PartToLetter(entry=invoice, line=0))
    lost = losses.write_off_invoice(desk.store, desk.book, invoice_id, "x", desk.command()).answer
    assert (lost.document.amount, lost.document.declared_tax) == (7_200, 1_200)


@pytest.mark.feature("M29", "M44")
def test_what_is_settled_cancelled_or_no_debt_is_not_lost(desk: Desk):
    paid = desk.invoiced(new_line("100"))
    pay(desk, paid, 12_000)
    assert status(desk, paid) == "settled"
    refused(desk, paid, NothingIsOpen)
    whole = desk.invoiced(new_line("100"))
    invoicing.issue_credit_note(
        desk.store, desk.book, whole, NewCreditNote(reason="x"), desk.command()
    )
    assert status(desk, whole) == "cancelled"
    refused(desk, desk.drafted(), InvoiceIsNotValidated)
    refused(desk, "inv_9", InvoiceIsUnknown)
