"""A contact: a customer, a supplier, or both."""

import re
from typing import Any, ClassVar, Literal, Self

from msgspec import Struct, convert, field
from msgspec.structs import replace

from domain.book.event import Decision, Recorded
from domain.book.refusal import Refused, judge, words
from domain.parties.company import Address
from domain.privacy.personal import PersonalEvent, Sealed, SealedFields
from domain.values import faults, identifiers
from domain.values.text import tidy

ContactRole = Literal["customer", "supplier"]
KnownBy = Literal["external", "vat", "registration"]

_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}", re.ASCII)
_LONGEST_TERM = 365


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


class ContactEvent(PersonalEvent, frozen=True, kw_only=True):
    """A contact as it is from now on; its mail address and bank accounts are stored sealed."""

    contact_id: str
    details: ContactDetails

    @property
    def tags(self) -> tuple[str, ...]:
        return (contact_tag(self.contact_id), *name_tags(self.details))

    @property
    def subject(self) -> str:
        """The contact's id."""
        return self.contact_id

    def in_clear(self) -> dict[str, Any]:
        """The mail address and bank accounts, where there are any."""
        fields = {"email": self.details.email, "ibans": self.details.ibans}
        return {name: value for name, value in fields.items() if value}

    def with_sealed(self, sealed: dict[str, Sealed]) -> Self:
        """The event without them, and they sealed beside."""
        return replace(self, details=replace(self.details, email="", ibans=()), sealed=sealed)


class ContactCreated(ContactEvent, frozen=True, kw_only=True):
    """A contact is known to the company (M1, M3)."""

    stored_as: ClassVar[str] = "contact.created.v1"


class ContactChanged(ContactEvent, frozen=True, kw_only=True):
    """A contact's details are replaced, whole; documents keep what they were given."""

    stored_as: ClassVar[str] = "contact.changed.v1"


class Contact(Struct, frozen=True, kw_only=True):
    """A contact as of now; `position` is the event that last said so.

    Its personal fields are empty in `details` until they are opened (`with_personal`).
    """

    position: int
    contact_id: str
    details: ContactDetails
    sealed: SealedFields = field(default_factory=dict)

    def with_personal(self, fields: dict[str, Any]) -> "Contact":
        """The contact with the personal fields that could be opened; others stay empty."""
        if not fields:
            return self
        known = {name: getattr(self.details, name) for name in self.details.__struct_fields__}
        return replace(self, details=convert(known | fields, ContactDetails))


class ContactIsUnknown(Refused, frozen=True, kw_only=True):
    """No contact has that id in this book."""

    code = "contact_unknown"
    rule = "M17"
    text = words(
        en="There is no contact {contact_id}.",
        fr="Il n'y a pas de contact {contact_id}.",
        nl="Er is geen contact {contact_id}.",
    )

    contact_id: str


class ExternalIdIsTaken(Refused, frozen=True, kw_only=True):
    """Another one carries the caller's own key already."""

    code = "external_id_taken"
    rule = "M2"
    text = words(
        en="{external_id} already names {holder}.",
        fr="{external_id} désigne déjà {holder}.",
        nl="{external_id} verwijst al naar {holder}.",
    )

    external_id: str
    holder: str


class ContactIsIncomplete(Refused, frozen=True, kw_only=True):
    """A contact's role, country, mail address or payment term cannot be right."""

    code = "contact_incomplete"
    rule = "M4"
    text = words(
        en="{pointer} of the contact is missing or cannot be right.",
        fr="{pointer} du contact manque ou ne peut être exact.",
        nl="{pointer} van het contact ontbreekt of kan niet juist zijn.",
    )


def create(contact_id: str, details: ContactDetails, namesake: Contact | None) -> Decision:
    """Makes a contact known; `namesake` is who carries the same external id, if anybody."""
    decided = _settle(contact_id, details, namesake)
    if isinstance(decided, Refused):
        return decided
    return [ContactCreated(contact_id=contact_id, details=decided)]


def change(
    contact: Contact | None, contact_id: str, details: ContactDetails, namesake: Contact | None
) -> Decision:
    """Replaces a contact's details, whole; nothing happens when they say what is known.

    `contact` comes with its personal fields opened.
    """
    if contact is None:
        return ContactIsUnknown(contact_id=contact_id)
    decided = _settle(contact_id, details, namesake)
    if isinstance(decided, Refused):
        return decided
    if decided == contact.details:
        return []
    return [ContactChanged(contact_id=contact_id, details=decided)]


