"""Articles, as they come in and go out."""

from typing import Annotated, Literal

import msgspec
from pydantic import Field, StringConstraints

from api.fields import (
    Account,
    Digest,
    In,
    Label,
    Out,
    Percent,
    Price,
    Quantity,
    Search,
    Text,
    Truth,
    VatCategory,
)
from api.ids import Article as ArticleIdIn
from api.listing import Asked, AskedPage
from api.models.contacts import Code
from api.models.parties import ExternalId
from domain.articles.article import Article, ArticleDetails, Component
from domain.values.quantity import shortest
from projections.articles_view import COLUMNS, ArticleFilter, Shown

ArticleCode = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=40, pattern=r"^\w[\w ./+#-]*$")
]
Unit = Annotated[str, StringConstraints(strict=True, max_length=20)]
GoodsOrServices = Literal["goods", "services"]
Sort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(COLUMNS)})$")]
DocumentId = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z]{3}_[0-9a-z]{26}$")]
MOST_AT_ONCE = 5_000


class ArticleIn(In):
    """What a line takes over from an article."""

    code: ArticleCode = Field(description="Its code, once per company.")
    label: Label = Field(description="The description of its lines.")
    unit: Unit = Field(default="", description="Unit, such as C62 (piece) or HUR (hour).")
    unit_price: Price = Field(
        default="0", description="Price of a unit before tax; a composed article has none."
    )
    unit_cost: Price | Literal[""] = Field(default="", description="What a unit costs you.")
    vat_category: VatCategory = Field(default="S", description="VAT category (UNCL 5305).")
    vat_rate: Percent | Literal[""] = Field(default="", description="VAT rate in percent.")
    vat_code: Code = Field(default="", description="The country's own VAT code.")
    exemption: Text = Field(default="", description="Why it is not taxed.")
    nature: GoodsOrServices = Field(default="services", description="Goods or services.")
    sales_account: Account | Literal[""] = Field(
        default="", description="Account of its sales; empty: the company's."
    )
    purchase_account: Account | Literal[""] = Field(
        default="", description="Account of its purchases; empty: the company's."
    )
    external_id: ExternalId = Field(default="", description="Your own id, once per company.")

    def details(self) -> ArticleDetails:
        """The article as the domain takes it."""
        return msgspec.convert(self.model_dump(), ArticleDetails)


class FromLineIn(In):
    """A line of a document that is to be an article."""

    document_kind: Literal["invoice", "quote", "order", "delivery"] = Field(
        description="What kind of document it is."
    )
    document_id: DocumentId = Field(description="Its id.")
    line: Annotated[int, Field(strict=True, ge=0, le=999)] = Field(
        description="The place of the line, from 0."
    )
    code: ArticleCode = Field(description="The article's code, once per company.")


class ComponentIn(In):
    """So much of another article."""

    article_id: ArticleIdIn = Field(description="The other article.")
    quantity: Quantity = Field(description="How much of it, for one of the composed article.")


class CompositionIn(In):
    """What a composed article groups."""

    components: Annotated[list[ComponentIn], Field(max_length=500)] = Field(
        description="Its components, in the order of their lines; none: it stands alone again."
    )

    def new(self) -> tuple[Component, ...]:
        """The components as the domain takes them."""
        return msgspec.convert([x.model_dump() for x in self.components], tuple[Component, ...])


class ArticleOut(Out):
    """An article."""

    id: str = Field(description="The article's id.")
    archived: bool = Field(description="Whether it was put away.")
    code: str = Field(description="Its code.")
    label: str = Field(description="The description of its lines.")
    unit: str = Field(description="Unit, or empty.")
    unit_price: str = Field(description="Price of a unit before tax.")
    unit_cost: str = Field(description="What a unit costs you, or empty.")
    vat_category: str = Field(description="VAT category.")
    vat_rate: str = Field(description="VAT rate in percent, or empty.")
    vat_code: str = Field(description="The country's own VAT code, or empty.")
    exemption: str = Field(description="Why it is not taxed, or empty.")
    nature: str = Field(description="`goods` or `services`.")
    sales_account: str = Field(description="Account of its sales, or empty.")
    purchase_account: str = Field(description="Account of its purchases, or empty.")
    external_id: str = Field(description="Your own id, or empty.")
    components: list[ComponentIn] = Field(description="What it groups; empty: it stands alone.")

    @classmethod
    def of(cls, article: Article) -> "ArticleOut":
        """An article of the book."""
        return cls(
            id=article.article_id,
            archived=article.archived,
            components=[
                ComponentIn(article_id=each.article_id, quantity=each.quantity)
                for each in article.components
            ],
            **msgspec.to_builtins(article.details),
        )


