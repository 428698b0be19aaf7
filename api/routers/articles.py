"""Articles: taken in, changed, composed, changed many at once, put away and listed."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import problems as kinds
from api.errors import Problem
from api.ids import ArticleId
from api.leaving import answers_of_leaving, leave
from api.list_files import answers_of_list, list_out
from api.listing import PageOut
from api.models.articles import (
    MOST_AT_ONCE,
    ArticleIn,
    ArticleOut,
    ArticlesAskedPage,
    ArticlesLeaving,
    ArticlesOut,
    BulkAccountIn,
    BulkIn,
    BulkVatIn,
    CompositionIn,
    FromLineIn,
)
from api.preconditions import Guarded, IfMatch, etag
from api.responses import OF_CHANGES, OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.timeline import TimelineOut, timeline_of
from api.visit import Commanding, Reading, Revising, Visit, answer, answer_written
from domain.articles.article import Article, article_tag
from projections import articles_view
from services import articles
from services.lists.kinds import ARTICLES
from services.store.store import Written

PREFIX = "/v1/companies/{company_id}/articles"

router = APIRouter(prefix=PREFIX, tags=["articles"], route_class=Route)
lists = APIRouter(prefix=PREFIX, tags=["registers"], route_class=Route)


@lists.get(
    "",
    operation_id="articles_list",
    summary="List articles",
    response_model=PageOut[ArticleOut],
    responses=answers_of_list(),
    openapi_extra=needs("articles:read"),
)
def list_articles(
    visit: Reading, request: Request, asked: Annotated[ArticlesAskedPage, Query()]
) -> Response:
    """Gives articles by any filter, sorted by any column (M7)."""
    return list_out(visit, request, asked, ARTICLES, lambda row: ArticleOut.of(row.known))


@lists.get(
    "/export",
    operation_id="articles_export",
    summary="Export articles",
    responses=answers_of_leaving(),
    openapi_extra=needs("articles:read"),
)
def export_articles(
    visit: Reading, request: Request, asked: Annotated[ArticlesLeaving, Query()]
) -> Response:
    """Gives all that fits as a file that comes in again (M6)."""
    return leave(visit, request, asked, "articles", ARTICLES.register)


@router.post(
    "",
    operation_id="articles_create",
    summary="Create an article",
    status_code=201,
    response_model=ArticleOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("articles:write"),
)
def create_article(visit: Commanding, body: ArticleIn) -> Response:
    """Takes an article into the list (M7)."""
    written = articles.create_article(visit.store, visit.book_id, body.details(), visit.command)
    made = written.answer
    headers = {"Location": visit.at("articles", made.article_id), "ETag": etag(made.position)}
    return answer_written(written, ArticleOut.of(made), 201, headers)


@router.post(
    "/from_line",
    operation_id="articles_from_line",
    summary="Make an article of a line",
    status_code=201,
    response_model=ArticleOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("articles:write"),
)
def create_from_line(visit: Commanding, body: FromLineIn) -> Response:
    """Takes what a line of a document says into the list, under a new code (M7, M20)."""
    document = (body.document_kind, body.document_id)
    written = articles.create_from_line(
        visit.store, visit.book_id, document, visit.command, nth=body.line, code=body.code
    )
    made = written.answer
    headers = {"Location": visit.at("articles", made.article_id), "ETag": etag(made.position)}
    return answer_written(written, ArticleOut.of(made), 201, headers)


@router.get(
    "/{article_id:id}",
    operation_id="articles_get",
    summary="See an article",
    response_model=ArticleOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("articles:read"),
)
def get_article(visit: Reading, article_id: ArticleId) -> Response:
    """Gives an article as of now."""
    article = articles.get_article(visit.store.past(visit.book_id), article_id)
    return answer(ArticleOut.of(article), headers={"ETag": etag(article.position)})


@router.patch(
    "/{article_id:id}",
    operation_id="articles_change",
    summary="Change an article",
    response_model=ArticleOut,
    responses=problems(*OF_CHANGES),
    openapi_extra=needs("articles:write"),
)
def change_article(
    visit: Revising, article_id: ArticleId, if_match: IfMatch, body: ArticleIn
) -> Response:
    """Replaces what is known of an article, whole; lines written before keep theirs."""
    store = Guarded(visit.store, article_tag(article_id), if_match)
    written = articles.change_article(
        store, visit.book_id, article_id, body.details(), visit.command
    )
    return _changed(written)


@router.post(
    "/{article_id:id}/compose",
    operation_id="articles_compose",
    summary="Compose an article",
    response_model=ArticleOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("articles:write"),
)
def compose_article(visit: Commanding, article_id: ArticleId, body: CompositionIn) -> Response:
    """Groups other articles in this one: a line of it becomes a heading and their lines (M8)."""
    written = articles.compose_article(
        visit.store, visit.book_id, article_id, body.new(), visit.command
    )
    return _changed(written)


@router.post(
    "/{article_id:id}/archive",
    operation_id="articles_archive",
    summary="Archive an article",
    response_model=ArticleOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("articles:write"),
)
def archive_article(visit: Commanding, article_id: ArticleId) -> Response:
    """Puts an article away: no new line names it; lines that do stay."""
    return _changed(articles.archive_article(visit.store, visit.book_id, article_id, visit.command))


@router.post(
    "/{article_id:id}/restore",
    operation_id="articles_restore",
    summary="Restore an article",
    response_model=ArticleOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("articles:write"),
)
def restore_article(visit: Commanding, article_id: ArticleId) -> Response:
    """Takes an archived article back into use."""
    return _changed(articles.restore_article(visit.store, visit.book_id, article_id, visit.command))


@router.post(
    "/change_vat",
    operation_id="articles_change_vat",
    summary="Tax many articles otherwise",
    response_model=ArticlesOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("articles:write"),
)
def change_vat(visit: Commanding, body: BulkVatIn) -> Response:
    """Changes the VAT of many articles, one event each; `dry_run=true` is the preview (M9)."""
    written = articles.change_vat(
        visit.store,
        visit.book_id,
        _chosen(visit, body),
        visit.command,
        category=body.vat_category,
        rate=body.vat_rate,
        vat_code=body.vat_code,
        exemption=body.exemption,
    )
    return _changed_many(written)


@router.post(
    "/change_account",
    operation_id="articles_change_account",
    summary="Book many articles elsewhere",
    response_model=ArticlesOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("articles:write"),
)
def change_account(visit: Commanding, body: BulkAccountIn) -> Response:
    """Changes an account of many articles, one event each; `dry_run=true` is the preview (M9)."""
    written = articles.change_account(
        visit.store,
        visit.book_id,
        _chosen(visit, body),
        visit.command,
        side=body.side,
        account=body.account,
    )
    return _changed_many(written)


@router.get(
    "/{article_id:id}/events",
    operation_id="articles_events",
    summary="See what happened to an article",
    response_model=TimelineOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("articles:read"),
)
def list_article_events(visit: Reading, article_id: ArticleId) -> Response:
    """Gives every event of an article, oldest first."""
    return timeline_of(visit, article_tag(article_id))


def _chosen(visit: Visit, body: BulkIn) -> list[str]:
    """The articles that a bulk change names or describes; raises the problem body_invalid."""
    if (body.where is None) == (not body.article_ids):
        fault = {
            "pointer": "/article_ids",
            "code": "missing" if body.where is None else "unknown_field",
        }
        raise Problem(kinds.BODY_INVALID, errors=[fault])
    if body.where is None:
        return body.article_ids
    with visit.backend.readers.of(visit.book_id) as conn:
        page = articles_view.list_articles(
            conn, visit.book_id, body.where.wanted(), limit=MOST_AT_ONCE
        )
    return [row.article_id for row in page.rows]


def _changed(written: Written[Article]) -> Response:
    headers = {"ETag": etag(written.answer.position)}
    return answer_written(written, ArticleOut.of(written.answer), headers=headers)


def _changed_many(written: Written[tuple[Article, ...]]) -> Response:
    return answer_written(written, ArticlesOut(data=[ArticleOut.of(x) for x in written.answer]))
