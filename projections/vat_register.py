"""The VAT register (V24): sales and purchases by month, category and rate, down to each document.

Sales count in the month of their issue, purchases in the month of their entry. Credit notes are
negative and kept apart from what they reduce, for a return may want either.
"""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.purchases.bill import BillRecorded
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.invoice import InvoiceValidated
from domain.values.vat import VatAmount
from projections.register import Register
from projections.rows import Need, Row, Rows


class VatDetail(Row, frozen=True):
    """One rate of one document; `base` and `tax` in minor units, negative on a credit note."""

    table = "vat_detail"
    key = ("position", "part")

    position: int
    part: int
    direction: str
    period: str
    kind: str
    document_id: str
    number: str
    issue_date: date
    date: date
    party: str
    party_name: str
    currency: str
    category: str
    rate: str
    exemption: str
    base: int
    tax: int


class VatTotal(Row, frozen=True):
    """The totals of a rate in a month; credit notes apart, as negative amounts."""

    table = "vat_total"
    key = ("direction", "period", "currency", "category", "rate")

    direction: str
    period: str
    currency: str
    category: str
    rate: str
    base: int
    tax: int
    credit_base: int
    credit_tax: int


class VatRegister(Register):
    """VAT by rate and month, with the documents behind each total."""

    name = "vat_register"
    version = 1
    rows = (VatDetail, VatTotal)
    events = (InvoiceValidated, CreditNoteIssued, BillRecorded)

    def needs(self, event: Event) -> Iterable[Need]:
        if isinstance(event, InvoiceValidated | CreditNoteIssued | BillRecorded):
            document = _document(event)
            for amount in event.totals.vat:
                yield VatTotal, _key(document, amount)

    def apply(self, fact: Recorded, rows: Rows) -> None:
        if isinstance(fact.event, InvoiceValidated | CreditNoteIssued | BillRecorded):
            document = _document(fact.event)
            for part, amount in enumerate(fact.event.totals.vat):
                rows.add(_detail(fact.position, part, document, amount))
                key = _key(document, amount)
                total = rows.get(VatTotal, key) or VatTotal(*key, 0, 0, 0, 0)
                rows.put(_counted(total, document, amount))


class VatDocument(Struct, frozen=True, gc=False):
    """What the rates of a document have in common; `sign` is -1 for a credit note."""

    direction: str
    kind: str
    sign: int
    document_id: str
    number: str
    issue_date: date
    date: date
    party: str
    party_name: str
    currency: str


def _document(event: InvoiceValidated | CreditNoteIssued | BillRecorded) -> VatDocument:
    """The document as the register names it: a bill by the supplier's own number."""
    match event:
        case InvoiceValidated():
            return _sale("invoice", 1, event.invoice_id, event)
        case CreditNoteIssued():
            return _sale("credit_note", -1, event.credit_note_id, event)
        case BillRecorded():
            return VatDocument(
                "purchases",
                "bill" if event.kind == "invoice" else "bill_credit_note",
                1 if event.kind == "invoice" else -1,
                event.bill_id,
                event.supplier_reference,
                event.issue_date,
                event.entry_date,
                event.supplier_id,
                event.supplier_name,
                event.currency,
            )


def _sale(
    kind: str, sign: int, document_id: str, event: InvoiceValidated | CreditNoteIssued
) -> VatDocument:
    return VatDocument(
        "sales",
        kind,
        sign,
        document_id,
        event.document_number,
        event.issue_date,
        event.issue_date,
        event.customer_id,
        event.customer.name,
        event.currency,
    )


def _detail(position: int, part: int, document: VatDocument, amount: VatAmount) -> VatDetail:
    return VatDetail(
        position=position,
        part=part,
        direction=document.direction,
        period=month_of(document.date),
        kind=document.kind,
        document_id=document.document_id,
        number=document.number,
        issue_date=document.issue_date,
        date=document.date,
        party=document.party,
        party_name=document.party_name,
        currency=document.currency,
        category=amount.category,
        rate=plain_rate(amount.rate),
        exemption=amount.exemption,
        base=document.sign * amount.base,
        tax=document.sign * amount.tax,
    )


def _key(document: VatDocument, amount: VatAmount) -> tuple[str, str, str, str, str]:
    return (
        document.direction,
        month_of(document.date),
        document.currency,
        amount.category,
        plain_rate(amount.rate),
    )


def _counted(total: VatTotal, document: VatDocument, amount: VatAmount) -> VatTotal:
    """The total with one more rate of a document in it."""
    if document.sign < 0:
        return replace(
            total,
            credit_base=total.credit_base - amount.base,
            credit_tax=total.credit_tax - amount.tax,
        )
    return replace(total, base=total.base + amount.base, tax=total.tax + amount.tax)


def month_of(day: date) -> str:
    """The month as YYYY-MM."""
    return day.isoformat()[:7]


def plain_rate(rate: str) -> str:
    """A decimal string without needless zeros, so that 21, 21.0 and 21.00 are one rate."""
    return rate.rstrip("0").rstrip(".") if "." in rate else rate
