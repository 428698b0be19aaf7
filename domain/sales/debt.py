"""An invoice as a debt: what is owed of it, what became of it as a loss, and what came after."""

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.ledger.entry import EntryPosted
from domain.sales.cash_discount import CashDiscountGranted
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.invoice import InvoiceValidated
from domain.sales.portion import Portion
from domain.sales.write_off import BadDebtRecovered, BadDebtVatReclaimed, InvoiceWrittenOff
from domain.values.vat import VatShare


class Receivable(Struct, frozen=True, kw_only=True):
    """A validated invoice as a debt: its entry, what reduced it, and what became of it as a loss.

    `entry` is the position of its entry (0 until it is posted), `recovered` what was paid of the
    loss since.
    """

    position: int
    document: InvoiceValidated
    entry: int = 0
    posted: EntryPosted | None = None
    notes: tuple[CreditNoteIssued, ...] = ()
    discounts: tuple[CashDiscountGranted, ...] = ()
    loss: InvoiceWrittenOff | None = None
    loss_position: int = 0
    reclaimed: bool = False
    recovered: int = 0

    @property
    def left(self) -> Portion[VatShare]:
        """The invoice less its credit notes and discounts, at the exigibility of its issue."""
        left = Portion(net=self.document.totals.net, shares=self.document.shares)
        for note in self.notes:
            left = left.less(Portion(net=note.totals.net, shares=note.shares))
        for discount in self.discounts:
            left = left.less(Portion(net=discount.net, shares=discount.shares))
        return left


class WriteOff(Struct, frozen=True, kw_only=True):
    """A write-off and what came after it."""

    position: int
    document: InvoiceWrittenOff
    reclaimed: BadDebtVatReclaimed | None = None
    recoveries: tuple[BadDebtRecovered, ...] = ()


def evolve(debt: Receivable | None, fact: Recorded) -> Receivable | None:
    """The debt after one more event of the invoice's tag; a draft is none."""
    match fact.event:
        case InvoiceValidated() as document:
            return Receivable(position=fact.position, document=document)
        case EntryPosted(document=of) as entry if debt is not None and of.kind == "invoice":
            return replace(debt, entry=fact.position, posted=entry)
        case CreditNoteIssued() as note if debt is not None:
            return replace(debt, notes=(*debt.notes, note))
        case CashDiscountGranted() as discount if debt is not None:
            return replace(debt, discounts=(*debt.discounts, discount))
        case InvoiceWrittenOff() as loss if debt is not None:
            return replace(debt, loss=loss, loss_position=fact.position)
        case BadDebtVatReclaimed() if debt is not None:
            return replace(debt, reclaimed=True)
        case BadDebtRecovered(amount=amount) if debt is not None:
            return replace(debt, recovered=debt.recovered + amount)
    return debt


def evolve_write_off(before: WriteOff | None, fact: Recorded) -> WriteOff | None:
    """The write-off after one more event of its own tag; its entries change nothing."""
    match fact.event:
        case InvoiceWrittenOff() as document:
            return WriteOff(position=fact.position, document=document)
        case BadDebtVatReclaimed() as reclaimed if before is not None:
            return replace(before, reclaimed=reclaimed)
        case BadDebtRecovered() as recovered if before is not None:
            return replace(before, recoveries=(*before.recoveries, recovered))
    return before


def invoice_of(document: Event) -> str:
    """The invoice that a document is, or that it reduces; empty for any other."""
    match document:
        case InvoiceValidated(invoice_id=found) | CreditNoteIssued(invoice_id=found):
            return found
        case InvoiceWrittenOff(invoice_id=found) | CashDiscountGranted(invoice_id=found):
            return found
    return ""
