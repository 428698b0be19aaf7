"""The register of articles (M7): one row an article, folded by the domain's own `evolve`."""

from collections.abc import Iterable
from typing import Any

from msgspec import convert

from domain.articles.article import (
    Article,
    ArticleAccountChanged,
    ArticleArchived,
    ArticleChanged,
    ArticleComposed,
    ArticleCreated,
    ArticleRestored,
    ArticleVatChanged,
    evolve,
)
from domain.book.event import Event, Recorded
from domain.values.money import half_up
from domain.values.quantity import exact
from projections.documents import as_document
from projections.register import Register
from projections.rows import Need, Row, Rows
from projections.searching import folded, words_of


class ArticleCard(Row, frozen=True):
    """An article; `introduced` and `position` are its first and newest events.

    `price_rank` and `cost_rank` are price and cost in millionths, to be sorted by; an unknown cost
    is -1. `article` is the article as JSON; `file` the file it was imported from.
    """

    table = "article_card"
    key = ("article_id",)

    article_id: str
    introduced: int
    position: int
    archived: bool
    composed: bool
    code: str
    label: str
    unit: str
    price_rank: int
    cost_rank: int
    vat_category: str
    vat_rate: str
    vat_code: str
    nature: str
    sales_account: str
    purchase_account: str
    external_id: str
    file: str
    sort_label: str
    words: str
    article: dict[str, Any]


class Articles(Register):
    """What the company deals in."""

    name = "articles"
    version = 3
    rows = (ArticleCard,)
    events = (
        ArticleCreated,
        ArticleChanged,
        ArticleVatChanged,
        ArticleAccountChanged,
        ArticleComposed,
        ArticleArchived,
        ArticleRestored,
    )

    def needs(self, event: Event) -> Iterable[Need]:
        match event:
            case (
                ArticleChanged()
                | ArticleVatChanged()
                | ArticleAccountChanged()
                | ArticleComposed()
                | ArticleArchived()
                | ArticleRestored()
            ):
                return ((ArticleCard, event.article_id),)
            case _:
                return ()

    def apply(self, fact: Recorded, rows: Rows) -> None:
        match fact.event:
            case ArticleCreated(source=source):
                file = "" if source is None else source.file
                article = evolve(None, fact)
                if article is not None:
                    rows.add(_card(article, fact.position, file))
            case (
                ArticleChanged()
                | ArticleVatChanged()
                | ArticleAccountChanged()
                | ArticleComposed()
                | ArticleArchived()
                | ArticleRestored()
            ) as event:
                before = rows.get(ArticleCard, event.article_id)
                if before is None:
                    raise LookupError(f"no article {event.article_id}")
                article = evolve(convert(before.article, Article), fact)
                if article is not None:
                    rows.put(_card(article, before.introduced, _file(event) or before.file))


def _file(event: Event) -> str:
    source = getattr(event, "source", None)
    return "" if source is None else str(source.file)


def _card(article: Article, introduced: int, file: str) -> ArticleCard:
    details = article.details
    return ArticleCard(
        article_id=article.article_id,
        introduced=introduced,
        position=article.position,
        archived=article.archived,
        composed=bool(article.components),
        code=details.code,
        label=details.label,
        unit=details.unit,
        price_rank=_millionths(details.unit_price),
        cost_rank=_millionths(details.unit_cost) if details.unit_cost else -1,
        vat_category=details.vat_category,
        vat_rate=details.vat_rate,
        vat_code=details.vat_code,
        nature=details.nature,
        sales_account=details.sales_account,
        purchase_account=details.purchase_account,
        external_id=details.external_id,
        file=file,
        sort_label=folded(details.label),
        words=words_of([details.code, details.label, details.external_id]),
        article=as_document(article),
    )


def _millionths(price: str) -> int:
    return half_up(exact(price) * 1_000_000)
