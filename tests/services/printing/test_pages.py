"""The page of a document: what every kind says, in three languages, and codes that can be read."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import segno.helpers
from msgspec.structs import replace
from pypdf import PdfReader

from domain.book.seal_code import code_of
from domain.parties.company import Address, Company, Profile
from domain.sales.document import PrintedParty, Totals
from domain.sales.template import NewTemplate
from services.printing.composing import compose
from services.printing.paper import Paper
from services.printing.payment import payment_code, transfer_of
from services.printing.press import Press
from services.printing.rendering import render_html
from services.printing.sheet import Mark, Sheet
from tests.services.printing.documents import (
    GARANCE,
    MAIRIE,
    MEUNIER,
    STAMP,
    balance_invoice,
    credit_note,
    line,
    paper,
    quote,
    services_invoice,
    situation_invoice,
)

Read = Callable[[bytes], str]


def sheet_of(paper: Paper, of: Company = GARANCE, mark: Mark = "", **look: Any) -> Sheet:
    return compose(paper, of, NewTemplate(name="x", **look), mark=mark, stamp=STAMP)


def said(sheet: Sheet) -> dict[str, str]:
    return {detail.label: plain(detail.text) for detail in (*sheet.details, *sheet.totals)}


def plain(words: str) -> str:
    return words.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.feature("M69", "M33")
def test_an_invoice_says_what_the_law_wants(press: Press, read: Read) -> None:
    """Goal: what 242 nonies A, R123-237 and L441-9 ask for is on the paper, as text."""
    invoice = replace(situation_invoice(), mentions=("Escompte pour paiement anticipé : néant",))
    text = read(press.print(render_html(sheet_of(invoice))))
    for words in (
        "Facture de situation n° 2", "FA-2026-00042", "16 mars 2026", "30 avril 2026",
        "Atelier Garance SAS au capital de 20 000,00 €", "12, rue des Tanneurs", "37000 Tours",
        "SIREN 912 345 675", "RCS Tours", "TVA FR 65 912 345 675",
        "Mairie de Rochecorbon", "37210 Rochecorbon", "213 702 038",
        "Prestation de services", "Marché 2026-07, bon n° 118", "DE-2026-00017",
        "4 561,25", "456,13", "5 017,38 €", "10 %", "FR76 3000 6000 0112 3456 7890 189",
        "RF39FA202600042", "Escompte pour paiement anticipé : néant",
    ):  # fmt: skip
        assert words in text, words


@pytest.mark.feature("M65", "M66")
def test_a_situation_shows_every_line_of_the_quote() -> None:
    """Goal: what is not billed stays printed at zero, beside its whole and what was billed."""
    sheet = sheet_of(situation_invoice())
    rows = [tuple(map(plain, (row.description[:8], *row.cells))) for row in sheet.rows[1:]]
    assert rows == [
        ("Dépose d", "1 600,00", "100 %", "1 600,00", "1 600,00", "0,00", "10 %"),
        ("Fournitu", "18 245,00", "50 %", "9 122,50", "4 561,25", "4 561,25", "10 %"),
        ("Habillag", "2 528,00", "0 %", "0,00", "0,00", "0,00", "10 %"),
        ("Peinture", "986,00", "0 %", "0,00", "0,00", "0,00", "10 %"),
    ]


@pytest.mark.feature("M33")
def test_instalments_are_a_schedule() -> None:
    payment = sheet_of(services_invoice(), MEUNIER).payment
    assert payment is not None
    schedule = [(part.label, plain(part.text)) for part in payment.schedule]
    assert schedule == [("15/04/2026", "2 000,00 €"), ("15/05/2026", "3 728,78 €")]
    assert payment.details[-1].label == "Communication"
    assert payment.details[-1].text == "+++202/6000/12825+++"


@pytest.mark.feature("M62")
def test_deposits_are_taken_off_under_what_they_are_taken_off() -> None:
    sheet = sheet_of(balance_invoice())
    rows = [(row.kind, plain(row.cells[-1]) if row.cells else "") for row in sheet.rows]
    assert rows == [
        ("item", "4 860,00"),
        ("subtotal", "4 860,00"),
        ("heading", ""),
        ("deposit", "-1 500,00"),
    ]
    assert said(sheet)["Net à payer"] == "4 032,00 €"


@pytest.mark.feature("M58")
def test_a_request_for_a_deposit_is_no_invoice() -> None:
    request = paper(
        GARANCE, MAIRIE, (), document_kind="deposit_request", kind="deposit_request",
        number="DA-2026-00001", totals=Totals(net=30000, tax=0, gross=30000, vat=()), percent="30",
    )  # fmt: skip
    sheet = sheet_of(request)
    assert sheet.title == "Demande d’acompte"
    assert sheet.rates == ()
    assert said(sheet)["Acompte demandé"] == "300,00 €"
    assert "30 %" in plain(sheet.rows[0].description)
    assert any("pas une facture" in sentence for sentence in sheet.mentions)
    assert sheet.payment is not None


def test_quotes_and_deliveries_have_a_place_to_sign() -> None:
    assert sheet_of(quote()).signature.startswith("Bon pour accord")
    delivery = paper(
        GARANCE, MAIRIE, (line("Fenêtre", "6", "900", "10"),),
        document_kind="delivery", kind="delivery", totals=None,
        delivered_to=Address(street="4 rue des Écoles", city="Rochecorbon", country="FR"),
    )  # fmt: skip
    sheet = sheet_of(delivery)
    assert sheet.signature.startswith("Reçu")
    assert [cell.heading for cell in sheet.columns] == ["Désignation", "Quantité"]
    assert said(sheet)["Livré à"] == "4 rue des Écoles, Rochecorbon"
    assert sheet.totals == ()


def test_a_settled_deposit_invoice_asks_for_nothing() -> None:
    sheet = sheet_of(replace(services_invoice(), kind="deposit", is_settled=True), MEUNIER)
    assert sheet.payment is None
    assert "Acquittée" in said(sheet)


@pytest.mark.parametrize(
    ("language", "title", "total", "amount"),
    [
        ("fr", "Note de crédit", "Total HTVA", "220,80 €"),
        ("nl", "Creditnota", "Totaal excl. btw", "€ 220,80"),
        ("en", "Credit note", "Total excl. VAT", "€220.80"),
    ],
)
def test_a_document_speaks_one_language(language: Any, title: str, total: str, amount: str) -> None:
    sheet = sheet_of(credit_note(language=language), MEUNIER)
    assert sheet.title == title
    assert said(sheet)[total] == amount


def test_a_reason_for_no_vat_stands_beside_its_rate() -> None:
    why = "TVA non applicable, art. 293 B du CGI"
    free = line("Conseil", "1", "100", "0", vat_category="E", exemption=why)
    sheet = sheet_of(paper(GARANCE, MAIRIE, (free,)))
    assert [(row.rate, row.why) for row in sheet.rates] == [("Exonéré", why)]


@pytest.mark.feature("M11")
def test_a_template_changes_the_look_and_adds_words(press: Press, read: Read) -> None:
    look = {"colour": "#123456", "introduction": "Bonjour", "closing": "À bientôt", "footer": "Ma"}
    page = render_html(sheet_of(quote(), **look, typeface="serif"))
    assert "--ink: #123456" in page
    assert 'class="serif"' in page
    text = read(press.print(page))
    assert all(words in text for words in ("Bonjour", "À bientôt", "Ma"))


def test_the_seals_are_printed_in_short(press: Press, read: Read) -> None:
    text = read(press.print(render_html(sheet_of(services_invoice(), MEUNIER))))
    assert STAMP.previous is not None
    assert code_of(STAMP.seal) in text
    assert code_of(STAMP.previous) in text


def epc(of: Company, **fields: Any) -> list[str]:
    """What the payment code of an invoice says, line by line."""
    transfer = transfer_of(services_invoice(**fields), of)
    assert transfer is not None
    said: bytes = segno.helpers._make_epc_qr_data(**transfer)
    return said.decode().split("\n")


def test_the_payment_code_is_that_of_the_banks() -> None:
    """EPC069-12: service tag, version, encoding, SCT, BIC, name, IBAN, amount, purpose, reference,
    text. The first instalment; a Belgian communication as text, an ISO one as a reference."""
    lines = epc(MEUNIER)
    assert lines[:4] == ["BCD", "002", "1", "SCT"]
    assert lines[4:8] == ["NTSBDEB1", "Studio Meunier SRL", "BE68539007547034", "EUR2000"]
    assert lines[-1] == "+++202/6000/12825+++"
    lines = epc(MEUNIER, payment_reference="RF39FA202600042", instalments=())
    assert lines[7] == "EUR5728.78"
    assert "RF39FA202600042" in lines


@pytest.mark.parametrize(
    "changes",
    [{"currency": "CHF"}, {"totals": Totals(net=0, tax=0, gross=0, vat=()), "instalments": ()}],
)
def test_there_is_no_payment_code_where_banks_have_none(changes: Any) -> None:
    assert payment_code(services_invoice(**changes), MEUNIER) == ""


def test_there_is_no_payment_code_without_an_account() -> None:
    assert payment_code(services_invoice(), replace(MEUNIER, ibans=())) == ""


def test_who_is_abroad_is_addressed_with_a_country() -> None:
    abroad = PrintedParty(
        name="Bakkerij", address=Address(street="Markt 1", city="Breda", country="NL")
    )
    sheet = sheet_of(paper(MEUNIER, abroad, (line("x", "1", "1", "21"),), language="nl"), MEUNIER)
    assert sheet.customer.lines == ("Markt 1", "Breda", "NEDERLAND")


def test_terms_of_the_company_are_printed_on_invoices() -> None:
    terms = replace(MEUNIER, profile=Profile(terms="30 jours net."))
    assert "30 jours net." in sheet_of(services_invoice(), terms).mentions
    assert "30 jours net." not in sheet_of(credit_note(), terms).mentions


def test_a_draft_has_neither_number_nor_date(press: Press, read: Read) -> None:
    draft = replace(services_invoice(), number="", issue_date=None)
    text = read(press.print(render_html(sheet_of(draft, MEUNIER, "draft"))))
    assert "PROJET" in text
    assert "FA-2026" not in text


def test_the_same_page_gives_the_same_bytes(press: Press) -> None:
    page = render_html(sheet_of(services_invoice(), MEUNIER))
    assert press.print(page) == press.print(page)


def test_dates_of_the_file_are_those_of_the_document(press: Press) -> None:
    old = services_invoice(issue_date=date(2025, 1, 2))
    about = PdfReader(io.BytesIO(press.print(render_html(sheet_of(old, MEUNIER))))).metadata
    assert about is not None
    assert (about.title, about.author) == ("Facture FA-2026-00128", "Studio Meunier SRL")
    assert about.creation_date is not None
    assert about.creation_date.date() == date(2025, 1, 2)
