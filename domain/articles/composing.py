"""Composed articles and the lines that articles become: a snapshot, which no later change moves."""

from collections.abc import Callable, Iterator, Sequence

from msgspec.structs import replace

from domain.articles.article import Article, ArticleComposed, ArticleIsUnknown, Component, usable
from domain.book.event import Decision
from domain.book.refusal import Refusals, Refused, words
from domain.imports.source import ImportSource
from domain.parties.contact import ContactDetails
from domain.sales.document import NewLine
from domain.values.faults import NumberIsMalformed
from domain.values.money import half_up
from domain.values.quantity import exact, is_quantity, shortest

Lookup = Callable[[str], Article | None]
"""An article by its id."""

MOST_PARTS = 500
"""A composed article becomes at most so many lines, however its components are nested."""


class CompositionIsCyclic(Refused, frozen=True, kw_only=True):
    """An article would be a part of itself."""

    code = "composition_cyclic"
    rule = "M8"
    text = words(
        en="{path}: an article cannot be a part of itself.",
        fr="{path} : un article ne peut être un composant de lui-même.",
        nl="{path}: een artikel kan geen deel van zichzelf zijn.",
    )

    path: str


class CompositionIsTooLarge(Refused, frozen=True, kw_only=True):
    """A composed article would become more lines than a person can check."""

    code = "composition_too_large"
    rule = "M8"
    text = words(
        en="A composed article becomes at most 500 lines.",
        fr="Un article composé devient au plus 500 lignes.",
        nl="Een samengesteld artikel wordt hoogstens 500 regels.",
    )


def compose(
    article: Article | None,
    article_id: str,
    components: Sequence[Component],
    lookup: Lookup,
    *,
    source: ImportSource | None = None,
) -> Decision:
    """Groups other articles in one; no components make it stand alone again (M8).

    The same components again are nothing new.
    """
    refused = usable(article, article_id)
    if article is None or refused is not None:
        return refused or ArticleIsUnknown(article_id=article_id)
    for index, component in enumerate(components):
        positive = is_quantity(component.quantity) and exact(component.quantity) > 0
        if not positive:
            return NumberIsMalformed(pointer=f"/components/{index}/quantity")
        refused = usable(
            lookup(component.article_id),
            component.article_id,
            f"/components/{index}/article_id",
        )
        if refused is not None:
            return refused
    made = tuple(replace(each, quantity=shortest(each.quantity)) for each in components)
    if made == article.components:
        return []
    composed = replace(article, components=made)
    refused = _sound(composed, lambda wanted: composed if wanted == article_id else lookup(wanted))
    return refused or [ArticleComposed(article_id=article_id, components=made, source=source)]


def explode(article: Article, quantity: str, lookup: Lookup) -> tuple[NewLine, ...]:
    """The lines of so many of an article: itself, or a heading and a line for each component.

    Quantities are multiplied exactly and rounded to four decimals, half-up. Each line names its
    article and keeps what it was at that moment. Raises Refusals for a component that is unknown
    or archived, and for a composition that has no end.
    """
    if not article.components:
        return (_line(article, quantity),)
    refused = _sound(article, lookup)
    if refused is not None:
        raise Refusals(refused)
    said = article.details.label if quantity == "1" else f"{quantity} × {article.details.label}"
    heading = NewLine(
        kind="text", description=said, quantity=quantity, article_id=article.article_id
    )
    return (heading, *(_line(part, so_many) for part, so_many in _parts(article, quantity, lookup)))


