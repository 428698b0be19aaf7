"""A contact as one line of a list, and back: nothing is lost between the two."""

import re
from collections.abc import Mapping
from typing import get_args

from msgspec import Struct, convert

from domain.book.refusal import Refusals
from domain.imports.refusals import WordIsUnknown
from domain.parties.contact import Contact, ContactDetails
from domain.parties.particulars import (
    AccountingData,
    AssignedTemplates,
    LinkedAddress,
)
from domain.values.vat import VatCategory
from services.files.table import Words
from services.imports.columns import Field, code, decimal, number, text, truth, words_in

ROLES: dict[str, Words] = {
    "customer": {"en": "customer", "fr": "client", "nl": "klant"},
    "supplier": {"en": "supplier", "fr": "fournisseur", "nl": "leverancier"},
    "partner": {"en": "partner", "fr": "partenaire", "nl": "partner"},
}
NATURES: dict[str, Words] = {
    "company": {"en": "company", "fr": "entreprise", "nl": "onderneming"},
    "private": {"en": "private person", "fr": "particulier", "nl": "particulier"},
    "public": {"en": "public body", "fr": "organisme public", "nl": "overheid"},
}
MEANS: dict[str, Words] = {
    "transfer": {"en": "transfer", "fr": "virement", "nl": "overschrijving"},
    "direct_debit": {"en": "direct debit", "fr": "prélèvement", "nl": "domiciliëring"},
    "cheque": {"en": "cheque", "fr": "chèque", "nl": "cheque"},
    "card": {"en": "card", "fr": "carte", "nl": "kaart"},
    "cash": {"en": "cash", "fr": "espèces", "nl": "contant"},
}
LANGUAGES: dict[str, Words] = {
    "fr": {"en": "French", "fr": "français", "nl": "Frans"},
    "nl": {"en": "Dutch", "fr": "néerlandais", "nl": "Nederlands"},
    "en": {"en": "English", "fr": "anglais", "nl": "Engels"},
}
USES: dict[str, Words] = {
    "billing": {"en": "billing", "fr": "facturation", "nl": "facturatie"},
    "delivery": {"en": "delivery", "fr": "livraison", "nl": "levering"},
    "other": {"en": "other", "fr": "autre", "nl": "andere"},
}
CATEGORIES: dict[str, Words] = {each: {} for each in get_args(VatCategory)}

FIELDS: tuple[Field, ...] = (
    text("id", "Id", "Identifiant", "Id", "contact_id"),
    text("name", "Name", "Nom", "Naam", "raison sociale", "société", "company", "bedrijf"),
    text("roles", "Kind", "Type", "Soort", "type de contact", "rol"),
    code(NATURES, "nature", "Nature", "Nature", "Aard"),
    text("street", "Street", "Rue", "Straat", "adresse", "address", "adres"),
    text("postal_code", "Postal code", "Code postal", "Postcode", "cp", "zip"),
    text("city", "City", "Ville", "Gemeente", "localité", "plaats", "stad"),
    text("country", "Country", "Pays", "Land", "code pays"),
    text(
        "registration",
        "Registration number",
        "Numéro d'entreprise",
        "Ondernemingsnummer",
        "siren",
        "siret",
        "kbo",
        "bce",
    ),
    text("vat_number", "VAT number", "Numéro de TVA", "Btw-nummer", "tva", "n° tva", "vat", "btw"),
    text("email", "E-mail", "E-mail", "E-mail", "mail", "courriel", "adresse e-mail"),
    text("phone", "Telephone", "Téléphone", "Telefoon", "tél", "tel", "gsm"),
    code(LANGUAGES, "language", "Language", "Langue", "Taal"),
    text("addresses", "Other addresses", "Autres adresses", "Andere adressen"),
    text("bank_accounts", "Bank accounts", "Comptes bancaires", "Bankrekeningen", "iban"),
    text("auxiliary", "Auxiliary account", "Compte auxiliaire", "Hulprekening", "code tiers"),
    text("sales_account", "Sales account", "Compte de vente", "Verkooprekening"),
    text("purchase_account", "Purchase account", "Compte d'achat", "Aankooprekening"),
    truth("vat_on_debits", "VAT on debits", "TVA sur les débits", "Btw op debet"),
    text("template_quote", "Quote template", "Modèle de devis", "Offertesjabloon"),
    text("template_invoice", "Invoice template", "Modèle de facture", "Factuursjabloon"),
    text("template_reminder", "Reminder template", "Modèle de relance", "Herinneringssjabloon"),
    code(CATEGORIES, "vat_category", "VAT category", "Catégorie de TVA", "Btw-categorie"),
    decimal("vat_rate", "VAT rate", "Taux de TVA", "Btw-tarief"),
    text("vat_code", "VAT code", "Code TVA", "Btw-code"),
    number("payment_days", "Payment days", "Délai de paiement", "Betalingstermijn", "jours"),
    truth("end_of_month", "End of month", "Fin de mois", "Einde maand"),
    number("day_of_month", "Day of month", "Jour du mois", "Dag van de maand"),
    code(MEANS, "payment_means", "Payment means", "Mode de règlement", "Betaalwijze"),
    text("external_id", "Your id", "Votre identifiant", "Uw id", "référence", "external id"),
)


