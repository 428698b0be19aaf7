"""What is read from a UBL file: terms, numbers, text, attachments, and who the supplier is."""

from datetime import date
from pathlib import Path

import pytest

from services.files import ubl
from services.files.ubl.xml import MOST_BYTES
from tests.services.files.ubl_samples import (
    ATTACHMENT,
    BUYER,
    MEANS,
    PDF,
    SELLER,
    accepted,
    codes,
    credit_note,
    invoice,
    line,
    totals,
)


def test_a_sound_invoice_says_nothing_and_gives_its_terms() -> None:
    assert ubl.read(invoice()).findings == ()
    document = accepted(invoice())
    assert (document.kind, document.number, document.type_code) == ("invoice", "F-7", "380")
    assert (document.issue_date, document.due_date) == (date(2026, 3, 2), date(2026, 4, 1))
    assert (document.currency, document.exponent) == ("EUR", 2)
    assert document.payment.references == ("RF18539007547034",)
    assert [account.identifier for account in document.payment.accounts] == ["BE71096123456769"]
    seller = document.seller
    assert (seller.name, seller.trading_name) == ("Papeterie du Moulin SRL", "Le Papier")
    assert (seller.address.lines, seller.address.country) == (("Rue du Moulin 3",), "BE")
    assert seller.email == "ventes@papier.example"
    assert (document.totals.tax_exclusive, document.totals.tax) == (10000, 2100)
    assert document.owed_to_seller == 12100
    [read] = document.lines
    assert (read.quantity, read.unit, read.price, read.net) == ("4", "C62", "25", 10000)


def test_a_credit_note_keeps_its_due_date_among_the_payment_means() -> None:
    document = accepted(credit_note("<cbc:PaymentDueDate>2026-05-01</cbc:PaymentDueDate>"))
    assert (document.kind, document.due_date) == ("credit_note", date(2026, 5, 1))
    [preceding] = document.preceding_invoices
    assert (preceding.number, preceding.issue_date) == ("F-6", date(2026, 2, 1))
    assert document.owed_to_seller == -12100


def test_the_digest_is_that_of_the_bytes() -> None:
    assert accepted(invoice()).sha256 != accepted(invoice() + b"\n").sha256


def test_an_embedded_file_is_kept_byte_for_byte() -> None:
    [attachment] = accepted(invoice(references=ATTACHMENT)).attachments
    assert (attachment.filename, attachment.mime) == ("F-7.pdf", "application/pdf")
    assert attachment.content == PDF


def test_a_linked_file_is_a_link() -> None:
    link = ATTACHMENT.partition("<cbc:EmbeddedDocumentBinaryObject")[0] + (
        "<cac:ExternalReference><cbc:URI>https://papier.example/7</cbc:URI></cac:ExternalReference>"
        "</cac:Attachment></cac:AdditionalDocumentReference>"
    )
    [attachment] = accepted(invoice(references=link)).attachments
    assert (attachment.uri, attachment.content) == ("https://papier.example/7", None)


@pytest.mark.parametrize("bad", ["%%%", "", "JVB", "JVBERi0x\u0660"])
def test_an_embedded_file_must_be_base64(bad: str) -> None:
    before, _, rest = ATTACHMENT.partition('F-7.pdf">')
    broken = f'{before}F-7.pdf">{bad}</cbc:Embedded{rest.partition("</cbc:Embedded")[2]}'
    assert codes(invoice(references=broken), "error") == ["ATTACHMENT-BASE64"]


def test_no_path_of_the_sender_gets_in() -> None:
    sneaky = ATTACHMENT.replace("F-7.pdf", r"..\..\etc/../.bashrc")
    reading = ubl.read(invoice(references=sneaky))
    assert [f.code for f in reading.findings] == ["ATTACHMENT-NAME"]
    assert reading.accepted
    assert reading.accepted.attachments[0].filename == "bashrc"


@pytest.mark.parametrize(
    "number", ["NaN", "1E2", "1e400", "1_00", "\u0661\u0660\u0660", "0x64", "", "1 00", "--1", "∞"]
)
def test_only_plain_decimals_are_numbers(number: str) -> None:
    assert "NUMBER" in codes(invoice(lines=line(net=number)), "error")
    assert "NUMBER" in codes(invoice(lines=line(quantity=number)), "error")


@pytest.mark.parametrize(
    ("written", "canonical"), [("+4.50", "4.5"), ("-0", "0"), (" 007. ", "7"), (".5", "0.5")]
)
def test_numbers_are_given_in_one_form(written: str, canonical: str) -> None:
    document = ubl.read(invoice(lines=line(quantity=written))).document
    assert document
    assert document.lines[0].quantity == canonical


def test_an_amount_past_the_cent_is_never_rounded() -> None:
    assert codes(invoice(lines=line(net="100.001")), "error") == ["BR-DEC-23"]
    assert codes(invoice(lines=line(net="100.000")), "remark") == ["BR-DEC-23"]


