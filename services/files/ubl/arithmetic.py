"""Do the amounts of a document follow from each other? Exactly, in minor units, by fractions.

Totals must be equal to the cent, as in the official rules. For VAT and its bases the official
validators accept a difference under one unit of currency; here the equality is exact and
`finding.graded` says which differences refuse the document.
"""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from services.files.ubl.document import AllowanceCharge, Line, UblDocument
from services.files.ubl.finding import Finding, Severity, graded

# The rule family of each VAT category (BR-S-08, BR-IC-09…).
FAMILIES = {
    "S": "S", "Z": "Z", "E": "E", "AE": "AE", "K": "IC", "G": "G", "O": "O", "L": "AF", "M": "AG",
    "B": "B",
}  # fmt: skip


def lines_add_up(document: UblDocument) -> Iterator[Finding]:
    """Check that the line total is the sum of the lines (BR-CO-10)."""
    expected = sum(line.net for line in document.lines)
    yield from _equal(document, "BR-CO-10", "LineExtensionAmount", document.totals.lines, expected)


def allowances_add_up(document: UblDocument) -> Iterator[Finding]:
    """Check that the allowance total is the sum of the document's allowances (BR-CO-11)."""
    expected = sum(a.amount for a in document.allowances_charges if not a.is_charge)
    found = document.totals.allowances
    yield from _equal(document, "BR-CO-11", "AllowanceTotalAmount", found, expected)


def charges_add_up(document: UblDocument) -> Iterator[Finding]:
    """Check that the charge total is the sum of the document's charges (BR-CO-12)."""
    expected = sum(a.amount for a in document.allowances_charges if a.is_charge)
    yield from _equal(document, "BR-CO-12", "ChargeTotalAmount", document.totals.charges, expected)


def tax_exclusive_follows(document: UblDocument) -> Iterator[Finding]:
    """Check lines - allowances + charges = total without VAT (BR-CO-13)."""
    totals = document.totals
    expected = totals.lines - totals.allowances + totals.charges
    yield from _equal(document, "BR-CO-13", "TaxExclusiveAmount", totals.tax_exclusive, expected)


def tax_total_adds_up(document: UblDocument) -> Iterator[Finding]:
    """Check that the VAT total is the sum of the breakdown (BR-CO-14)."""
    expected = sum(vat.tax for vat in document.vat)
    yield from _equal(document, "BR-CO-14", "TaxAmount", document.totals.tax, expected)


def tax_inclusive_follows(document: UblDocument) -> Iterator[Finding]:
    """Check total without VAT + VAT = total with VAT (BR-CO-15)."""
    totals = document.totals
    expected = totals.tax_exclusive + totals.tax
    yield from _equal(document, "BR-CO-15", "TaxInclusiveAmount", totals.tax_inclusive, expected)


def payable_follows(document: UblDocument) -> Iterator[Finding]:
    """Check total with VAT - prepaid + rounding = payable (BR-CO-16)."""
    totals = document.totals
    expected = totals.tax_inclusive - totals.prepaid + totals.rounding
    yield from _equal(document, "BR-CO-16", "PayableAmount", totals.payable, expected)


def tax_follows_from_base_and_rate(document: UblDocument) -> Iterator[Finding]:
    """Check VAT = base x rate, half up, per category and rate (BR-CO-17, BR-S-09 and the like)."""
    for vat in document.vat:
        rate = vat.rate or "0"
        expected = half_up(Fraction(vat.base) * Fraction(rate) / 100)
        difference = vat.tax - expected
        if not difference:
            continue
        severity = graded(difference, _unit(document))
        message = (
            f"VAT on {money(document, vat.base)} at {rate} % is {money(document, expected)}; "
            f"the document says {money(document, vat.tax)}"
        )
        if severity == "error":
            yield Finding("BR-CO-17", severity, vat.pointer, message)
        yield Finding(f"BR-{_family(vat.category)}-09", severity, vat.pointer, message)


