"""Contacts, as they come in and go out."""

from typing import Annotated, Literal

import msgspec
from pydantic import Field, StringConstraints

from api.fields import (
    Account,
    CountryCode,
    Digest,
    In,
    Label,
    Out,
    Percent,
    Search,
    Text,
    VatCategory,
)
from api.listing import Asked, AskedPage
from api.models.parties import Address, Email, ExternalId, Identifier
from domain.parties.contact import Contact, ContactDetails
from domain.parties.particulars import AddressUse, ContactLanguage, ContactRole, PartyNature
from domain.sales.terms import PaymentMeans
from domain.values.identifiers import compact
from domain.values.language import Language
from domain.values.quantity import shortest
from projections.contacts_view import COLUMNS, ContactFilter, Shown

Phone = Annotated[
    str, StringConstraints(strict=True, max_length=32, pattern=r"^(\+?[0-9][0-9 ().\-/]{2,30})?$")
]
Code = Annotated[str, StringConstraints(strict=True, max_length=20, pattern=r"^[0-9A-Za-z._-]*$")]
Sort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(COLUMNS)})$")]
Roles = Annotated[list[ContactRole], Field(min_length=1, max_length=3)]


class LinkedAddress(In):
    """One more address of a contact."""

    use: AddressUse = Field(description="What it is used for.")
    address: Address = Field(description="Where that is.")
    label: Text = Field(default="", description="What tells it from others of the same use.")


class BankAccount(In):
    """An account of a contact; kept sealed."""

    iban: Identifier = Field(description="IBAN.")
    bic: Identifier = Field(default="", description="BIC, or empty: within SEPA none is needed.")


class AccountingData(In):
    """How a contact is booked; empty accounts: the article's, or the company's."""

    auxiliary: Code = Field(default="", description="Auxiliary account, once per company.")
    sales_account: Account | Literal[""] = Field(default="", description="Account of its sales.")
    purchase_account: Account | Literal[""] = Field(
        default="", description="Account of its purchases."
    )
    vat_on_debits: bool = Field(
        default=False,
        description="Whether it opted to owe VAT on services as it invoices them: then VAT on its "
        "bills is deductible at once, else once they are paid (France).",
    )


class AssignedTemplates(In):
    """The templates of a contact's documents; empty: the company's."""

    quote: Code = Field(default="", description="Of quotes.")
    invoice: Code = Field(default="", description="Of invoices.")
    reminder: Code = Field(default="", description="Of reminders.")


class ContactIn(In):
    """A customer, a supplier, a partner, or several of them."""

    name: Label = Field(description="Name.")
    roles: Roles = Field(description="What it is to the company.")
    address: Address = Field(description="Where it is.")
    nature: PartyNature = Field(
        default="company", description="A business, a private person or a public body."
    )
    registration: Identifier = Field(default="", description="SIREN, SIRET or enterprise number.")
    vat_number: Identifier = Field(default="", description="VAT number with its prefix.")
    email: Email = Field(default="", description="Where documents are sent; kept sealed.")
    phone: Phone = Field(default="", description="Telephone number; kept sealed.")
    language: ContactLanguage = Field(
        default="", description="Of its documents; empty: the company's."
    )
    addresses: Annotated[list[LinkedAddress], Field(max_length=50)] = Field(
        default=[], description="Further addresses."
    )
    bank_accounts: Annotated[list[BankAccount], Field(max_length=20)] = Field(
        default=[], description="Bank accounts; kept sealed."
    )
    accounting: AccountingData = Field(default=AccountingData(), description="How it is booked.")
    templates: AssignedTemplates = Field(
        default=AssignedTemplates(), description="Templates of its documents."
    )
    vat_category: VatCategory | Literal[""] = Field(
        default="", description="VAT category of its lines; empty: the article's."
    )
    vat_rate: Percent | Literal[""] = Field(
        default="", description="VAT rate of its lines; empty: the article's."
    )
    vat_code: Code = Field(default="", description="The country's own VAT code of its lines.")
    payment_days: Annotated[int, Field(strict=True, ge=0, le=365)] = Field(
        default=30, description="Days from issue to due date."
    )
    end_of_month: Annotated[bool, Field(strict=True)] = Field(
        default=False, description="Then to the end of that month."
    )
    day_of_month: Annotated[int, Field(strict=True, ge=0, le=31)] = Field(
        default=0, description="Then to the next such day of a month; 0: none."
    )
    payment_means: PaymentMeans = Field(default="transfer", description="How it pays or is paid.")
    external_id: ExternalId = Field(default="", description="Your own id, once per company.")

    def details(self) -> ContactDetails:
        """The contact as the domain takes it."""
        return msgspec.convert(self.model_dump(), ContactDetails)


