"""Debts that are lost: what leaves the customer's account, VAT taken back, money that comes yet."""

import pytest
from hypothesis import given as over
from hypothesis import strategies as some
from msgspec.structs import replace

from domain.book.event import Decision
from domain.ledger.derivation import derive
from domain.ledger.entry import EntryPosted, document_tag
from domain.ledger.period import PeriodIsLocked, PeriodLocked
from domain.parties.company import AccountMapped, OptionSet
from domain.parties.options import set_option
from domain.sales import debt, losing
from domain.sales.credit_note import CreditNoteIssued, NewCreditNote
from domain.sales.debt import Receivable, WriteOff
from domain.sales.losing import Open
from domain.sales.portion import Portion
from domain.sales.write_off import (
    BadDebtRecovered,
    BadDebtVatReclaimed,
    CreditNoteIsOpen,
    InvoiceIsWrittenOff,
    InvoiceWrittenOff,
    NothingIsOpen,
    NothingToReclaim,
    RecoveryExceedsLoss,
    WriteOffIsUnknown,
)
from domain.values import faults
from domain.values.vat import VatShare
from tests.domain.spec import Story
from tests.domain.steps import (
    BELGIAN,
    DAY,
    company,
    credit,
    invoiced,
    lock,
    new_line,
    opened,
    standing,
)

LATER = DAY.replace(month=9)


def write_off(story: Story, open_: int, reason: str = "faillite", **notes: int) -> Decision:
    nothing: Receivable | None = None
    known = story.fold(debt.evolve, nothing, document_tag("invoice", "inv_1"))
    assert known is not None
    series = losing.series_on(company(story), LATER)
    stands = standing(story, "OD", LATER, LATER, series)
    return losing.write_off("wof_1", known, Open(amount=open_, notes=notes), reason, stands)


def loss_of(story: Story) -> WriteOff | None:
    nothing: WriteOff | None = None
    return story.fold(debt.evolve_write_off, nothing, document_tag("write_off", "wof_1"))


def reclaim(story: Story, evidence: str = "jugement du 1er juillet") -> Decision:
    stands = standing(story, "OD", LATER, LATER)
    return losing.reclaim_vat(loss_of(story), "wof_1", evidence, stands)


def recover(story: Story, amount: int) -> Decision:
    return losing.recover(loss_of(story), "wof_1", amount, standing(story, "OD", LATER, LATER))


def booked(story: Story) -> list[tuple[str, int]]:
    return [(x.account, x.debit - x.credit) for x in story.newest(EntryPosted).lines]


def lost(story: Story, open_: int) -> InvoiceWrittenOff:
    story.when(write_off, open_).then(InvoiceWrittenOff, EntryPosted)
    return story.newest(InvoiceWrittenOff)


@pytest.mark.feature("M44", "M29")
def test_a_french_debt_is_lost_its_declared_vat_stays_a_claim_and_what_waited_is_gone():
    story = invoiced(opened(), new_line("100"), new_line("50", nature="services"))
    loss = lost(story, 18_000)
    assert (loss.amount, loss.net, loss.declared_tax, loss.pending_tax) == (
        18000,
        15000,
        2000,
        1000,
    )
    assert loss.document_number == "IR-2026-00001"
    assert booked(story) == [
        ("411000", -18000),
        ("654000", 15000),
        ("445740", 1000),
        ("416000", 2000),
    ]
    (said,) = loss.mentions
    assert "impayée pour la somme de 150,00 EUR (prix net) et pour la somme de 30,00 EUR" in said
    assert "article 272 du CGI" in said
    assert derive(loss, company(story)) == story.newest(EntryPosted).lines


@pytest.mark.feature("M44")
def test_vat_is_taken_back_by_a_decision_of_its_own_with_its_evidence():
    story = invoiced(opened(), new_line("100"))
    lost(story, 12_000)
    story.when(reclaim, " ").refused(faults.FieldIsMissing, pointer="/evidence")
    story.when(reclaim).then(BadDebtVatReclaimed, EntryPosted)
    assert booked(story) == [("416000", -2000), ("445710", 2000)]
    story.when(reclaim).refused(NothingToReclaim)


@pytest.mark.feature("M44")
def test_vat_on_receipts_was_never_declared_and_is_not_taken_back():
    story = invoiced(opened(), new_line("100", nature="services"))
    lost(story, 12_000)
    assert ("416000", 2000) not in booked(story)
    story.when(reclaim).refused(NothingToReclaim)


@pytest.mark.feature("M44")
def test_a_company_on_debits_declared_it_and_may_take_it_back():
    def on_debits(story: Story) -> Decision:
        return set_option(company(story), "vat_on_debits", on=True)

    story = opened().when(on_debits).then(OptionSet)
    lost(invoiced(story, new_line("100", nature="services")), 12_000)
    story.when(reclaim).then(BadDebtVatReclaimed, EntryPosted)


