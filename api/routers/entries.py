"""Journal entries, the lock date, and how far the books go."""

from fastapi import APIRouter, Response

from api.ids import EntryId
from api.models.ledger import (
    EntryIn,
    EntryOut,
    LockIn,
    LockOut,
    ReopenIn,
    SynchronisedIn,
    SynchronisedOut,
)
from api.preconditions import etag
from api.responses import OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.visit import Commanding, Reading, answer, answer_written
from services import companies, ledger

router = APIRouter(
    prefix="/v1/companies/{company_id}/journal_entries",
    tags=["journal_entries"],
    route_class=Route,
)
periods = APIRouter(prefix="/v1/companies/{company_id}", tags=["periods"], route_class=Route)


@router.post(
    "",
    operation_id="journal_entries_post",
    summary="Post an entry",
    status_code=201,
    response_model=EntryOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("entries:write"),
)
def post_entry(visit: Commanding, body: EntryIn) -> Response:
    """Posts a balanced entry in a miscellaneous journal; it is never changed."""
    written = ledger.post_entry(visit.store, visit.book_id, body.new(), visit.command)
    posted = written.answer
    headers = {
        "Location": visit.at("journal_entries", posted.entry.document.id),
        "ETag": etag(posted.position),
    }
    return answer_written(written, EntryOut.of(posted), 201, headers)


@router.get(
    "/{entry_id:id}",
    operation_id="journal_entries_get",
    summary="See an entry",
    response_model=EntryOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("entries:read"),
)
def get_entry(visit: Reading, entry_id: EntryId) -> Response:
    """Gives a miscellaneous entry."""
    posted = ledger.get_entry(visit.store.past(visit.book_id), entry_id)
    return answer(EntryOut.of(posted), headers={"ETag": etag(posted.position)})


@periods.get(
    "/period_lock",
    operation_id="period_lock_get",
    summary="See the lock date",
    response_model=LockOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("companies:read"),
)
def get_lock(visit: Reading) -> Response:
    """Gives the last locked day."""
    lock = ledger.get_lock(visit.store.past(visit.book_id))
    return answer(LockOut.of(lock), headers={"ETag": etag(lock.position)})


@periods.post(
    "/period_lock/advance",
    operation_id="period_lock_advance",
    summary="Lock a period",
    response_model=LockOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("periods:write"),
)
def lock_period(visit: Commanding, body: LockIn) -> Response:
    """Locks every day up to a day that is over: nothing dated then is posted any more (V16)."""
    written = ledger.lock_period(visit.store, visit.book_id, body.until, body.reason, visit.command)
    headers = {"ETag": etag(written.answer.position)}
    return answer_written(written, LockOut.of(written.answer), headers=headers)


@periods.post(
    "/period_lock/reopen",
    operation_id="period_lock_reopen",
    summary="Reopen a period",
    response_model=LockOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("periods:write"),
)
def reopen_period(visit: Commanding, body: ReopenIn) -> Response:
    """Moves the lock date back, for a reason that is kept (V16)."""
    written = ledger.reopen_period(
        visit.store, visit.book_id, body.until, body.reason, visit.command
    )
    headers = {"ETag": etag(written.answer.position)}
    return answer_written(written, LockOut.of(written.answer), headers=headers)


@periods.post(
    "/books/synchronise",
    operation_id="books_synchronise",
    summary="Say how far the books go",
    response_model=SynchronisedOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("periods:write"),
)
def synchronise_books(visit: Commanding, body: SynchronisedIn) -> Response:
    """Keeps up to which day miscellaneous entries are complete (C2, date 1)."""
    written = companies.synchronise_books(
        visit.store, visit.book_id, body.entries_until, visit.command
    )
    return answer_written(written, SynchronisedOut(entries_until=written.answer))
