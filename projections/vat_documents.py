"""What events put into the VAT register: the document they are about, and the shares of its VAT."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Event
from domain.purchases.bill import BillRecorded
from domain.purchases.lines import PurchaseShare
from domain.sales.cash_discount import CashDiscountGranted
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.invoice import InvoiceValidated
from domain.sales.portion import Share, times
from domain.sales.write_off import BadDebtRecovered, BadDebtVatReclaimed, InvoiceWrittenOff
from domain.treasury.discount_taken import CashDiscountTaken
from domain.treasury.vat_due import VatBecameDeductible, VatBecameDue
from domain.values.vat import Rate, VatShare


class VatDocument(Struct, frozen=True, gc=False):
    """What the rates of a document have in common; `sign` is -1 for a credit note.

    `origin` is the date of the invoice that a credit note takes back, else the document's own.
    """

    direction: str
    kind: str
    sign: int
    document_id: str
    number: str
    issue_date: date
    origin: date
    date: date
    party: str
    party_name: str
    currency: str
    party_vat: str = ""
    party_country: str = ""


def document_of(event: Event) -> VatDocument:
    """The document as the register names it: a bill by the supplier's own number."""
    match event:
        case InvoiceValidated():
            return _sale("invoice", 1, event.invoice_id, event, event.issue_date)
        case CreditNoteIssued():
            return _sale("credit_note", -1, event.credit_note_id, event, event.invoice_date)
        case InvoiceWrittenOff():
            return _loss("write_off", -1, event)
        case BadDebtVatReclaimed():
            return _loss("bad_debt", -1, event)
        case BadDebtRecovered():
            return _loss("bad_debt_recovered", 1, event)
        case CashDiscountGranted() | CashDiscountTaken():
            return _reduction(event)
        case VatBecameDue():
            return _receipt(event)
        case VatBecameDeductible():
            return _payment(event)
        case BillRecorded():
            return VatDocument(
                "purchases",
                "bill" if event.kind == "invoice" else "bill_credit_note",
                1 if event.kind == "invoice" else -1,
                event.bill_id,
                event.supplier_reference,
                event.issue_date,
                event.issue_date,
                event.entry_date,
                event.supplier_id,
                event.supplier_name,
                event.currency,
            )
    raise TypeError(type(event).__name__)


def shares_of(event: Event) -> tuple[VatShare, ...]:
    """What an event puts into the register.

    A loss takes out what waited for the money; what was declared stays until it is taken back. Of
    a debt paid after all, all VAT is due at once that is not declared already.
    """
    match event:
        case InvoiceValidated() | CreditNoteIssued():
            return event.shares
        case InvoiceWrittenOff(shares=shares):
            return tuple(share for share in shares if share.exigible == "payment")
        case BadDebtVatReclaimed(shares=shares) | CashDiscountGranted(shares=shares):
            return shares
        case VatBecameDue(shares=shares):
            return _received(shares, sign_of(event))
        case BadDebtRecovered(shares=shares, vat_reclaimed=reclaimed):
            due = (share for share in shares if reclaimed or share.exigible == "payment")
            return tuple(replace(share, exigible="issue") for share in due)
        case BillRecorded() | VatBecameDeductible() | CashDiscountTaken():
            return tuple(_of_purchase(share) for share in bought_in(event))
    return ()


def bought_in(event: Event) -> tuple[PurchaseShare, ...]:
    """What a purchase knows of each of its shares beside base and tax, in the same order."""
    match event:
        case BillRecorded() | CashDiscountTaken():
            return event.shares
        case VatBecameDeductible():
            return _received(event.shares, sign_of(event))
    return ()


def _of_purchase(share: PurchaseShare) -> VatShare:
    return VatShare(
        category=share.category,
        rate=share.rate,
        code=share.code,
        nature=share.nature,
        exigible=share.exigible,
        base=share.base,
        tax=share.tax,
    )


def _received(shares: tuple[Share, ...], sign: int) -> tuple[Share, ...]:
    """VAT that the money makes due, and that waits no longer; each times the sign of its event."""
    return tuple(
        part
        for share in shares
        for part in (replace(times(share, sign), exigible="issue"), times(share, -sign))
    )


def sign_of(event: VatBecameDue | VatBecameDeductible) -> int:
    """Negative where money went back, or the document became smaller."""
    return 1 if sum(share.base for share in event.shares) >= 0 else -1


def exemptions_of(event: Event) -> dict[Rate, str]:
    """Why there is no VAT, by rate."""
    if not isinstance(event, InvoiceValidated | CreditNoteIssued | BillRecorded):
        return {}
    return {(amount.category, amount.rate): amount.exemption for amount in event.totals.vat}


def _loss(
    kind: str, sign: int, event: InvoiceWrittenOff | BadDebtVatReclaimed | BadDebtRecovered
) -> VatDocument:
    return VatDocument(
        "sales",
        kind,
        sign,
        event.write_off_id,
        event.document_number,
        event.issue_date,
        event.issue_date,
        event.issue_date,
        event.customer_id,
        event.customer_name,
        event.currency,
    )


def _reduction(event: CashDiscountGranted | CashDiscountTaken) -> VatDocument:
    if isinstance(event, CashDiscountTaken):
        side, number = "purchases", event.supplier_reference
        party, name = event.supplier_id, event.supplier_name
    else:
        side, number = "sales", event.invoice_number
        party, name = event.customer_id, event.customer_name
    return VatDocument(
        side,
        "cash_discount",
        -1,
        event.discount_id,
        number,
        event.date,
        event.date,
        event.date,
        party,
        name,
        event.currency,
    )


def _receipt(event: VatBecameDue) -> VatDocument:
    """Counted in the month of the money; it names the invoice, and the day of the money."""
    return VatDocument(
        "sales",
        "receipt",
        sign_of(event),
        event.invoice_id,
        event.invoice_number,
        event.cash_date,
        event.invoice_date,
        event.date,
        event.customer_id,
        event.customer_name,
        event.currency,
    )


def _payment(event: VatBecameDeductible) -> VatDocument:
    """Counted in the month of the payment; it names the bill, and the day of the payment."""
    return VatDocument(
        "purchases",
        "bill_payment",
        sign_of(event),
        event.bill_id,
        event.supplier_reference,
        event.cash_date,
        event.bill_date,
        event.date,
        event.supplier_id,
        event.supplier_name,
        event.currency,
    )


def _sale(
    kind: str,
    sign: int,
    document_id: str,
    event: InvoiceValidated | CreditNoteIssued,
    origin: date,
) -> VatDocument:
    return VatDocument(
        "sales",
        kind,
        sign,
        document_id,
        event.document_number,
        event.issue_date,
        origin,
        event.issue_date,
        event.customer_id,
        event.customer.name,
        event.currency,
        event.customer.vat_number,
        event.customer.address.country,
    )
