"""A contact: a customer, a supplier, a partner, or several of them."""

from typing import Any, ClassVar, Literal, Self

from msgspec import Struct, convert, field
from msgspec.structs import replace

from domain.book.event import Recorded
from domain.book.refusal import Refused, words
from domain.imports.source import ImportSource
from domain.parties.company import Address
from domain.parties.particulars import (
    AccountingData,
    AssignedTemplates,
    BankAccount,
    ContactLanguage,
    ContactRole,
    LinkedAddress,
    PartyNature,
)
from domain.privacy.personal import PersonalEvent, Sealed, SealedFields
from domain.sales.terms import PaymentMeans, PaymentTerms
from domain.values.vat import VatCategory

KnownBy = Literal["external", "vat", "registration", "auxiliary"]


class ContactDetails(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who a contact is, and what its documents take over (M4); empty strings mean unknown.

    `registration` is a SIREN, SIRET or KBO. The VAT of its lines, where it has one of its own, goes
    before that of an article. Of the four terms of payment, see `PaymentTerms`.
    """

    name: str
    roles: tuple[ContactRole, ...]
    address: Address
    nature: PartyNature = "company"
    registration: str = ""
    vat_number: str = ""
    email: str = ""
    phone: str = ""
    language: ContactLanguage = ""
    addresses: tuple[LinkedAddress, ...] = ()
    bank_accounts: tuple[BankAccount, ...] = ()
    accounting: AccountingData = AccountingData()
    templates: AssignedTemplates = AssignedTemplates()
    vat_category: VatCategory | Literal[""] = ""
    vat_rate: str = ""
    vat_code: str = ""
    payment_days: int = 30
    end_of_month: bool = False
    day_of_month: int = 0
    payment_means: PaymentMeans = "transfer"
    external_id: str = ""

    @property
    def terms(self) -> PaymentTerms:
        """When its documents fall due, and how it pays or is paid (M32)."""
        return PaymentTerms(
            days=self.payment_days,
            end_of_month=self.end_of_month,
            day_of_month=self.day_of_month,
            means=self.payment_means,
        )


class ContactEvent(PersonalEvent, frozen=True, kw_only=True):
    """A contact as it is from now on: each says all there is.

    Its mail address, telephone and bank accounts are stored sealed.
    """

    contact_id: str
    details: ContactDetails
    source: ImportSource | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        return (contact_tag(self.contact_id), *name_tags(self.details))

    @property
    def subject(self) -> str:
        """The contact's id."""
        return self.contact_id

    def in_clear(self) -> dict[str, Any]:
        """The mail address, telephone and bank accounts, where there are any."""
        fields = {name: getattr(self.details, name) for name in PERSONAL}
        return {name: value for name, value in fields.items() if value}

    def with_sealed(self, sealed: dict[str, Sealed]) -> Self:
        """The event without them, and they sealed beside."""
        return replace(self, details=replace(self.details, **PERSONAL), sealed=sealed)


PERSONAL: dict[str, Any] = {"email": "", "phone": "", "bank_accounts": ()}
"""The fields that are stored sealed, and what they are when they say nothing."""


class ContactCreated(ContactEvent, frozen=True, kw_only=True):
    """A contact is known to the company (M1, M3)."""

    stored_as: ClassVar[str] = "contact.created.v1"


class ContactChanged(ContactEvent, frozen=True, kw_only=True):
    """A contact's details are replaced, whole; documents keep what they were given."""

    stored_as: ClassVar[str] = "contact.changed.v1"


class ContactArchived(ContactEvent, frozen=True, kw_only=True):
    """A contact is put away: no new document names it, and lists show it only when asked (M1)."""

    stored_as: ClassVar[str] = "contact.archived.v1"


class ContactRestored(ContactEvent, frozen=True, kw_only=True):
    """An archived contact is in use again."""

    stored_as: ClassVar[str] = "contact.restored.v1"


class Contact(Struct, frozen=True, kw_only=True):
    """A contact as of now; `position` is the event that last said so.

    Its personal fields are empty in `details` until they are opened (`with_personal`).
    """

    position: int
    contact_id: str
    details: ContactDetails
    sealed: SealedFields = field(default_factory=dict)
    archived: bool = False

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


class ContactIsArchived(Refused, frozen=True, kw_only=True):
    """The contact was put away: it can be restored, not used or changed."""

    code = "contact_archived"
    rule = "M1"
    text = words(
        en="Contact {name} is archived; restore it first.",
        fr="Le contact {name} est archivé ; restaurez-le d'abord.",
        nl="Contact {name} is gearchiveerd; herstel het eerst.",
    )

    name: str


def usable(contact: Contact | None, contact_id: str, pointer: str) -> Refused | None:
    """Refuses a contact that is unknown or archived in a command whose `pointer` names it."""
    if contact is None:
        return ContactIsUnknown(contact_id=contact_id[:60], pointer=pointer)
    if contact.archived:
        return ContactIsArchived(
            name=contact.details.name, position=contact.position, pointer=pointer
        )
    return None


def evolve(_before: Contact | None, fact: Recorded) -> Contact | None:
    """The contact after one more event of its tag: each says all there is."""
    return of_fact(fact)


def of_fact(fact: Recorded | None) -> Contact | None:
    """The contact that its newest event describes."""
    if fact is None or not isinstance(fact.event, ContactEvent):
        return None
    said = fact.event
    return Contact(
        position=fact.position,
        contact_id=said.contact_id,
        details=said.details,
        sealed=said.sealed,
        archived=isinstance(said, ContactArchived),
    )


def contact_tag(contact_id: str) -> str:
    """The tag of a contact's own events; documents that mention it do not carry it."""
    return f"contact:{contact_id}"


def name_tags(details: ContactDetails) -> tuple[str, ...]:
    """The tags under which a contact is found by the numbers others know it by."""
    names: dict[KnownBy, str] = {
        "external": details.external_id,
        "vat": details.vat_number,
        "registration": details.registration,
        "auxiliary": details.accounting.auxiliary,
    }
    return tuple(name_tag(kind, name) for kind, name in names.items() if name)


def name_tag(kind: KnownBy, name: str) -> str:
    """The tag of the contacts that ever had that number; the newest event may have moved on."""
    return f"contact_{kind}:{name}"