def lines_of(
    line: NewLine, lookup: Lookup, customer: ContactDetails | None, pointer: str = ""
) -> tuple[NewLine, ...]:
    """A line as asked for, with what its article and the customer say; a composed one exploded.

    A discount on a composed article is one on each of its parts. Raises Refusals.
    """
    if line.kind == "text" or not line.article_id:
        return (fill(line, None, customer),)
    article = lookup(line.article_id)
    refused = usable(article, line.article_id, f"{pointer}/article_id")
    if article is None or refused is not None:
        raise Refusals(refused or ArticleIsUnknown(article_id=line.article_id))
    if not article.components:
        return (fill(line, article, customer),)
    if not is_quantity(line.quantity):
        raise Refusals(NumberIsMalformed(pointer=f"{pointer}/quantity"))
    heading, *parts = explode(article, line.quantity, lookup)
    asked = [
        NewLine(
            description="",
            quantity=part.quantity,
            article_id=part.article_id,
            discount_percent=line.discount_percent,
        )
        for part in parts
    ]
    whole = replace(heading, description=line.description or heading.description)
    return (whole, *(fill(part, lookup(part.article_id), customer) for part in asked))


def fill(line: NewLine, article: Article | None, customer: ContactDetails | None) -> NewLine:
    """The line with what the caller left empty: from the article, and the customer's own VAT.

    A customer's VAT and account go before the article's; VAT is taken over as a whole, when the
    line has no rate (M4, M20).
    """
    if line.kind == "text":
        return line
    offered = NewLine(description="") if article is None else _line(article, line.quantity)
    return replace(
        line,
        description=line.description or offered.description,
        unit_price=line.unit_price or offered.unit_price,
        unit=line.unit or offered.unit,
        unit_cost=line.unit_cost or offered.unit_cost,
        nature=line.nature or offered.nature,
        account=line.account or _account(customer) or offered.account,
        **_taxed_as(line, customer) or _taxed_as(line, offered),
    )


def _taxed_as(line: NewLine, model: NewLine | ContactDetails | None) -> dict[str, str]:
    """The VAT of a line without a rate, from a model that has one."""
    if line.vat_rate or model is None or not model.vat_rate:
        return {}
    return {
        "vat_category": model.vat_category or "S",
        "vat_rate": model.vat_rate,
        "vat_code": model.vat_code,
        "exemption": line.exemption or (model.exemption if isinstance(model, NewLine) else ""),
    }


def _account(customer: ContactDetails | None) -> str:
    return "" if customer is None else customer.accounting.sales_account


def _line(article: Article, quantity: str) -> NewLine:
    details = article.details
    return NewLine(
        description=details.label,
        quantity=quantity,
        unit_price=details.unit_price,
        vat_rate=details.vat_rate,
        vat_category=details.vat_category,
        unit=details.unit,
        exemption=details.exemption,
        account=details.sales_account,
        vat_code=details.vat_code,
        nature=details.nature,
        article_id=article.article_id,
        unit_cost=details.unit_cost,
    )


def _parts(article: Article, quantity: str, lookup: Lookup) -> Iterator[tuple[Article, str]]:
    """The simple articles within a composed one, and how many of each."""
    for component in article.components:
        part = lookup(component.article_id)
        if part is None:
            raise LookupError(component.article_id)  # `_sound` has seen it
        so_many = _product(quantity, component.quantity)
        if part.components:
            yield from _parts(part, so_many, lookup)
        else:
            yield part, so_many


def _product(one: str, other: str) -> str:
    """The product of two quantities with at most four decimals."""
    scaled = half_up(exact(one) * exact(other) * 10_000)
    whole, decimals = divmod(abs(scaled), 10_000)
    return shortest(f"{'-' if scaled < 0 else ''}{whole}.{decimals:04}")


def _sound(article: Article, lookup: Lookup) -> Refused | None:
    """Refuses a composition with an unusable part, one within itself, or too many."""
    count = 0
    waiting: list[tuple[Article, tuple[str, ...]]] = [(article, ())]
    while waiting:
        whole, path = waiting.pop()
        steps = (*path, whole.details.code)
        if whole.details.code in path:
            return CompositionIsCyclic(path=" → ".join(steps)[:200], pointer="/components")
        for component in whole.components:
            part = lookup(component.article_id)
            refused = usable(part, component.article_id, "/components")
            if part is None or refused is not None:
                return refused
            count += 1
            if count > MOST_PARTS:
                return CompositionIsTooLarge(pointer="/components")
            waiting.append((part, steps))
    return None
