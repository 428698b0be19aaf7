"""VAT due with the money (CGI 269, 2, c): its event, and an invoice that waits for it."""

from datetime import date
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.ledger.entry import EntryLine, EntryPosted, document_tag
from domain.ledger.settlement_posting import of_vat_due
from domain.parties.company import Company
from domain.sales.cash_discount import CashDiscountGranted
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.invoice import InvoiceValidated
from domain.sales.portion import Portion
from domain.sales.write_off import InvoiceWrittenOff
from domain.treasury.lettering import entry_tag
from domain.values.vat import VatShare


class VatBecameDue(Event, frozen=True, kw_only=True):
    """VAT of an invoice that waited for the money is due; negative: no longer.

    `paid` (minor units, negative when money went back) is what of the cash at `cash_entry`,
    `cash_line` is now counted as payment of the invoice; it is 0, as `cash_entry` is, where the
    invoice itself became smaller. `shares` are what that changes, rate by rate, possibly nothing.
    `date` is that of its entry: the cash's own, or the first open day after a locked period.
    """

    stored_as: ClassVar[str] = "vat.became_due.v1"

    invoice_id: str
    invoice_number: str
    invoice_date: date
    invoice_entry: int
    customer_id: str
    customer_name: str
    currency: str
    cash_entry: int
    cash_line: int
    cash_date: date
    date: date
    paid: int
    shares: tuple[VatShare, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        """Found by its invoice, and by the entry of the cash."""
        cash = (entry_tag(self.cash_entry),) if self.cash_entry else ()
        return (document_tag("invoice", self.invoice_id), *cash)

    @property
    def label(self) -> str:
        """What its entry says."""
        return f"{self.invoice_number} {self.customer_name}"


class Awaiting(Struct, frozen=True, kw_only=True):
    """An invoice with VAT that waits for the money.

    `left` is the invoice less what reduced it, `paid` the cash counted so far, `due` the VAT that
    is due of it by now.
    """

    document: InvoiceValidated
    left: Portion
    entry: int = 0
    paid: int = 0
    due: tuple[VatShare, ...] = ()

    def outstanding(self, paid: int) -> tuple[VatShare, ...]:
        """What must become due once `paid` of the invoice is: cumulated per rate, half-up (F2)."""
        gross = self.left.gross
        reached = min(max(paid, 0), gross)
        target = self.left if reached == gross else self.left.part(reached)
        known = {_kind(share): share for share in self.due}
        changes = (
            _less(share, known.get(_kind(share)))
            for share in target.shares
            if share.exigible == "payment"
        )
        return tuple(share for share in changes if share.base or share.tax)


def entry_lines(due: VatBecameDue, company: Company) -> tuple[EntryLine, ...] | None:
    """The lines that book it; None where no tax moves."""
    return of_vat_due(company.accounts, due.label, due.shares) or None


def evolve(before: Awaiting | None, fact: Recorded) -> Awaiting | None:
    """The invoice after one more event of its tag; None while none of its VAT waits for money."""
    match fact.event:
        case InvoiceValidated() as document:
            return _awaiting(document)
        case EntryPosted(document=of) if before is not None and of.kind == "invoice":
            return replace(before, entry=fact.position)
        case CreditNoteIssued() as note if before is not None:
            credited = Portion(net=note.totals.net, shares=note.shares)
            return replace(before, left=before.left.less(credited))
        case (InvoiceWrittenOff() | CashDiscountGranted()) as reduced if before is not None:
            lost = Portion(net=reduced.net, shares=reduced.shares)
            return replace(before, left=before.left.less(lost))
        case VatBecameDue(paid=paid, shares=shares) if before is not None:
            return replace(before, paid=before.paid + paid, due=_added(before.due, shares))
    return before


def waits(document: Event) -> bool:
    """Whether a document is an invoice with VAT that falls due with the money."""
    return isinstance(document, InvoiceValidated) and any(
        share.exigible == "payment" for share in document.shares
    )


def _awaiting(document: InvoiceValidated) -> Awaiting | None:
    if not waits(document):
        return None
    left = Portion(net=document.totals.net, shares=document.shares)
    return Awaiting(document=document, left=left)


def _less(share: VatShare, other: VatShare | None) -> VatShare:
    if other is None:
        return share
    return replace(share, base=share.base - other.base, tax=share.tax - other.tax)


def _added(due: tuple[VatShare, ...], shares: tuple[VatShare, ...]) -> tuple[VatShare, ...]:
    sums = {_kind(share): share for share in due}
    for share in shares:
        known = sums.get(_kind(share), replace(share, base=0, tax=0))
        total = replace(share, base=known.base + share.base, tax=known.tax + share.tax)
        sums[_kind(share)] = total
    return tuple(sums.values())


def _kind(share: VatShare) -> tuple[str, ...]:
    return share.category, share.rate, share.code, share.nature
