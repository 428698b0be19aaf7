"""The VAT register (V24): sales and purchases by month, category and rate, down to each document.

Sales count in the month of their issue, purchases in the month of their entry. Credit notes are
negative and kept apart from what they reduce, for a return may want either.
"""

from collections.abc import Iterable
from datetime import date

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
            for detail in _details(0, event):
                yield VatTotal, _key(detail)

    def apply(self, fact: Recorded, rows: Rows) -> None:
        if isinstance(fact.event, InvoiceValidated | CreditNoteIssued | BillRecorded):
            for detail in _details(fact.position, fact.event):
                rows.add(detail)
                rows.put(_counted(rows.get(VatTotal, _key(detail)), detail))


def _details(
    position: int, event: InvoiceValidated | CreditNoteIssued | BillRecorded
) -> list[VatDetail]:
    """The document's rates as rows."""
    match event:
        case InvoiceValidated():
            return _rates(position, event.totals.vat, _sale("invoice", event.invoice_id, event))
        case CreditNoteIssued():
            made = _sale("credit_note", event.credit_note_id, event)
            return _rates(position, event.totals.vat, made)
        case BillRecorded():
            return _rates(position, event.totals.vat, _purchase(event))


def _rates(position: int, vat: tuple[VatAmount, ...], document: VatDetail) -> list[VatDetail]:
    sign = -1 if document.kind.endswith("credit_note") else 1
    return [
        replace(
            document,
            position=position,
            part=part,
            category=str(amount.category),
            rate=plain_rate(amount.rate),
            exemption=amount.exemption,
            base=sign * amount.base,
            tax=sign * amount.tax,
        )
        for part, amount in enumerate(vat)
    ]


def _sale(kind: str, document_id: str, event: InvoiceValidated | CreditNoteIssued) -> VatDetail:
    """What the rates of a sales document have in common."""
    return VatDetail(
        position=0,
        part=0,
        direction="sales",
        period=month_of(event.issue_date),
        date=event.issue_date,
        kind=kind,
        document_id=document_id,
        number=event.document_number,
        issue_date=event.issue_date,
        party=event.customer_id,
        party_name=event.customer.name,
        currency=event.currency,
        category="",
        rate="",
        exemption="",
        base=0,
        tax=0,
    )


def _purchase(event: BillRecorded) -> VatDetail:
    """What the rates of a supplier's document have in common; its number is the supplier's."""
    return VatDetail(
        position=0,
        part=0,
        direction="purchases",
        period=month_of(event.entry_date),
        date=event.entry_date,
        kind="bill" if event.kind == "invoice" else "bill_credit_note",
        document_id=event.bill_id,
        number=event.supplier_reference,
        issue_date=event.issue_date,
        party=event.supplier_id,
        party_name=event.supplier_name,
        currency=event.currency,
        category="",
        rate="",
        exemption="",
        base=0,
        tax=0,
    )


def _key(detail: VatDetail) -> tuple[str, str, str, str, str]:
    return detail.direction, detail.period, detail.currency, detail.category, detail.rate


def _counted(total: VatTotal | None, detail: VatDetail) -> VatTotal:
    """The total with one more rate of a document in it."""
    total = total or VatTotal(*_key(detail), 0, 0, 0, 0)
    if detail.kind.endswith("credit_note"):
        return replace(
            total,
            credit_base=total.credit_base + detail.base,
            credit_tax=total.credit_tax + detail.tax,
        )
    return replace(
        total,
        base=total.base + detail.base,
        tax=total.tax + detail.tax,
    )


def month_of(day: date) -> str:
    """The month as YYYY-MM."""
    return day.isoformat()[:7]


def plain_rate(rate: str) -> str:
    """A decimal string without needless zeros, so that 21, 21.0 and 21.00 are one rate."""
    return rate.rstrip("0").rstrip(".") if "." in rate else rate
