"""The company whose book it is: identity, VAT regime, accounts by role, journals."""

from datetime import date
from typing import ClassVar, Literal

from msgspec import Struct

from domain.book.event import Event

COMPANY_TAG = "company"

Country = Literal["FR", "BE"]
VatRegime = Literal["normal", "simplified", "franchise"]
JournalKind = Literal["sale", "purchase", "bank", "miscellaneous"]
AccountRole = Literal[
    "customers",
    "suppliers",
    "deposits_received",
    "vat_collected",
    "vat_deductible",
    "sales",
    "purchases",
    "bank",
    "suspense",
]


class Address(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where somebody is; `country` is ISO 3166-1 alpha-2."""

    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str


class Journal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A journal: its short code, what it is for, and the account that stands for it (bank)."""

    code: str
    kind: JournalKind
    label: str
    account: str = ""


class CompanyOpened(Event, frozen=True, kw_only=True):
    """A company opens its book: the first event of every book."""

    stored_as: ClassVar[str] = "company.opened.v1"

    name: str
    country: Country
    legal_form: str
    registration: str
    establishment: str
    vat_number: str
    vat_regime: VatRegime
    address: Address
    ibans: tuple[str, ...]
    currency: str
    time_zone: str
    fiscal_year_start_month: int
    accounts: dict[AccountRole, str]
    journals: tuple[Journal, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        return (COMPANY_TAG,)


class AccountMapped(Event, frozen=True, kw_only=True):
    """A role (customers, sales…) is given another account from now on; past entries stay."""

    stored_as: ClassVar[str] = "company.account_mapped.v1"

    role: AccountRole
    account: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (COMPANY_TAG,)


class BooksSynchronised(Event, frozen=True, kw_only=True):
    """The accountant says up to which date miscellaneous entries are complete (C2, date 1)."""

    stored_as: ClassVar[str] = "company.books_synchronised.v1"

    entries_until: date

    @property
    def tags(self) -> tuple[str, ...]:
        return (COMPANY_TAG,)
