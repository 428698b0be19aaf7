"""Documents by mail: their links are sent as a job, and opened by whoever has one (C10)."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api import problems as kinds
from api.downloads import FILE_ANSWERS, give
from api.errors import Problem
from api.ids import JobId
from api.jobs import JobOut, answer_asked, answer_file, answer_job
from api.models.document_mails import DocumentMailsIn
from api.responses import OF_COMMANDS, OF_READS, Responses, problems
from api.route import PUBLIC, Route, needs
from api.visit import Commanding, Door, Reading
from services.document_links import PLACE, LinkHasExpired
from services.jobs.job import JobFile
from services.link_jobs import LINKS
from services.link_seal import LinkIsWrong

router = APIRouter(
    prefix="/v1/companies/{company_id}/document_mails", tags=["prints"], route_class=Route
)
links = APIRouter(prefix=PLACE, tags=["prints"], route_class=Route)

_QUOTES = ("quote", "deposit_request")
_OF_FILES = (*OF_READS, 409, 416)
_REPORT: Responses = {
    200: {"description": "What came of each mail.", "content": {"application/json": {}}},
    206: {"description": "The range that was asked for.", "content": {"application/json": {}}},
    304: {"description": "It is the one in If-None-Match."},
}
_FOR_ITS_READER = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex, nofollow"}


@router.post(
    "",
    operation_id="document_mails_ask",
    summary="Mail customers the links to their documents",
    status_code=202,
    response_model=JobOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("invoices:write"),
)
def ask_for_mails(visit: Commanding, request: Request, body: DocumentMailsIn) -> Response:
    """Mails up to 500 issued documents as a job: to each customer a link that expires (C10)."""
    new = body.new()
    has_quotes = any(each.kind in _QUOTES for each in new.documents)
    if has_quotes and "quotes:write" not in visit.access.scopes:
        raise Problem(kinds.SCOPE_MISSING, scope="quotes:write")
    counter, desk, dry = visit.backend.links, visit.backend.desk, visit.rehearsal is not None
    job, repeated = counter.ask(desk, visit.book_id, new, visit.command, dry=dry)
    return answer_asked(visit, request, "document_mails", job, repeated=repeated)


@router.get(
    "/{job_id:id}",
    operation_id="document_mails_get",
    summary="See how mails of documents stand",
    response_model=JobOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("invoices:read"),
)
def get_mails(visit: Reading, request: Request, job_id: JobId) -> Response:
    """Gives the job's status and progress, and at its end where its report is."""
    return answer_job(visit, request, "document_mails", job_id, LINKS)


@router.get(
    "/{job_id:id}/file",
    operation_id="document_mails_file",
    summary="Fetch what came of mails of documents",
    response_class=Response,
    responses={**_REPORT, **problems(*_OF_FILES)},
    openapi_extra=needs("invoices:read"),
)
def get_report(visit: Reading, request: Request, job_id: JobId) -> Response:
    """Gives what came of each mail."""
    return answer_file(visit, request, job_id, LINKS)


@links.get(
    "/{link}",
    operation_id="document_links_open",
    summary="Open a link to a document",
    response_class=Response,
    responses={**FILE_ANSWERS, **problems(400, 404, 410, 416, 503)},
    openapi_extra=PUBLIC,
)
def open_link(
    request: Request,
    link: Annotated[
        str,
        Path(
            max_length=400,
            description="What the mail says: signed by us, it names one file until one moment.",
        ),
    ],
) -> Response:
    """Gives the original of a document to whoever has its link; no key is asked for."""
    door: Door = request.app.state.door
    try:
        file = door.backend.link_office.open(link)
    except LinkIsWrong:
        raise Problem(kinds.NOT_FOUND) from None
    except LinkHasExpired:
        raise Problem(kinds.LINK_EXPIRED) from None
    content = file.content
    about = JobFile(
        digest=file.digest, size=len(content), media_type=file.media_type, name=file.name
    )
    return give(
        request,
        about,
        lambda first, last: iter([content[first : last + 1]]),
        headers=_FOR_ITS_READER,
    )
