"""VAT that waits for the money (CGI 269, 2, c; 271, I, 2): its events, and a document that waits.

What is sold falls due as the customer pays, what is bought is deducted as the supplier is paid:
one rule on both sides.
"""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar, Generic

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted, document_tag
from domain.ledger.settlement_posting import of_vat_deductible, of_vat_due
from domain.parties.company import Company
from domain.purchases import bill
from domain.purchases.bill import BillRecorded
from domain.purchases.lines import PurchaseShare
from domain.sales import debt
from domain.sales.cash_discount import CashDiscountGranted
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.invoice import InvoiceValidated
from domain.sales.portion import Portion, Share, added, is_empty, times
from domain.sales.write_off import InvoiceWrittenOff
from domain.treasury.discount_taken import CashDiscountTaken
from domain.treasury.lettering import entry_tag
from domain.values.vat import VatShare


class CashCounted(Event, frozen=True, kw_only=True):
    """Cash counts for a document whose VAT waited for it; negative: no longer.

    `paid` (minor units, negative when money went back) is what of the cash at `cash_entry`,
    `cash_line` is now counted as payment of the document; it is 0, as `cash_entry` is, where the
    document itself became smaller. `date` is that of its entry: the cash's own, or the first open
    day after a locked period.
    """

    currency: str
    cash_entry: int
    cash_line: int
    cash_date: date
    date: date
    paid: int

    @property
    def debt(self) -> str:
        """The tag of the document that it counts for."""
        raise NotImplementedError(type(self).__name__)

    @property
    def tags(self) -> tuple[str, ...]:
        """Found by its document, and by the entry of the cash."""
        cash = (entry_tag(self.cash_entry),) if self.cash_entry else ()
        return (self.debt, *cash)


class VatBecameDue(CashCounted, frozen=True, kw_only=True):
    """VAT of an invoice that waited for the money is due; negative: no longer.

    `shares` are what the cash changes, rate by rate, possibly nothing.
    """

    stored_as: ClassVar[str] = "vat.became_due.v1"

    invoice_id: str
    invoice_number: str
    invoice_date: date
    invoice_entry: int
    customer_id: str
    customer_name: str
    shares: tuple[VatShare, ...]

    @property
    def debt(self) -> str:
        """The tag of the invoice."""
        return document_tag("invoice", self.invoice_id)

    @property
    def debt_entry(self) -> int:
        """The position of the invoice's entry."""
        return self.invoice_entry

    @property
    def label(self) -> str:
        """What its entry says."""
        return f"{self.invoice_number} {self.customer_name}"

    @property
    def reference(self) -> DocumentReference:
        """What its entry books: the invoice, on the day of the cash."""
        return DocumentReference(
            kind="vat_due",
            id=self.invoice_id,
            number=self.invoice_number,
            issue_date=self.cash_date,
            party=self.customer_id,
            party_name=self.customer_name,
        )


class VatBecameDeductible(CashCounted, frozen=True, kw_only=True):
    """VAT of a bill that waited for its payment is deductible; negative: no longer.

    `shares` are what the cash changes, by rate and account, possibly nothing.
    """

    stored_as: ClassVar[str] = "vat.became_deductible.v1"

    bill_id: str
    supplier_reference: str
    bill_date: date
    bill_entry: int
    supplier_id: str
    supplier_name: str
    shares: tuple[PurchaseShare, ...]

    @property
    def debt(self) -> str:
        """The tag of the bill."""
        return document_tag("bill", self.bill_id)

    @property
    def debt_entry(self) -> int:
        """The position of the bill's entry."""
        return self.bill_entry

    @property
    def label(self) -> str:
        """What its entry says."""
        return f"{self.supplier_name} {self.supplier_reference}"

    @property
    def reference(self) -> DocumentReference:
        """What its entry books: the bill, on the day of the cash."""
        return DocumentReference(
            kind="vat_deductible",
            id=self.bill_id,
            number=self.supplier_reference,
            issue_date=self.cash_date,
            party=self.supplier_id,
            party_name=self.supplier_name,
        )


