"""Use cases of articles: take in, change, compose, change many at once, and put on lines."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal, TypeVar

from msgspec.structs import replace

from domain.articles import article as articles
from domain.articles import assortment, composing
from domain.articles.article import (
    AccountSide,
    Article,
    ArticleDetails,
    ArticleIsUnknown,
    ArticleKnownBy,
    Component,
    article_name_tag,
    article_tag,
)
from domain.book.event import Decision, Recorded
from domain.book.refusal import Refusals
from domain.parties.contact import Contact, usable
from domain.sales.content import NewContent
from domain.sales.document import NewLine
from domain.values.text import tidy
from domain.values.vat import VatCategory
from services.identity import make
from services.lists.documents import lines_of
from services.loading import load_company
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written
from services.templates import check_template

N = TypeVar("N", bound=NewContent)


def create_article(
    store: Store, book_id: str, details: ArticleDetails, command: Command
) -> Written[Article]:
    """Takes an article into the list (M7)."""

    def decide(pen: Pen, article_id: str) -> None:
        load_company(pen)
        pen.append(assortment.create(article_id, details, *namesakes(pen, details)))

    return make(store, book_id, command, "art", tag=article_tag, decide=decide, find=get_article)


def create_from_line(
    store: Store,
    book_id: str,
    document: tuple[str, str],
    command: Command,
    *,
    nth: int,
    code: str,
) -> Written[Article]:
    """Takes the line of a document (its kind and id) into the list as an article (M20)."""

    def decide(pen: Pen, article_id: str) -> None:
        same_code = find_by(pen, "code", tidy(code))
        lines = lines_of(pen, *document)
        pen.append(assortment.create_from_line(article_id, code, lines, nth, same_code))

    return make(store, book_id, command, "art", tag=article_tag, decide=decide, find=get_article)


def change_article(
    store: Store, book_id: str, article_id: str, details: ArticleDetails, command: Command
) -> Written[Article]:
    """Replaces an article's details, whole; lines written before keep theirs."""

    def decide(pen: Pen) -> Decision:
        known = find(pen, article_id)
        return assortment.change(known, article_id, details, *namesakes(pen, details))

    return _written(store, book_id, article_id, decide, command)


def compose_article(
    store: Store,
    book_id: str,
    article_id: str,
    components: Sequence[Component],
    command: Command,
) -> Written[Article]:
    """Groups other articles in one, or makes it stand alone again (M8)."""

    def decide(pen: Pen) -> Decision:
        lookup = partial(find, pen)
        return composing.compose(lookup(article_id), article_id, components, lookup)

    return _written(store, book_id, article_id, decide, command)


def archive_article(
    store: Store, book_id: str, article_id: str, command: Command
) -> Written[Article]:
    """Puts an article away: no new line names it."""

    def decide(pen: Pen) -> Decision:
        return assortment.archive(find(pen, article_id), article_id)

    return _written(store, book_id, article_id, decide, command)


def restore_article(
    store: Store, book_id: str, article_id: str, command: Command
) -> Written[Article]:
    """Takes an archived article back into use."""

    def decide(pen: Pen) -> Decision:
        return assortment.restore(find(pen, article_id), article_id)

    return _written(store, book_id, article_id, decide, command)


def change_vat(
    store: Store,
    book_id: str,
    article_ids: Sequence[str],
    command: Command,
    *,
    category: VatCategory,
    rate: str,
    vat_code: str = "",
    exemption: str = "",
) -> Written[tuple[Article, ...]]:
    """Taxes many articles otherwise, one event for each that changes; all or none (M9).

    Documents that were written keep their lines.
    """

    def decide(known: Article | None, article_id: str) -> Decision:
        return assortment.change_vat(
            known,
            article_id,
            category=category,
            rate=rate,
            vat_code=vat_code,
            exemption=exemption,
        )

    return _in_bulk(store, book_id, article_ids, decide, command)


def change_account(
    store: Store,
    book_id: str,
    article_ids: Sequence[str],
    command: Command,
    *,
    side: AccountSide,
    account: str,
) -> Written[tuple[Article, ...]]:
    """Books many articles elsewhere, one event for each that changes; all or none (M9)."""

    def decide(known: Article | None, article_id: str) -> Decision:
        return assortment.change_account(known, article_id, side=side, account=account)

    return _in_bulk(store, book_id, article_ids, decide, command)