def taxable_bases_add_up(document: UblDocument) -> Iterator[Finding]:
    """Check each taxable base against lines, allowances and charges (BR-S-08 and the like)."""
    expected: defaultdict[tuple[str, str], int] = defaultdict(int)
    found: defaultdict[tuple[str, str], int] = defaultdict(int)
    pointers: dict[tuple[str, str], str] = {}
    for line in document.lines:
        expected[line.vat_category, line.vat_rate or "0"] += line.net
    for part in document.allowances_charges:
        expected[part.vat_category or "", part.vat_rate or "0"] += part.signed
    for vat in document.vat:
        found[vat.category, vat.rate or "0"] += vat.base
        pointers.setdefault((vat.category, vat.rate or "0"), vat.pointer)
    for key in {**expected, **found}:
        difference = found[key] - expected[key]
        if difference:
            category, rate = key
            message = (
                f"what is taxed as {category or 'no category'} at {rate} % is "
                f"{money(document, expected[key])}; the document says {money(document, found[key])}"
            )
            pointer = pointers.get(key, document.totals.pointer)
            severity = graded(difference, _unit(document))
            yield Finding(f"BR-{_family(category)}-08", severity, pointer, message)


def line_nets_follow_from_price(document: UblDocument) -> Iterator[Finding]:
    """Check net = quantity x price / base quantity - allowances + charges (PEPPOL-EN16931-R120).

    A remark: EN 16931 has no such rule, and the net amount is the term everything else adds up.
    """
    for line in document.lines:
        expected = _line_net(line, 10**document.exponent)
        if expected is None:
            message = "the base quantity of the price must be greater than zero"
            yield Finding("PEPPOL-EN16931-R121", "remark", line.pointer, message)
        elif expected != line.net:
            message = (
                f"quantity, price, allowances and charges give {money(document, expected)}; "
                f"the line says {money(document, line.net)}"
            )
            yield Finding("PEPPOL-EN16931-R120", "remark", line.pointer, message)


def percentages_give_amounts(document: UblDocument) -> Iterator[Finding]:
    """Check allowance or charge = base x percentage, half up (PEPPOL-EN16931-R040)."""
    parts: list[AllowanceCharge] = list(document.allowances_charges)
    for line in document.lines:
        parts.extend(line.allowances_charges)
    for part in parts:
        if part.percent is None or part.base is None:
            continue
        expected = half_up(Fraction(part.base) * Fraction(part.percent) / 100)
        if expected != part.amount:
            message = (
                f"{part.percent} % of {money(document, part.base)} is "
                f"{money(document, expected)}; the document says {money(document, part.amount)}"
            )
            yield Finding("PEPPOL-EN16931-R040", "remark", part.pointer, message)


def half_up(value: Fraction) -> int:
    """Round to an integer, halves away from zero, as money is rounded on invoices."""
    rounded = (abs(value.numerator) * 2 + value.denominator) // (value.denominator * 2)
    return rounded if value >= 0 else -rounded


def money(document: UblDocument, amount: int) -> str:
    """Write minor units as the document does: "-3.96 NOK"."""
    unit = _unit(document)
    whole, minor = divmod(abs(amount), unit)
    decimals = f".{minor:0{document.exponent}}" if document.exponent else ""
    return f"{'-' if amount < 0 else ''}{whole}{decimals} {document.currency}"


def _line_net(line: Line, unit: int) -> int | None:
    base_quantity = Fraction(line.base_quantity)
    if base_quantity <= 0:
        return None
    gross = Fraction(line.quantity) * Fraction(line.price) * unit / base_quantity
    return half_up(gross) + sum(part.signed for part in line.allowances_charges)


def _equal(
    document: UblDocument, code: str, name: str, found: int, expected: int
) -> Iterator[Finding]:
    severity: Severity = "error"
    if found != expected:
        message = (
            f"{name} should be {money(document, expected)} by the other amounts; "
            f"the document says {money(document, found)}"
        )
        yield Finding(code, severity, f"{document.totals.pointer}/cbc:{name}", message)


def _unit(document: UblDocument) -> int:
    return int(10**document.exponent)


def _family(category: str) -> str:
    return FAMILIES.get(category, "CL-18")