class ContactLine(Struct, frozen=True, kw_only=True):
    """A contact, flat. Lists within it are texts: a line each, parts separated by `|`."""

    id: str = ""
    name: str = ""
    roles: tuple[str, ...] | str = "customer"
    nature: str = "company"
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    registration: str = ""
    vat_number: str = ""
    email: str = ""
    phone: str = ""
    language: str = ""
    addresses: str = ""
    bank_accounts: str = ""
    auxiliary: str = ""
    sales_account: str = ""
    purchase_account: str = ""
    vat_on_debits: bool = False
    template_quote: str = ""
    template_invoice: str = ""
    template_reminder: str = ""
    vat_category: str = ""
    vat_rate: str = ""
    vat_code: str = ""
    payment_days: int = 30
    end_of_month: bool = False
    day_of_month: int = 0
    payment_means: str = "transfer"
    external_id: str = ""


_SAME = ("name", "nature", "registration", "vat_number", "email", "phone", "language")
_ALSO = ("vat_category", "vat_rate", "vat_code", "payment_days", "end_of_month", "day_of_month")
SAME = (*_SAME, *_ALSO, "payment_means", "external_id")
ACCOUNTS = AccountingData.__struct_fields__
TEMPLATES = AssignedTemplates.__struct_fields__
ADDRESS = ("street", "postal_code", "city", "country")
POINTED: dict[str, str] = {f"/templates/{name}": f"template_{name}" for name in TEMPLATES}


def flattened(contact: Contact, language: str = "en") -> ContactLine:
    """A contact as a line, its kinds and uses in the reader's words."""
    details = contact.details
    return ContactLine(
        id=contact.contact_id,
        roles=", ".join(ROLES[role][language] for role in details.roles),
        addresses="\n".join(_written(linked, language) for linked in details.addresses),
        bank_accounts="\n".join(f"{x.iban} {x.bic}".strip() for x in details.bank_accounts),
        **{name: getattr(details, name) for name in SAME},
        **{name: getattr(details.address, name) for name in ADDRESS},
        **{name: getattr(details.accounting, name) for name in ACCOUNTS},
        **{f"template_{name}": getattr(details.templates, name) for name in TEMPLATES},
    )


def details_of(line: ContactLine) -> ContactDetails:
    """The details that a line says; raises Refusals for words nobody knows."""
    roles = line.roles if isinstance(line.roles, str) else ", ".join(line.roles)
    return convert(
        {
            "roles": words_in(roles, ROLES, "/roles"),
            "address": {name: getattr(line, name) for name in ADDRESS},
            "addresses": [_read(each) for each in line.addresses.splitlines() if each.strip()],
            "bank_accounts": [_account(each) for each in _listed(line.bank_accounts)],
            "accounting": {name: getattr(line, name) for name in ACCOUNTS},
            "templates": {name: getattr(line, f"template_{name}") for name in TEMPLATES},
            **{name: getattr(line, name) for name in SAME},
        },
        ContactDetails,
    )


def _written(linked: LinkedAddress, language: str) -> str:
    parts = [USES[linked.use][language], linked.label]
    parts += [getattr(linked.address, name) for name in ADDRESS]
    return " | ".join(part.replace("\n", " ").replace("|", "/") for part in parts)


def _read(text: str) -> Mapping[str, object]:
    """An address from "use | label | street | postal code | city | country"."""
    parts = [part.strip() for part in text.split("|")]
    if len(parts) != 2 + len(ADDRESS):
        raise Refusals(WordIsUnknown(known=FORM, pointer="/addresses"))
    use, label, *where = parts
    (known,) = words_in(use, USES, "/addresses") or ("other",)
    return {"use": known, "label": label, "address": dict(zip(ADDRESS, where, strict=True))}


FORM = "use | label | street | postal code | city | country"


def _listed(text: str) -> list[str]:
    return [each for each in re.split(r"[\n,;]", text) if each.strip()]


def _account(text: str) -> Mapping[str, str]:
    """An account from its IBAN and perhaps its BIC behind it, spaces within the IBAN allowed."""
    groups = text.split()
    named = len(groups) > 1 and re.fullmatch(r"[A-Z]{6}[0-9A-Z]{2}([0-9A-Z]{3})?", groups[-1])
    iban, bic = (groups[:-1], groups[-1]) if named else (groups, "")
    return {"iban": "".join(iban), "bic": bic}
