"""Articles are taken into the list, changed, taxed and booked otherwise, put away, taken back."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from domain.articles.article import (
    ACCOUNT_FIELDS,
    VAT_FIELDS,
    AccountSide,
    Article,
    ArticleAccountChanged,
    ArticleArchived,
    ArticleChanged,
    ArticleCreated,
    ArticleDetails,
    ArticleIsUnknown,
    ArticleRestored,
    ArticleVatChanged,
    usable,
)
from domain.book.event import Decision
from domain.book.refusal import Refused, judge, words
from domain.imports.source import ImportSource
from domain.ledger.chart import is_account
from domain.parties.contact import ExternalIdIsTaken
from domain.sales.document import Line
from domain.values import faults
from domain.values.quantity import is_percent, is_price, shortest
from domain.values.text import tidy
from domain.values.vat import VatCategory

_CODE = re.compile(r"\w[\w ./+#-]{0,39}")
_VAT_CODE = re.compile(r"[0-9A-Za-z._-]{0,20}", re.ASCII)
_LONGEST_UNIT = 20


class ArticleIsIncomplete(Refused, frozen=True, kw_only=True):
    """An article's code, unit, price, VAT or account cannot be right."""

    code = "article_incomplete"
    rule = "M7"
    text = words(
        en="{pointer} of the article is missing or cannot be right.",
        fr="{pointer} de l'article manque ou ne peut être exact.",
        nl="{pointer} van het artikel ontbreekt of kan niet juist zijn.",
    )


class CodeIsTaken(Refused, frozen=True, kw_only=True):
    """Another article has that code."""

    code = "article_code_taken"
    rule = "M7"
    text = words(
        en="Code {article} already names {holder}.",
        fr="Le code {article} désigne déjà {holder}.",
        nl="Code {article} verwijst al naar {holder}.",
    )

    article: str
    holder: str


class NoSuchLine(Refused, frozen=True, kw_only=True):
    """The document is not there, or has no item at that place."""

    code = "no_such_line"
    rule = "M20"
    text = words(
        en="There is no item on line {line} of that document.",
        fr="Il n'y a pas d'article à la ligne {line} de cette pièce.",
        nl="Er staat geen artikel op regel {line} van dat stuk.",
    )

    line: int


def create_from_line(
    article_id: str,
    code: str,
    lines: Sequence[Line],
    nth: int,
    same_code: Article | None,
) -> Decision:
    """Takes what a document line says into the list as an article; the line stays as it is."""
    line = lines[nth] if 0 <= nth < len(lines) else None
    if line is None or line.kind != "item":
        return NoSuchLine(line=nth, pointer="/line")
    details = ArticleDetails(
        code=code,
        label=line.description,
        unit=line.unit,
        unit_price=line.unit_price,
        unit_cost=line.unit_cost,
        vat_category=line.vat_category,
        vat_rate=line.vat_rate,
        vat_code=line.vat_code,
        exemption=line.exemption,
        nature=line.nature or "services",
        sales_account=line.account,
    )
    return create(article_id, details, same_code, None)


def create(
    article_id: str,
    details: ArticleDetails,
    same_code: Article | None,
    namesake: Article | None,
    *,
    source: ImportSource | None = None,
) -> Decision:
    """Takes an article in; `same_code` and `namesake` carry its code and its external id now."""
    settled = _settle(article_id, details, same_code, namesake)
    if isinstance(settled, Refused):
        return settled
    return [ArticleCreated(article_id=article_id, details=settled, source=source)]


def change(
    article: Article | None,
    article_id: str,
    details: ArticleDetails,
    same_code: Article | None,
    namesake: Article | None,
    *,
    source: ImportSource | None = None,
) -> Decision:
    """Replaces an article's details, whole; nothing happens when they say what is known."""
    refused = usable(article, article_id)
    if article is None or refused is not None:
        return refused or ArticleIsUnknown(article_id=article_id)
    settled = _settle(article_id, details, same_code, namesake)
    if isinstance(settled, Refused):
        return settled
    if settled == article.details:
        return []
    return [ArticleChanged(article_id=article_id, details=settled, source=source)]


