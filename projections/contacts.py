"""The register of contacts (M1, M5): one row a contact, as its newest event describes it.

Personal fields stay sealed here too: without its key nobody reads one again in a register either.
"""

from collections.abc import Iterable
from typing import Any

from domain.book.event import Event, Recorded
from domain.parties.contact import (
    Contact,
    ContactArchived,
    ContactChanged,
    ContactCreated,
    ContactDetails,
    ContactEvent,
    ContactRestored,
    of_fact,
)
from projections.documents import as_document
from projections.register import Register
from projections.rows import Need, Row, Rows
from projections.searching import folded, words_of


class ContactCard(Row, frozen=True):
    """A contact; `introduced` and `position` are its first and newest events.

    `accounts` are those that go before the company's, its auxiliary account among them. `words` are
    what a search looks through and `sort_name` what it is sorted by, folded. `details` and `sealed`
    are those of the event, as JSON.
    """

    table = "contact_card"
    key = ("contact_id",)

    contact_id: str
    introduced: int
    position: int
    archived: bool
    name: str
    roles: tuple[str, ...]
    nature: str
    city: str
    postal_code: str
    country: str
    language: str
    registration: str
    vat_number: str
    vat_category: str
    vat_rate: str
    vat_code: str
    payment_days: int
    payment_means: str
    auxiliary: str
    accounts: tuple[str, ...]
    external_id: str
    file: str
    sort_name: str
    words: str
    details: dict[str, Any]
    sealed: dict[str, Any]


class Contacts(Register):
    """Who the company deals with."""

    name = "contacts"
    version = 3
    rows = (ContactCard,)
    events = (ContactCreated, ContactChanged, ContactArchived, ContactRestored)

    def needs(self, event: Event) -> Iterable[Need]:
        match event:
            case ContactChanged() | ContactArchived() | ContactRestored():
                return ((ContactCard, event.contact_id),)
            case _:
                return ()

    def apply(self, fact: Recorded, rows: Rows) -> None:
        contact = of_fact(fact)
        match fact.event:
            case ContactCreated() as event if contact is not None:
                rows.add(_card(contact, event, fact.position))
            case (ContactChanged() | ContactArchived() | ContactRestored()) as event if (
                contact is not None
            ):
                before = rows.get(ContactCard, event.contact_id)
                rows.put(_card(contact, event, before.introduced if before else fact.position))


def _card(contact: Contact, event: ContactEvent, introduced: int) -> ContactCard:
    details, address = contact.details, contact.details.address
    return ContactCard(
        contact_id=contact.contact_id,
        introduced=introduced,
        position=contact.position,
        archived=contact.archived,
        name=details.name,
        roles=tuple(details.roles),
        nature=details.nature,
        city=address.city,
        postal_code=address.postal_code,
        country=address.country,
        language=details.language,
        registration=details.registration,
        vat_number=details.vat_number,
        vat_category=details.vat_category,
        vat_rate=details.vat_rate,
        vat_code=details.vat_code,
        payment_days=details.payment_days,
        payment_means=details.payment_means,
        auxiliary=details.accounting.auxiliary,
        accounts=_accounts(details),
        external_id=details.external_id,
        file="" if event.source is None else event.source.file,
        sort_name=folded(details.name),
        words=_words(details),
        details=as_document(details),
        sealed=as_document(event.sealed),
    )


def _accounts(details: ContactDetails) -> tuple[str, ...]:
    accounting = details.accounting
    given = (accounting.auxiliary, accounting.sales_account, accounting.purchase_account)
    return tuple(dict.fromkeys(account for account in given if account))


def _words(details: ContactDetails) -> str:
    """What it is searched by; nothing that is personal."""
    places = [details.address, *(linked.address for linked in details.addresses)]
    return words_of(
        [
            details.name,
            details.registration,
            details.vat_number,
            details.external_id,
            details.accounting.auxiliary,
            *(f"{place.street} {place.postal_code} {place.city}" for place in places),
        ]
    )
