"""Contacts and articles as flat lines of a list.

Personal fields of contacts are no column: the register has them sealed, and a file that is noted by
its digest could not be made again once they are erased.
"""

from msgspec import Struct

from projections.articles_view import ListedArticle
from projections.contacts_view import ListedContact


class ContactLine(Struct, frozen=True, kw_only=True):
    """A contact on one line."""

    name: str
    roles: list[str]
    nature: str
    registration: str
    vat_number: str
    street: str
    postal_code: str
    city: str
    country: str
    language: str
    auxiliary: str
    payment_days: int
    payment_means: str
    external_id: str
    archived: bool
    contact_id: str


class ArticleLine(Struct, frozen=True, kw_only=True):
    """An article on one line; prices are in the company's currency."""

    code: str
    label: str
    nature: str
    unit: str
    unit_price: str
    unit_cost: str
    vat_category: str
    vat_rate: str
    vat_code: str
    sales_account: str
    purchase_account: str
    external_id: str
    archived: bool
    article_id: str


def contact_line(card: ListedContact) -> ContactLine:
    """A contact of the register on one line."""
    known, address = card.details, card.details["address"]
    return ContactLine(
        name=known["name"],
        roles=known["roles"],
        nature=known["nature"],
        registration=known["registration"],
        vat_number=known["vat_number"],
        street=address["street"],
        postal_code=address["postal_code"],
        city=address["city"],
        country=address["country"],
        language=known["language"],
        auxiliary=known["accounting"]["auxiliary"],
        payment_days=known["payment_days"],
        payment_means=known["payment_means"],
        external_id=known["external_id"],
        archived=card.archived,
        contact_id=card.contact_id,
    )


def article_line(card: ListedArticle) -> ArticleLine:
    """An article of the register on one line."""
    article = card.known
    details = article.details
    return ArticleLine(
        code=details.code,
        label=details.label,
        nature=details.nature,
        unit=details.unit,
        unit_price=details.unit_price,
        unit_cost=details.unit_cost,
        vat_category=details.vat_category,
        vat_rate=details.vat_rate,
        vat_code=details.vat_code,
        sales_account=details.sales_account,
        purchase_account=details.purchase_account,
        external_id=details.external_id,
        archived=article.archived,
        article_id=article.article_id,
    )
