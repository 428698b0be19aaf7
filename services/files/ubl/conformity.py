"""Are the terms of a document ones an accountant can work with? Codes, reasons, dates, headers."""

from collections.abc import Iterator
from decimal import Decimal

from services.files.ubl.arithmetic import FAMILIES, money
from services.files.ubl.document import UblDocument
from services.files.ubl.finding import Finding

# UNTDID 1001 as EN 16931 allows it in each document (BR-CL-01).
_CREDIT_NOTES = frozenset(
    ["81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"]
)
_INVOICES = frozenset(
    [
        "71", "80", "82", "84", "102", "130", "202", "203", "204", "211", "218", "219", "295",
        "326", "331", "380", "382", "383", "384", "385", "386", "387", "388", "389", "390",
        "393", "394", "395", "456", "457", "527", "553", "575", "623", "633", "751", "780",
        "817", "870", "875", "876", "877", "935",
    ]
)  # fmt: skip
_NO_INVOICES = {"325": "a pro forma invoice"}
_WORTH_A_LOOK = {
    "383": "a debit note: it adds to an earlier invoice",
    "384": "a corrected invoice: book it or the one it refers to, not both",
    "386": "a prepayment invoice: the final invoice must deduct it",
    "389": "self-billing: the buyer issued it in the seller's name",
    "393": "factored: pay the factor named as payee",
    "751": "for accounting only: not a tax invoice",
    "261": "self-billing: the buyer issued it in the seller's name",
    "396": "factored: pay the factor named as payee",
}
_TAXED = frozenset({"S", "L", "M", "B"})
_EXEMPT = frozenset({"E", "AE", "K", "G", "O"})


def type_is_an_accounting_document(document: UblDocument) -> Iterator[Finding]:
    """Check the type against the root element (BR-CL-01), and point out the unusual ones."""
    code = document.type_code
    pointer = _at(document, "TypeCode")
    allowed = _CREDIT_NOTES if document.kind == "credit_note" else _INVOICES
    if code in _NO_INVOICES:
        message = f"{_NO_INVOICES[code]} asks for nothing and is not booked"
        yield Finding("NOT-AN-INVOICE", "error", pointer, message)
    elif code in (_INVOICES | _CREDIT_NOTES) - allowed:
        message = f"type {code} contradicts the root element: who owes whom cannot be told"
        yield Finding("BR-CL-01", "error", pointer, message)
    elif code not in allowed:
        yield Finding("BR-CL-01", "remark", pointer, "not a type code of EN 16931")
    elif code in _WORTH_A_LOOK:
        yield Finding(f"TYPE-{code}", "remark", pointer, _WORTH_A_LOOK[code])


def vat_categories_are_known(document: UblDocument) -> Iterator[Finding]:
    """Refuse a VAT category without a meaning (BR-CL-17 in the breakdown, BR-CL-18 elsewhere)."""
    message = "not a VAT category of EN 16931, so its VAT cannot be booked"
    for vat in document.vat:
        if vat.category not in FAMILIES:
            yield Finding("BR-CL-17", "error", vat.pointer, message)
    for line in document.lines:
        if line.vat_category not in FAMILIES:
            yield Finding("BR-CL-18", "error", line.pointer, message)
    for part in document.allowances_charges:
        if part.vat_category is None:
            code = "BR-37" if part.is_charge else "BR-32"
            yield Finding(code, "error", part.pointer, "the VAT category is missing")
        elif part.vat_category not in FAMILIES:
            yield Finding("BR-CL-18", "error", part.pointer, message)


def exempt_categories_have_no_rate(document: UblDocument) -> Iterator[Finding]:
    """Refuse a rate on what is declared untaxed (BR-E-05, BR-AE-05 and the like)."""
    for line in document.lines:
        category = line.vat_category
        if category in FAMILIES and category not in _TAXED and line.vat_rate not in (None, "0"):
            message = f"VAT category {category} has no VAT, and the line says {line.vat_rate} %"
            yield Finding(f"BR-{FAMILIES[category]}-05", "error", line.pointer, message)


