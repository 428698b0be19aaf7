"""What an invoice must say before it takes a number: parties, rates in force, why no VAT."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from domain.book.refusal import Refused, judge, words
from domain.countries.atlas import RULES
from domain.parties.company import Company
from domain.parties.contact import ContactDetails
from domain.sales.document import Line, explain_exemptions
from domain.values.identifiers import EU_MEMBERS

_OURS = ("S", "Z", "E", "AE", "K", "G", "O")
_WITH_REASON = ("E", "AE", "K", "G", "O")
_WITH_CUSTOMER_VAT = ("AE", "K")


class Issue(Struct, frozen=True, kw_only=True):
    """An invoice about to be issued: by whom, to whom, what, and on which day."""

    company: Company
    customer: ContactDetails
    lines: tuple[Line, ...]
    day: date


class AddressIsMissing(Refused, frozen=True, kw_only=True):
    """The customer's full address must stand on the invoice."""

    code = "address_missing"
    rule = "242-nonies-A"
    text = words(
        en="The address of {customer} is incomplete: street and city must be known.",
        fr="L'adresse de {customer} est incomplète : la rue et la ville doivent être connues.",
        nl="Het adres van {customer} is onvolledig: straat en gemeente moeten bekend zijn.",
    )

    customer: str


class CustomerVatIsMissing(Refused, frozen=True, kw_only=True):
    """Reverse charge and intra-Community supplies name the customer's VAT number."""

    code = "customer_vat_missing"
    rule = "242-nonies-A"
    text = words(
        en="Without VAT for reason {category}, {customer} must have a VAT number.",
        fr="Sans TVA au motif {category}, {customer} doit avoir un numéro de TVA.",
        nl="Zonder btw om reden {category} moet {customer} een btw-nummer hebben.",
    )

    category: str
    customer: str


class PlaceIsWrong(Refused, frozen=True, kw_only=True):
    """An intra-Community supply stays in the Union and an export leaves it."""

    code = "place_wrong"
    rule = "262-CGI"
    text = words(
        en="VAT category {category} does not fit a customer in {country}.",
        fr="La catégorie de TVA {category} ne convient pas à un client situé en {country}.",
        nl="Btw-categorie {category} past niet bij een klant in {country}.",
    )

    category: str
    country: str


class FranchiseChargesNoVat(Refused, frozen=True, kw_only=True):
    """A company in the franchise regime owes any VAT it writes on an invoice: it writes none."""

    code = "franchise_charges_no_vat"
    rule = "293-B-CGI"
    text = words(
        en="A company in the franchise regime charges no VAT: category E, rate 0.",
        fr="Une société en franchise ne facture pas de TVA : catégorie E, taux 0.",
        nl="Een onderneming onder de vrijstellingsregeling rekent geen btw aan: categorie E, 0 %.",
    )


class RateIsNotInForce(Refused, frozen=True, kw_only=True):
    """The rate is none of the country's on that day, or not that of its category."""

    code = "rate_not_in_force"
    rule = "BR-FR-16"
    text = words(
        en="{rate} % is not a VAT rate of category {category} in {country} on {day}.",
        fr="{rate} % n'est pas un taux de TVA de catégorie {category} en {country} le {day}.",
        nl="{rate} % is geen btw-tarief van categorie {category} in {country} op {day}.",
    )

    rate: str
    category: str
    country: str
    day: date


class ExemptionIsUnexplained(Refused, frozen=True, kw_only=True):
    """A line without VAT says why, in words or by the law's article."""

    code = "exemption_unexplained"
    rule = "242-nonies-A"
    text = words(
        en="A line of VAT category {category} must say why no VAT is charged.",
        fr="Une ligne de catégorie {category} doit dire pourquoi la TVA n'est pas facturée.",
        nl="Een regel van categorie {category} moet zeggen waarom geen btw wordt aangerekend.",
    )

    category: str


def explained(lines: tuple[Line, ...], company: Company, day: date) -> tuple[Line, ...]:
    """The lines with the words that the company's country has for them on that day."""
    rules = RULES[company.country]
    categories = {line.vat_category for line in lines}
    mentions = {
        category: rules.mention(category, company.vat_regime, day) for category in categories
    }
    return explain_exemptions(lines, mentions)


def check(issue: Issue) -> Refused | None:
    """The refusal of the first mention that is missing or wrong, or None."""
    return judge(MENTION_RULES, issue)


def _addressed(issue: Issue) -> Refused | None:
    address = issue.customer.address
    if address.street and address.city:
        return None
    return AddressIsMissing(customer=issue.customer.name, pointer="/customer_id")


def _charged_by_nobody_in_franchise(issue: Issue) -> Refused | None:
    if issue.company.vat_regime != "franchise":
        return None
    charging = (at for at, line in _numbered(issue) if line.vat_category in ("S", "Z"))
    place = next(charging, None)
    return None if place is None else FranchiseChargesNoVat(pointer=f"{place}/vat_category")


def _at_rates_in_force(issue: Issue) -> Refused | None:
    rules = RULES[issue.company.country]
    for at, line in _numbered(issue):
        if line.vat_category == "S":
            right = rules.has_rate(line.vat_rate, issue.day)
        else:
            right = line.vat_rate == "0" and line.vat_category in _OURS
        if not right:
            return RateIsNotInForce(
                rate=line.vat_rate,
                category=line.vat_category,
                country=rules.code,
                day=issue.day,
                pointer=f"{at}/vat_rate",
            )
    return None


def _with_reasons(issue: Issue) -> Refused | None:
    for at, line in _numbered(issue):
        if line.vat_category in _WITH_REASON and not line.exemption:
            return ExemptionIsUnexplained(category=line.vat_category, pointer=f"{at}/exemption")
    return None


def _to_taxable_customers(issue: Issue) -> Refused | None:
    if issue.customer.vat_number:
        return None
    for at, line in _numbered(issue):
        if line.vat_category in _WITH_CUSTOMER_VAT:
            return CustomerVatIsMissing(
                category=line.vat_category,
                customer=issue.customer.name,
                pointer=f"{at}/vat_category",
            )
    return None


def _to_the_right_place(issue: Issue) -> Refused | None:
    country = issue.customer.address.country
    union = country in EU_MEMBERS
    allowed = {"K": union and country != issue.company.country, "G": not union}
    for at, line in _numbered(issue):
        if not allowed.get(line.vat_category, True):
            return PlaceIsWrong(
                category=line.vat_category, country=country, pointer=f"{at}/vat_category"
            )
    return None


MENTION_RULES = (
    _addressed,
    _charged_by_nobody_in_franchise,
    _at_rates_in_force,
    _with_reasons,
    _to_taxable_customers,
    _to_the_right_place,
)


def _numbered(issue: Issue) -> Iterator[tuple[str, Line]]:
    return ((f"/lines/{index}", line) for index, line in enumerate(issue.lines))
