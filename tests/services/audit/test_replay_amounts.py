"""The audit computes amounts and entries of each kind of document again; it finds what is bent."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from domain.book.event import Event
from domain.ledger.entry import EntryPosted
from domain.sales.credit_note import CreditNoteIssued, NewCreditNote
from domain.sales.crediting import CreditedLine
from domain.sales.document import Instalment
from domain.sales.instalments import NewInstalment
from domain.sales.invoice import InvoiceDrafted, InvoiceValidated
from domain.sales.write_off import BadDebtRecovered, BadDebtVatReclaimed, InvoiceWrittenOff
from services.audit.replay_amounts import VatRecomputes
from services.audit.replay_check import Check, Step
from services.audit.replay_documents import Immutability, NumbersGapless
from services.audit.replay_entries import DebitsEqualCredits, EntriesDerive
from tests.domain.deposits.test_deposit import HALF
from tests.domain.quote_steps import (
    SETTLED,
    accepted,
    invoice_quote,
    settle_deposit,
    validate_of_quote,
)
from tests.domain.quotes.test_situation import bill, done, fence
from tests.domain.sales.test_losing import reclaim, recover, write_off
from tests.domain.spec import Story
from tests.domain.steps import credit, draft, new_invoice, new_line, opened, validate

CHECKS: tuple[type[Check], ...] = (
    VatRecomputes,
    EntriesDerive,
    DebitsEqualCredits,
    NumbersGapless,
    Immutability,
)


def failures(story: Story) -> dict[str, list[str]]:
    """What each check says of a story."""
    said: dict[str, list[str]] = {}
    for kind in CHECKS:
        check = kind()
        for fact in story.facts:
            if not check.events or isinstance(fact.event, check.events):
                check.take(Step(fact, ""))
        check.end()
        if check.failures:
            said[kind.__name__] = [f"{each.field}: {each.detail}" for each in check.failures]
    return said


def a_sale() -> Story:
    """Services and goods in two instalments, credited in parts."""
    story = opened()
    parts = (NewInstalment(percent="30", days=0), NewInstalment(days=30))
    lines = (new_line("100"), new_line("33.33", nature="services"), new_line("0.99", rate="5.5"))
    story.when(draft, new_invoice(*lines, instalments=parts)).then(InvoiceDrafted)
    story.when(validate).then(InvoiceValidated, EntryPosted)
    for net, number in ((1_111, "crn_1"), (1_112, "crn_2")):
        asked = NewCreditNote(reason="x", lines=(CreditedLine(line=1, net=net),))
        story.when(credit, asked, credit_note_id=number).then(CreditNoteIssued, EntryPosted)
    return story


def a_loss() -> Story:
    story = opened()
    story.when(draft, new_invoice(new_line("100"), new_line("50", nature="services"))).then(
        InvoiceDrafted
    )
    story.when(validate).then(InvoiceValidated, EntryPosted)
    story.when(write_off, 9_000).then(InvoiceWrittenOff, EntryPosted)
    story.when(recover, 100).then(BadDebtRecovered, EntryPosted)
    story.when(reclaim).then(BadDebtVatReclaimed, EntryPosted)
    story.when(recover, 200).then(BadDebtRecovered, EntryPosted)
    return story


def situations() -> Story:
    story = bill(fence(), done(33, 0, 50), "inv_1")
    bill(story, done(67, 50, 50), "inv_2")
    asked = NewCreditNote(reason="x", lines=(CreditedLine(line=0, net=1_001),))
    story.when(credit, asked, invoice_id="inv_2").then(CreditNoteIssued, EntryPosted)
    story.when(credit, NewCreditNote(reason="x"), invoice_id="inv_2", credit_note_id="crn_2").then(
        CreditNoteIssued, EntryPosted
    )
    return story


def a_balance() -> Story:
    story = accepted(deposit=HALF).when(settle_deposit).then(*SETTLED)
    outcome = story.when(invoice_quote)
    assert isinstance(outcome.decision, list)
    story.happened(*outcome.decision)
    return story.when(validate_of_quote).then(InvoiceValidated, EntryPosted)


@pytest.mark.feature("M54", "M31", "M44", "M62", "M65")
@pytest.mark.parametrize("lived", [a_sale, a_loss, situations, a_balance])
def test_documents_of_every_kind_are_found_sound(lived: Callable[[], Story]):
    assert failures(lived()) == {}


def bent(story: Story, kind: type[Event], **changes: object) -> Story:
    """The story with its newest event of a type changed."""
    place = story.place(kind)
    events = [
        replace(fact.event, **changes) if fact.position == place else fact.event
        for fact in story.facts
    ]
    return Story(events)


@pytest.mark.feature("M54")
def test_bent_amounts_are_found():
    story = a_sale()
    invoice = story.newest(InvoiceValidated)
    first = replace(invoice.vat_shares[0], tax=invoice.vat_shares[0].tax + 1)
    wrong = failures(bent(story, InvoiceValidated, vat_shares=(first, *invoice.vat_shares[1:])))
    assert "vat_shares" in wrong["VatRecomputes"][0]
    part = Instalment(due_date=invoice.due_date, amount=1)
    wrong = failures(bent(story, InvoiceValidated, instalments=(part,)))
    assert "instalments" in wrong["VatRecomputes"][0]
    assert wrong["EntriesDerive"]
    told = situations()
    note = told.newest(CreditNoteIssued)
    line = replace(note.lines[0], tax=(note.lines[0].tax or 0) + 1)
    wrong = failures(bent(told, CreditNoteIssued, lines=(line, *note.lines[1:])))
    assert any("lines/0/tax" in said for said in wrong["VatRecomputes"])


@pytest.mark.feature("M54", "M44")
def test_a_bent_loss_is_found():
    assert "EntriesDerive" in failures(bent(a_loss(), InvoiceWrittenOff, net=1))
