"""The archives: booked documents by tab, what suppliers sent, how tabs are laid out, and marks."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.list_files import answers_of_list, list_out
from api.listing import PageOut, SummaryOut, register_of, summary_out
from api.models.archive_tabs import MarksIn, MarksOut, TabsIn, TabsOut
from api.models.archives import (
    ArchivedOut,
    ArchivesAsked,
    ArchivesAskedPage,
    ArchiveTotalOut,
    ReceivedAsked,
    ReceivedAskedPage,
    ReceivedOut,
)
from api.responses import OF_COMMANDS, OF_READS, UNCHANGED, Responses, problems
from api.route import Route, needs
from api.visit import Commanding, Reading, Visit, answer, answer_written
from projections import archives_view
from services import client_archives
from services.lists import kinds

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["registers"], route_class=Route)

_OF_TOTALS: Responses = {**UNCHANGED, **problems(*OF_READS, 409)}


@router.get(
    "/archives",
    operation_id="archives_list",
    summary="List booked documents",
    response_model=PageOut[ArchivedOut],
    responses=answers_of_list(),
    openapi_extra=needs("registers:read"),
)
def list_archives(
    visit: Reading, request: Request, asked: Annotated[ArchivesAskedPage, Query()]
) -> Response:
    """Gives documents by tab with what settled them: paid is complete lettering (C5-C9)."""
    return list_out(visit, request, asked, kinds.ARCHIVES, ArchivedOut.of)


@router.get(
    "/archives/summary",
    operation_id="archives_summary",
    summary="Add up booked documents",
    response_model=SummaryOut[ArchiveTotalOut],
    responses=_OF_TOTALS,
    openapi_extra=needs("registers:read"),
)
def sum_archives(
    visit: Reading, request: Request, asked: Annotated[ArchivesAsked, Query()]
) -> Response:
    """Gives totals by tab, kind of journal and currency."""
    return _total(visit, request, asked)


@router.get(
    "/documents_received",
    operation_id="documents_received_list",
    summary="List what suppliers sent",
    response_model=PageOut[ReceivedOut],
    responses=answers_of_list(),
    openapi_extra=needs("registers:read"),
)
def list_received(
    visit: Reading, request: Request, asked: Annotated[ReceivedAskedPage, Query()]
) -> Response:
    """Gives bills and suppliers' credit notes with the digests of their originals (V18)."""
    return list_out(visit, request, asked, kinds.DOCUMENTS_RECEIVED, ReceivedOut.of)


@router.get(
    "/documents_received/summary",
    operation_id="documents_received_summary",
    summary="Add up what suppliers sent",
    response_model=SummaryOut[ArchiveTotalOut],
    responses=_OF_TOTALS,
    openapi_extra=needs("registers:read"),
)
def sum_received(
    visit: Reading, request: Request, asked: Annotated[ReceivedAsked, Query()]
) -> Response:
    """Gives totals by tab, kind of journal and currency."""
    return _total(visit, request, asked)


@router.get(
    "/archives/tabs",
    operation_id="archive_tabs_get",
    summary="See the tabs of the archives",
    response_model=TabsOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("registers:read"),
)
def get_tabs(visit: Reading) -> Response:
    """Gives the four tabs with the documents that each takes (C5)."""
    return answer(TabsOut.of(client_archives.get_tabs(visit.store.past(visit.book_id))))


@router.post(
    "/archives/tabs",
    operation_id="archive_tabs_set",
    summary="Lay the archives out",
    response_model=TabsOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("companies:write"),
)
def set_tabs(visit: Commanding, body: TabsIn) -> Response:
    """Sets the four tabs; each document stands in the first that takes it, or in the last."""
    written = client_archives.set_tabs(visit.store, visit.book_id, body.new(), visit.command)
    return answer_written(written, TabsOut.of(written.answer))


@router.post(
    "/archives/treat",
    operation_id="archives_treat",
    summary="Mark documents as treated",
    response_model=MarksOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("archives:write"),
)
def treat(visit: Commanding, body: MarksIn) -> Response:
    """Sets the client's own mark (Traité); the accounts never hear of it (C8)."""
    return _mark(visit, body, as_treated=True)


@router.post(
    "/archives/untreat",
    operation_id="archives_untreat",
    summary="Take the mark off documents",
    response_model=MarksOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("archives:write"),
)
def untreat(visit: Commanding, body: MarksIn) -> Response:
    """Takes the client's own mark off (C8)."""
    return _mark(visit, body, as_treated=False)


def _total(visit: Visit, request: Request, asked: Any) -> Response:
    with register_of(visit, kinds.ARCHIVES.register, asked) as conn:
        totals = archives_view.summarise(conn, visit.book_id, asked.wanted())
    return summary_out(request, *totals, ArchiveTotalOut.of)


def _mark(visit: Visit, body: MarksIn, *, as_treated: bool) -> Response:
    written = client_archives.mark_documents(
        visit.store, visit.book_id, body.entries, visit.command, as_treated=as_treated
    )
    return answer_written(written, MarksOut(entries=list(written.answer), treated=as_treated))
