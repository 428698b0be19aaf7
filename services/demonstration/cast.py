"""Who plays in the demonstration: two invented companies, their customers and suppliers.

Names are fictitious. Numbers have right check digits; they may belong to somebody all the same.
"""

from uuid import NAMESPACE_URL, uuid5

from msgspec import Struct

from domain.parties.company import Address
from domain.parties.contact import ContactDetails
from domain.parties.opening import NewCompany
from domain.parties.particulars import ContactRole


class Job(Struct, frozen=True):
    """Something the company sells: what, unit, price, VAT rate."""

    description: str
    unit: str
    unit_price: str
    vat_rate: str


class Company(Struct, frozen=True, kw_only=True):
    """A company of the demonstration; its book has the same id on every machine."""

    new: NewCompany
    customers: tuple[ContactDetails, ...]
    suppliers: tuple[ContactDetails, ...]
    bank_charges: str
    jobs: tuple[Job, ...]
    purchases: tuple[Job, ...]

    @property
    def book_id(self) -> str:
        """The id of the book, from the company's registration."""
        return str(uuid5(NAMESPACE_URL, f"urn:paraphe:demonstration:{self.new.registration}"))


def _contact(
    name: str, role: ContactRole, place: str, days: int = 30, vat_number: str = ""
) -> ContactDetails:
    country, postal_code, city = place.split(" ", 2)
    address = Address(street="1, rue de l'Exemple", postal_code=postal_code, city=city,
                      country=country)  # fmt: skip
    return ContactDetails(
        name=name, roles=(role,), address=address, payment_days=days, vat_number=vat_number
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
    jobs=(
        Job("Pose de menuiseries, rénovation", "HUR", "52.00", "10"),
        Job("Isolation sous combles", "MTK", "38.50", "5.5"),
        Job("Agencement sur mesure", "HUR", "58.00", "20"),
        Job("Parquet de chêne massif", "MTK", "84.90", "20"),
    ),
    purchases=(
        Job("Bois et panneaux", "C62", "640.15", "20"),
        Job("Visserie, colles et abrasifs", "C62", "118.33", "20"),
        Job("Carburant et entretien", "C62", "96.70", "20"),
    ),
)

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
    customers=(
        _contact("Commune de Jodoigne", "customer", "BE 1370 Jodoigne", 50),
        _contact("Brasserie du Gobert", "customer", "BE 5030 Gembloux"),
        _contact("Cabinet Lambert & Fils", "customer", "BE 1300 Wavre"),
        _contact("Librairie du Centre", "customer", "BE 5000 Namur", 14),
    ),
    suppliers=(
        _contact("Imprimerie Delvaux", "supplier", "BE 5000 Namur"),
        _contact("Bureau & Papier", "supplier", "BE 1300 Wavre", 15),
    ),
    bank_charges="650000",
    jobs=(
        Job("Identité graphique, forfait", "C62", "1250.00", "21"),
        Job("Mise en page", "HUR", "65.00", "21"),
        Job("Livre imprimé", "C62", "18.40", "6"),
    ),
    purchases=(
        Job("Impression offset", "C62", "412.80", "21"),
        Job("Papier et fournitures", "C62", "74.25", "21"),
    ),
)
