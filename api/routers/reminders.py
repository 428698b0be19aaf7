"""Reminders: who is due which letter, issuing it, and batches that are sent or printed."""

from fastapi import APIRouter, Request, Response

from api.downloads import FILE_ANSWERS
from api.ids import ContactId, JobId, ReminderId
from api.jobs import JobOut, answer_asked, answer_file, answer_job
from api.language import preferred
from api.listing import standing_answer
from api.models.late_fees import SuspensionOut
from api.models.reminders import (
    PolicyIn,
    PolicyOut,
    ProposalsOut,
    ReminderIn,
    ReminderOut,
    RemindersIn,
)
from api.models.sales import ReasonIn
from api.preconditions import etag
from api.responses import OF_COMMANDS, OF_READS, Responses, problems
from api.route import Route, needs
from api.timeline import TimelineOut, timeline_of
from api.visit import Commanding, Reading, Visit, answer, answer_written
from domain.reminders.reminder import reminder_tag
from services.reminders import reminding
from services.reminders import settings as reminder_settings
from services.reminders.jobs import LETTERS, MAIL, ask_for
from services.reminders.loading import get_reminder

_COMPANY = "/v1/companies/{company_id}"
router = APIRouter(prefix=f"{_COMPANY}/reminders", tags=["reminders"], route_class=Route)
# Its answers wait for the registers.
registers = APIRouter(prefix=f"{_COMPANY}/reminders", tags=["registers"], route_class=Route)
mails = APIRouter(prefix=f"{_COMPANY}/reminder_mails", tags=["reminders"], route_class=Route)
letters = APIRouter(prefix=f"{_COMPANY}/reminder_letters", tags=["reminders"], route_class=Route)
contacts = APIRouter(prefix=f"{_COMPANY}/contacts", tags=["reminders"], route_class=Route)

_OF_FILES = (*OF_READS, 409, 416)
_REPORT: Responses = {
    200: {"description": "What came of each mail.", "content": {"application/json": {}}},
    206: {"description": "The range that was asked for.", "content": {"application/json": {}}},
    304: {"description": "It is the one in If-None-Match."},
}


@registers.get(
    "/proposals",
    operation_id="reminders_propose",
    summary="See who is due which reminder",
    response_model=ProposalsOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("reminders:read"),
)
def propose_reminders(visit: Reading, request: Request) -> Response:
    """Gives the letters that are due today, what is held back and why, and what has not left."""
    found = reminding.propose(visit.store, visit.backend.readers, visit.book_id)
    body = ProposalsOut.of(found, preferred(request.headers.get("accept-language")))
    return standing_answer(request, body, found.until, {"Cache-Control": "no-store"})


@router.post(
    "",
    operation_id="reminders_issue",
    summary="Issue a reminder",
    status_code=201,
    response_model=ReminderOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("reminders:write"),
)
def issue_reminder(visit: Commanding, body: ReminderIn) -> Response:
    """Freezes a letter to one customer at one level; it leaves by a batch (M43)."""
    written = reminding.issue_reminder(
        visit.store, visit.backend.readers, visit.book_id, body.new(), visit.command
    )
    reminder = written.answer
    headers = {
        "Location": visit.at("reminders", reminder.document.reminder_id),
        "ETag": etag(reminder.position),
    }
    return answer_written(written, ReminderOut.of(reminder), 201, headers)


@router.get(
    "/policy",
    operation_id="reminders_policy",
    summary="See when the company reminds",
    response_model=PolicyOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("reminders:read"),
)
def get_policy(visit: Reading) -> Response:
    """Gives the days of each level."""
    return answer(PolicyOut.of(reminder_settings.get_policy(visit.store.past(visit.book_id))))


@router.post(
    "/policy",
    operation_id="reminders_set_policy",
    summary="Set when the company reminds",
    response_model=PolicyOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("reminders:write"),
)
def set_policy(visit: Commanding, body: PolicyIn) -> Response:
    """Sets the days of each level, and what the terms with consumers provide."""
    written = reminder_settings.set_policy(visit.store, visit.book_id, body.new(), visit.command)
    return answer_written(written, PolicyOut.of(written.answer))


@router.get(
    "/{reminder_id:id}",
    operation_id="reminders_get",
    summary="See a reminder",
    response_model=ReminderOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("reminders:read"),
)
def get_one_reminder(visit: Reading, reminder_id: ReminderId) -> Response:
    """Gives a letter and whether it left."""
    reminder = get_reminder(visit.store.past(visit.book_id), reminder_id)
    return answer(ReminderOut.of(reminder), headers={"ETag": etag(reminder.position)})


