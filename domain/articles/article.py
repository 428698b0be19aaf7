"""An article: what the company sells or buys again and again, alone or composed of others."""

from typing import ClassVar, Literal

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.book.refusal import Refused, words
from domain.imports.source import ImportSource
from domain.sales.document import Nature
from domain.values.vat import VatCategory

AccountSide = Literal["sales", "purchases"]
ArticleKnownBy = Literal["code", "external"]


class ArticleDetails(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a line takes over from an article; price and cost of a unit are decimal strings.

    `code` is unique in the book. A composed article has no price of its own: it costs what its
    components cost. Empty accounts are the company's.
    """

    code: str
    label: str
    unit: str = ""
    unit_price: str = "0"
    unit_cost: str = ""
    vat_category: VatCategory = "S"
    vat_rate: str = ""
    vat_code: str = ""
    exemption: str = ""
    nature: Nature = "services"
    sales_account: str = ""
    purchase_account: str = ""
    external_id: str = ""


class Component(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So much of another article, for one of the composed one."""

    article_id: str
    quantity: str


class ArticleCreated(Event, frozen=True, kw_only=True):
    """An article is in the list of what the company deals in (M7, M20)."""

    stored_as: ClassVar[str] = "article.created.v1"

    article_id: str
    details: ArticleDetails
    source: ImportSource | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        return (article_tag(self.article_id), *article_names(self.details))


class ArticleChanged(Event, frozen=True, kw_only=True):
    """An article's details are replaced, whole; lines written before keep theirs."""

    stored_as: ClassVar[str] = "article.changed.v1"

    article_id: str
    details: ArticleDetails
    source: ImportSource | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        return (article_tag(self.article_id), *article_names(self.details))


class ArticleVatChanged(Event, frozen=True, kw_only=True):
    """An article is taxed otherwise from now on: one event an article of a bulk change (M9)."""

    stored_as: ClassVar[str] = "article.vat_changed.v1"

    article_id: str
    vat_category: VatCategory
    vat_rate: str
    vat_code: str
    exemption: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (article_tag(self.article_id),)


class ArticleAccountChanged(Event, frozen=True, kw_only=True):
    """An article is booked on another account from now on; empty is the company's (M9)."""

    stored_as: ClassVar[str] = "article.account_changed.v1"

    article_id: str
    side: AccountSide
    account: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (article_tag(self.article_id),)


class ArticleComposed(Event, frozen=True, kw_only=True):
    """An article groups others from now on; without components it stands alone again (M8)."""

    stored_as: ClassVar[str] = "article.composed.v1"

    article_id: str
    components: tuple[Component, ...]
    source: ImportSource | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        return (article_tag(self.article_id),)


class ArticleArchived(Event, frozen=True, kw_only=True):
    """An article is put away: no new line names it."""

    stored_as: ClassVar[str] = "article.archived.v1"

    article_id: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (article_tag(self.article_id),)


class ArticleRestored(Event, frozen=True, kw_only=True):
    """An archived article is in use again."""

    stored_as: ClassVar[str] = "article.restored.v1"

    article_id: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (article_tag(self.article_id),)


ArticleEvent = (
    ArticleCreated
    | ArticleChanged
    | ArticleVatChanged
    | ArticleAccountChanged
    | ArticleComposed
    | ArticleArchived
    | ArticleRestored
)


class Article(Struct, frozen=True, kw_only=True):
    """An article as of now; `position` is its newest event."""

    position: int
    article_id: str
    details: ArticleDetails
    components: tuple[Component, ...] = ()
    archived: bool = False


class ArticleIsUnknown(Refused, frozen=True, kw_only=True):
    """No article has that id in this book."""

    code = "article_unknown"
    rule = "M7"
    text = words(
        en="There is no article {article_id}.",
        fr="Il n'y a pas d'article {article_id}.",
        nl="Er is geen artikel {article_id}.",
    )

    article_id: str


class ArticleIsArchived(Refused, frozen=True, kw_only=True):
    """The article was put away: it can be restored, not used or changed."""

    code = "article_archived"
    rule = "M7"
    text = words(
        en="Article {article} is archived; restore it first.",
        fr="L'article {article} est archivé ; restaurez-le d'abord.",
        nl="Artikel {article} is gearchiveerd; herstel het eerst.",
    )

    article: str


def usable(article: Article | None, article_id: str, pointer: str = "") -> Refused | None:
    """Refuses an article that is unknown or archived in a command whose `pointer` names it."""
    if article is None:
        return ArticleIsUnknown(article_id=article_id[:60], pointer=pointer)
    if article.archived:
        return ArticleIsArchived(
            article=article.details.code, position=article.position, pointer=pointer
        )
    return None


def evolve(article: Article | None, fact: Recorded) -> Article | None:
    """The article after one more event of its tag."""
    if isinstance(fact.event, ArticleCreated):
        made = fact.event
        return Article(position=fact.position, article_id=made.article_id, details=made.details)
    if article is None or not isinstance(fact.event, ArticleEvent):
        return article
    return replace(_changed(article, fact.event), position=fact.position)


def _changed(article: Article, event: ArticleEvent) -> Article:
    match event:
        case ArticleCreated(details=details) | ArticleChanged(details=details):
            return replace(article, details=details)
        case ArticleVatChanged():
            taxed = {name: getattr(event, name) for name in VAT_FIELDS}
            return replace(article, details=replace(article.details, **taxed))
        case ArticleAccountChanged(side=side, account=account):
            return replace(
                article, details=replace(article.details, **{ACCOUNT_FIELDS[side]: account})
            )
        case ArticleComposed(components=components):
            return replace(article, components=components)
        case ArticleArchived():
            return replace(article, archived=True)
        case ArticleRestored():
            return replace(article, archived=False)


VAT_FIELDS = ("vat_category", "vat_rate", "vat_code", "exemption")
ACCOUNT_FIELDS: dict[AccountSide, str] = {
    "sales": "sales_account",
    "purchases": "purchase_account",
}


def article_tag(article_id: str) -> str:
    """The tag of an article's own events; documents whose lines name it do not carry it."""
    return f"article:{article_id}"


def article_names(details: ArticleDetails) -> tuple[str, ...]:
    """The tags under which an article is found by its code and by the caller's own key."""
    names: dict[ArticleKnownBy, str] = {"code": details.code, "external": details.external_id}
    return tuple(article_name_tag(kind, name) for kind, name in names.items() if name)


def article_name_tag(kind: ArticleKnownBy, name: str) -> str:
    """The tag of the articles that ever had that code or key; the newest may have moved on."""
    return f"article_{kind}:{name}"
