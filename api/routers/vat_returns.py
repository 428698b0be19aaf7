"""VAT returns: seen, explained line by line, filed; and the Belgian listings beside them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from psycopg import Connection

from api.cursors import seal, unseal
from api.fields import money
from api.listing import Asked, Meta, meta, register_of
from api.models.vat_listings import ClientsOut, UnionOut
from api.models.vat_return_lines import (
    ChangeOut,
    ChangesOut,
    GridLineOut,
    GridLinesOut,
    RoundingOut,
)
from api.models.vat_returns import (
    FileIn,
    FilingOut,
    FilingsOut,
    GridPath,
    LinesAsked,
    PeriodPath,
    ReturnOut,
    YearPath,
)
from api.responses import OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.standing import behind
from api.visit import Commanding, Reading, Visit, answer, answer_written
from domain.ledger.vat_return import Filings
from domain.parties.company import Company
from projections.page import SortKey, read_standpoint
from projections.vat_return_view import HEAD, position_of
from services import vat_listings, vat_return_lines, vat_returns
from services.lists import kinds
from services.loading import load_company
from services.replay.engine import ProjectionBehind
from services.vat_returns import Sheet, period_named, see_return

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["registers"], route_class=Route)
Reader = Callable[..., Response]


def _read(path: str, operation: str, summary: str, model: Any) -> Callable[[Reader], Reader]:
    return router.get(
        path,
        operation_id=operation,
        summary=summary,
        response_model=model,
        responses=problems(*OF_READS, 409),
        openapi_extra=needs("registers:read"),
    )


@_read("/vat_returns", "vat_returns_list", "List filed VAT returns", FilingsOut)
def list_returns(visit: Reading) -> Response:
    """Gives the returns that are filed, one a period: a replaced one is in the feed alone."""
    filings = vat_returns.load_filings(visit.store.past(visit.book_id))
    return answer(FilingsOut(data=[FilingOut.of(filing, visit) for filing in filings]))


@_read("/vat_returns/{period}", "vat_returns_get", "Prepare or see a VAT return", ReturnOut)
def get_return(visit: Reading, period: PeriodPath, asked: Annotated[Asked, Query()]) -> Response:
    """Gives the grids as they were filed, or as they would be filed now: nothing is written."""
    with _sheet(visit, period, asked) as (conn, sheet):
        return answer(ReturnOut.of(sheet, visit, asked, _meta(visit, conn)))


@router.post(
    "/vat_returns/{period}/file",
    operation_id="vat_returns_file",
    summary="File a VAT return",
    status_code=201,
    response_model=FilingOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("vat_returns:write"),
)
def file_return(visit: Commanding, period: PeriodPath, body: FileIn) -> Response:
    """Freezes the return of a period that is over, with its file; what comes later counts in the
    next. Before the deadline it can be replaced, naming the reference of the receipt."""
    backend = visit.backend
    try:
        backend.engine.wait_for(visit.book_id, backend.store.head(visit.book_id).size)
    except ProjectionBehind:
        raise behind() from None
    written = vat_returns.file_return(
        visit.store,
        visit.book_id,
        period_named(period),
        body.wishes(),
        visit.command,
        reading=lambda: backend.readers.of(visit.book_id),
    )
    return answer_written(
        written,
        FilingOut.of(written.answer, visit),
        201,
        {"Location": visit.at("vat_returns", period)},
    )


@_read(
    "/vat_returns/{period}/grids/{grid}",
    "vat_returns_lines",
    "Explain a grid of a VAT return",
    GridLinesOut,
)
def list_grid_lines(
    visit: Reading,
    request: Request,
    period: PeriodPath,
    grid: GridPath,
    asked: Annotated[LinesAsked, Query()],
) -> Response:
    """Gives the lines whose sum a grid is, each with its event and document."""
    with _sheet(visit, period, asked) as (conn, sheet):
        page = vat_return_lines.list_grid(
            conn,
            visit.book_id,
            sheet,
            grid,
            after=_after(visit, request, asked),
            limit=asked.limit,
        )
        stands = _meta(visit, conn)
    currency = sheet.company.currency
    body = GridLinesOut(
        grid=grid,
        total=money(page.total, currency),
        data=[GridLineOut.of(line, visit, currency) for line in page.lines],
        has_more=page.next is not None,
        next_cursor=_cursor(visit, request, asked, page.next),
        position=sheet.stands_on,
        meta=stands,
    )
    return answer(body)


@_read(
    "/vat_returns/{period}/changes",
    "vat_returns_changes",
    "See what changed since a VAT return was filed",
    ChangesOut,
)
def list_changes(
    visit: Reading, request: Request, period: PeriodPath, asked: Annotated[LinesAsked, Query()]
) -> Response:
    """Gives what was recorded since and is dated in the period or credits an invoice of it."""
    with _sheet(visit, period, asked) as (conn, sheet):
        changes, following = vat_return_lines.list_changes(
            conn,
            visit.book_id,
            sheet,
            after=_after(visit, request, asked),
            limit=asked.limit,
        )
        stands = _meta(visit, conn)
    rounding = vat_return_lines.rounding_of(sheet)
    currency = sheet.company.currency
    body = ChangesOut(
        rounding=None if rounding is None else RoundingOut.of(rounding, visit, currency),
        data=[ChangeOut.of(change, visit, currency) for change in changes],
        has_more=following is not None,
        next_cursor=_cursor(visit, request, asked, following),
        meta=stands,
    )
    return answer(body)


@_read(
    "/vat_listings/clients/{year}",
    "vat_listings_clients",
    "List the Belgian customers of a year",
    ClientsOut,
)
def list_clients(visit: Reading, year: YearPath, asked: Annotated[Asked, Query()]) -> Response:
    """Gives whom the yearly listing names: over 250 euros, or credited for an earlier year."""
    with _books(visit, asked) as (conn, company, _):
        listing = vat_listings.see_clients(conn, visit.book_id, company, int(year))
        return answer(ClientsOut.of(listing, _meta(visit, conn)))


@_read(
    "/vat_listings/union/{period}",
    "vat_listings_union",
    "List the sales to the Union in a period",
    UnionOut,
)
def list_union(visit: Reading, period: PeriodPath, asked: Annotated[Asked, Query()]) -> Response:
    """Gives goods (L), services (S) and triangular sales (T) by customer, corrections apart."""
    with _books(visit, asked) as (conn, company, filings):
        listing = vat_listings.see_union(
            conn, visit.book_id, company, filings, period_named(period)
        )
        return answer(UnionOut.of(listing, _meta(visit, conn)))


def _meta(visit: Visit, conn: Connection[Any]) -> Meta:
    """On what the register stands, and how far the books go."""
    return meta(read_standpoint(conn, HEAD, visit.book_id))


@contextmanager
def _books(visit: Visit, asked: Asked) -> Iterator[tuple[Connection[Any], Company, Filings]]:
    """The VAT register, and the company and its filings at the position that it stands on."""
    with register_of(visit, kinds.VAT_REGISTER.register, asked) as conn:
        past = visit.store.past(visit.book_id, position_of(conn, visit.book_id))
        yield conn, load_company(past), vat_returns.load_filings(past)


@contextmanager
def _sheet(visit: Visit, period: str, asked: Asked) -> Iterator[tuple[Connection[Any], Sheet]]:
    with _books(visit, asked) as (conn, company, filings):
        named = period_named(period)
        yield conn, see_return(conn, visit.book_id, company, filings, named)


def _after(visit: Visit, request: Request, asked: LinesAsked) -> SortKey | None:
    if asked.cursor is None:
        return None
    return unseal(visit.door.secret, _listing(request, asked), asked.cursor)


def _cursor(visit: Visit, request: Request, asked: LinesAsked, key: SortKey | None) -> str | None:
    return None if key is None else seal(visit.door.secret, _listing(request, asked), key)


def _listing(request: Request, asked: LinesAsked) -> str:
    """What a cursor belongs to: the path, and as of when."""
    return f"{request.url.path}?{asked.known_at}"
