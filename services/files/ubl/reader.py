"""Bytes of a UBL 2.1 file to an EN 16931 document and the findings about it; no exception, no I/O
but the file named."""

import os
import stat
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from domain.values.currency import EXPONENTS
from services.files.ubl import rules
from services.files.ubl.amounts import Money
from services.files.ubl.attachments import read_attachments
from services.files.ubl.document import (
    Delivery,
    Kind,
    Party,
    Payment,
    PrecedingInvoice,
    UblDocument,
)
from services.files.ubl.finding import Finding, Findings, GaveUp
from services.files.ubl.parties import (
    BUYER,
    OTHER,
    SELLER,
    read_accounts,
    read_party,
    read_payment_references,
)
from services.files.ubl.terms import EARLIEST, Terms
from services.files.ubl.xml import MOST_BYTES, Element, parse, too_large

_KINDS: dict[str, Kind] = {"/Invoice": "invoice", "/CreditNote": "credit_note"}


class Reading(Struct, frozen=True):
    """What a file gave: the document where one could be read, and every finding, errors first."""

    document: UblDocument | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Give the reasons for which the file is refused."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """Give what an accountant should see on a file that is taken."""
        return tuple(finding for finding in self.findings if finding.severity == "remark")

    @property
    def accepted(self) -> UblDocument | None:
        """Give the document when nothing speaks against taking it."""
        return None if self.errors else self.document


def read(content: bytes) -> Reading:
    """Read and check a UBL invoice or credit note; whatever the bytes are, this returns."""
    root = parse(content)
    if isinstance(root, Finding):
        return Reading(None, (root,))
    findings = Findings()
    kind = _KINDS.get(root.pointer)
    if kind is None:
        findings.error("UBL-ROOT", "/", "not a UBL 2.1 Invoice or CreditNote")
        return Reading(None, findings.all())
    document = None
    try:
        read_document = _document(Terms(root, findings), kind, sha256(content).hexdigest())
        if not findings.refused:
            document = read_document
            findings.extend(rules.check(document))
    except GaveUp:
        pass
    return Reading(document, findings.all())


def read_file(path: Path) -> Reading:
    """Read and check a file; its size is settled before a byte of it is read."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return Reading(None, (_unreadable("not a regular file"),))
            if status.st_size > MOST_BYTES:
                return Reading(None, (too_large(status.st_size),))
            return read(file.read(MOST_BYTES + 1))
    except OSError as fault:
        return Reading(None, (_unreadable(fault.strerror or "unreadable"),))


def _unreadable(reason: str) -> Finding:
    return Finding("FILE-UNREADABLE", "error", "/", reason)


def _document(terms: Terms, kind: Kind, digest: str) -> UblDocument:
    credit_note = kind == "credit_note"
    currency, terms.exponent = _currency(terms, "cbc:DocumentCurrencyCode", missing="BR-05")
    tax_currency, tax_exponent = _currency(terms, "cbc:TaxCurrencyCode", missing=None)
    money = Money(terms, currency, credit_note=credit_note)
    type_code = "cbc:CreditNoteTypeCode" if credit_note else "cbc:InvoiceTypeCode"
    return UblDocument(
        sha256=digest,
        kind=kind,
        type_code=terms.code(type_code, missing="BR-04") or "",
        number=terms.code("cbc:ID", missing="BR-02") or "",
        issue_date=terms.date("cbc:IssueDate", missing="BR-03") or EARLIEST,
        due_date=_due_date(terms),
        tax_point_date=terms.date("cbc:TaxPointDate"),
        tax_point_code=_tax_point_code(terms),
        process=terms.code("cbc:ProfileID"),
        delivery=_delivery(terms),
        currency=currency,
        exponent=terms.exponent,
        tax_currency=tax_currency or None,
        specification=terms.code("cbc:CustomizationID"),
        notes=_texts(terms.each("cbc:Note")),
        buyer_reference=terms.code("cbc:BuyerReference"),
        order_reference=terms.code("cac:OrderReference/cbc:ID"),
        preceding_invoices=_preceding_invoices(terms),
        payment=_payment(terms),
        seller=_trader(terms, "cac:AccountingSupplierParty", SELLER),
        buyer=_trader(terms, "cac:AccountingCustomerParty", BUYER),
        payee=_other_party(terms, "cac:PayeeParty"),
        tax_representative=_other_party(terms, "cac:TaxRepresentativeParty"),
        allowances_charges=money.allowances_charges(),
        lines=money.lines(),
        vat=money.vat(),
        totals=money.totals(tax_currency or None, tax_exponent),
        attachments=read_attachments(terms),
    )


def _currency(terms: Terms, path: str, missing: str | None) -> tuple[str, int]:
    """Give a currency and its decimals; one we hold no decimals for is refused."""
    currency = terms.code(path, missing=missing) or ""
    if currency and currency not in EXPONENTS:
        code = "BR-CL-04" if missing else "BR-CL-05"
        terms.findings.error(code, f"{terms.pointer}/{path}", "not a currency of ISO 4217")
    return currency, EXPONENTS.get(currency, 2)


def _due_date(terms: Terms) -> date | None:
    """Give BT-9, which a credit note keeps among its payment means."""
    due = terms.date("cbc:DueDate")
    among_means = (means.date("cbc:PaymentDueDate") for means in terms.each("cac:PaymentMeans"))
    return due or min((found for found in among_means if found), default=None)


def _delivery(terms: Terms) -> Delivery:
    """Give the first delivery and the first period: the standard knows one of each."""
    delivered = [d.date("cbc:ActualDeliveryDate") for d in terms.each("cac:Delivery")]
    periods = terms.each("cac:InvoicePeriod")
    return Delivery(
        delivered_on=delivered[0] if delivered else None,
        period_start=periods[0].date("cbc:StartDate") if periods else None,
        period_end=periods[0].date("cbc:EndDate") if periods else None,
    )


def _tax_point_code(terms: Terms) -> str | None:
    """Give BT-8, of the first period that says one."""
    codes = (period.code("cbc:DescriptionCode") for period in terms.each("cac:InvoicePeriod"))
    return next((code for code in codes if code), None)


def _preceding_invoices(terms: Terms) -> tuple[PrecedingInvoice, ...]:
    found = []
    for billing in terms.each("cac:BillingReference"):
        for name in ("cac:InvoiceDocumentReference", "cac:CreditNoteDocumentReference"):
            for reference in billing.each(name):
                number = reference.code("cbc:ID", missing="BR-55") or ""
                found.append(PrecedingInvoice(number, reference.date("cbc:IssueDate")))
    return tuple(found)


def _payment(terms: Terms) -> Payment:
    codes = (means.code("cbc:PaymentMeansCode") for means in terms.each("cac:PaymentMeans"))
    notes = (note for part in terms.each("cac:PaymentTerms") for note in part.each("cbc:Note"))
    return Payment(
        means=tuple(dict.fromkeys(code for code in codes if code)),
        references=read_payment_references(terms),
        terms="\n".join(_texts(notes)) or None,
        accounts=read_accounts(terms),
    )


def _texts(elements: Iterable[Terms]) -> tuple[str, ...]:
    return tuple(text for element in elements if (text := element.text()))


def _trader(terms: Terms, name: str, mandatory: tuple[str | None, str | None]) -> Party:
    """Give the seller or the buyer; without its element, every mandatory part is missing."""
    party = terms.one(f"{name}/cac:Party")
    return read_party(party or Terms(Element(name, {}, None), terms.findings), mandatory)


def _other_party(terms: Terms, name: str) -> Party | None:
    party = terms.one(name)
    return None if party is None else read_party(party, OTHER)
