"""Contacts: customers, suppliers and partners."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import problems as kinds
from api.errors import Problem
from api.ids import ContactId
from api.leaving import answers_of_leaving, leave
from api.list_files import answers_of_list, file_out
from api.listing import PageOut, begin, page_out, register_of
from api.models.contacts import (
    ContactIn,
    ContactOut,
    ContactsAskedPage,
    ContactsFound,
    ContactsLeaving,
)
from api.models.parties import ExternalId, Identifier
from api.preconditions import Guarded, IfMatch, etag
from api.responses import OF_CHANGES, OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.visit import Commanding, Reading, Revising, answer, answer_written
from domain.parties.contact import Contact, KnownBy, contact_tag
from domain.values.identifiers import compact
from projections import contacts_view
from services import directory
from services.lists.kinds import CONTACTS
from services.store.store import Written

PREFIX = "/v1/companies/{company_id}/contacts"

router = APIRouter(prefix=PREFIX, tags=["contacts"], route_class=Route)
lists = APIRouter(prefix=PREFIX, tags=["registers"], route_class=Route)


@router.post(
    "",
    operation_id="contacts_create",
    summary="Create a contact",
    status_code=201,
    response_model=ContactOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("contacts:write"),
)
def create_contact(visit: Commanding, body: ContactIn) -> Response:
    """Makes a customer or supplier known (M1, M3)."""
    written = directory.create_contact(visit.store, visit.book_id, body.details(), visit.command)
    contact = written.answer
    headers = {"Location": visit.at("contacts", contact.contact_id), "ETag": etag(contact.position)}
    return answer_written(written, ContactOut.of(contact), 201, headers)


@lists.get(
    "",
    operation_id="contacts_list",
    summary="List contacts",
    response_model=PageOut[ContactOut],
    responses=answers_of_list(),
    openapi_extra=needs("contacts:read"),
)
def list_contacts(
    visit: Reading, request: Request, asked: Annotated[ContactsAskedPage, Query()]
) -> Response:
    """Gives contacts by any filter, sorted by any column, personal fields in clear (M5)."""
    if asked.format is not None:
        return file_out(visit, request, asked, CONTACTS, asked.wanted())
    with register_of(visit, CONTACTS.register, asked) as conn:
        page = contacts_view.list_contacts(
            conn,
            visit.book_id,
            asked.wanted(),
            sort=asked.sort,
            after=begin(visit, request, asked),
            limit=asked.limit,
        )
    opened = directory.open_listed(visit.store, visit.book_id, page.rows)
    shown = {contact.contact_id: ContactOut.of(contact) for contact in opened}
    return page_out(visit, request, asked, page, lambda row: shown[row.contact_id])


@lists.get(
    "/export",
    operation_id="contacts_export",
    summary="Export contacts",
    responses=answers_of_leaving(),
    openapi_extra=needs("contacts:read"),
)
def export_contacts(
    visit: Reading, request: Request, asked: Annotated[ContactsLeaving, Query()]
) -> Response:
    """Gives all that fits, personal fields too, as a file that comes in again (M6)."""
    return leave(visit, request, asked, "contacts", CONTACTS.register)


@router.get(
    "/lookup",
    operation_id="contacts_find",
    summary="Find a contact by a number",
    response_model=ContactsFound,
    responses=problems(*OF_READS),
    openapi_extra=needs("contacts:read"),
)
def find_contacts(
    visit: Reading,
    external_id: Annotated[ExternalId | None, Query(description="Your own id.")] = None,
    vat_number: Annotated[Identifier | None, Query(description="VAT number.")] = None,
    registration: Annotated[
        Identifier | None, Query(description="SIREN, SIRET or enterprise number.")
    ] = None,
) -> Response:
    """Finds the contact that carries a number now; give exactly one of the three."""
    names: dict[KnownBy, str | None] = {
        "external": external_id,
        "vat": None if vat_number is None else compact(vat_number),
        "registration": None if registration is None else compact(registration),
    }
    given = [(known_by, name) for known_by, name in names.items() if name is not None]
    if len(given) != 1:
        raise Problem(kinds.PARAMETER_INVALID)
    ((known_by, name),) = given
    found = directory.find_contact(visit.store.past(visit.book_id), known_by, name)
    return answer(ContactsFound(data=[] if found is None else [ContactOut.of(found)]))


@router.get(
    "/{contact_id:id}",
    operation_id="contacts_get",
    summary="See a contact",
    response_model=ContactOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("contacts:read"),
)
def get_contact(visit: Reading, contact_id: ContactId) -> Response:
    """Gives a contact as of now."""
    contact = directory.get_contact(visit.store.past(visit.book_id), contact_id)
    return answer(ContactOut.of(contact), headers={"ETag": etag(contact.position)})


@router.post(
    "/{contact_id:id}/archive",
    operation_id="contacts_archive",
    summary="Archive a contact",
    response_model=ContactOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("contacts:write"),
)
def archive_contact(visit: Commanding, contact_id: ContactId) -> Response:
    """Puts a contact away: no new document names it; what names it stays."""
    written = directory.archive_contact(visit.store, visit.book_id, contact_id, visit.command)
    return _changed(written)


@router.post(
    "/{contact_id:id}/restore",
    operation_id="contacts_restore",
    summary="Restore a contact",
    response_model=ContactOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("contacts:write"),
)
def restore_contact(visit: Commanding, contact_id: ContactId) -> Response:
    """Takes an archived contact back into use."""
    written = directory.restore_contact(visit.store, visit.book_id, contact_id, visit.command)
    return _changed(written)


@router.patch(
    "/{contact_id:id}",
    operation_id="contacts_change",
    summary="Change a contact",
    response_model=ContactOut,
    responses=problems(*OF_CHANGES),
    openapi_extra=needs("contacts:write"),
)
def change_contact(
    visit: Revising, contact_id: ContactId, if_match: IfMatch, body: ContactIn
) -> Response:
    """Replaces what is known of a contact, whole; documents keep what they were given."""
    store = Guarded(visit.store, contact_tag(contact_id), if_match)
    written = directory.change_contact(
        store, visit.book_id, contact_id, body.details(), visit.command
    )
    return _changed(written)


def _changed(written: Written[Contact]) -> Response:
    """The answer to a command about a contact that is there."""
    headers = {"ETag": etag(written.answer.position)}
    return answer_written(written, ContactOut.of(written.answer), headers=headers)
