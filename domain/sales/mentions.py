"""What an invoice must say before it takes a number: parties, rates in force, why no VAT."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from domain.book.refusal import Refused, judge, words
from domain.sales import named_parties
from domain.sales.document import Line
from domain.sales.taxing import Sale, code_of
from domain.values.identifiers import EU_MEMBERS

_OURS = ("S", "Z", "E", "AE", "K", "G", "O")
_WITH_REASON = ("E", "AE", "K", "G", "O")
_WITH_CUSTOMER_VAT = ("AE", "K")


class Issue(Struct, frozen=True, kw_only=True):
    """An invoice about to be issued: the sale, and its lines with their codes and words."""

    sale: Sale
    lines: tuple[Line, ...]


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


class VatCodeIsWrong(Refused, frozen=True, kw_only=True):
    """The VAT code is none of the country's on that day, or is of another category."""

    code = "vat_code_wrong"
    rule = "M64"
    text = words(
        en="{vat_code} is no VAT code for category {category} on {day}.",
        fr="{vat_code} n'est pas un code TVA de catégorie {category} le {day}.",
        nl="{vat_code} is geen btw-code van categorie {category} op {day}.",
    )

    vat_code: str
    category: str
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


def check(issue: Issue) -> Refused | None:
    """The refusal of the first mention that is missing or wrong, or None."""
    return judge(MENTION_RULES, issue)


def _between_named_parties(issue: Issue) -> Refused | None:
    return named_parties.check(issue.sale)


def _charged_by_nobody_in_franchise(issue: Issue) -> Refused | None:
    if issue.sale.company.vat_regime != "franchise":
        return None
    charging = (at for at, line in _numbered(issue) if line.vat_category in ("S", "Z"))
    place = next(charging, None)
    return None if place is None else FranchiseChargesNoVat(pointer=f"{place}/vat_category")


def _at_rates_in_force(issue: Issue) -> Refused | None:
    """A deposit is taken off at the rate it was invoiced at, whatever came since."""
    sale = issue.sale
    day, country = sale.chargeable_on, sale.customer.address.country
    for at, line in _numbered(issue):
        if line.kind == "deposit" and sale.kind != "deposit":
            continue
        code = code_of(line, sale)
        if line.vat_category not in _OURS or not (
            sale.rules.charges_rate(code, line.vat_rate, country, day)
            if code is not None
            else _usual_rate(line, sale)
        ):
            return RateIsNotInForce(
                rate=line.vat_rate,
                category=line.vat_category,
                country=sale.rules.code,
                day=day,
                pointer=f"{at}/vat_rate",
            )
    return None


def _usual_rate(line: Line, sale: Sale) -> bool:
    """Whether a line whose code is wrong has at least a possible rate: the code is refused next."""
    if line.vat_category == "S":
        return sale.rules.has_rate(line.vat_rate, sale.chargeable_on)
    return line.vat_rate == "0"


def _with_codes_that_fit(issue: Issue) -> Refused | None:
    for at, line in _numbered(issue):
        code = code_of(line, issue.sale)
        if code is None or code.category != line.vat_category:
            return VatCodeIsWrong(
                vat_code=line.vat_code[:20],
                category=line.vat_category,
                day=issue.sale.chargeable_on,
                pointer=f"{at}/vat_code",
            )
    return None


def _with_reasons(issue: Issue) -> Refused | None:
    for at, line in _numbered(issue):
        if line.vat_category in _WITH_REASON and not line.exemption:
            return ExemptionIsUnexplained(category=line.vat_category, pointer=f"{at}/exemption")
    return None


def _to_taxable_customers(issue: Issue) -> Refused | None:
    if issue.sale.customer.vat_number:
        return None
    for at, line in _numbered(issue):
        if line.vat_category in _WITH_CUSTOMER_VAT:
            return CustomerVatIsMissing(
                category=line.vat_category,
                customer=issue.sale.customer.name,
                pointer=f"{at}/vat_category",
            )
    return None


def _to_the_right_place(issue: Issue) -> Refused | None:
    country = issue.sale.customer.address.country
    union = country in EU_MEMBERS
    allowed = {"K": union and country != issue.sale.company.country, "G": not union}
    for at, line in _numbered(issue):
        if not allowed.get(line.vat_category, True):
            return PlaceIsWrong(
                category=line.vat_category, country=country, pointer=f"{at}/vat_category"
            )
    return None


MENTION_RULES = (
    _between_named_parties,
    _charged_by_nobody_in_franchise,
    _at_rates_in_force,
    _to_taxable_customers,
    _to_the_right_place,
    _with_codes_that_fit,
    _with_reasons,
)


def _numbered(issue: Issue) -> Iterator[tuple[str, Line]]:
    charged = (pair for pair in enumerate(issue.lines) if pair[1].kind != "text")
    return ((f"/lines/{index}", line) for index, line in charged)