class ContactOut(Out):
    """A customer, a supplier, a partner, or several of them."""

    id: str = Field(description="The contact's id.")
    archived: bool = Field(description="Whether it was put away.")
    name: str = Field(description="Name.")
    roles: list[str] = Field(description="What it is to the company.")
    address: Address = Field(description="Where it is.")
    nature: str = Field(description="`company`, `private` or `public`.")
    registration: str = Field(description="SIREN, SIRET or enterprise number, or empty.")
    vat_number: str = Field(description="VAT number, or empty.")
    email: str = Field(description="Where documents are sent, or empty.")
    phone: str = Field(description="Telephone number, or empty.")
    language: str = Field(description="Of its documents, or empty.")
    addresses: list[LinkedAddress] = Field(description="Further addresses.")
    bank_accounts: list[BankAccount] = Field(description="Bank accounts.")
    accounting: AccountingData = Field(description="How it is booked.")
    templates: AssignedTemplates = Field(description="Templates of its documents.")
    vat_category: str = Field(description="VAT category of its lines, or empty.")
    vat_rate: str = Field(description="VAT rate of its lines, or empty.")
    vat_code: str = Field(description="VAT code of its lines, or empty.")
    payment_days: int = Field(description="Days from issue to due date.")
    end_of_month: bool = Field(description="Then to the end of that month.")
    day_of_month: int = Field(description="Then to the next such day of a month; 0: none.")
    payment_means: str = Field(description="How it pays or is paid.")
    external_id: str = Field(description="Your own id, or empty.")

    @classmethod
    def of(cls, contact: Contact) -> "ContactOut":
        """A contact of the book."""
        details = msgspec.to_builtins(contact.details)
        return cls(id=contact.contact_id, archived=contact.archived, **details)


class ContactsAsked(Asked):
    """Which contacts."""

    role: ContactRole | None = Field(default=None, description="Of this kind.")
    nature: PartyNature | None = Field(
        default=None, description="Businesses, private persons or public bodies."
    )
    shown: Shown = Field(default="active", description="In use, put away, or both.")
    country: CountryCode | None = Field(default=None, description="In this country.")
    language: Language | None = Field(default=None, description="Written to in this language.")
    registration: Identifier | None = Field(
        default=None, description="With this SIREN, SIRET or enterprise number."
    )
    vat_number: Identifier | None = Field(default=None, description="With this VAT number.")
    vat_category: VatCategory | None = Field(default=None, description="With this VAT category.")
    vat_rate: Percent | None = Field(default=None, description="With this VAT rate of its own.")
    payment_means: PaymentMeans | None = Field(default=None, description="Paying by this means.")
    account: Code | None = Field(
        default=None, description="With this auxiliary account or account of its own."
    )
    external_id: ExternalId | None = Field(default=None, description="With this id of yours.")
    file: Digest | None = Field(default=None, description="Last imported from this file.")
    q: Search | None = Field(
        default=None, description="Words in name, numbers and addresses, accents aside."
    )

    def wanted(self) -> ContactFilter:
        """The filter of the register."""
        asked = {name: getattr(self, name) for name in ContactFilter.__struct_fields__}
        for name in ("registration", "vat_number"):
            asked[name] = None if asked[name] is None else compact(asked[name])
        asked["vat_rate"] = None if self.vat_rate is None else shortest(self.vat_rate)
        return ContactFilter(**asked)


class ContactsAskedPage(ContactsAsked, AskedPage):
    """Which contacts, in which order."""

    sort: Sort = Field(default="name", description="Any column; `-` descends.")


class ContactsFound(Out):
    """The contacts that a number names: one, or none."""

    data: list[ContactOut] = Field(description="The contacts.")


class ContactsLeaving(ContactsAsked):
    """Which contacts leave as a file, in which order; `shown=all` is everything there is."""

    sort: Sort = Field(default="name", description="Any column; `-` descends.")
    format: Literal["csv", "xlsx"] = Field(default="csv", description="Which kind of file.")
