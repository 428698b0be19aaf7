"""Who an invoice must name, and how fully: seller and customer, each missing field by its name."""

from domain.book.refusal import Refused, judge, words
from domain.countries.buyer_number import BuyerNumber, number_wanted
from domain.sales.taxing import Sale
from domain.values.identifiers import registration_in

_OF_CAPITAL = frozenset(
    [
        "SA",
        "SAS",
        "SASU",
        "SARL",
        "EURL",
        "SCA",
        "SE",
        "SC",
        "SELARL",
        "SELAS",
        "SRL",
        "BV",
        "NV",
        "CV",
    ]
)
"""Legal forms of companies that have a capital."""

_REGISTERED = _OF_CAPITAL | frozenset(["SNC", "SCS", "VOF", "SCOMM", "COMMV", "ASBL", "VZW"])
"""Legal forms whose documents say where they are registered."""


class RegistryIsMissing(Refused, frozen=True, kw_only=True):
    """A company prints where it is registered: RCS and town, RPM and court."""

    code = "seller_registry_missing"
    rule = "R123-237"
    text = words(
        en="A {legal_form} must print where it is registered, such as RCS Paris or RPM Liège "
        "(C. com. art. R123-237, CSA art. 2:20): it is missing in the company's profile.",
        fr="Une {legal_form} doit indiquer son immatriculation, telle que RCS Paris ou RPM Liège "
        "(C. com. art. R123-237, CSA art. 2:20) : elle manque au profil de la société.",
        nl="Een {legal_form} moet vermelden waar ze ingeschreven is, zoals RPR Luik of RCS Paris "
        "(WVV art. 2:20, C. com. art. R123-237): dat ontbreekt in het profiel.",
    )

    legal_form: str


class CapitalIsMissing(Refused, frozen=True, kw_only=True):
    """A French company of capital prints how much it has."""

    code = "seller_capital_missing"
    rule = "R123-238"
    text = words(
        en="A French {legal_form} must print its capital (C. com. art. R123-238): it is missing in "
        "the company's profile.",
        fr="Une {legal_form} doit indiquer son capital (C. com. art. R123-238) : il manque au "
        "profil de la société.",
        nl="Een Franse {legal_form} moet haar kapitaal vermelden (C. com. art. R123-238): dat "
        "ontbreekt in het profiel.",
    )

    legal_form: str


class CustomerStreetIsMissing(Refused, frozen=True, kw_only=True):
    """The customer's full address must stand on the invoice: the street is missing."""

    code = "customer_street_missing"
    rule = "242-nonies-A"
    text = words(
        en="The address of {customer} has no street.",
        fr="L'adresse de {customer} n'a pas de rue.",
        nl="Het adres van {customer} heeft geen straat.",
    )

    customer: str


class CustomerCityIsMissing(Refused, frozen=True, kw_only=True):
    """The customer's full address must stand on the invoice: the town is missing."""

    code = "customer_city_missing"
    rule = "242-nonies-A"
    text = words(
        en="The address of {customer} has no town.",
        fr="L'adresse de {customer} n'a pas de ville.",
        nl="Het adres van {customer} heeft geen gemeente.",
    )

    customer: str


class BuyerSirenIsMissing(Refused, frozen=True, kw_only=True):
    """An invoice to a French business says its SIREN: from 1 September 2026, or 2027 for SMEs."""

    code = "buyer_siren_missing"
    rule = "242-nonies-A"
    text = words(
        en="The SIREN of {customer} must stand on the invoice (CGI ann. II art. 242 nonies A, I, "
        "1°).",
        fr="Le SIREN de {customer} doit figurer sur la facture (CGI ann. II art. 242 nonies A, I, "
        "1°).",
        nl="Het SIREN-nummer van {customer} moet op de factuur staan (CGI bijl. II art. 242 nonies "
        "A, I, 1°).",
    )

    customer: str


class BuyerEnterpriseNumberIsMissing(Refused, frozen=True, kw_only=True):
    """A Belgian invoice to a Belgian business says its VAT or enterprise number."""

    code = "buyer_enterprise_number_missing"
    rule = "AR1-5"
    text = words(
        en="The VAT or enterprise number of {customer} must stand on the invoice (AR n° 1 art. 5).",
        fr="Le numéro de TVA ou d'entreprise de {customer} doit figurer sur la facture (AR n° 1 "
        "art. 5).",
        nl="Het btw- of ondernemingsnummer van {customer} moet op de factuur staan (KB nr. 1 "
        "art. 5).",
    )

    customer: str


_MISSING: dict[BuyerNumber, type[BuyerSirenIsMissing | BuyerEnterpriseNumberIsMissing]] = {
    "SIREN": BuyerSirenIsMissing,
    "KBO": BuyerEnterpriseNumberIsMissing,
}


def check(sale: Sale) -> Refused | None:
    """The refusal of the first field of a party that is missing, or None."""
    return judge(PARTY_RULES, sale)


def _registered(sale: Sale) -> Refused | None:
    form = _form(sale)
    if form not in _REGISTERED or sale.company.profile.registry:
        return None
    return RegistryIsMissing(legal_form=form, pointer="/profile/registry")


def _with_capital(sale: Sale) -> Refused | None:
    company, form = sale.company, _form(sale)
    if company.country != "FR" or form not in _OF_CAPITAL or company.profile.capital is not None:
        return None
    return CapitalIsMissing(legal_form=form, pointer="/profile/capital")


def _addressed(sale: Sale) -> Refused | None:
    customer = sale.customer
    if not customer.address.street:
        return CustomerStreetIsMissing(customer=customer.name, pointer="/customer_id")
    if not customer.address.city:
        return CustomerCityIsMissing(customer=customer.name, pointer="/customer_id")
    return None


def _numbered(sale: Sale) -> Refused | None:
    customer = sale.customer
    if customer.nature != "company":
        return None
    wanted = number_wanted(
        sale.rules.buyer_numbers, customer.address.country, sale.company.size, sale.day
    )
    if wanted is None or customer.registration or registration_in(customer.vat_number):
        return None
    return _MISSING[wanted](customer=customer.name, pointer="/customer_id")


PARTY_RULES = (_registered, _with_capital, _addressed, _numbered)


def _form(sale: Sale) -> str:
    return sale.company.legal_form.upper().replace(".", "")
