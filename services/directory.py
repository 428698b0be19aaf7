"""Use cases of contacts: create, change, put away, find by the numbers others know them by."""

from collections.abc import Callable, Sequence

from msgspec import convert

from domain.book.refusal import Refusals
from domain.parties import contact as contacts
from domain.parties import introducing
from domain.parties.company import COMPANY_TAG
from domain.parties.contact import (
    Contact,
    ContactDetails,
    ContactIsUnknown,
    KnownBy,
    contact_tag,
    name_tag,
)
from domain.privacy.personal import Sealed
from domain.values.text import tidy
from projections.contacts_view import ListedContact
from services.identity import make
from services.loading import load_company, load_contact
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written
from services.store.vault import PersonalKey

KEYS_OF_MANY = """
SELECT key_id, subject, field, wrapped, wrapped_by FROM personal_key
WHERE book_id = %(book)s AND subject = ANY(%(subjects)s::text[])
"""


def create_contact(
    store: Store, book_id: str, details: ContactDetails, command: Command
) -> Written[Contact]:
    """Makes a contact known to the company (M1, M3)."""

    def decide(pen: Pen, contact_id: str) -> None:
        load_company(pen)
        pen.append(introducing.create(contact_id, details, *namesakes(pen, details)))

    return make(
        store,
        book_id,
        command,
        "ctc",
        tag=contact_tag,
        decide=decide,
        find=get_contact,
        reads=[COMPANY_TAG],
    )


def change_contact(
    store: Store, book_id: str, contact_id: str, details: ContactDetails, command: Command
) -> Written[Contact]:
    """Replaces a contact's details, whole; issued documents keep what they were given."""

    def decide(pen: Pen) -> None:
        known = open_contact(pen, load_contact(pen, contact_id))
        same = namesakes(pen, details)
        pen.append(introducing.change(known, contact_id, details, *same))

    return _written(store, book_id, contact_id, decide, command)


def archive_contact(
    store: Store, book_id: str, contact_id: str, command: Command
) -> Written[Contact]:
    """Puts a contact away: no new document names it (M1)."""

    def decide(pen: Pen) -> None:
        known = open_contact(pen, load_contact(pen, contact_id))
        pen.append(introducing.archive(known, contact_id))

    return _written(store, book_id, contact_id, decide, command)


def restore_contact(
    store: Store, book_id: str, contact_id: str, command: Command
) -> Written[Contact]:
    """Takes an archived contact back into use."""

    def decide(pen: Pen) -> None:
        known = open_contact(pen, load_contact(pen, contact_id))
        pen.append(introducing.restore(known, contact_id))

    return _written(store, book_id, contact_id, decide, command)


def find_contact(reader: Reader, known_by: KnownBy, name: str) -> Contact | None:
    """The contact that carries this external id, VAT number or registration now, if any.

    Numbers in the form in which contacts keep them: compact, VAT numbers with their prefix. Of
    several that ever carried one, the last to take it is looked at.
    """
    tag = name_tag(known_by, name)
    named = contacts.of_fact(reader.last(tag)) if name else None
    now = load_contact(reader, named.contact_id) if named is not None else None
    if now is None or tag not in contacts.name_tags(now.details):
        return None
    return open_contact(reader, now)


def get_contact(reader: Reader, contact_id: str) -> Contact:
    """A contact by its id; raises Refusals when there is none."""
    contact = open_contact(reader, load_contact(reader, contact_id))
    if contact is None:
        raise Refusals(ContactIsUnknown(contact_id=contact_id))
    return contact


def open_contact(reader: Reader, contact: Contact | None) -> Contact | None:
    """The contact with its personal fields in clear; those that were erased stay empty."""
    if contact is None:
        return None
    return contact.with_personal(reader.reveal(contact.contact_id, contact.sealed))


def open_listed(store: Store, book_id: str, rows: Sequence[ListedContact]) -> list[Contact]:
    """Contacts from the register with their personal fields in clear, where these have a key."""
    subjects = [row.contact_id for row in rows if row.sealed]
    keys: dict[str, list[PersonalKey]] = {}
    if subjects:
        with store.entered(book_id) as conn, conn.cursor(binary=True) as cursor:
            wanted = {"book": book_id, "subjects": subjects}
            for row in cursor.execute(KEYS_OF_MANY, wanted):
                key = PersonalKey(book_id, *row)
                keys.setdefault(key.subject, []).append(key)
    opened = []
    for listed in rows:
        contact = Contact(
            position=listed.position,
            contact_id=listed.contact_id,
            details=convert(listed.details, ContactDetails),
            sealed=convert(listed.sealed, dict[str, Sealed]),
            archived=listed.archived,
        )
        known = store.mapper.vault.reveal(keys.get(listed.contact_id, ()), contact.sealed)
        opened.append(contact.with_personal(known))
    return opened


def namesakes(reader: Reader, details: ContactDetails) -> tuple[Contact | None, Contact | None]:
    """Who carries the same external id, and who is booked under the same auxiliary account."""
    return (
        find_contact(reader, "external", tidy(details.external_id)),
        find_contact(reader, "auxiliary", tidy(details.accounting.auxiliary)),
    )


def _written(
    store: Store,
    book_id: str,
    contact_id: str,
    decide: Callable[[Pen], None],
    command: Command,
) -> Written[Contact]:
    """Writes a command about one contact and answers with it."""
    reads = [contact_tag(contact_id)]
    return store.write(book_id, command, decide, lambda r: get_contact(r, contact_id), reads)
