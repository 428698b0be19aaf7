"""A contact: a customer, a supplier, or both."""

from typing import ClassVar, Literal

from msgspec import Struct

from domain.book.event import Event
from domain.parties.company import Address

ContactRole = Literal["customer", "supplier"]


class ContactDetails(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who a contact is. `registration` is a SIREN, SIRET or KBO; empty strings mean unknown."""

    name: str
    roles: tuple[ContactRole, ...]
    address: Address
    registration: str = ""
    vat_number: str = ""
    email: str = ""
    ibans: tuple[str, ...] = ()
    payment_days: int = 30
    external_id: str = ""


class ContactCreated(Event, frozen=True, kw_only=True):
    """A contact is known to the company (M1, M3)."""

    stored_as: ClassVar[str] = "contact.created.v1"

    contact_id: str
    details: ContactDetails

    @property
    def tags(self) -> tuple[str, ...]:
        return (contact_tag(self.contact_id),)


class ContactChanged(Event, frozen=True, kw_only=True):
    """A contact's details are replaced, whole; documents keep what they were given."""

    stored_as: ClassVar[str] = "contact.changed.v1"

    contact_id: str
    details: ContactDetails

    @property
    def tags(self) -> tuple[str, ...]:
        return (contact_tag(self.contact_id),)


def contact_tag(contact_id: str) -> str:
    """The tag of a contact's own events; documents that mention it do not carry it."""
    return f"contact:{contact_id}"