@router.get(
    "/{reminder_id:id}/events",
    operation_id="reminders_events",
    summary="See what happened to a reminder",
    response_model=TimelineOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("reminders:read"),
)
def list_reminder_events(visit: Reading, reminder_id: ReminderId) -> Response:
    """Gives every event of a reminder, oldest first."""
    return timeline_of(visit, reminder_tag(reminder_id))


@mails.post(
    "",
    operation_id="reminder_mails_ask",
    summary="Send reminders by mail",
    status_code=202,
    response_model=JobOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("reminders:write"),
)
def ask_for_mails(visit: Commanding, request: Request, body: RemindersIn) -> Response:
    """Sends up to 500 reminders as a job, each once in effect."""
    return _ask(visit, request, "reminder_mails", MAIL, body)


@mails.get(
    "/{job_id:id}",
    operation_id="reminder_mails_get",
    summary="See how a batch of mails stands",
    response_model=JobOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("reminders:read"),
)
def get_mails(visit: Reading, request: Request, job_id: JobId) -> Response:
    """Gives the job's status and progress, and at its end where its report is."""
    return answer_job(visit, request, "reminder_mails", job_id, MAIL)


@mails.get(
    "/{job_id:id}/file",
    operation_id="reminder_mails_file",
    summary="Fetch what came of a batch of mails",
    response_class=Response,
    responses={**_REPORT, **problems(*_OF_FILES)},
    openapi_extra=needs("reminders:read"),
)
def get_report(visit: Reading, request: Request, job_id: JobId) -> Response:
    """Gives what came of each mail."""
    return answer_file(visit, request, job_id, MAIL)


@letters.post(
    "",
    operation_id="reminder_letters_ask",
    summary="Print reminders for the post",
    status_code=202,
    response_model=JobOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("reminders:write"),
)
def ask_for_letters(visit: Commanding, request: Request, body: RemindersIn) -> Response:
    """Prints up to 500 letters into one PDF as a job; they count as posted that day."""
    return _ask(visit, request, "reminder_letters", LETTERS, body)


@letters.get(
    "/{job_id:id}",
    operation_id="reminder_letters_get",
    summary="See how a batch of letters stands",
    response_model=JobOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("reminders:read"),
)
def get_letters(visit: Reading, request: Request, job_id: JobId) -> Response:
    """Gives the job's status and progress, and at its end where its file is."""
    return answer_job(visit, request, "reminder_letters", job_id, LETTERS)


@letters.get(
    "/{job_id:id}/file",
    operation_id="reminder_letters_file",
    summary="Fetch a batch of letters",
    response_class=Response,
    responses={**FILE_ANSWERS, **problems(*_OF_FILES)},
    openapi_extra=needs("reminders:read"),
)
def get_printed_letters(visit: Reading, request: Request, job_id: JobId) -> Response:
    """Gives the PDF of a batch that is done, or a range of it."""
    return answer_file(visit, request, job_id, LETTERS)


@contacts.post(
    "/{contact_id:id}/suspend_reminders",
    operation_id="contacts_suspend_reminders",
    summary="Spare a customer reminders",
    response_model=SuspensionOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("reminders:write"),
)
def suspend_reminders(visit: Commanding, contact_id: ContactId, body: ReasonIn) -> Response:
    """Excludes a customer from reminders, and keeps why."""
    written = reminder_settings.suspend_reminders(
        visit.store, visit.book_id, contact_id, body.reason, visit.command
    )
    return answer_written(written, SuspensionOut.of(written.answer))


@contacts.post(
    "/{contact_id:id}/resume_reminders",
    operation_id="contacts_resume_reminders",
    summary="Let a customer be reminded again",
    response_model=SuspensionOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("reminders:write"),
)
def resume_reminders(visit: Commanding, contact_id: ContactId, body: ReasonIn) -> Response:
    """Ends the exclusion of a customer."""
    written = reminder_settings.resume_reminders(
        visit.store, visit.book_id, contact_id, body.reason, visit.command
    )
    return answer_written(written, SuspensionOut.of(written.answer))


def _ask(visit: Visit, request: Request, resource: str, kind: str, body: RemindersIn) -> Response:
    job, repeated = ask_for(
        visit.store,
        visit.backend.desk,
        visit.book_id,
        body.reminders,
        visit.command,
        kind=kind,
        postman=visit.backend.postman,
        dry=visit.rehearsal is not None,
    )
    return answer_asked(visit, request, resource, job, repeated=repeated)
