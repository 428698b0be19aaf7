"""What the checks find: arithmetic to the cent, codes, and check digits, each under its rule."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.files import ubl
from services.files.ubl.arithmetic import half_up
from tests.services.files.ubl_samples import (
    BUYER,
    MEANS,
    SELLER,
    accepted,
    category,
    codes,
    invoice,
    line,
    subtotal,
    totals,
)

NET_99 = ('TaxExclusiveAmount currencyID="EUR">100', 'TaxExclusiveAmount currencyID="EUR">99')


def with_number(scheme: str, number: str) -> dict[str, str]:
    """Give a Belgian seller whose identifiers are under another scheme and number."""
    return {"seller": SELLER.replace('"0208">0400000185', f'"{scheme}">{number}')}


def allowance(amount: str, *, charge: bool, more: str = "") -> str:
    """Give an allowance or charge on the document."""
    return f"""<cac:AllowanceCharge><cbc:ChargeIndicator>{str(charge).lower()}</cbc:ChargeIndicator>
{more}<cbc:Amount currencyID="EUR">{amount}</cbc:Amount>{category("S", "21")}
</cac:AllowanceCharge>"""


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (invoice(money=totals(net="99.99", gross="120.99", payable="120.99")), "BR-CO-10"),
        (invoice(money=totals().replace(*NET_99)), "BR-CO-13"),
        (invoice(tax="20.99"), "BR-CO-14"),
        (invoice(money=totals(gross="121.01", payable="121.01")), "BR-CO-15"),
        (invoice(money=totals(payable="120.99")), "BR-CO-16"),
        (invoice(allowances=allowance("5", charge=False)), "BR-CO-11"),
        (invoice(allowances=allowance("5", charge=True)), "BR-CO-12"),
    ],
)  # fmt: skip
def test_totals_must_add_up_to_the_cent(content: bytes, rule: str) -> None:
    assert rule in codes(content, "error")


def test_prepaid_and_rounding_change_what_is_payable() -> None:
    more = (
        '<cbc:PrepaidAmount currencyID="EUR">50</cbc:PrepaidAmount>'
        '<cbc:PayableRoundingAmount currencyID="EUR">-0.01</cbc:PayableRoundingAmount>'
    )
    read = accepted(invoice(money=totals(payable="70.99", more=more))).totals
    assert (read.prepaid, read.rounding, read.payable) == (5000, -1, 7099)


@pytest.mark.parametrize("cents", [-99, -50, -1, 1, 50, 99])
def test_vat_off_by_less_than_a_unit_is_taken_and_named(cents: int) -> None:
    tax, gross = f"{(2100 + cents) / 100:.2f}", f"{(12100 + cents) / 100:.2f}"
    off = invoice(tax=tax, vat=subtotal(tax=tax), money=totals(gross=gross, payable=gross))
    reading = ubl.read(off)
    assert [f.code for f in reading.findings] == ["BR-S-09"]
    assert "21.00 EUR" in reading.findings[0].message
    assert reading.accepted
    assert reading.accepted.totals.tax == 2100 + cents


def test_vat_off_by_a_unit_is_refused() -> None:
    off = invoice(tax="20", vat=subtotal(tax="20"), money=totals(gross="120", payable="120"))
    assert codes(off, "error") == ["BR-CO-17", "BR-S-09"]


def test_vat_is_rounded_half_up_on_the_sum_per_rate() -> None:
    three = line("0.33", "1", "0.33", ("S", "5.5")) * 3
    once = subtotal("0.99", "0.05", ("S", "5.50"))
    sound = invoice(tax="0.05", vat=once, money=totals("0.99", "1.04", "1.04"), lines=three)
    assert ubl.read(sound).findings == ()


@given(st.fractions(min_value=-(10**12), max_value=10**12))
def test_half_up_is_symmetric_and_within_a_half(value: Fraction) -> None:
    assert half_up(value) == -half_up(-value)
    assert abs(half_up(value) - value) <= Fraction(1, 2)


def test_half_up_rounds_halves_away_from_zero() -> None:
    halves = [Fraction(n, 2) for n in (-3, -1, 1, 3, 5)]
    assert [half_up(half) for half in halves] == [-2, -1, 1, 2, 3]


def test_a_base_the_lines_do_not_give_is_named() -> None:
    assert codes(invoice(vat=subtotal(base="99.90", tax="20.98")), "remark") == ["BR-S-08"]
    other_rate = invoice(lines=line(vat=("S", "6")))
    assert codes(other_rate, "error") == ["BR-S-08", "BR-S-08"]


def test_a_line_that_does_not_follow_from_its_price_is_a_remark() -> None:
    assert codes(invoice(lines=line(quantity="3")), "remark") == ["PEPPOL-EN16931-R120"]
    free = line().replace("</cac:Price>", "<cbc:BaseQuantity>0</cbc:BaseQuantity></cac:Price>")
    assert codes(invoice(lines=free), "remark") == ["PEPPOL-EN16931-R121"]
    hundred = line(price="2500").replace(
        "</cac:Price>", "<cbc:BaseQuantity>100</cbc:BaseQuantity></cac:Price>"
    )
    assert ubl.read(invoice(lines=hundred)).findings == ()


def test_a_percentage_must_give_its_amount() -> None:
    more = (
        "<cbc:MultiplierFactorNumeric>10</cbc:MultiplierFactorNumeric>"
        '<cbc:BaseAmount currencyID="EUR">60</cbc:BaseAmount>'
    )
    found = codes(invoice(allowances=allowance("5", charge=False, more=more)), "remark")
    assert "PEPPOL-EN16931-R040" in found


@pytest.mark.parametrize(("type_code", "severity"), [("381", "error"), ("1", "remark")])
def test_the_type_must_fit_the_document(type_code: str, severity: str) -> None:
    assert codes(invoice(type_code=type_code), severity) == ["BR-CL-01"]


def test_a_pro_forma_invoice_is_not_booked() -> None:
    assert codes(invoice(type_code="325"), "error") == ["NOT-AN-INVOICE"]


def test_an_invoice_without_any_term_of_payment_is_pointed_out() -> None:
    undated = invoice(dates="<cbc:IssueDate>2026-03-02</cbc:IssueDate>")
    assert codes(undated, "remark") == ["DUE-DATE-MISSING"]
    late = "<cbc:IssueDate>2026-03-02</cbc:IssueDate><cbc:DueDate>2026-03-01</cbc:DueDate>"
    assert codes(invoice(dates=late), "remark") == ["DUE-BEFORE-ISSUE"]


@pytest.mark.parametrize("type_code", ["383", "384", "386", "389"])
def test_unusual_types_are_pointed_out(type_code: str) -> None:
    assert codes(invoice(type_code=type_code), "remark") == [f"TYPE-{type_code}"]


def test_a_negative_invoice_is_taken_and_pointed_out() -> None:
    back = invoice(
        tax="-21.00", vat=subtotal("-100.00", "-21.00"),
        money=totals("-100.00", "-121.00", "-121.00"), lines=line("-100.00", quantity="-4"),
    )  # fmt: skip
    assert codes(back, "remark") == ["NEGATIVE-TOTAL"]
    assert accepted(back).owed_to_seller == -12100


def test_untaxed_categories_bear_no_rate_and_no_vat() -> None:
    untaxed = {"tax": "0", "money": totals(gross="100.00", payable="100.00")}
    zero = invoice(vat=subtotal(tax="0", vat=("E", "0")), lines=line(vat=("E", "0")), **untaxed)
    assert codes(zero, "remark") == ["BR-E-10"]
    rated = invoice(vat=subtotal(tax="0", vat=("E", "6")), lines=line(vat=("E", "6")), **untaxed)
    assert "BR-E-05" in codes(rated, "error")
    unknown = invoice(vat=subtotal(vat=("X", "21")), lines=line(vat=("X", "21")))
    assert codes(unknown, "error") == ["BR-CL-17", "BR-CL-18"]


def test_reverse_charge_needs_both_numbers() -> None:
    nameless = BUYER.replace('<cbc:CompanyID schemeID="0002">732829320</cbc:CompanyID>', "")
    reverse = invoice(
        buyer=nameless, tax="0", vat=subtotal(tax="0", vat=("AE", "0")),
        money=totals(gross="100.00", payable="100.00"), lines=line(vat=("AE", "0")),
    )  # fmt: skip
    assert codes(reverse, "remark") == ["BR-AE-10", "BR-AE-02"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (with_number("0208", "0400000186"), "PEPPOL-COMMON-R043"),
        (with_number("0208", "BE0400000185"), "PEPPOL-COMMON-R043"),
        (with_number("9925", "BE0400000186"), "VAT-CHECK-DIGITS"),
        ({"seller": SELLER.replace("BE0400000185", "BE0400000186")}, "VAT-CHECK-DIGITS"),
        ({"seller": SELLER.replace("BE0400000185", "0400000185")}, "BR-CO-09"),
        ({"buyer": BUYER.replace("732829320", "732829321")}, "SIREN-CHECK-DIGIT"),
        ({"buyer": BUYER.replace('2">732829320', '9">73282932000075')}, "SIRET-CHECK-DIGIT"),
        ({"means": MEANS.replace("6769", "6768")}, "IBAN-CHECK-DIGITS"),
        ({"means": MEANS.replace("BE71", "FR71")}, "IBAN-CHECK-DIGITS"),
    ],
)  # fmt: skip
def test_belgian_and_french_check_digits_refuse(change: dict[str, str], code: str) -> None:
    assert set(codes(invoice(**change), "error")) == {code}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"seller": SELLER.replace("BE0400000185", "DE123456789")}, "VAT-CHECK-DIGITS"),
        ({"seller": SELLER.replace("BE0400000185", "XX1")}, "VAT-CHECK-DIGITS"),
        ({"seller": SELLER.replace("BE0400000185", "BE0202239951")}, "IDENTIFIERS-DIFFER"),
        (with_number("0088", "7300010000002"), "PEPPOL-COMMON-R040"),
        (with_number("0002", "732829321"), "SIREN-CHECK-DIGIT"),
        ({"means": MEANS.replace("BE71", "NL71")}, "IBAN-CHECK-DIGITS"),
        ({"means": MEANS.replace("BE71 0961 2345 6769", "12-345")}, "IBAN-MISSING"),
        ({"means": MEANS.replace("RF18539007547034", "+++001/2026/00139+++")}, "PAYMENT-REFERENCE"),
        ({"means": MEANS.replace("RF18", "RF19")}, "PAYMENT-REFERENCE"),
    ],
)  # fmt: skip
def test_foreign_and_softer_ones_are_remarks(change: dict[str, str], code: str) -> None:
    content = invoice(**change)
    accepted(content)
    assert set(codes(content, "remark")) == {code}


def test_a_pointer_leads_to_the_element() -> None:
    two = invoice(lines=line() + line(quantity="3"))
    pointers = [f.pointer for f in ubl.read(two).findings if f.code == "PEPPOL-EN16931-R120"]
    assert pointers == ["/Invoice/cac:InvoiceLine[2]"]