def standard_rate_is_given(document: UblDocument) -> Iterator[Finding]:
    """Check that what is taxed has a rate: none at all is refused (BR-48), 0 % noted (BR-S-05)."""
    for vat in document.vat:
        if vat.category == "S" and vat.rate is None:
            message = "the standard category has no rate"
            yield Finding("BR-48", "error", vat.pointer, message)
        elif vat.rate is not None and not 0 <= Decimal(vat.rate) <= 100:
            yield Finding("BR-48", "error", vat.pointer, "a VAT rate lies between 0 and 100 %")
        elif vat.category == "S" and vat.rate == "0":
            message = "0 % in the standard category; zero-rated, exempt or reverse charge is meant"
            yield Finding("BR-S-05", "remark", vat.pointer, message)


def exemption_has_a_reason(document: UblDocument) -> Iterator[Finding]:
    """Point out an exemption without a reason (BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10)."""
    for vat in document.vat:
        if vat.category in _EXEMPT and not (vat.exemption_reason or vat.exemption_code):
            code = f"BR-{FAMILIES[vat.category]}-10"
            yield Finding(code, "remark", vat.pointer, "no reason is given for charging no VAT")


def reverse_charge_names_both_parties(document: UblDocument) -> Iterator[Finding]:
    """Point out VAT due by the buyer whose numbers are missing (BR-AE-02, BR-IC-02)."""
    for category in ("AE", "K"):
        if any(line.vat_category == category for line in document.lines):
            seller, buyer = document.seller, document.buyer
            code = f"BR-{FAMILIES[category]}-02"
            if not (seller.vat_number or seller.tax_registration or document.tax_representative):
                message = "the buyer owes the VAT, and the seller's VAT number is missing"
                yield Finding(code, "remark", seller.pointer, message)
            if not (buyer.vat_number or (category == "AE" and buyer.legal_id)):
                message = "the buyer owes the VAT, and its VAT number is missing"
                yield Finding(code, "remark", buyer.pointer, message)


def payment_is_dated(document: UblDocument) -> Iterator[Finding]:
    """Point out a payable invoice with neither due date nor terms, or due before its issue."""
    undated = not (document.due_date or document.payment.terms)
    if document.kind == "invoice" and document.totals.payable > 0 and undated:
        pointer = f"{document.totals.pointer}/cbc:PayableAmount"
        yield Finding("DUE-DATE-MISSING", "remark", pointer, "neither a due date nor payment terms")
    if document.due_date and document.due_date < document.issue_date:
        message = "the due date lies before the date of issue"
        yield Finding("DUE-BEFORE-ISSUE", "remark", _at(document, "DueDate"), message)


def prices_are_not_negative(document: UblDocument) -> Iterator[Finding]:
    """Point out a negative unit price (BR-27): a return is a negative quantity."""
    for line in document.lines:
        if line.price.startswith("-"):
            yield Finding("BR-27", "remark", line.pointer, "the unit price is negative")


def peppol_header_is_complete(document: UblDocument) -> Iterator[Finding]:
    """Point out what Peppol wants and bookkeeping can do without (BR-01, BR-CO-26, R003)."""
    if document.specification is None:
        pointer = f"/{_root(document)}/cbc:CustomizationID"
        yield Finding("BR-01", "remark", pointer, "the file does not say which standard it follows")
    if not (document.buyer_reference or document.order_reference):
        message = "neither a buyer reference nor an order reference"
        yield Finding("PEPPOL-EN16931-R003", "remark", f"/{_root(document)}", message)
    seller = document.seller
    if not (seller.vat_number or seller.legal_id or seller.identifiers):
        message = "the seller has no VAT number and no other identifier"
        yield Finding("BR-CO-26", "remark", seller.pointer, message)


def sign_is_worth_a_look(document: UblDocument) -> Iterator[Finding]:
    """Point out an invoice that gives money back, or a credit note that asks for it."""
    total = document.totals.tax_inclusive
    if total < 0:
        opposite = "a credit note" if document.kind == "invoice" else "an invoice"
        pointer = f"{document.totals.pointer}/cbc:TaxInclusiveAmount"
        message = f"the total is {money(document, total)}: this works as {opposite}"
        yield Finding("NEGATIVE-TOTAL", "remark", pointer, message)


def _root(document: UblDocument) -> str:
    return "CreditNote" if document.kind == "credit_note" else "Invoice"


def _at(document: UblDocument, name: str) -> str:
    prefix = _root(document) if name == "TypeCode" else ""
    return f"/{_root(document)}/cbc:{prefix}{name}"
