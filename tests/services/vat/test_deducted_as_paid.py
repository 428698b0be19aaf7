"""VAT of a service is deducted in the CA3 of the month that pays for it, and only once."""

from datetime import date

import pytest

from domain.ledger.entry import EntryPosted
from domain.parties.company import CompanyOpened
from domain.treasury.reversing import NewReversal
from domain.treasury.ticking import NewTick
from domain.treasury.vat_due import VatBecameDeductible
from projections.vat_view import VatFilter, total_rates
from services import settling
from services.audit.replay_check import Check, Step
from services.audit.replay_entries import DebitsEqualCredits, EntriesDerive
from services.audit.replay_receipts import ReceiptsVatRecomputes
from services.audit.vat_reconciliation import VatReconciliation
from services.settling import Document
from tests.services.vat.conftest import VatDesk

JULY, AUGUST = date(2026, 7, 10), date(2026, 8, 12)
SEPTEMBER, OCTOBER = date(2026, 9, 15), date(2026, 10, 5)
CHECKS: tuple[type[Check], ...] = (DebitsEqualCredits, EntriesDerive, ReceiptsVatRecomputes)


def paid(desk: VatDesk, day: date, bill: str, cents: int) -> str:
    """Pays some of a bill; the payment's id."""
    desk.at(day)
    document, tick = Document("bill", bill), NewTick(amount=cents)
    written = settling.settle_document(desk.store, desk.book, document, tick, desk.command())
    return written.answer.payment.document.payment_id


def moved(desk: VatDesk, account: str) -> dict[str, int]:
    """Debit minus credit of an account, by month."""
    months: dict[str, int] = {}
    for fact in desk.store.read(desk.book):
        if isinstance(fact.event, EntryPosted):
            month = fact.event.date.isoformat()[:7]
            for line in fact.event.lines:
                if line.account == account:
                    months[month] = months.get(month, 0) + line.debit - line.credit
    return months


def boxes(desk: VatDesk, month: str) -> tuple[int, int]:
    """What a CA3 deducts on services, and what it gives back of it, in whole euros as cents."""
    grids = desk.sheet(month).settled.grids
    return grids.get("20", 0), grids.get("15", 0)


@pytest.mark.feature("V24", "M39")
def test_a_bill_paid_in_parts_and_returned_counts_in_the_months_of_the_money(
    french: VatDesk,
) -> None:
    """Goal: to the cent in register, accounts and CA3. Method: 1209.98 in two parts, one back."""
    position = french.bought(JULY, 999_99, rate="21", account="622600")
    bill = french.store.past(french.book).at([position])[0].event.bill_id  # type: ignore[attr-defined]
    paid(french, AUGUST, bill, 400_00)
    rest = paid(french, SEPTEMBER, bill, 809_98)
    french.at(OCTOBER)
    back = NewReversal(reason="rejet")
    settling.reverse_payment(french.store, french.book, rest, back, french.command())
    facts = list(french.store.read(french.book))
    events = [fact.event for fact in facts if isinstance(fact.event, VatBecameDeductible)]
    assert [(each.date, sum(s.deductible for s in each.shares)) for each in events] == [
        (AUGUST, 69_42),
        (SEPTEMBER, 140_57),
        (OCTOBER, -140_57),
    ]
    assert moved(french, "445660") == {"2026-08": 69_42, "2026-09": 140_57, "2026-10": -140_57}
    assert sum(moved(french, "445640").values()) == 140_57
    months = ("2026-07", "2026-08", "2026-09", "2026-10")
    assert [boxes(french, month) for month in months] == [
        (0, 0),
        (69_00, 0),
        (141_00, 0),
        (0, 141_00),
    ]
    with french.reading() as conn:
        _, totals = total_rates(conn, french.book, VatFilter(direction="purchases"))
    assert [(each.period, each.net_tax, each.pending_tax) for each in totals] == [
        ("2026-07", 0, 209_99),
        ("2026-08", 69_42, -69_42),
        ("2026-09", 140_57, -140_57),
        ("2026-10", -140_57, 140_57),
    ]


def test_an_audit_derives_it_again_and_finds_what_is_bent(french: VatDesk) -> None:
    position = french.bought(JULY, 100_00, account="622600")
    bill = french.store.past(french.book).at([position])[0].event.bill_id  # type: ignore[attr-defined]
    paid(french, AUGUST, bill, 60_50)
    facts = list(french.store.read(french.book))
    for kind in CHECKS:
        check = kind()
        for fact in facts:
            if isinstance(fact.event, check.events):
                check.take(Step(fact, ""))
        check.end()
        assert check.outcome().status == "pass", check.name
    both = VatReconciliation(2026)
    for fact in facts:
        if isinstance(fact.event, CompanyOpened):
            both.map(fact.event)
        both.say(fact.event)
        if isinstance(fact.event, EntryPosted):
            both.book(fact.position, fact.event)
    assert {row[1] for row in both.rows()} == {"vat_pending_purchases", "vat_deductible"}
    assert [row[-1] for row in both.rows()] == ["0.00"] * 3
