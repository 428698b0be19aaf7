"""The VAT register (V24): sales and purchases by month, category and rate, down to each document.

Sales count in the month of their issue, purchases in the month of their entry. Credit notes are
negative and kept apart from what they reduce, for a return may want either; so is the VAT of debts
that are lost. VAT that waits for the money is listed, and apart from what is due.
"""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.purchases.bill import BillRecorded
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.invoice import InvoiceValidated
from domain.sales.write_off import BadDebtRecovered, BadDebtVatReclaimed, InvoiceWrittenOff
from domain.values.vat import Rate, VatShare, undivided
from projections.register import Register
from projections.rows import Need, Row, Rows


class VatDetail(Row, frozen=True):
    """One share of one rate of a document; `base` and `tax` in minor units, negative on a credit

    note. `exigible` says whether it is due with the document, with its payment, or not at all.
    """

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
    code: str
    nature: str
    exigible: str
    exemption: str
    base: int
    tax: int


class VatTotal(Row, frozen=True):
    """The totals of a rate and code in a month, due or not yet; credit notes apart, negative."""

    table = "vat_total"
    key = ("direction", "period", "currency", "category", "rate", "code", "exigible")

    direction: str
    period: str
    currency: str
    category: str
    rate: str
    code: str
    exigible: str
    base: int
    tax: int
    credit_base: int
    credit_tax: int


class VatRegister(Register):
    """VAT by rate and month, with the documents behind each total."""

    name = "vat_register"
    version = 2
    rows = (VatDetail, VatTotal)
    events = (
        InvoiceValidated,
        CreditNoteIssued,
        InvoiceWrittenOff,
        BadDebtVatReclaimed,
        BadDebtRecovered,
        BillRecorded,
    )

    def needs(self, event: Event) -> Iterable[Need]:
        match event:
            case (
                InvoiceValidated()
                | CreditNoteIssued()
                | InvoiceWrittenOff()
                | BadDebtVatReclaimed()
                | BadDebtRecovered()
                | BillRecorded()
            ):
                document = _document(event)
                for share in _shares(event):
                    yield VatTotal, _key(document, share)

    def apply(self, fact: Recorded, rows: Rows) -> None:
        if isinstance(fact.event, self.events):
            document, reasons = _document(fact.event), _exemptions(fact.event)
            for part, share in enumerate(_shares(fact.event)):
                why = reasons.get((share.category, share.rate), "")
                rows.add(_detail((fact.position, part), document, share, why))
                key = _key(document, share)
                total = rows.get(VatTotal, key) or VatTotal(*key, 0, 0, 0, 0)
                rows.put(_counted(total, document, share))


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


def _document(event: Event) -> VatDocument:
    """The document as the register names it: a bill by the supplier's own number."""
    match event:
        case InvoiceValidated():
            return _sale("invoice", 1, event.invoice_id, event)
        case CreditNoteIssued():
            return _sale("credit_note", -1, event.credit_note_id, event)
        case InvoiceWrittenOff():
            return _loss("write_off", -1, event)
        case BadDebtVatReclaimed():
            return _loss("bad_debt", -1, event)
        case BadDebtRecovered():
            return _loss("bad_debt_recovered", 1, event)
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
    raise TypeError(type(event).__name__)


def _shares(event: Event) -> tuple[VatShare, ...]:
    """What an event puts into the register.

    A loss takes out what waited for the money; what was declared stays until it is taken back. Of
    a debt paid after all, all VAT is due at once that is not declared already.
    """
    match event:
        case InvoiceValidated() | CreditNoteIssued():
            return event.shares
        case InvoiceWrittenOff(shares=shares):
            return tuple(share for share in shares if share.exigible == "payment")
        case BadDebtVatReclaimed(shares=shares):
            return shares
        case BadDebtRecovered(shares=shares, vat_reclaimed=reclaimed):
            due = (share for share in shares if reclaimed or share.exigible == "payment")
            return tuple(replace(share, exigible="issue") for share in due)
        case BillRecorded(totals=totals):
            return undivided(totals.vat)
    return ()


def _exemptions(event: Event) -> dict[Rate, str]:
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
        event.customer_id,
        event.customer_name,
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


def _detail(
    place: tuple[int, int], document: VatDocument, share: VatShare, exemption: str
) -> VatDetail:
    position, part = place
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
        category=share.category,
        rate=plain_rate(share.rate),
        code=share.code,
        nature=share.nature,
        exigible=share.exigible,
        exemption=exemption,
        base=document.sign * share.base,
        tax=document.sign * share.tax,
    )


def _key(document: VatDocument, share: VatShare) -> tuple[str, str, str, str, str, str, str]:
    return (
        document.direction,
        month_of(document.date),
        document.currency,
        share.category,
        plain_rate(share.rate),
        share.code,
        share.exigible,
    )


def _counted(total: VatTotal, document: VatDocument, share: VatShare) -> VatTotal:
    """The total with one more share of a document in it."""
    if document.sign < 0:
        return replace(
            total,
            credit_base=total.credit_base - share.base,
            credit_tax=total.credit_tax - share.tax,
        )
    return replace(total, base=total.base + share.base, tax=total.tax + share.tax)


def month_of(day: date) -> str:
    """The month as YYYY-MM."""
    return day.isoformat()[:7]


def plain_rate(rate: str) -> str:
    """A decimal string without needless zeros, so that 21, 21.0 and 21.00 are one rate."""
    return rate.rstrip("0").rstrip(".") if "." in rate else rate
