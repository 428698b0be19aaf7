"""Questions to the register of articles: the list, filtered and sorted by any column (M7, M36)."""

from typing import Any, Literal, get_args

from msgspec import Struct, convert
from psycopg import Connection, sql

from domain.articles.article import Article
from projections.page import (
    Listing,
    Page,
    SortKey,
    Standpoint,
    asked,
    beyond,
    both,
    by_rank,
    columns,
    read_page,
    standpoint_in,
    where,
)

Shown = Literal["active", "archived", "all"]
ArticleColumn = Literal[
    "code",
    "label",
    "introduced",
    "unit",
    "unit_price",
    "unit_cost",
    "vat_category",
    "vat_rate",
    "vat_code",
    "nature",
    "sales_account",
    "purchase_account",
    "external_id",
]
COLUMNS: tuple[ArticleColumn, ...] = get_args(ArticleColumn)
RANKS = {
    "label": sql.Identifier("sort_label"),
    "unit_price": sql.Identifier("price_rank"),
    "unit_cost": sql.Identifier("cost_rank"),
}


class ArticleFilter(Struct, frozen=True, kw_only=True):
    """Which articles: None means any. `q` looks for words in code, label and external id.

    `account` is one of both accounts; `file` the digest of the file of the last import.
    """

    nature: Literal["goods", "services"] | None = None
    composed: bool | None = None
    shown: Shown = "active"
    code: str | None = None
    unit: str | None = None
    vat_category: str | None = None
    vat_rate: str | None = None
    vat_code: str | None = None
    account: str | None = None
    external_id: str | None = None
    file: str | None = None
    q: str | None = None


class ListedArticle(Struct, frozen=True):
    """An article as listed; `rank` is what it is sorted by."""

    article_id: str
    article: dict[str, Any]
    rank: Any

    @property
    def known(self) -> Article:
        """The article itself."""
        return convert(self.article, Article)


HEAD = standpoint_in("articles_cursor")
CONDITIONS = {
    "nature": "nature = %(nature)s",
    "composed": "composed = %(composed)s",
    "code": "code = %(code)s",
    "unit": "unit = %(unit)s",
    "vat_category": "vat_category = %(vat_category)s",
    "vat_rate": "vat_rate = %(vat_rate)s",
    "vat_code": "vat_code = %(vat_code)s",
    "account": "%(account)s IN (sales_account, purchase_account)",
    "external_id": "external_id = %(external_id)s",
    "file": "file = %(file)s",
    "pattern": "words LIKE %(pattern)s",
}
SHOWN: dict[Shown, list[sql.Composable]] = {
    "active": [sql.SQL("NOT archived")],
    "archived": [sql.SQL("archived")],
    "all": [],
}


def list_articles(
    conn: Connection[Any],
    book_id: str,
    wanted: ArticleFilter,
    *,
    sort: str = "code",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, ListedArticle]:
    """A page of articles sorted by one of COLUMNS, descending behind a `-`; raises ValueError."""
    _, rank, order = by_rank(sort, COLUMNS, RANKS, ("article_id",))
    select = sql.SQL(
        "SELECT {columns} FROM (SELECT *, {rank} AS rank FROM article_card) AS card WHERE {wanted}"
    ).format(
        columns=columns(ListedArticle),
        rank=rank,
        wanted=both([*_conditions(wanted), *beyond(order, after)]),
    )
    listing = Listing(HEAD, Standpoint, select, ListedArticle)
    return read_page(conn, listing, order, asked(book_id, wanted), after=after, limit=limit)


def _conditions(wanted: ArticleFilter) -> list[sql.Composable]:
    return [*where(asked("", wanted), CONDITIONS), *SHOWN[wanted.shown]]


def codes_of(conn: Connection[Any], book_id: str) -> dict[str, str]:
    """The code of every article by its id, those put away included."""
    found = conn.execute(
        "SELECT article_id, code FROM article_card WHERE book_id = %s", (book_id,), binary=True
    )
    return dict(found.fetchall())
