"""Lines of a file as articles: matched by id, own key or code, then decided and composed."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from msgspec.structs import replace

from domain.articles import assortment, composing
from domain.articles.article import (
    Article,
    ArticleChanged,
    ArticleCreated,
    ArticleIsUnknown,
    article_name_tag,
    article_tag,
)
from domain.book.event import Decision
from domain.book.refusal import Refusals, Refused
from domain.imports.batch import BatchKind
from domain.imports.source import ImportSource
from services import articles
from services.identity import Prefix
from services.imports import article_lines
from services.imports.article_lines import FIELDS, ArticleLine
from services.imports.columns import Field
from services.imports.planning import Planned
from services.store.pen import Pen

Values = Mapping[str, Any]


class ArticleLines:
    """How lines become articles."""

    kind: ClassVar[BatchKind] = "articles"
    fields: ClassVar[Sequence[Field]] = FIELDS
    needed: ClassVar[str] = "code"
    prefix: ClassVar[Prefix] = "art"
    pointed: ClassVar[Mapping[str, str]] = {}
    kept_when_empty: ClassVar[frozenset[str]] = frozenset({"unit_price", "vat_category", "nature"})
    keeps_file: ClassVar[bool] = True

    def foresee(self, pen: Pen, lines: Sequence[Values]) -> None:
        """Looks up all that the lines may name, in one round trip."""
        pen.look_up(list(dict.fromkeys(tag for values in lines for tag in _tags(values))))

    def keys(self, values: Values) -> Iterator[tuple[str, str]]:
        """What a line names that no other line of the file may name."""
        for name in ("id", "code", "external_id"):
            if values.get(name):
                yield name, str(values[name])

    def known(self, pen: Pen, values: Values) -> Article | None:
        """The article that a line is about, if it is known."""
        by_id = articles.find(pen, str(values["id"])) if values.get("id") else None
        return (
            by_id
            or articles.find_by(pen, "external", str(values.get("external_id", "")))
            or articles.find_by(pen, "code", str(values.get("code", "")))
        )

    def decide(
        self, pen: Pen, values: Values, known: Article | None, new_id: str, source: ImportSource
    ) -> tuple[str, Decision]:
        """The article's id and what happens to it, but for its components."""
        base = ArticleLine() if known is None else article_lines.flattened(known, str)
        details = article_lines.details_of(replace(base, **{**values, "id": ""}))
        same = articles.namesakes(pen, details)
        if known is None:
            return new_id, assortment.create(new_id, details, *same, source=source)
        change = partial(assortment.change, known, known.article_id, details)
        return known.article_id, change(*same, source=source)

    def compose(self, pen: Pen, planned: Sequence[Planned]) -> None:
        """Adds what the lines say of components; they may name articles of the same file.

        Where that is refused the line is, and then those that name its article are looked at again.
        """
        before = -1
        while before != (before := sum(each.refused is not None for each in planned)):
            made = {x.id: self._after(pen, x) for x in planned if x.refused is None and x.id}
            for each in planned:
                if each.refused is None and each.id and "components" in each.values:
                    self._compose(pen, each, made)

    def _compose(self, pen: Pen, line: Planned, made: Mapping[str, Article | None]) -> None:
        codes = {each.details.code: each.article_id for each in made.values() if each is not None}

        def lookup(article_id: str) -> Article | None:
            return made.get(article_id) or articles.find(pen, article_id)

        def id_of(code: str) -> str:
            known = articles.find_by(pen, "code", code)
            article_id = codes.get(code) or ("" if known is None else known.article_id)
            if not article_id:
                raise Refusals(ArticleIsUnknown(article_id=code[:60], pointer="/components"))
            return article_id

        try:
            text = ArticleLine(components=str(line.values["components"]))
            components = article_lines.components_of(text, id_of)
            decision = composing.compose(
                made[line.id], line.id, components, lookup, source=line.source
            )
        except Refusals as error:
            decision = error.refused
        if isinstance(decision, Refused):
            line.refuse(decision)
        else:
            line.parts = decision

    def _after(self, pen: Pen, line: Planned) -> Article | None:
        """The article of a line once its own events have happened."""
        known = articles.find(pen, line.id)
        for event in line.events:
            match event:
                case ArticleCreated(article_id=article_id, details=details):
                    known = Article(position=0, article_id=article_id, details=details)
                case ArticleChanged(details=details) if known is not None:
                    known = replace(known, details=details)
        return known


def _tags(values: Values) -> Iterator[str]:
    if values.get("id"):
        yield article_tag(str(values["id"]))
    if values.get("code"):
        yield article_name_tag("code", str(values["code"]))
    if values.get("external_id"):
        yield article_name_tag("external", str(values["external_id"]))
