"""An article as one line of a list, and back; a composed one names its components by code."""

import re
from collections.abc import Callable, Sequence
from typing import get_args

from msgspec import Struct, convert

from domain.articles.article import Article, ArticleDetails, Component
from domain.book.refusal import Refusals
from domain.imports.refusals import WordIsUnknown
from domain.values.vat import VatCategory
from services.files.table import Words
from services.imports.cells import decimal_of
from services.imports.columns import Field, code, decimal, text

NATURES: dict[str, Words] = {
    "goods": {"en": "goods", "fr": "biens", "nl": "goederen", "also": "bien"},
    "services": {"en": "services", "fr": "services", "nl": "diensten", "also": "service"},
}
CATEGORIES: dict[str, Words] = {each: {} for each in get_args(VatCategory)}

FIELDS: tuple[Field, ...] = (
    text("id", "Id", "Identifiant", "Id", "article_id"),
    text("code", "Code", "Code", "Code", "référence", "reference", "referentie", "sku"),
    text("label", "Description", "Désignation", "Omschrijving", "libellé", "nom", "name", "naam"),
    text("unit", "Unit", "Unité", "Eenheid"),
    decimal("unit_price", "Unit price", "Prix unitaire", "Eenheidsprijs", "prix", "price", "prijs"),
    decimal("unit_cost", "Unit cost", "Coût unitaire", "Kostprijs", "prix d'achat", "cost"),
    code(CATEGORIES, "vat_category", "VAT category", "Catégorie de TVA", "Btw-categorie"),
    decimal("vat_rate", "VAT rate", "Taux de TVA", "Btw-tarief", "tva", "vat", "btw"),
    text("vat_code", "VAT code", "Code TVA", "Btw-code"),
    text("exemption", "Exemption", "Exonération", "Vrijstelling"),
    code(NATURES, "nature", "Nature", "Nature", "Aard", "type"),
    text("sales_account", "Sales account", "Compte de vente", "Verkooprekening", "compte"),
    text("purchase_account", "Purchase account", "Compte d'achat", "Aankooprekening"),
    text("external_id", "Your id", "Votre identifiant", "Uw id", "external id"),
    text("components", "Components", "Composants", "Componenten", "composition"),
)

FORM = "quantity code"
SAME = ArticleDetails.__struct_fields__


class ArticleLine(Struct, frozen=True, kw_only=True):
    """An article, flat; its components are a text, "2.5 CODE" a line."""

    id: str = ""
    code: str = ""
    label: str = ""
    unit: str = ""
    unit_price: str = "0"
    unit_cost: str = ""
    vat_category: str = "S"
    vat_rate: str = ""
    vat_code: str = ""
    exemption: str = ""
    nature: str = "services"
    sales_account: str = ""
    purchase_account: str = ""
    external_id: str = ""
    components: str = ""


def flattened(article: Article, code_of: Callable[[str], str]) -> ArticleLine:
    """An article as a line; `code_of` gives the code of a component."""
    components = (f"{x.quantity} {code_of(x.article_id)}" for x in article.components)
    return ArticleLine(
        id=article.article_id,
        components="\n".join(components),
        **{name: getattr(article.details, name) for name in SAME},
    )


def details_of(line: ArticleLine) -> ArticleDetails:
    """The details that a line says."""
    return convert({name: getattr(line, name) for name in SAME}, ArticleDetails)


def components_of(line: ArticleLine, id_of: Callable[[str], str]) -> Sequence[Component]:
    """The components that a line says; `id_of` gives the article of a code. Raises Refusals."""
    components = []
    for each in re.split(r"[\n;]", line.components):
        if not each.strip():
            continue
        quantity, _, code_ = each.strip().partition(" ")
        if not code_.strip():
            raise Refusals(WordIsUnknown(known=FORM, pointer="/components"))
        components.append(Component(article_id=id_of(code_.strip()), quantity=decimal_of(quantity)))
    return components
