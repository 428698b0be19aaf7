"""Who plays in the demonstration: two invented companies, their customers and suppliers.

Names are fictitious. Numbers have right check digits; they may belong to somebody all the same.
"""

from uuid import NAMESPACE_URL, uuid5

from msgspec import Struct

from domain.articles.article import ArticleDetails, Component
from domain.parties.company import Address, Profile
from domain.parties.contact import ContactDetails
from domain.parties.describing import Description
from domain.parties.opening import NewCompany
from domain.parties.particulars import ContactRole
from domain.sales.document import Nature


class Job(Struct, frozen=True):
    """Something the company buys: what, unit, price, VAT rate."""

    description: str
    unit: str
    unit_price: str
    vat_rate: str


class Company(Struct, frozen=True, kw_only=True):
    """A company of the demonstration; its book has the same id on every machine.

    `composed` gives the components of an article by code; they name their articles by code too.
    """

    new: NewCompany
    profile: Profile
    customers: tuple[ContactDetails, ...]
    suppliers: tuple[ContactDetails, ...]
    bank_charges: str
    articles: tuple[ArticleDetails, ...]
    purchases: tuple[Job, ...]
    composed: dict[str, tuple[Component, ...]] = {}

    @property
    def book_id(self) -> str:
        """The id of the book, from the company's registration."""
        return str(uuid5(NAMESPACE_URL, f"urn:paraphe:demonstration:{self.new.registration}"))

    @property
    def description(self) -> Description:
        """What the company says about itself, its profile included."""
        new = self.new
        return Description(
            name=new.name,
            address=new.address,
            legal_form=new.legal_form,
            vat_number=new.vat_number,
            vat_regime=new.vat_regime,
            ibans=new.ibans,
            profile=self.profile,
            size=new.size,
        )


def _contact(
    name: str, role: ContactRole, place: str, days: int = 30, vat_number: str = ""
) -> ContactDetails:
    country, postal_code, city = place.split(" ", 2)
    address = Address(street="1, rue de l'Exemple", postal_code=postal_code, city=city,
                      country=country)  # fmt: skip
    return ContactDetails(
        name=name, roles=(role,), address=address, payment_days=days, vat_number=vat_number
    )


def _article(code: str, label: str, terms: str, nature: Nature = "services") -> ArticleDetails:
    """An article; `terms` are unit, price, cost and VAT rate."""
    unit, price, cost, rate = terms.split()
    return ArticleDetails(
        code=code,
        label=label,
        unit=unit,
        unit_price=price,
        unit_cost=cost,
        vat_rate=rate,
        nature=nature,
    )


FRENCH = Company(
    new=NewCompany(
        name="Atelier Garance SAS",
        legal_form="SAS",
        country="FR",
        address=Address(
            street="12, rue des Tanneurs", postal_code="37000", city="Tours", country="FR"
        ),
        registration="912345675",
        vat_number="FR65912345675",
        ibans=("FR7630006000011234567890189",),
    ),
    profile=Profile(
        capital=1_500_000,
        registry="RCS Tours",
        email="contact@garance.example",
        phone="02 47 00 00 00",
        website="garance.example",
        bic="AGRIFRPP",
        terms="Pénalités de retard : taux de la BCE majoré de 10 points. Pas d'escompte.",
    ),
    customers=(
        _contact("Mairie de Rochecorbon", "customer", "FR 37210 Rochecorbon", 45),
        _contact("SCI Les Glycines", "customer", "FR 37000 Tours"),
        _contact("Boulangerie Pineau", "customer", "FR 37400 Amboise"),
        _contact("Mme Hélène Duval", "customer", "FR 37300 Joué-lès-Tours", 15),
        _contact("Clinique du Parc", "customer", "FR 37100 Tours", 60),
    ),
    suppliers=(
        _contact("Négoce Bois de Loire", "supplier", "FR 37700 Saint-Pierre-des-Corps"),
        _contact("Quincaillerie Moreau", "supplier", "FR 37000 Tours", 15),
        _contact("Garage des Halles", "supplier", "FR 37000 Tours", 0),
    ),
    bank_charges="627000",
    articles=(
        _article("MENUISERIE", "Pose de menuiseries, rénovation", "HUR 52.00 31.50 10"),
        _article("ISOLATION", "Isolation sous combles", "MTK 38.50 21.00 5.5"),
        _article("AGENCEMENT", "Agencement sur mesure", "HUR 58.00 33.00 20"),
        _article("PARQUET", "Parquet de chêne massif", "MTK 84.90 55.20 20", "goods"),
        _article("COLLE", "Colle et finitions", "KGM 14.20 8.10 20", "goods"),
        _article("DEPANNAGE", "Dépannage, main d'œuvre", "HUR 64.00 33.00 10"),
        ArticleDetails(code="SALLE", label="Parquet posé, prêt à vivre", unit="MTK"),
    ),
    composed={
        "SALLE": (
            Component(article_id="PARQUET", quantity="1"),
            Component(article_id="COLLE", quantity="0.4"),
            Component(article_id="AGENCEMENT", quantity="0.5"),
        )
    },
    purchases=(
        Job("Bois et panneaux", "C62", "640.15", "20"),
        Job("Visserie, colles et abrasifs", "C62", "118.33", "20"),
        Job("Carburant et entretien", "C62", "96.70", "20"),
    ),
)

NL_CUSTOMER = _contact(
    "Uitgeverij De Linde BV", "customer", "NL 3511AB Utrecht", 30, "NL123456782B90"
)
SWISS_CUSTOMER = _contact("Éditions du Rhône SA", "customer", "CH 1204 Genève")
BE_BUILDER = _contact("Bouwwerken Janssens BV", "customer", "BE 3000 Leuven", 30, "BE0403170701")

BELGIAN = Company(
    new=NewCompany(
        name="Studio Meunier SRL",
        legal_form="SRL",
        country="BE",
        address=Address(
            street="Chaussée de Gembloux 40", postal_code="1367", city="Ramillies", country="BE"
        ),
        registration="0477472701",
        vat_number="BE0477472701",
        ibans=("BE68539007547034",),
    ),
    profile=Profile(
        capital=1_855_000,
        registry="RPM Nivelles",
        email="bonjour@meunier.example",
        phone="010 00 00 00",
        website="meunier.example",
        bic="TRIOBEBB",
    ),
    customers=(
        _contact("Commune de Jodoigne", "customer", "BE 1370 Jodoigne", 50, "BE0408182631"),
        _contact("Brasserie du Gobert", "customer", "BE 5030 Gembloux", 30, "BE0466459142"),
        _contact("Cabinet Lambert & Fils", "customer", "BE 1300 Wavre", 30, "BE0541123309"),
        _contact("Librairie du Centre", "customer", "BE 5000 Namur", 14, "BE0872003373"),
        NL_CUSTOMER,
        SWISS_CUSTOMER,
        BE_BUILDER,
    ),
    suppliers=(
        _contact("Imprimerie Delvaux", "supplier", "BE 5000 Namur"),
        _contact("Bureau & Papier", "supplier", "BE 1300 Wavre", 15),
    ),
    bank_charges="650000",
    articles=(
        _article("IDENTITE", "Identité graphique, forfait", "C62 1250.00 600.00 21"),
        _article("PAGES", "Mise en page", "HUR 65.00 32.00 21"),
        _article("LIVRE", "Livre imprimé", "C62 18.40 9.75 6", "goods"),
    ),
    purchases=(
        Job("Impression offset", "C62", "412.80", "21"),
        Job("Papier et fournitures", "C62", "74.25", "21"),
    ),
)
