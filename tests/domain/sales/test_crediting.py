"""How much credit notes take back of lines that tell their tax: to the cent, never beyond."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.book.refusal import Refused
from domain.parties.company import Address
from domain.sales.crediting import Credit, CreditedLine, take_back
from domain.sales.document import Line, PrintedParty, add_up
from domain.sales.invoice import InvoiceValidated
from domain.values.money import written
from domain.values.vat import Nature, Taxable, share_out

SOMEBODY = PrintedParty(name="x", address=Address(country="FR"))


def line(net: int, tax: int | None, nature: Nature = "goods", rate: str = "20") -> Line:
    return Line(
        description="Lot",
        quantity="-1" if net < 0 else "1",
        unit_price=written(abs(net), "EUR"),
        net=net,
        tax=tax,
        vat_category="S",
        vat_rate=rate,
        nature=nature,
    )


def invoice(*lines: Line) -> InvoiceValidated:
    """An invoice whose services wait for their payment."""
    totals = add_up(lines)
    taxables = [
        Taxable(
            x.vat_category,
            x.vat_rate,
            x.net,
            tax=x.tax,
            nature=x.nature,
            exigible="payment" if x.nature == "services" else "issue",
        )
        for x in lines
    ]
    return InvoiceValidated(
        invoice_id="inv_1",
        series="FA-2026",
        number=1,
        document_number="FA-2026-00001",
        issue_date=date(2026, 3, 16),
        due_date=date(2026, 3, 16),
        customer_id="ctc_1",
        seller=SOMEBODY,
        customer=SOMEBODY,
        currency="EUR",
        lines=lines,
        totals=totals,
        payment_reference="",
        note="",
        buyer_reference="",
        vat_shares=share_out(taxables, totals.vat),
    )


def credited(document: InvoiceValidated, asked: list[CreditedLine]) -> list[Credit]:
    """The credit notes on an invoice, line by line, and then on all that is left."""
    nets, notes = [0] * len(document.lines), []
    for want in [*([each] for each in asked), []]:
        note = take_back(document, nets, want)
        if isinstance(note, Refused):
            continue
        notes.append(note)
        for index, taken in zip(note.invoice_lines, note.lines, strict=True):
            nets[index] += taken.net
    return notes


@pytest.mark.feature("F8", "M31")
def test_a_situation_is_credited_by_what_it_billed():
    """The third situation bills 424 at 20 % of a cycle of 1272: its credit note is 424."""
    (note,) = credited(invoice(line(42_400, 8_480)), [])
    assert (note.totals.net, note.totals.tax) == (42_400, 8_480)
    assert note.totals.vat[0].rate == "20"


@pytest.mark.feature("M31")
def test_a_told_tax_goes_back_in_proportion_and_the_last_note_closes_the_cent():
    document = invoice(line(10_000, 1_999))
    notes = credited(document, [CreditedLine(line=0, net=3_333), CreditedLine(line=0, net=3_333)])
    assert [note.totals.tax for note in notes] == [666, 667, 666]
    assert [note.lines[0].tax for note in notes] == [666, 667, 666]


LINES = some.lists(
    some.builds(
        line,
        some.integers(1, 90_000),
        some.none() | some.integers(0, 20_000),
        some.sampled_from(["goods", "services"]),
        some.sampled_from(["20", "5.5"]),
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.feature("M31")
@settings(max_examples=60)
@given(LINES, some.data())
def test_all_notes_together_are_the_invoice_rate_by_rate_and_share_by_share(lines, data):
    document = invoice(*lines)
    asked = [
        CreditedLine(line=index, net=data.draw(some.integers(1, each.net)))
        for index, each in enumerate(lines)
        if data.draw(some.booleans())
    ]
    notes = credited(document, asked)
    for whole in document.totals.vat:
        of_rate = [x for note in notes for x in note.totals.vat if x.rate == whole.rate]
        assert sum(x.base for x in of_rate) == whole.base
        assert sum(x.tax for x in of_rate) == whole.tax
    for share in document.vat_shares:
        same = [
            x
            for note in notes
            for x in note.shares
            if (x.rate, x.nature, x.exigible) == (share.rate, share.nature, share.exigible)
        ]
        assert sum(x.tax for x in same) == share.tax
    for note in notes:
        assert sum(share.tax for share in note.shares) == note.totals.tax