def test_a_currency_without_cents_has_none() -> None:
    yen = (
        invoice(money=totals("100", "121", "121"), lines=line("100"), tax="21")
        .replace(b"EUR", b"JPY")
        .replace(b"100.00", b"100")
        .replace(b"21.00", b"21")
    )
    document = accepted(yen)
    assert (document.exponent, document.totals.tax_inclusive) == (0, 121)
    assert "BR-DEC-13" in codes(yen.replace(b">21<", b">21.5<"), "error")


def test_an_unknown_or_mixed_currency_is_refused() -> None:
    assert "BR-CL-04" in codes(invoice().replace(b"EUR", b"XYZ"), "error")
    mixed = invoice(lines=line().replace('"EUR">100', '"USD">100'))
    assert codes(mixed, "error") == ["PEPPOL-EN16931-R051"]


def test_text_is_normalised_and_loses_what_cannot_be_seen() -> None:
    seller = SELLER.replace("Papeterie du Moulin SRL", "Cafe\u0301 \n du\u00a0 \u202eMoulin\u200b")
    reading = ubl.read(invoice(seller=seller))
    assert [f.code for f in reading.findings] == ["TEXT-INVISIBLE"]
    assert reading.accepted
    assert reading.accepted.seller.name == "Café du Moulin"


@pytest.mark.parametrize("number", ["F-\u200b7", "F\u202e7", "&#x85;&#xad;7", "F" * 201])
def test_a_deceitful_number_is_refused(number: str) -> None:
    [code] = codes(invoice(number=number), "error")
    assert code in ("IDENTIFIER-INVISIBLE", "IDENTIFIER-TOO-LONG")


@pytest.mark.parametrize("day", ["2026-02-30", "02/03/2026", "0001-01-01", "٢٠٢٦-03-02", ""])
def test_a_date_must_be_one(day: str) -> None:
    assert "DATE" in codes(invoice(dates=f"<cbc:IssueDate>{day}</cbc:IssueDate>"), "error")


def test_the_time_zone_of_a_date_is_left_out() -> None:
    zoned = invoice(dates="<cbc:IssueDate>2026-03-02+01:00</cbc:IssueDate>")
    assert "PEPPOL-EN16931-F001" in codes(zoned, "remark")
    assert accepted(zoned).issue_date == date(2026, 3, 2)


def test_a_second_value_of_one_term_is_refused() -> None:
    assert codes(invoice(money=totals() + totals("1", "1", "1")), "error") == ["UBL-REPEATED"]
    assert codes(invoice(number="F-7</cbc:ID><cbc:ID>F-8"), "error") == ["UBL-REPEATED"]


@pytest.mark.parametrize(
    ("missing", "rule"),
    [
        ("<cbc:ID>F-7</cbc:ID>", "BR-02"),
        ("<cbc:IssueDate>2026-03-02</cbc:IssueDate>", "BR-03"),
        ("<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>", "BR-05"),
        (SELLER, "BR-06"),
        (BUYER, "BR-07"),
        ('<cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount>', "BR-12"),
        ('<cbc:PayableAmount currencyID="EUR">121.00</cbc:PayableAmount>', "BR-15"),
        (line(), "BR-16"),
    ],
)
def test_a_missing_mandatory_term_is_named(missing: str, rule: str) -> None:
    assert rule in codes(invoice().replace(missing.encode(), b""), "error")


def test_a_file_is_refused_by_its_size_before_it_is_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.xml"
    with huge.open("wb") as file:
        file.truncate(100_000_000_000)  # sparse: reading it would be noticed
    assert [f.code for f in ubl.read_file(huge).findings] == ["FILE-TOO-LARGE"]
    assert [f.code for f in ubl.read(bytes(MOST_BYTES + 1)).findings] == ["FILE-TOO-LARGE"]


def test_what_is_no_file_is_a_finding(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.xml", Path("/dev/zero")):
        assert [f.code for f in ubl.read_file(path).findings] == ["FILE-UNREADABLE"]
    sound = tmp_path / "sound.xml"
    sound.write_bytes(invoice())
    assert ubl.read_file(sound).accepted == accepted(invoice())


def test_a_supplier_keeps_its_key_however_it_is_identified() -> None:
    key = ubl.supplier_key(accepted(invoice()).seller)
    assert key == "be:0400000185"
    without_vat = SELLER.replace("<cbc:ID>VAT</cbc:ID>", "<cbc:ID>LOC</cbc:ID>")
    dotted = SELLER.replace("BE0400000185", "be 400.000.185").replace('schemeID="0208"', "")
    for seller in (without_vat, dotted):
        assert ubl.supplier_key(accepted(invoice(seller=seller)).seller) == key


def test_a_french_supplier_is_its_siren_and_a_nameless_number_its_name() -> None:
    assert ubl.supplier_key(accepted(invoice()).buyer) == "fr:732829320"
    bare = BUYER.replace('<cbc:CompanyID schemeID="0002">732829320</cbc:CompanyID>', "")
    assert ubl.supplier_key(accepted(invoice(seller=bare)).seller) == "name:FR:atelierbleu"


def test_the_structured_communication_is_read_from_both_places() -> None:
    older = MEANS.replace("PaymentID", "InstructionID")
    assert accepted(invoice(means=older)).payment.references == ("RF18539007547034",)
