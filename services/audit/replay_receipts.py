"""The check of VAT on receipts: what became due of each document is what its money makes due."""

from domain.book.event import Recorded
from domain.ledger.entry import EntryPosted, document_tag
from domain.purchases.bill import BillRecorded
from domain.sales.cash_discount import CashDiscountGranted
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.invoice import InvoiceValidated
from domain.sales.write_off import InvoiceWrittenOff
from domain.treasury import vat_due
from domain.treasury.discount_taken import CashDiscountTaken
from domain.treasury.vat_due import VatBecameDeductible, VatBecameDue, Waiting
from services.audit.replay_check import Check, Step


class ReceiptsVatRecomputes(Check):
    """Cumulated per rate, half-up, on the cash counted so far; no cash counts for more than it is.

    The document is taken as it stood right before: less its credit notes, discounts and losses.
    """

    name = "receipts-vat-recomputes"
    events = (
        InvoiceValidated,
        EntryPosted,
        CreditNoteIssued,
        CashDiscountGranted,
        CashDiscountTaken,
        InvoiceWrittenOff,
        BillRecorded,
        VatBecameDue,
        VatBecameDeductible,
    )

    def __init__(self) -> None:
        super().__init__()
        self._awaiting: dict[str, Waiting | None] = {}
        self._cash: dict[tuple[int, int], int] = {}

    def take(self, step: Step) -> None:
        fact = step.fact
        match fact.event:
            case EntryPosted() as entry:
                self._post(fact, entry)
            case (VatBecameDue() | VatBecameDeductible()) as due:
                self.checked += 1
                self._become_due(fact, due)
            case document:
                self._follow(vat_due.debt_of(document), fact)

    def _post(self, fact: Recorded, entry: EntryPosted) -> None:
        if entry.document.kind in ("invoice", "bill"):
            self._follow(document_tag(entry.document.kind, entry.document.id), fact)
        for index, line in enumerate(entry.lines):
            if line.party:
                self._cash[fact.position, index] = line.credit or line.debit

    def _follow(self, debt: str, fact: Recorded) -> None:
        known = vat_due.evolve(self._awaiting.get(debt), fact)
        if known is not None:
            self._awaiting[debt] = known

    def _become_due(self, fact: Recorded, due: VatBecameDue | VatBecameDeductible) -> None:
        name, known = due.reference.number, self._awaiting.get(due.debt)
        if known is None or known.entry != due.debt_entry:
            self.wrong(fact.position, "no VAT of that document waits for money", document=name)
            return
        expected = known.outstanding(known.paid + due.paid)
        if expected != due.shares:
            taxes = [share.tax for share in due.shares], [share.tax for share in expected]
            detail = f"taxes {taxes[0]}, computed are {taxes[1]}"
            self.wrong(fact.position, detail, document=name, field="shares")
        if due.cash_entry:
            place = due.cash_entry, due.cash_line
            left = self._cash[place] = self._cash.get(place, 0) - due.paid
            if left < 0:
                detail = f"{-left} more counts than line {place[1]} of entry {place[0]} has"
                self.wrong(fact.position, detail, document=name, field="paid")
        self._follow(due.debt, fact)