@pytest.mark.feature("M44")
def test_a_belgian_loss_takes_its_vat_back_on_the_account_of_grid_62():
    story = invoiced(opened(BELGIAN), new_line("100", rate="21"))
    loss = lost(story, 12_100)
    assert booked(story) == [("400000", -12100), ("642000", 10000), ("407000", 2100)]
    assert "grille 62" in loss.mentions[0]
    story.when(reclaim).then(BadDebtVatReclaimed, EntryPosted)
    assert booked(story) == [("407000", -2100), ("411000", 2100)]


@pytest.mark.feature("M44")
def test_only_what_is_open_is_lost_with_its_part_of_the_vat():
    """After 50 of 120 are paid, 8.33 of the VAT are paid too: 11.67 are lost with the rest."""
    story = invoiced(opened(), new_line("100"))
    loss = lost(story, 7_000)
    assert (loss.net, loss.declared_tax) == (5_833, 1_167)


@pytest.mark.feature("M44")
def test_what_was_credited_is_not_lost():
    story = invoiced(opened(), new_line("100"), new_line("10", rate="5.5"))
    story.when(credit, NewCreditNote(reason="x")).then(CreditNoteIssued, EntryPosted)
    story.when(write_off, 0).refused(NothingIsOpen)
    story.when(write_off, 13_055, **{"AV-2026-00001": 13_055}).refused(CreditNoteIsOpen)


@pytest.mark.feature("M44", "M29", "M30")
def test_a_lost_invoice_is_lost_once_and_not_credited():
    story = invoiced(opened(), new_line("100"))
    lost(story, 12_000)
    place = story.place(InvoiceWrittenOff)
    story.when(write_off, 12_000).refused(InvoiceIsWrittenOff, position=place)
    story.when(credit, NewCreditNote(reason="x")).refused(InvoiceIsWrittenOff, position=place)


@pytest.mark.feature("M44", "V16")
def test_a_loss_has_a_reason_and_an_open_day():
    story = invoiced(opened(), new_line("100"))
    story.when(write_off, 12_000, "").refused(faults.FieldIsMissing, pointer="/reason")
    story.when(lock, LATER, today=LATER.replace(day=30)).then(PeriodLocked)
    story.when(write_off, 12_000).refused(PeriodIsLocked)
    story.when(reclaim).refused(WriteOffIsUnknown)
    story.when(recover, 1).refused(WriteOffIsUnknown)


@pytest.mark.feature("M29", "M44")
def test_a_lost_debt_that_is_paid_after_all_makes_its_vat_due_again():
    story = invoiced(opened(), new_line("100"), new_line("50", nature="services"))
    lost(story, 18_000)
    story.when(recover, 6_000).then(BadDebtRecovered, EntryPosted)
    # Not taken back: what was declared comes off the claim, what waited is due with the money.
    assert booked(story) == [
        ("411000", 6000),
        ("758300", -5000),
        ("445710", -333),
        ("416000", -667),
    ]
    story.when(reclaim).then(BadDebtVatReclaimed, EntryPosted)
    assert story.newest(BadDebtVatReclaimed).declared_tax == 2000 - 667
    story.when(recover, 12_001).refused(RecoveryExceedsLoss, left=12_000)
    story.when(recover, 12_000).then(BadDebtRecovered, EntryPosted)
    assert booked(story) == [("411000", 12000), ("758300", -10000), ("445710", -2000)]
    assert sum(each.amount for each in story.all(BadDebtRecovered)) == 18_000


@pytest.mark.feature("M63")
def test_a_loss_leaves_the_account_that_the_invoice_stands_on():
    story = invoiced(opened(), new_line("100"))
    story.happened(AccountMapped(role="customers", account="411500"))
    assert lost(story, 12_000).account == "411000"


SHARES = some.lists(
    some.builds(
        VatShare,
        category=some.just("S"),
        rate=some.sampled_from(["20", "10", "5.5"]),
        code=some.just("COL"),
        nature=some.sampled_from(["goods", "services"]),
        exigible=some.sampled_from(["issue", "payment"]),
        base=some.integers(0, 100_000),
        tax=some.integers(0, 20_000),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda share: (share.rate, share.nature, share.exigible),
)


@over(SHARES, some.lists(some.integers(1, 50_000), max_size=4))
def test_parts_of_a_debt_add_up_to_it(shares, payments):
    whole = Portion(net=sum(share.base for share in shares), shares=tuple(shares))
    paid, before, parts = 0, Portion(net=0, shares=()), []
    for payment in [*payments, whole.gross]:
        paid = min(paid + payment, whole.gross)
        now = whole.part(paid)
        parts.append(now.less(before))
        before = now
        assert now.gross == paid
    assert sum(part.gross for part in parts) == whole.gross
    for share in whole.shares:
        same = [
            x.tax
            for part in parts
            for x in part.shares
            if replace(x, base=0, tax=0) == replace(share, base=0, tax=0)
        ]
        assert sum(same) == share.tax
