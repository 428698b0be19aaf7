"""Situation invoices: by progress, never back, never above 100 %, Σ situations = quote."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.book.refusal import Refused
from domain.deposits.deposit import DepositInstalmentOpened
from domain.deposits.depositing import NewDeposit
from domain.deposits.terms import Amount, per_rate
from domain.ledger.entry import EntryPosted
from domain.quotes.balance import DepositComesFirst, QuoteIsInSituations, QuoteIsInvoiced
from domain.quotes.progress import Progress, ProgressIsOutOfBounds, ProgressLineIsUnknown
from domain.quotes.quote import DepositTerms, QuoteInvoiced, SituationInvoiced
from domain.quotes.situation import (
    DeductionIsOutOfBounds,
    DraftIsPending,
    NewSituation,
    SituationIsEmpty,
    SituationIsUnknown,
)
from domain.sales.credit_note import CreditNoteIssued, NewCreditNote
from domain.sales.crediting import CreditedLine
from domain.sales.document import NewLine, add_up
from domain.sales.invoice import InvoiceDiscarded, InvoiceDrafted, InvoiceRevised, InvoiceValidated
from domain.sales.pricing import Discount, Shipping
from domain.values.faults import DayIsOutOfBounds, NumberIsMalformed
from tests.domain.quote_steps import (
    RESETTLED,
    SETTLED,
    accepted,
    billing_of,
    content_of,
    entry_of,
    invoice_quote,
    invoice_situation,
    open_deposit,
    quote_of,
    revise_situation,
    settle_deposit,
    validate_of_quote,
)
from tests.domain.spec import Story
from tests.domain.steps import credit, discard, new_line

SITUATION = (InvoiceDrafted, SituationInvoiced)
ISSUED = (InvoiceValidated, EntryPosted)


def fence(**others: object) -> Story:
    """The quote of row M66."""
    return accepted(
        NewLine(description="Béton dosé", unit_price="160", vat_rate="20"),
        NewLine(description="Ardoise pilée", unit_price="182.45", vat_rate="20"),
        NewLine(description="Clôture en bois", unit_price="252.80", vat_rate="20"),
        **others,
    )


def done(*percents: int, **others: object) -> NewSituation:
    """All lines at these cumulated percentages."""
    progress = tuple(Progress(line=at, percent=str(each)) for at, each in enumerate(percents))
    return NewSituation(progress=progress, **others)  # type: ignore[arg-type]


def bill(story: Story, new: NewSituation, invoice_id: str) -> Story:
    """The story with one more validated situation."""
    story.when(invoice_situation, new, invoice_id).then(*SITUATION)
    return story.when(validate_of_quote, invoice_id).then(*ISSUED)


@pytest.mark.feature("M65", "M66", "F1")
def test_the_worked_example_comes_out_exactly():
    story = fence()
    bill(story, done(100, 0, 0), "inv_1")
    bill(story, done(100, 100, 0), "inv_2")
    bill(story, done(100, 100, 100), "inv_3")
    issued = story.all(InvoiceValidated)
    assert [document.totals.net for document in issued] == [16000, 18245, 25280]
    assert sum(document.totals.net for document in issued) == 59525
    assert sum(document.totals.tax for document in issued) == 11905
    assert [line.net for line in issued[1].lines] == [0, 18245, 0]
    assert issued[1].lines[0].description == "Béton dosé"
    situation = issued[1].situation
    assert situation is not None
    assert situation.ordinal == 2
    first = situation.lines[0]
    assert (first.quoted, first.before, first.cumulative) == (16000, 16000, 16000)
    story.when(invoice_situation, done(), "inv_4").then(*SITUATION)
    story.when(validate_of_quote, "inv_4").refused(SituationIsEmpty)


@pytest.mark.feature("M66")
def test_no_line_goes_back_or_above_the_quote():
    story = bill(fence(), done(60, 0, 0), "inv_1")
    story.when(invoice_situation, done(59), "inv_2").refused(
        ProgressIsOutOfBounds, before=9600, quoted=16000, pointer="/progress/0"
    )
    above = NewSituation(progress=(Progress(line=0, cumulated=16001),))
    story.when(invoice_situation, above, "inv_2").refused(ProgressIsOutOfBounds, asked=16001)
    story.when(invoice_situation, done(101), "inv_2").refused(NumberIsMalformed)
    exact = NewSituation(progress=(Progress(line=0, cumulated=16000),))
    story.when(invoice_situation, exact, "inv_2").then(*SITUATION)
    assert content_of(story, "inv_2").lines[0].net == 6400


@pytest.mark.feature("M65")
@pytest.mark.parametrize(
    "progress",
    [
        (Progress(line=3, percent="10"),),
        (Progress(line=-1, percent="10"),),
        (Progress(line=0, percent="10"), Progress(line=0, percent="20")),
        (Progress(line=0, percent="10", cumulated=10),),
    ],
)
def test_progress_is_of_lines_of_the_quote(progress: tuple[Progress, ...]):
    fence().when(invoice_situation, NewSituation(progress=progress)).refused(ProgressLineIsUnknown)


@pytest.mark.feature("M65")
def test_one_situation_waits_for_the_other():
    story = fence().when(invoice_situation, done(50, 50, 50)).then(*SITUATION)
    story.when(invoice_situation, done(60), "inv_2").refused(DraftIsPending, invoice_id="inv_1")
    story.when(invoice_quote, "inv_2").refused(QuoteIsInSituations)
    story.when(revise_situation, done(10, 20, 30)).then(InvoiceRevised)
    assert [line.net for line in content_of(story).lines] == [1600, 3649, 7584]
    story.when(revise_situation, done(10), "inv_9").refused(SituationIsUnknown)
    story.when(discard).then(InvoiceDiscarded)
    bill(story, done(5, 5, 5), "inv_2")
    assert story.newest(InvoiceValidated).situation.ordinal == 1  # type: ignore[union-attr]


def test_a_quote_invoiced_whole_has_no_situations():
    story = fence().when(invoice_quote).then(InvoiceDrafted, QuoteInvoiced)
    story.when(invoice_situation, done(50), "inv_2").refused(QuoteIsInvoiced)


def test_days_of_a_situation_are_sound():
    far = done(10, due_date=date(2190, 1, 1))
    fence().when(invoice_situation, far).refused(DayIsOutOfBounds)


@pytest.mark.feature("M67")
def test_a_line_is_renamed_from_now_on():
    renamed = NewSituation(progress=(Progress(line=0, percent="50", label="Béton, lot 2"),))
    story = bill(fence(), renamed, "inv_1")
    bill(story, done(100), "inv_2")
    assert story.newest(InvoiceValidated).lines[0].description == "Béton, lot 2"


@pytest.mark.feature("F8")
def test_a_credited_situation_gives_its_own_progress_back():
    """Dolibarr 39197: the third situation of 20 % is 424, and so is its credit note."""
    story = accepted(new_line("2120.00", "20"))
    for at, percent in enumerate((20, 40, 60)):
        bill(story, done(percent), f"inv_{at}")
    assert story.newest(InvoiceValidated).totals.net == 42400
    story.when(credit, NewCreditNote(reason="Malfaçon"), "inv_2").then(
        CreditNoteIssued, EntryPosted
    )
    note = story.newest(CreditNoteIssued)
    assert (note.totals.net, note.totals.tax) == (42400, 8480)
    story.when(invoice_situation, done(39), "inv_4").refused(ProgressIsOutOfBounds, before=84800)
    bill(story, done(100), "inv_4")
    last = story.newest(InvoiceValidated)
    assert last.totals.net == 127200
    assert last.situation is not None
    assert last.situation.ordinal == 4


@pytest.mark.feature("M65")
def test_what_is_credited_in_part_is_invoiced_again_to_the_cent():
    story = accepted(new_line("100.01", "5.5"), new_line("33.33", "5.5"))
    bill(story, done(50, 100), "inv_1")
    part = NewCreditNote(reason="Trop", lines=(CreditedLine(line=0, net=1001),))
    story.when(credit, part).then(CreditNoteIssued, EntryPosted)
    bill(story, done(100, 100), "inv_2")
    assert _left(story) == {("S", "5.5"): Amount()}


@pytest.mark.feature("M21", "M65")
def test_discount_and_shipping_advance_with_their_items():
    story = fence(discount=Discount(percent="10"), shipping=Shipping(amount=1000))
    bill(story, done(50, 50, 50), "inv_1")
    first = story.newest(InvoiceValidated)
    assert [line.net for line in first.lines] == [8000, 9123, 12640, -2977, 500]
    bill(story, done(100, 100, 100), "inv_2")
    assert _left(story) == {("S", "20"): Amount()}


@pytest.mark.feature("M65", "M62")
def test_deposits_are_deducted_as_the_quote_advances():
    story = fence(deposit=DepositTerms(percent="30")).when(settle_deposit).then(*SETTLED)
    bill(story, done(50, 50, 50), "inv_1")
    first = story.newest(InvoiceValidated)
    off = [line for line in first.lines if line.kind == "deposit"]
    assert [(line.net, line.tax) for line in off] == [(-8929, -1786)]
    assert [link.number for link in first.links] == ["DE-2026-00001", "FA-2026-00001"]
    bill(story, done(100, 100, 100), "inv_2")
    assert _left(story) == {("S", "20"): Amount()}
    assert ("419100", 8929) in entry_of(story, "inv_1")


@pytest.mark.feature("M65")
def test_deposits_are_deducted_as_asked_within_bounds():
    story = fence(deposit=DepositTerms(amount=20000)).when(settle_deposit).then(*SETTLED)
    story.when(invoice_situation, done(50, 50, 50, deduct=20001)).refused(
        DeductionIsOutOfBounds, least=0, most=20000
    )
    bill(story, done(50, 50, 50, deduct=0), "inv_1")
    assert story.newest(InvoiceValidated).totals.gross == 35716
    story.when(invoice_situation, done(100, 100, 100, deduct=19999), "inv_2").refused(
        DeductionIsOutOfBounds, least=20000, pointer="/deduct"
    )
    bill(story, done(100, 100, 100), "inv_2")
    assert story.newest(InvoiceValidated).totals.gross == 35714 - 20000
    assert _left(story) == {("S", "20"): Amount()}


@pytest.mark.feature("M35", "M61")
def test_the_last_situation_waits_for_the_deposits():
    story = fence(deposit=DepositTerms(percent="30"))
    bill(story, done(50, 50, 50), "inv_1")
    story.when(invoice_situation, done(100, 100, 100), "inv_2").then(*SITUATION)
    story.when(validate_of_quote, "inv_2").refused(DepositComesFirst)
    story.when(settle_deposit).then(*RESETTLED)
    story.when(validate_of_quote, "inv_2").then(*ISSUED)
    assert _left(story) == {("S", "20"): Amount()}


@given(
    prices=st.lists(
        st.tuples(st.integers(1, 10**6), st.sampled_from(["20", "10", "5.5"])),
        min_size=1,
        max_size=4,
    ),
    steps=st.lists(st.lists(st.integers(0, 100), min_size=4, max_size=4), max_size=5),
    discount=st.integers(0, 30),
    share=st.integers(0, 60),
    late=st.integers(0, 4),
    credited=st.booleans(),
)
def test_situations_are_the_quote_to_the_cent(  # noqa: PLR0917
    prices: list[tuple[int, str]],
    steps: list[list[int]],
    discount: int,
    share: int,
    late: int,
    credited: bool,
):
    """Any progress, a deposit paid at any time, one situation credited: Σ = quote, ≤ 100 %."""
    lines = [new_line(f"{cents // 100}.{cents % 100:02d}", rate) for cents, rate in prices]
    story = accepted(*lines, discount=Discount(percent=str(discount)) if discount else None)
    for at, percents in enumerate([*steps, [100] * 4]):
        if at == late and share:
            _deposit(story, share)
        reached = [max(before, new) for before, new in zip(_reached(story), percents, strict=False)]
        asked = story.when(invoice_situation, done(*reached), f"inv_{at}")
        asked.then(*SITUATION)
        issued = story.when(validate_of_quote, f"inv_{at}")
        if isinstance(issued.decision, SituationIsEmpty):
            story.when(discard, f"inv_{at}").then(InvoiceDiscarded)
            continue
        issued.then(*ISSUED)
        if credited and at == 1:
            story.when(credit, NewCreditNote(reason="Erreur"), "inv_1").then(
                CreditNoteIssued, EntryPosted
            )
    if credited and len(steps) == 1:
        return
    assert set(_left(story).values()) <= {Amount()}
    assert all(
        line.before <= line.cumulative <= line.quoted
        for issued in story.all(InvoiceValidated)
        if issued.situation is not None
        for line in issued.situation.lines
        if line.quoted > 0
    )


def _deposit(story: Story, share: int) -> None:
    asked = story.when(open_deposit, NewDeposit(percent=str(share)), "dep_1")
    if not isinstance(asked.decision, Refused):
        asked.then(DepositInstalmentOpened)
        story.when(settle_deposit).then(*SETTLED)


def _reached(story: Story) -> list[int]:
    """The percentages that the lines must not go below, rounded up."""
    billing = billing_of(story)
    quoted = [line.net for line in billing.quote.content.lines if line.kind == "item"]
    sums = [0] * len(quoted)
    for one in billing.situations:
        for index in range(len(quoted)):
            credited = one.credited[index].net if hasattr(one, "credited") else 0
            sums[index] += one.content.lines[index].net - credited
    return [-(-100 * net // whole) if whole else 0 for net, whole in zip(sums, quoted, strict=True)]


def _left(story: Story) -> dict[object, Amount]:
    """The quote per rate less all invoices and plus all credit notes."""
    known = quote_of(story)
    assert known is not None
    left: dict[object, Amount] = dict(per_rate(add_up(known.content.lines)))
    documents = [(-1, issued.totals) for issued in story.all(InvoiceValidated)]
    documents += [(1, note.totals) for note in story.all(CreditNoteIssued)]
    for sign, totals in documents:
        for rate, amount in per_rate(totals).items():
            left[rate] = left[rate].plus(sign * amount.net, sign * amount.tax)
    return left
