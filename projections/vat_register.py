"""The VAT register (V24): sales and purchases by month, category and rate, down to each document.

Sales count in the month of their issue, purchases in the month of their entry. Credit notes are
negative and kept apart from what they reduce, for a return may want either; so is the VAT of debts
that are lost. VAT that waits for the money is listed, and apart from what is due; as the money
comes it is due in that month, and waits no longer.
"""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.purchases.bill import BillRecorded
from domain.purchases.lines import PurchaseShare
from domain.sales.cash_discount import CashDiscountGranted
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.invoice import InvoiceValidated
from domain.sales.write_off import BadDebtRecovered, BadDebtVatReclaimed, InvoiceWrittenOff
from domain.treasury.discount_taken import CashDiscountTaken
from domain.treasury.vat_due import VatBecameDeductible, VatBecameDue
from domain.values.vat import VatShare
from projections.register import Register
from projections.rows import Need, Row, Rows
from projections.vat_documents import (
    VatDocument,
    bought_in,
    document_of,
    exemptions_of,
    shares_of,
)


class VatDetail(Row, frozen=True):
    """One share of one rate of a document; `base` and `tax` in minor units, negative on a credit

    note. `exigible` says whether it is due with the document, with its payment, or not at all.
    Of a purchase, `due` is the tax at `due_rate` that the supplier left to the company,
    `deductible` what is deducted, `account` where it is booked. `origin` is the date of the
    invoice that is credited, `party_country` where an invoice or credit note went (ISO 3166).
    """

    table = "vat_detail"
    key = ("position", "part")
    lasting = True

    position: int
    part: int
    direction: str
    period: str
    kind: str
    document_id: str
    number: str
    issue_date: date
    origin: date
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
    due: int
    deductible: int
    account: str
    due_rate: str
    party_vat: str
    party_country: str


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
    version = 6
    rows = (VatDetail, VatTotal)
    events = (
        InvoiceValidated,
        CreditNoteIssued,
        InvoiceWrittenOff,
        BadDebtVatReclaimed,
        BadDebtRecovered,
        CashDiscountGranted,
        CashDiscountTaken,
        VatBecameDue,
        VatBecameDeductible,
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
                | CashDiscountGranted()
                | CashDiscountTaken()
                | VatBecameDue()
                | VatBecameDeductible()
                | BillRecorded()
            ):
                document = document_of(event)
                for share in shares_of(event):
                    yield VatTotal, _key(document, share)

    def apply(self, fact: Recorded, rows: Rows) -> None:
        if isinstance(fact.event, self.events):
            document, reasons = document_of(fact.event), exemptions_of(fact.event)
            bought = bought_in(fact.event)
            for part, share in enumerate(shares_of(fact.event)):
                why = reasons.get((share.category, share.rate), "")
                own = bought[part] if bought else None
                rows.add(_detail((fact.position, part), document, share, own, why))
                key = _key(document, share)
                total = rows.get(VatTotal, key) or VatTotal(*key, 0, 0, 0, 0)
                rows.put(_counted(total, document, share))


def _detail(
    place: tuple[int, int],
    document: VatDocument,
    share: VatShare,
    bought: PurchaseShare | None,
    exemption: str,
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
        due=document.sign * bought.due if bought else 0,
        deductible=document.sign * bought.deductible if bought else 0,
        account=bought.account if bought else "",
        due_rate=bought.due_rate if bought else "",
        party_vat=document.party_vat,
        party_country=document.party_country,
        origin=document.origin,
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