def evolve(_before: Contact | None, fact: Recorded) -> Contact | None:
    """The contact after one more event of its tag: each says all there is."""
    return of_fact(fact)


def of_fact(fact: Recorded | None) -> Contact | None:
    """The contact that its newest event describes."""
    match fact:
        case Recorded(
            event=ContactCreated(contact_id=contact_id, details=details, sealed=sealed)
            | ContactChanged(contact_id=contact_id, details=details, sealed=sealed)
        ):
            return Contact(
                position=fact.position, contact_id=contact_id, details=details, sealed=sealed
            )
    return None


def contact_tag(contact_id: str) -> str:
    """The tag of a contact's own events; documents that mention it do not carry it."""
    return f"contact:{contact_id}"


def name_tags(details: ContactDetails) -> tuple[str, ...]:
    """The tags under which a contact is found by the numbers others know it by."""
    names: dict[KnownBy, str] = {
        "external": details.external_id,
        "vat": details.vat_number,
        "registration": details.registration,
    }
    return tuple(name_tag(kind, name) for kind, name in names.items() if name)


def name_tag(kind: KnownBy, name: str) -> str:
    """The tag of the contacts that ever had that number; the newest event may have moved on."""
    return f"contact_{kind}:{name}"


def _settle(
    contact_id: str, details: ContactDetails, namesake: Contact | None
) -> ContactDetails | Refused:
    details = _canonical(tidy(details))
    refused = judge(CONTACT_RULES, details)
    if refused is not None:
        return refused
    if namesake is not None and namesake.contact_id != contact_id:
        return ExternalIdIsTaken(
            external_id=details.external_id,
            holder=namesake.contact_id,
            position=namesake.position,
            pointer="/external_id",
        )
    return details


def _canonical(details: ContactDetails) -> ContactDetails:
    """The numbers written in the one way by which they are found again."""
    registration = identifiers.compact(details.registration)
    if details.address.country == "BE" and registration:
        registration = identifiers.kbo(registration) or registration
    vat = identifiers.vat_number(details.vat_number) if details.vat_number else ""
    return replace(
        details,
        roles=tuple(dict.fromkeys(details.roles)),
        registration=registration,
        vat_number=details.vat_number if vat is None else vat,
        ibans=tuple(identifiers.compact(iban) for iban in details.ibans),
    )


def _described(details: ContactDetails) -> Refused | None:
    return faults.unreadable(details) or faults.missing(details.name, "/name")


def _complete(details: ContactDetails) -> Refused | None:
    sound = {
        "/roles": bool(details.roles),
        "/address/country": _COUNTRY.fullmatch(details.address.country) is not None,
        "/email": not details.email or _EMAIL.fullmatch(details.email) is not None,
        "/payment_days": 0 <= details.payment_days <= _LONGEST_TERM,
    }
    wrong = next((pointer for pointer, right in sound.items() if not right), None)
    return None if wrong is None else ContactIsIncomplete(pointer=wrong)


def _registered(details: ContactDetails) -> Refused | None:
    number, country = details.registration, details.address.country
    if not number:
        return None
    if country == "FR" and identifiers.siren(number) is None and identifiers.siret(number) is None:
        return faults.IdentifierIsWrong(kind="SIREN", pointer="/registration")
    if country == "BE" and identifiers.kbo(number) is None:
        return faults.IdentifierIsWrong(kind="KBO", pointer="/registration")
    return None


def _taxed(details: ContactDetails) -> Refused | None:
    vat = details.vat_number
    if not vat:
        return None
    if identifiers.vat_number(vat) is None:
        return faults.IdentifierIsWrong(kind="VAT", pointer="/vat_number")
    # A foreign company may be registered for VAT here: only numbers of one country must agree.
    home = details.registration and vat[:2] == details.address.country
    if home and not identifiers.agrees(vat, details.registration):
        return faults.IdentifiersDisagree(
            kind="VAT", registration=details.registration, pointer="/vat_number"
        )
    return None


def _banked(details: ContactDetails) -> Refused | None:
    for index, iban in enumerate(details.ibans):
        if identifiers.iban(iban) is None:
            return faults.IdentifierIsWrong(kind="IBAN", pointer=f"/ibans/{index}")
    return None


CONTACT_RULES = (_described, _complete, _registered, _taxed, _banked)
