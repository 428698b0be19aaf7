"""The published example files of EN 16931 and Peppol, and the Belgian ones: each file's own totals.

The figures are facts read in the files; the files themselves stay where they are published.
"""

import os
from pathlib import Path

import pytest

from services.files import ubl

CHECKOUT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("PARAPHE_SHARED", CHECKOUT.parent / "shared"))
FOLDER = SHARED / "conformance" / "ubl"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="no conformance files: set PARAPHE_SHARED to the folder of samples"
)

# file: kind, number, currency, lines, without VAT, VAT, with VAT, payable, {(category, rate): tax}
TAKEN = {
    "Allowance-example.xml": (
        "invoice", "Snippet1", "EUR", 3, 590000, 122500, 712500, 612500,
        {("S", "25"): 122500, ("E", "0"): 0},
    ),
    "BIS3_Invoice_positive.XML": (
        "invoice", "12345", "DKK", 1, 62574354, 15643589, 78217943, 78217943,
        {("S", "25"): 15643589},
    ),
    "base-creditnote-correction.xml": (
        "credit_note", "Snippet1", "EUR", 2, 132500, 33125, 165625, 165625, {("S", "25"): 33125},
    ),
    "base-example.xml": (
        "invoice", "Snippet1", "EUR", 2, 132500, 33125, 165625, 165625, {("S", "25"): 33125},
    ),
    "be_ok.xml": (
        "invoice", "VEN/2026/0042", "EUR", 2, 150000, 21000, 171000, 171000,
        {("S", "21"): 21000, ("AE", "0"): 0},
    ),
    "be_tol_vat.xml": (
        "invoice", "VEN/2026/0042", "EUR", 2, 150000, 21050, 171050, 171050,
        {("S", "21"): 21050, ("AE", "0"): 0},
    ),
    "guide-example1.xml": (
        "invoice", "12115118", "EUR", 20, 22960, 2073, 25033, 25033,
        {("S", "6"): 1099, ("S", "21"): 974},
    ),
    "guide-example2.xml": (
        "invoice", "TOSL108", "NOK", 5, 143650, 36528, 180178, 80178,
        {("S", "25"): 36513, ("S", "15"): 15, ("E", "0"): 0},
    ),
    "sample-discount-price.xml": (
        "invoice", "test decimal 1", "EUR", 1, 1212, 303, 1515, 1515, {("S", "25"): 303},
    ),
    "ubl-tc434-creditnote1.xml": (
        "credit_note", "018304 / 28865", "EUR", 1, 10011, 0, 10011, 10011, {("E", "0"): 0},
    ),
    "ubl-tc434-example1.xml": (
        "invoice", "12115118", "EUR", 20, 22960, 2073, 25033, 25033,
        {("S", "6"): 1099, ("S", "21"): 974},
    ),
    "ubl-tc434-example2.xml": (
        "invoice", "TOSL108", "NOK", 5, 143650, 36528, 180178, 80178,
        {("S", "25"): 36513, ("S", "15"): 15, ("E", "0"): 0},
    ),
    "ubl-tc434-example4.xml": (
        "invoice", "TOSL110", "DKK", 3, 400000, 67500, 467500, 467500,
        {("S", "25"): 37500, ("S", "12"): 30000},
    ),
    "ubl-tc434-example6.xml": (
        "invoice", "TOSL110", "DKK", 3, 400000, 67500, 467500, 467500,
        {("S", "25"): 37500, ("S", "12"): 30000},
    ),
    "ubl-tc434-example8.xml": (
        "invoice", "1100512149", "EUR", 10, 90891, 19087, 109978, 109978, {("S", "21"): 19087},
    ),
    "vat-category-E.xml": (
        "invoice", "Vat-Z", "GBP", 1, 120000, 0, 120000, 120000, {("E", "0"): 0},
    ),
}  # fmt: skip

REFUSED = {
    "be_bad_kbo.xml": ["PEPPOL-COMMON-R043"],
    "be_bad_vat.xml": ["BR-CO-15", "BR-CO-17", "BR-S-09"],
}


def test_no_example_is_left_out() -> None:
    assert {path.name for path in FOLDER.iterdir()} == TAKEN.keys() | REFUSED.keys()


@pytest.mark.parametrize("name", TAKEN)
def test_an_example_gives_its_own_totals(name: str) -> None:
    reading = ubl.read_file(FOLDER / name)
    assert reading.errors == ()
    document = reading.accepted
    assert document
    totals = document.totals
    taxes = {(vat.category, vat.rate): vat.tax for vat in document.vat}
    found = (
        document.kind, document.number, document.currency, len(document.lines),
        totals.tax_exclusive, totals.tax, totals.tax_inclusive, totals.payable, taxes,
    )  # fmt: skip
    assert found == TAKEN[name]


@pytest.mark.parametrize("name", REFUSED)
def test_a_false_example_is_refused_by_name(name: str) -> None:
    reading = ubl.read_file(FOLDER / name)
    assert [finding.code for finding in reading.errors] == REFUSED[name]
    assert reading.accepted is None


def test_the_tolerated_example_is_told_apart() -> None:
    [remark] = ubl.read_file(FOLDER / "be_tol_vat.xml").findings
    assert (remark.code, remark.severity) == ("BR-S-09", "remark")
    assert "210.00 EUR; the document says 210.50 EUR" in remark.message
    assert ubl.read_file(FOLDER / "be_ok.xml").findings == ()


def test_what_the_examples_embed_and_who_sent_them() -> None:
    document = ubl.read_file(FOLDER / "be_ok.xml").accepted
    assert document
    assert ubl.supplier_key(document.seller) == "be:0202239951"
    assert document.payment.references == ("+++001/2026/00138+++",)
    [attachment] = document.attachments
    assert attachment.content
    assert (attachment.filename, attachment.content[:8]) == ("VEN-2026-0042.pdf", b"%PDF-1.4")


def test_the_vat_in_a_second_currency_is_kept() -> None:
    document = ubl.read_file(FOLDER / "Allowance-example.xml").accepted
    assert document
    assert (document.tax_currency, document.totals.tax_in_tax_currency) == ("SEK", 932400)