def complete(
    reader: Reader,
    new: N,
    customer: Contact | None,
    kind: Literal["quote", "order", "invoice"],
) -> N:
    """A document as asked for, with what its articles and its customer say (M4, M8, M18, M20).

    For the use cases of documents, before they decide: what was left empty is resolved now, and
    stays. Templates are assigned to quotes and invoices. Raises Refusals for a customer or an
    article that was put away, an unknown article, and a template that is unknown or of another
    kind.
    """
    lines = complete_lines(reader, new.lines, customer)
    if customer is None:
        return replace(new, lines=lines)
    refused = usable(customer, customer.contact_id, "/customer_id")
    if refused is not None:
        raise Refusals(refused)
    details = customer.details
    template = new.template or getattr(details.templates, kind, "")
    check_template(reader, template, kind)
    return replace(new, lines=lines, language=new.language or details.language, template=template)


def complete_lines(
    reader: Reader, lines: Sequence[NewLine], customer: Contact | None
) -> tuple[NewLine, ...]:
    """Lines as asked for, with what their articles and the customer say; composed ones exploded."""
    lookup = partial(find, reader)
    details = None if customer is None else customer.details
    return tuple(
        made
        for index, line in enumerate(lines)
        for made in composing.lines_of(line, lookup, details, f"/lines/{index}")
    )


def article_tags(lines: Sequence[NewLine]) -> list[str]:
    """The tags of the articles that lines name, each once."""
    return [article_tag(each) for each in dict.fromkeys(x.article_id for x in lines) if each]


def find(reader: Reader, article_id: str) -> Article | None:
    """An article by its id."""
    nothing: Article | None = None
    return reader.fold(articles.evolve, nothing, article_tag(article_id))


def get_article(reader: Reader, article_id: str) -> Article:
    """An article by its id; raises Refusals when there is none."""
    article = find(reader, article_id)
    if article is None:
        raise Refusals(ArticleIsUnknown(article_id=article_id))
    return article


def find_by(reader: Reader, known_by: ArticleKnownBy, name: str) -> Article | None:
    """The article that carries this code or external id now, if any."""
    tag = article_name_tag(known_by, name)
    article_id = named(reader.last(tag)) if name else ""
    article = find(reader, article_id) if article_id else None
    if article is None or tag not in articles.article_names(article.details):
        return None
    return article


def namesakes(reader: Reader, details: ArticleDetails) -> tuple[Article | None, Article | None]:
    """Which articles carry the same code and the same external id."""
    return (
        find_by(reader, "code", tidy(details.code)),
        find_by(reader, "external", tidy(details.external_id)),
    )


def named(fact: Recorded | None) -> str:
    """The id of the article that an event names; empty without one."""
    return "" if fact is None else str(getattr(fact.event, "article_id", ""))


def _written(
    store: Store,
    book_id: str,
    article_id: str,
    decide: Callable[[Pen], Decision],
    command: Command,
) -> Written[Article]:
    """Writes a command about one article and answers with it."""
    return store.write(
        book_id,
        command,
        lambda pen: _append(pen, decide(pen)),
        lambda reader: get_article(reader, article_id),
        [article_tag(article_id)],
    )


def _in_bulk(
    store: Store,
    book_id: str,
    article_ids: Sequence[str],
    decide: Callable[[Article | None, str], Decision],
    command: Command,
) -> Written[tuple[Article, ...]]:
    """Writes a command about many articles and answers with those that changed."""
    wanted = tuple(dict.fromkeys(article_ids))

    def run(pen: Pen) -> None:
        for article_id in wanted:
            pen.append(decide(find(pen, article_id), article_id))

    reads = [article_tag(each) for each in wanted]
    written = store.write(book_id, command, run, lambda _: None, reads)
    then = store.past(book_id, written.position) if written.events else None
    changed = tuple(get_article(then, named(fact)) for fact in written.events if then is not None)
    return Written(
        answer=changed,
        position=written.position,
        events=written.events,
        replayed=written.replayed,
    )


def _append(pen: Pen, decision: Decision) -> None:
    pen.append(decision)
