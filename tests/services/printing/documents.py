"""Documents to print, made by hand: a French building firm's and a Belgian studio's."""

from datetime import date
from hashlib import sha256
from typing import Any

from domain.book.seal import Checkpoint
from domain.book.seal_code import Stamp
from domain.countries.atlas import RULES
from domain.countries.country import Country
from domain.ledger.numbering import refer
from domain.parties.company import Address, Company, Profile
from domain.sales.content import DocumentLink, Situation, SituationLine
from domain.sales.document import Instalment, Line, NewLine, PrintedParty, add_up, price
from services.printing.paper import Paper

BOOK = "0190f2c0-0000-7000-8000-000000000001"
DAY = date(2026, 3, 16)


def company(country: Country, **fields: Any) -> Company:
    rules = RULES[country]
    known: dict[str, Any] = {
        "position": 1,
        "country": country,
        "establishment": "",
        "vat_regime": "normal",
        "currency": "EUR",
        "time_zone": rules.time_zone,
        "fiscal_year_start_month": 1,
        "accounts": rules.accounts,
        "journals": rules.journals,
        "third_party": frozenset(),
    }
    return Company(**known | fields)


GARANCE = company(
    "FR",
    name="Atelier Garance SAS",
    legal_form="SAS",
    registration="912345675",
    vat_number="FR65912345675",
    address=Address(street="12, rue des Tanneurs", postal_code="37000", city="Tours", country="FR"),
    ibans=("FR7630006000011234567890189",),
    profile=Profile(
        trade_name="Atelier Garance",
        capital=2000000,
        registry="RCS Tours",
        email="bonjour@atelier-garance.example",
        phone="02 47 00 00 00",
        bic="AGRIFRPP",
    ),
)
MEUNIER = company(
    "BE",
    name="Studio Meunier SRL",
    legal_form="SRL",
    registration="0477472701",
    vat_number="BE0477472701",
    address=Address(
        street="Chaussée de Gembloux 40", postal_code="1367", city="Ramillies", country="BE"
    ),
    ibans=("BE68539007547034",),
    profile=Profile(
        registry="RPM Nivelles",
        email="hello@studiomeunier.example",
        website="studiomeunier.example",
        bic="NTSBDEB1",
    ),
)
MAIRIE = PrintedParty(
    name="Mairie de Rochecorbon",
    address=Address(
        street="Place du 8 Mai 1945", postal_code="37210", city="Rochecorbon", country="FR"
    ),
    registration="213702038",
)
LAMBERT = PrintedParty(
    name="Cabinet Lambert & Fils",
    address=Address(street="Rue de Bruxelles 12", postal_code="1300", city="Wavre", country="BE"),
    registration="0403170701",
    vat_number="BE0403170701",
)
STAMP = Stamp(
    seal=Checkpoint(book_id=BOOK, size=1184, root=sha256(b"newest").digest()),
    previous=Checkpoint(book_id=BOOK, size=1177, root=sha256(b"before").digest()),
)


def seller(of: Company) -> PrintedParty:
    return PrintedParty(
        name=of.name, address=of.address, registration=of.registration, vat_number=of.vat_number
    )


def line(description: str, quantity: str, unit_price: str, rate: str, **others: Any) -> Line:
    new = NewLine(
        description=description,
        quantity=quantity,
        unit_price=unit_price,
        vat_rate=rate,
        **{"unit": "C62", **others},
    )
    return price(new, "EUR")


def text(words: str) -> Line:
    return line(words, "1", "0", "0", kind="text")


def share(description: str, net: int, rate: str, **others: Any) -> Line:
    """A line that comes of others: a part of a situation, a deposit, a discount."""
    return Line(
        description=description,
        quantity="1",
        unit_price="0",
        net=net,
        vat_category="S",
        vat_rate=rate,
        **others,
    )


def paper(of: Company, customer: PrintedParty, said: tuple[Line, ...], **fields: Any) -> Paper:
    known: dict[str, Any] = {
        "document_kind": "invoice",
        "document_id": "inv_1",
        "kind": "invoice",
        "number": "FA-2026-00042",
        "issue_date": DAY,
        "seller": seller(of),
        "customer": customer,
        "currency": "EUR",
        "language": "fr",
        "lines": said,
        "totals": add_up(fields.get("lines", said)),
    }
    return Paper(**known | fields)


