"""How the seller and the customer stand on a document: addresses, numbers, legal form, capital."""

from collections.abc import Iterator

from domain.parties.company import Address, Company
from domain.sales.document import PrintedParty
from domain.values.language import Language
from services.printing import writing
from services.printing.paper import Paper
from services.printing.sheet import Block, Detail
from services.printing.writing import Writing

_CROSSROADS_BANK: dict[Language, str] = {"fr": "BCE", "nl": "KBO", "en": "BCE/KBO"}
"""What Belgians call the register of enterprises."""


def seller_block(paper: Paper, company: Company, write: Writing) -> Block:
    """The sender: its name as known to customers, address, and how it is reached."""
    profile, seller = company.profile, paper.seller
    lines = [
        *address_lines(seller.address, paper.customer.address.country, write),
        *filter(None, [profile.phone, profile.email, profile.website]),
    ]
    return Block(name=profile.trade_name or seller.name, lines=tuple(lines))


def customer_block(paper: Paper, write: Writing) -> Block:
    """The addressee, as it was when the document was issued."""
    home = paper.seller.address.country
    return Block(
        name=paper.customer.name,
        lines=tuple(address_lines(paper.customer.address, home, write)),
    )


def address_lines(address: Address, other_country: str, write: Writing) -> Iterator[str]:
    """Street, town, and the country where it is another than that of the other party."""
    yield from filter(None, address.street.split("\n"))
    if town := f"{address.postal_code} {address.city}".strip():
        yield town
    if address.country != other_country:
        yield write.country_name(address.country).upper()


def legal_lines(paper: Paper, company: Company, write: Writing) -> tuple[str, ...]:
    """The foot of every page: name, form and capital; seat and numbers (R123-237, CSA 2:20)."""
    seller, profile = paper.seller, company.profile
    name = seller.name
    if company.legal_form and not name.upper().endswith(f" {company.legal_form.upper()}"):
        name = f"{name}, {company.legal_form}"
    if profile.capital is not None:
        name = f"{name} {write.word('capital')} {write.money(profile.capital)}"
    address = seller.address
    seat = ", ".join(
        filter(None, [address.street, f"{address.postal_code} {address.city}".strip()])
    )
    numbers = [registration(seller, write.language), profile.registry]
    if seller.vat_number:
        vat = writing.vat_number(seller.vat_number)
        numbers.append(f"{write.word('vat_no')} {vat}")
    return (f"{name} · {seat}", " · ".join(filter(None, numbers)))


def registration(party: PrintedParty, language: Language) -> str:
    """The number under which a party is registered, with the name of that number."""
    number = party.registration
    if not number:
        return ""
    if party.address.country == "BE":
        return f"{_CROSSROADS_BANK[language]} {writing.enterprise(number)}"
    name = "SIRET" if len(number) == 14 else "SIREN"
    return f"{name} {writing.siren(number)}"


def customer_numbers(paper: Paper, write: Writing) -> Iterator[Detail]:
    """The customer's VAT number and enterprise number (242 nonies A; AR n° 1 art. 5)."""
    customer = paper.customer
    if customer.vat_number:
        number = writing.vat_number(customer.vat_number)
        yield Detail(write.word("customer_vat"), number)
    if customer.registration and customer.address.country == "FR":
        yield Detail(write.word("customer_siren"), writing.siren(customer.registration))
    elif customer.registration and not customer.vat_number:
        number = writing.enterprise(customer.registration)
        yield Detail(write.word("customer_enterprise"), number)