Counted = VatBecameDue | VatBecameDeductible


class Awaiting(Struct, Generic[Share], frozen=True, kw_only=True):
    """An invoice or a bill with VAT that waits for the money.

    `left` is the document less what reduced it, `paid` the cash counted so far, `due` the VAT that
    is due, or deducted, of it by now.
    """

    document: InvoiceValidated | BillRecorded
    left: Portion[Share]
    entry: int = 0
    paid: int = 0
    due: tuple[Share, ...] = ()

    def outstanding(self, paid: int) -> tuple[Share, ...]:
        """What must become due once `paid` of the document is: cumulated per rate, half-up (F2)."""
        gross = self.left.gross
        reached = min(max(paid, 0), gross)
        target = self.left if reached == gross else self.left.part(reached)
        waiting = (share for share in target.shares if share.exigible == "payment")
        changes = added(waiting, (times(share, -1) for share in self.due))
        return tuple(share for share in changes if not is_empty(share))


Waiting = Awaiting[VatShare] | Awaiting[PurchaseShare]


def entry_lines(due: Counted, company: Company) -> tuple[EntryLine, ...] | None:
    """The lines that book it; None where no tax moves."""
    if isinstance(due, VatBecameDue):
        return of_vat_due(company.accounts, due.label, due.shares) or None
    return of_vat_deductible(company.accounts, due.label, due.shares) or None


def evolve(before: Waiting | None, fact: Recorded) -> Waiting | None:
    """The document after one more event of its tag; None while none of its VAT waits for money."""
    if before is None:
        return _awaiting(fact.event)
    match fact.event:
        case EntryPosted(document=of) if of.kind in ("invoice", "bill"):
            return replace(before, entry=fact.position)
        case VatBecameDue() | VatBecameDeductible() as counted:
            due = added(before.due, counted.shares)
            return replace(before, paid=before.paid + counted.paid, due=due)
    taken = _taken(fact.event)
    if taken is None:
        return before
    # A tag has documents of one side alone.
    return replace(before, left=before.left.less(taken))  # type: ignore[arg-type]


def waits(document: Event) -> bool:
    """Whether a document is an invoice or a bill with VAT that waits for the money."""
    return _awaiting(document) is not None


def is_debt(document: Event) -> bool:
    """Whether a document is itself to be paid, so that it never pays another."""
    match document:
        case InvoiceValidated() | BillRecorded(kind="invoice"):
            return True
    return False


def debt_of(document: Event) -> str:
    """The tag of the invoice or bill that a document is, or that it reduces; empty for others."""
    if isinstance(document, BillRecorded):
        return bill.debt_tag(document)
    if isinstance(document, CashDiscountTaken):
        return document_tag("bill", document.bill_id)
    invoice = debt.invoice_of(document)
    return document_tag("invoice", invoice) if invoice else ""


def _awaiting(document: Event) -> Waiting | None:
    match document:
        case InvoiceValidated():
            if _any_waits(document.shares):
                sold = Portion(net=document.totals.net, shares=document.shares)
                return Awaiting(document=document, left=sold)
        case BillRecorded(kind="invoice"):
            if _any_waits(document.shares):
                bought = Portion(net=document.totals.net, shares=document.shares)
                return Awaiting(document=document, left=bought)
    return None


def _taken(document: Event) -> Portion[VatShare] | Portion[PurchaseShare] | None:
    """What a document takes off the one that it reduces."""
    match document:
        case CreditNoteIssued() as note:
            return Portion(net=note.totals.net, shares=note.shares)
        case InvoiceWrittenOff() | CashDiscountGranted() as reduced:
            return Portion(net=reduced.net, shares=reduced.shares)
        case CashDiscountTaken() as kept:
            return Portion(net=kept.net, shares=kept.shares)
        case BillRecorded(kind="credit_note") as credited:
            return Portion(net=credited.totals.net, shares=credited.shares)
    return None


def _any_waits(shares: Sequence[VatShare | PurchaseShare]) -> bool:
    return any(share.exigible == "payment" for share in shares)