def services_invoice(**fields: Any) -> Paper:
    """A Belgian invoice: two rates, a discount, instalments, a structured communication."""
    lines = (
        line("Identité graphique, forfait\nLogo, charte, papeterie", "1", "1250", "21",
             nature="services"),
        line("Mise en page du rapport annuel, 84 pages", "26.5", "65", "21",
             unit="HUR", nature="services", discount_percent="10"),
        line("Livre imprimé, 2ᵉ tirage", "120", "18.4", "6", unit="H87", nature="goods"),
    )  # fmt: skip
    gross = add_up(lines).gross
    known = {
        "number": "FA-2026-00128",
        "supply_date": date(2026, 3, 12),
        "due_date": date(2026, 5, 15),
        "instalments": (
            Instalment(due_date=date(2026, 4, 15), amount=200000),
            Instalment(due_date=date(2026, 5, 15), amount=gross - 200000),
        ),
        "payment_reference": refer("OGM", "FA-2026", 128),
        "buyer_reference": "PO-2026-77",
    }
    return paper(MEUNIER, LAMBERT, lines, **known | fields)


# What was quoted, what was billed before and is now, in cents; how far in percent.
WORKS = (
    ("Dépose des anciennes menuiseries, évacuation en déchetterie agréée",
     160000, 160000, 160000, "100"),
    ("Fourniture et pose de 6 fenêtres bois, double vitrage, vitrage feuilleté côté rue",
     1824500, 456125, 912250, "50"),
    ("Habillage intérieur, tablettes chêne massif", 252800, 0, 0, "0"),
    ("Peinture de finition, deux couches", 98600, 0, 0, "0"),
)  # fmt: skip


def situation_invoice(**fields: Any) -> Paper:
    """A French situation invoice, the second of its quote; two lines of it are not billed yet."""
    lines, progress = [text("Lot 1 — Menuiseries extérieures")], [_progress(0, 0, 0, "0")]
    for description, quoted, before, cumulative, percent in WORKS:
        lines.append(share(description, cumulative - before, "10", nature="services"))
        progress.append(_progress(quoted, before, cumulative, percent))
    link = DocumentLink(
        kind="quote", id="qte_1", number="DE-2026-00017", issue_date=date(2026, 1, 12)
    )
    known = {
        "kind": "situation",
        "due_date": date(2026, 4, 30),
        "situation": Situation(ordinal=2, lines=tuple(progress)),
        "links": (link,),
        "payment_reference": refer("RF", "FA-2026", 42),
        "buyer_reference": "Marché 2026-07, bon n° 118",
        "note": "Chantier : école Jules-Verne, 4 rue des Écoles, Rochecorbon.",
    }
    return paper(GARANCE, MAIRIE, tuple(lines), **known | fields)


def _progress(quoted: int, before: int, cumulative: int, percent: str) -> SituationLine:
    return SituationLine(quoted=quoted, before=before, cumulative=cumulative, percent=percent)


def credit_note(**fields: Any) -> Paper:
    """A Belgian credit note on one line of the invoice."""
    lines = (line("Livre imprimé, exemplaires défectueux", "12", "18.4", "6", nature="goods"),)
    link = DocumentLink(kind="invoice", id="inv_1", number="FA-2026-00128", issue_date=DAY)
    known = {
        "document_kind": "credit_note",
        "document_id": "crn_1",
        "kind": "credit_note",
        "number": "AV-2026-00003",
        "links": (link,),
        "reason": "Exemplaires défectueux",
    }
    return paper(MEUNIER, LAMBERT, lines, **known | fields)


def quote(**fields: Any) -> Paper:
    """A French quote with a heading, a discount, and a place to sign."""
    lines = (
        text("Salon et bibliothèque"),
        line("Agencement sur mesure, chêne massif", "1", "4860", "20", nature="goods"),
        line("Parquet de chêne, pose collée", "38.5", "84.90", "20", unit="MTK"),
        share("Remise 5 %", -40643, "20", kind="discount"),
    )
    known = {
        "document_kind": "quote",
        "document_id": "qte_1",
        "kind": "quote",
        "number": "DE-2026-00031",
        "valid_until": date(2026, 4, 30),
    }
    return paper(GARANCE, MAIRIE, lines, **known | fields)


def balance_invoice(**fields: Any) -> Paper:
    """A final invoice that deducts a deposit."""
    lines = (
        line("Agencement sur mesure", "1", "4860", "20", nature="goods"),
        share("Facture d’acompte FA-2026-00012 du 14/02/2026", -150000, "20", tax=-30000,
              kind="deposit"),
    )  # fmt: skip
    return paper(GARANCE, MAIRIE, lines, **{"kind": "balance", **fields})
