"""Credit notes: by line, by quantity, by amount, the whole remainder; never beyond the invoice."""

from datetime import date

import pytest
from hypothesis import given as over
from hypothesis import strategies as some

from domain.ledger.entry import EntryPosted
from domain.ledger.numbering import DateIsBehindSeries
from domain.sales.credit_note import CreditNoteIssued, NewCreditNote
from domain.sales.crediting import (
    CreditedLine,
    CreditedLineIsUnknown,
    CreditExceedsInvoice,
    InvoiceIsNotValidated,
    NothingToCredit,
)
from domain.sales.document import NewLine
from domain.sales.invoice import InvoiceDrafted, InvoiceIsUnknown, InvoiceValidated
from domain.values import faults
from domain.values.money import written
from tests.domain.spec import Story
from tests.domain.steps import DAY, credit, draft, invoiced, new_invoice, new_line, opened


def asked(*lines: CreditedLine) -> NewCreditNote:
    return NewCreditNote(reason="retour", lines=lines)


def issued(story: Story, *lines: CreditedLine) -> CreditNoteIssued:
    number = len(story.all(CreditNoteIssued)) + 1
    story.when(credit, asked(*lines), credit_note_id=f"crn_{number}").then(
        CreditNoteIssued, EntryPosted
    )
    return story.newest(CreditNoteIssued)


@pytest.mark.feature("M31", "M29")
def test_a_full_credit_is_the_invoice_to_the_cent():
    story = invoiced(opened(), new_line("33.33"), new_line("0.33", rate="5.5", quantity="3"))
    note = issued(story)
    invoice = story.newest(InvoiceValidated)
    assert note.document_number == "AV-2026-00001"
    assert note.totals == invoice.totals
    assert note.lines == invoice.lines
    assert (note.invoice_number, note.invoice_date) == (invoice.document_number, DAY)
    sale, back = (entry.lines for entry in story.all(EntryPosted))
    assert [(line.account, line.debit, line.credit) for line in back] == [
        (line.account, line.credit, line.debit) for line in sale
    ]
    story.when(credit, asked()).refused(NothingToCredit)


@pytest.mark.feature("F4")
def test_one_credit_note_per_line_sums_to_the_invoice():
    nets = ("68.33", "57.50", "85.00", "68.33")
    story = invoiced(opened(), *(new_line(net) for net in nets))
    assert story.newest(InvoiceValidated).totals.gross == 33_499
    notes = [issued(story, CreditedLine(line=index)) for index in range(4)]
    assert [note.totals.gross for note in notes] == [8_200, 6_900, 10_200, 8_199]


def test_a_quantity_or_an_amount_of_a_line_is_credited():
    story = invoiced(opened(), new_line("10.00", quantity="3", discount_percent="10"))
    first = issued(story, CreditedLine(line=0, quantity="1"))
    assert (first.lines[0].quantity, first.lines[0].net) == ("1", 900)
    second = issued(story, CreditedLine(line=0, net=250))
    assert (second.lines[0].unit_price, second.lines[0].net) == ("2.50", 250)
    rest = issued(story)
    assert (rest.lines[0].quantity, rest.lines[0].net) == ("1", 1_550)
    assert sum(note.totals.gross for note in (first, second, rest)) == 3_240


@pytest.mark.feature("M31")
def test_credit_notes_never_exceed_the_invoice():
    story = invoiced(opened(), new_line("10.00", quantity="3"), new_line("5.00"))
    for line, pointer in (
        (CreditedLine(line=0, net=3_001), "/lines/0/net"),
        (CreditedLine(line=0, quantity="3.0001"), None),
        (CreditedLine(line=0, quantity="4"), "/lines/0/quantity"),
        (CreditedLine(line=0, net=-1), "/lines/0/net"),
    ):
        if pointer is None:
            story.when(credit, asked(line)).then(CreditNoteIssued, EntryPosted)
            story = invoiced(opened(), new_line("10.00", quantity="3"), new_line("5.00"))
            continue
        story.when(credit, asked(line)).refused(CreditExceedsInvoice, pointer=pointer)


def test_at_each_rate_no_more_is_credited_than_was_charged():
    story = invoiced(opened(), new_line("100.00"), new_line("40.00", quantity="-1"))
    story.when(credit, asked(CreditedLine(line=0))).refused(CreditExceedsInvoice, left=6_000)
    story.when(credit, asked(CreditedLine(line=0, net=6_000))).then(CreditNoteIssued, EntryPosted)


def test_what_cannot_be_credited():
    story = opened()
    story.when(credit, asked()).refused(InvoiceIsUnknown)
    story.when(draft, new_invoice()).then(InvoiceDrafted)
    story.when(credit, asked()).refused(InvoiceIsNotValidated, position=story.place(InvoiceDrafted))
    story = invoiced(opened(), new_line("10.00"))
    for lines in (
        (CreditedLine(line=1),),
        (CreditedLine(line=-1),),
        (CreditedLine(line=0), CreditedLine(line=0)),
        (CreditedLine(line=0, net=1, quantity="1"),),
    ):
        story.when(credit, asked(*lines)).refused(CreditedLineIsUnknown)
    story.when(credit, asked(CreditedLine(line=0, quantity="x"))).refused(faults.NumberIsMalformed)
    story.when(credit, asked(CreditedLine(line=0, quantity="0"))).refused(NothingToCredit)
    story.when(credit, NewCreditNote(reason=" ")).refused(faults.FieldIsMissing)


@pytest.mark.feature("M16")
def test_credit_notes_have_dates_and_numbers_of_their_own():
    story = invoiced(opened(), new_line("10.00"))
    issued(story, CreditedLine(line=0, net=100))
    story.when(credit, asked(), today=date(2026, 3, 15)).refused(DateIsBehindSeries)
    assert issued(story).document_number == "AV-2026-00002"


lines = some.lists(
    some.builds(
        lambda cents, quantity, rate: NewLine(
            description="x", quantity=quantity, unit_price=written(cents, "EUR"), vat_rate=rate
        ),
        some.integers(1, 100_000),
        some.sampled_from(("1", "3", "0.3333", "7.5")),
        some.sampled_from(("20", "10", "5.5", "2.1")),
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.feature("M31")
@over(lines=lines, choices=some.lists(some.tuples(some.integers(0, 4), some.integers(1, 9_999))))
def test_any_sequence_of_partial_credits_ends_at_the_invoice(lines, choices):
    """Credit shares of lines at random, then the remainder: per rate nothing is left over."""
    story = invoiced(opened(), *lines)
    invoice = story.newest(InvoiceValidated)
    left = [line.net for line in invoice.lines]
    for index, share in choices:
        if index < len(left) and (part := min(share, left[index])) > 0:
            issued(story, CreditedLine(line=index, net=part))
            left[index] -= part
    if any(left):
        issued(story)
    sums: dict[tuple[str, str], list[int]] = {}
    for note in story.all(CreditNoteIssued):
        for amount in note.totals.vat:
            assert amount.tax >= 0
            total = sums.setdefault((amount.category, amount.rate), [0, 0])
            total[0] += amount.base
            total[1] += amount.tax
    charged = {(a.category, a.rate): [a.base, a.tax] for a in invoice.totals.vat if a.base}
    assert sums == charged
    assert (
        sum(
            line.debit - line.credit
            for entry in story.all(EntryPosted)
            for line in entry.lines
            if line.party
        )
        == 0
    )
