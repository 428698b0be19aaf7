"""UBL files written by hand for the tests: a sound invoice, changed piece by piece."""

from base64 import b64encode

from services.files import ubl

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
NAMESPACES = (
    f'xmlns:cac="{_UBL}CommonAggregateComponents-2" xmlns:cbc="{_UBL}CommonBasicComponents-2"'
)
PDF = b"%PDF-1.4 a small one\n%%EOF\n"

SELLER = """<cac:Party><cbc:EndpointID schemeID="0208">0400000185</cbc:EndpointID>
<cac:PartyName><cbc:Name>Le Papier</cbc:Name></cac:PartyName>
<cac:PostalAddress><cbc:StreetName>Rue du Moulin 3</cbc:StreetName>
<cbc:CityName>Namur</cbc:CityName>
<cbc:PostalZone>5000</cbc:PostalZone>
<cac:Country><cbc:IdentificationCode>BE</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyTaxScheme><cbc:CompanyID>BE0400000185</cbc:CompanyID>
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
<cac:PartyLegalEntity><cbc:RegistrationName>Papeterie du Moulin SRL</cbc:RegistrationName>
<cbc:CompanyID schemeID="0208">0400000185</cbc:CompanyID></cac:PartyLegalEntity>
<cac:Contact><cbc:ElectronicMail>ventes@papier.example</cbc:ElectronicMail></cac:Contact></cac:Party>"""

BUYER = """<cac:Party><cac:PostalAddress>
<cac:Country><cbc:IdentificationCode>FR</cbc:IdentificationCode></cac:Country></cac:PostalAddress>
<cac:PartyLegalEntity><cbc:RegistrationName>Atelier Bleu</cbc:RegistrationName>
<cbc:CompanyID schemeID="0002">732829320</cbc:CompanyID></cac:PartyLegalEntity></cac:Party>"""

ATTACHMENT = f"""<cac:AdditionalDocumentReference><cbc:ID>F-7</cbc:ID><cac:Attachment>
<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="F-7.pdf">
{b64encode(PDF).decode()}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>
</cac:AdditionalDocumentReference>"""

MEANS = """<cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>
<cbc:PaymentID>RF18539007547034</cbc:PaymentID>
<cac:PayeeFinancialAccount><cbc:ID>BE71 0961 2345 6769</cbc:ID></cac:PayeeFinancialAccount>
</cac:PaymentMeans>"""


def category(code: str, rate: str, name: str = "TaxCategory") -> str:
    """Give a VAT category element; an empty rate leaves the percentage out."""
    percent = f"<cbc:Percent>{rate}</cbc:Percent>" if rate else ""
    return f"""<cac:{name}><cbc:ID>{code}</cbc:ID>{percent}
<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:{name}>"""


def line(
    net: str = "100.00", quantity: str = "4", price: str = "25", vat: tuple[str, str] = ("S", "21")
) -> str:
    """Give an invoice line."""
    return f"""<cac:InvoiceLine><cbc:ID>1</cbc:ID>
<cbc:InvoicedQuantity unitCode="C62">{quantity}</cbc:InvoicedQuantity>
<cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>
<cac:Item><cbc:Name>Papier</cbc:Name>{category(*vat, "ClassifiedTaxCategory")}</cac:Item>
<cac:Price><cbc:PriceAmount currencyID="EUR">{price}</cbc:PriceAmount></cac:Price>
</cac:InvoiceLine>"""


def subtotal(base: str = "100.00", tax: str = "21.00", vat: tuple[str, str] = ("S", "21")) -> str:
    """Give one row of the VAT breakdown."""
    return f"""<cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">{base}</cbc:TaxableAmount>
<cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount>{category(*vat)}</cac:TaxSubtotal>"""


def totals(
    net: str = "100.00", gross: str = "121.00", payable: str = "121.00", more: str = ""
) -> str:
    """Give the document totals; `more` goes before the payable amount."""
    return f"""<cac:LegalMonetaryTotal>
<cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>
<cbc:TaxExclusiveAmount currencyID="EUR">{net}</cbc:TaxExclusiveAmount>
<cbc:TaxInclusiveAmount currencyID="EUR">{gross}</cbc:TaxInclusiveAmount>{more}
<cbc:PayableAmount currencyID="EUR">{payable}</cbc:PayableAmount></cac:LegalMonetaryTotal>"""


def invoice(
    *,
    number: str = "F-7",
    dates: str = "<cbc:IssueDate>2026-03-02</cbc:IssueDate><cbc:DueDate>2026-04-01</cbc:DueDate>",
    type_code: str = "380",
    references: str = "",
    seller: str = SELLER,
    buyer: str = BUYER,
    means: str = MEANS,
    allowances: str = "",
    tax: str = "21.00",
    vat: str = subtotal(),
    money: str = totals(),
    lines: str = line(),
) -> bytes:
    """Give a sound invoice of 100.00 + 21.00 EUR, with the parts given in place of its own."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="{_UBL}Invoice-2" {NAMESPACES}>
<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID>
<cbc:ID>{number}</cbc:ID>{dates}<cbc:InvoiceTypeCode>{type_code}</cbc:InvoiceTypeCode>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cbc:BuyerReference>Atelier</cbc:BuyerReference>{references}
<cac:AccountingSupplierParty>{seller}</cac:AccountingSupplierParty>
<cac:AccountingCustomerParty>{buyer}</cac:AccountingCustomerParty>
{means}{allowances}
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount>{vat}</cac:TaxTotal>
{money}{lines}</Invoice>""".encode()


def credit_note(due: str = "") -> bytes:
    """Give the invoice above as a credit note that refers to invoice F-6."""
    means = MEANS.replace("</cbc:PaymentMeansCode>", f"</cbc:PaymentMeansCode>{due}")
    reference = """<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>F-6</cbc:ID>
<cbc:IssueDate>2026-02-01</cbc:IssueDate></cac:InvoiceDocumentReference></cac:BillingReference>"""
    dates = "<cbc:IssueDate>2026-03-02</cbc:IssueDate>"
    text = invoice(dates=dates, type_code="381", references=reference, means=means).decode()
    for name in ("InvoiceTypeCode", "InvoiceLine"):
        text = text.replace(name, name.replace("Invoice", "CreditNote"))
    text = text.replace("InvoicedQuantity", "CreditedQuantity")
    text = text.replace("<Invoice ", "<CreditNote ").replace("</Invoice>", "</CreditNote>")
    return text.replace(f"{_UBL}Invoice-2", f"{_UBL}CreditNote-2").encode()


def accepted(content: bytes) -> ubl.UblDocument:
    """Read a file that must be taken, and give its document."""
    reading = ubl.read(content)
    assert reading.errors == ()
    assert reading.accepted is not None
    return reading.accepted


def codes(content: bytes, severity: str) -> list[str]:
    """Give the codes of the findings of that severity."""
    return [f.code for f in ubl.read(content).findings if f.severity == severity]