class ArticlesOut(Out):
    """The articles that a bulk change changed, as they are now."""

    data: list[ArticleOut] = Field(description="The articles; those it left as they were are not.")


class ArticlesWhere(In):
    """Which articles in use a bulk change is about: those that fit everything given."""

    nature: GoodsOrServices | None = Field(default=None, description="Goods, or services.")
    vat_category: VatCategory | None = Field(default=None, description="With this VAT category.")
    vat_rate: Percent | None = Field(default=None, description="With this VAT rate.")
    vat_code: Code | None = Field(default=None, description="With this VAT code.")
    account: Account | None = Field(default=None, description="Sold or bought on this account.")
    file: Digest | None = Field(default=None, description="Last imported from this file.")
    q: Search | None = Field(default=None, description="Words in code, label and external id.")

    def wanted(self) -> ArticleFilter:
        """The filter of the register."""
        asked = self.model_dump()
        asked["vat_rate"] = None if self.vat_rate is None else shortest(self.vat_rate)
        return ArticleFilter(**asked)


class BulkIn(In):
    """Which articles a bulk change is about: these, or those that fit."""

    article_ids: Annotated[list[ArticleIdIn], Field(max_length=MOST_AT_ONCE)] = Field(
        default=[], description="These articles; all of them or none is changed."
    )
    where: ArticlesWhere | None = Field(
        default=None, description="Instead of naming them: all in use that fit."
    )


class BulkVatIn(BulkIn):
    """Another VAT for many articles."""

    vat_category: VatCategory = Field(default="S", description="VAT category (UNCL 5305).")
    vat_rate: Percent = Field(description="VAT rate in percent.")
    vat_code: Code = Field(default="", description="The country's own VAT code.")
    exemption: Text = Field(default="", description="Why they are not taxed.")


class BulkAccountIn(BulkIn):
    """Another account for many articles."""

    side: Literal["sales", "purchases"] = Field(description="Which of their accounts.")
    account: Account | Literal[""] = Field(description="The account; empty: the company's.")


class ArticlesAsked(Asked):
    """Which articles."""

    nature: GoodsOrServices | None = Field(default=None, description="Goods, or services.")
    composed: Truth | None = Field(default=None, description="Composed ones, or simple ones.")
    shown: Shown = Field(default="active", description="In use, put away, or both.")
    code: ArticleCode | None = Field(default=None, description="With this code.")
    unit: Unit | None = Field(default=None, description="In this unit.")
    vat_category: VatCategory | None = Field(default=None, description="With this VAT category.")
    vat_rate: Percent | None = Field(default=None, description="With this VAT rate.")
    vat_code: Code | None = Field(default=None, description="With this VAT code.")
    account: Account | None = Field(default=None, description="Sold or bought on this account.")
    external_id: ExternalId | None = Field(default=None, description="With this id of yours.")
    file: Digest | None = Field(default=None, description="Last imported from this file.")
    q: Search | None = Field(
        default=None, description="Words in code, label and external id, accents aside."
    )

    def wanted(self) -> ArticleFilter:
        """The filter of the register."""
        asked = {name: getattr(self, name) for name in ArticleFilter.__struct_fields__}
        asked["vat_rate"] = None if self.vat_rate is None else shortest(self.vat_rate)
        return ArticleFilter(**asked)


class ArticlesAskedPage(ArticlesAsked, AskedPage):
    """Which articles, in which order."""

    sort: Sort = Field(default="code", description="Any column; `-` descends.")


class ArticlesLeaving(ArticlesAsked):
    """Which articles leave as a file, in which order; `shown=all` is everything there is."""

    sort: Sort = Field(default="code", description="Any column; `-` descends.")
    format: Literal["csv", "xlsx"] = Field(default="csv", description="Which kind of file.")