def archive(article: Article | None, article_id: str) -> Decision:
    """Puts an article away; nothing happens when it is."""
    if article is None:
        return ArticleIsUnknown(article_id=article_id)
    return [] if article.archived else [ArticleArchived(article_id=article_id)]


def restore(article: Article | None, article_id: str) -> Decision:
    """Takes an article back; nothing happens when it is in use."""
    if article is None:
        return ArticleIsUnknown(article_id=article_id)
    return [ArticleRestored(article_id=article_id)] if article.archived else []


def change_vat(
    article: Article | None,
    article_id: str,
    *,
    category: VatCategory,
    rate: str,
    vat_code: str = "",
    exemption: str = "",
) -> Decision:
    """Taxes an article otherwise (M9); nothing happens when it is taxed so."""
    refused = usable(article, article_id)
    if article is None or refused is not None:
        return refused or ArticleIsUnknown(article_id=article_id)
    taxed = tidy(
        ArticleVatChanged(
            article_id=article_id,
            vat_category=category,
            vat_rate=shortest(rate),
            vat_code=vat_code,
            exemption=exemption,
        )
    )
    fields = {name: getattr(taxed, name) for name in VAT_FIELDS}
    details = replace(article.details, **fields)
    return judge(ARTICLE_RULES, details) or ([] if details == article.details else [taxed])


def change_account(
    article: Article | None, article_id: str, *, side: AccountSide, account: str
) -> Decision:
    """Books an article elsewhere (M9); nothing happens when it is booked so."""
    refused = usable(article, article_id)
    if article is None or refused is not None:
        return refused or ArticleIsUnknown(article_id=article_id)
    if account and not is_account(account):
        return ArticleIsIncomplete(pointer="/account")
    if getattr(article.details, ACCOUNT_FIELDS[side]) == account:
        return []
    return [ArticleAccountChanged(article_id=article_id, side=side, account=account)]


def canonical(details: ArticleDetails) -> ArticleDetails:
    """The details tidied, and their numbers in their shortest form."""
    details = tidy(details)
    return replace(
        details,
        unit_price=shortest(details.unit_price),
        unit_cost=shortest(details.unit_cost),
        vat_rate=shortest(details.vat_rate),
    )


def _settle(
    article_id: str,
    details: ArticleDetails,
    same_code: Article | None,
    namesake: Article | None,
) -> ArticleDetails | Refused:
    details = canonical(details)
    refused = judge(ARTICLE_RULES, details)
    if refused is not None:
        return refused
    if same_code is not None and same_code.article_id != article_id:
        return CodeIsTaken(
            article=details.code,
            holder=same_code.article_id,
            position=same_code.position,
            pointer="/code",
        )
    if namesake is not None and namesake.article_id != article_id:
        return ExternalIdIsTaken(
            external_id=details.external_id,
            holder=namesake.article_id,
            position=namesake.position,
            pointer="/external_id",
        )
    return details


def _described(details: ArticleDetails) -> Refused | None:
    return (
        faults.unreadable(details)
        or faults.missing(details.code, "/code")
        or faults.missing(details.label, "/label")
    )


def _complete(details: ArticleDetails) -> Refused | None:
    sound = {
        "/code": _CODE.fullmatch(details.code) is not None,
        "/unit": len(details.unit) <= _LONGEST_UNIT,
        "/unit_price": is_price(details.unit_price),
        "/unit_cost": not details.unit_cost or is_price(details.unit_cost),
        "/vat_rate": not details.vat_rate or is_percent(details.vat_rate),
        "/vat_code": _VAT_CODE.fullmatch(details.vat_code) is not None,
        "/sales_account": not details.sales_account or is_account(details.sales_account),
        "/purchase_account": not details.purchase_account or is_account(details.purchase_account),
    }
    wrong = next((pointer for pointer, right in sound.items() if not right), None)
    return None if wrong is None else ArticleIsIncomplete(pointer=wrong)


ARTICLE_RULES = (_described, _complete)
