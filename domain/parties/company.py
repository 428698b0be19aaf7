"""The company whose book it is: identity, VAT regime, accounts by role, journals."""

from datetime import date
from typing import ClassVar, Literal

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.countries.atlas import RULES
from domain.countries.buyer_number import CompanySize
from domain.countries.country import Country, VatRegime
from domain.ledger.chart import (
    THIRD_PARTY_ROLES,
    AccountRole,
    Journal,
    JournalKind,
    is_account,
    may_serve_twice,
)
from domain.parties.optional import OPTIONS_AT_FIRST, Option

COMPANY_TAG = "company"
BOOKS_TAG = "books"


class Address(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where somebody is; `country` is ISO 3166-1 alpha-2."""

    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str


class Profile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What documents print about the company beside its numbers (C. com. R123-237, CSA 2:20).

    `capital` is in minor units, `registry` where it is registered ("RCS Paris", "RPM Liège"),
    `logo` the digest (hex) of a kept file, `terms` words about late payment and discounts.
    """

    trade_name: str = ""
    capital: int | None = None
    registry: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    bic: str = ""
    logo: str = ""
    language: Literal["fr", "nl", "en"] = "fr"
    terms: str = ""


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
    profile: Profile = Profile()
    size: CompanySize = "small"

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
    """The accountant says up to which date miscellaneous entries are complete (C2, date 1).

    It comes often, so it has a tag of its own: the company is loaded with every command.
    """

    stored_as: ClassVar[str] = "company.books_synchronised.v1"

    entries_until: date

    @property
    def tags(self) -> tuple[str, ...]:
        return (BOOKS_TAG,)


class CompanyChanged(Event, frozen=True, kw_only=True):
    """What the company says about itself, whole, from now on; issued documents keep theirs."""

    stored_as: ClassVar[str] = "company.changed.v1"

    name: str
    legal_form: str
    vat_number: str
    vat_regime: VatRegime
    address: Address
    ibans: tuple[str, ...]
    profile: Profile
    size: CompanySize = "small"

    @property
    def tags(self) -> tuple[str, ...]:
        return (COMPANY_TAG,)


class OptionSet(Event, frozen=True, kw_only=True):
    """A part of the product, or the option for VAT on debits, is switched on or off (M10, M46)."""

    stored_as: ClassVar[str] = "company.option_set.v1"

    option: Option
    on: bool

    @property
    def tags(self) -> tuple[str, ...]:
        return (COMPANY_TAG,)


class Company(Struct, frozen=True, kw_only=True):
    """The company as of now; `third_party` are all accounts ever kept per third party.

    `position` is the event that opened the book.
    """

    position: int
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
    third_party: frozenset[str]
    options: frozenset[Option] = OPTIONS_AT_FIRST
    profile: Profile = Profile()
    size: CompanySize = "small"

    def journal(self, kind: JournalKind, code: str = "") -> Journal | None:
        """The journal of that kind and code; without a code, the first of its kind."""
        fitting = (journal for journal in self.journals if journal.kind == kind)
        return next((journal for journal in fitting if code in ("", journal.code)), None)


class BookIsOpen(Refused, frozen=True, kw_only=True):
    """The book has its company already."""

    code = "book_open"
    rule = "C16"
    text = words(
        en="This book already belongs to {name}.",
        fr="Ce livre appartient déjà à {name}.",
        nl="Dit boek behoort al toe aan {name}.",
    )

    name: str


class BookIsNotOpen(Refused, frozen=True, kw_only=True):
    """The book has no company yet."""

    code = "book_not_open"
    rule = "C16"
    text = words(
        en="No company has opened this book yet.",
        fr="Aucune société n'a encore ouvert ce livre.",
        nl="Nog geen enkele onderneming heeft dit boek geopend.",
    )


class AccountIsWrong(Refused, frozen=True, kw_only=True):
    """An account number is malformed, or its account serves another role."""

    code = "account_wrong"
    rule = "M63"
    text = words(
        en="{account} cannot be the account for {role}: malformed, or used by another role.",
        fr="{account} ne peut être le compte {role} : malformé, ou déjà pris par un autre rôle.",
        nl="{account} kan niet de rekening voor {role} zijn: ongeldig of al in gebruik.",
    )

    account: str
    role: str


class JournalIsUnknown(Refused, frozen=True, kw_only=True):
    """The company has no journal of that code for that use."""

    code = "journal_unknown"
    rule = "C12"
    text = words(
        en="There is no {kind} journal {journal}: check the company's journals.",
        fr="Il n'y a pas de journal {journal} de type {kind} : vérifiez les journaux.",
        nl="Er is geen dagboek {journal} van het type {kind}: controleer de dagboeken.",
    )

    kind: str
    journal: str


def map_account(company: Company | None, role: AccountRole, account: str) -> Decision:
    """Gives a role another account; the entries of before keep theirs (M63)."""
    if company is None:
        return BookIsNotOpen()
    refused = wrong_account(company.accounts, role, account)
    if refused is not None:
        return refused
    if role not in THIRD_PARTY_ROLES and account in company.third_party:
        return AccountIsWrong(role=role, account=account, pointer="/account")
    return [AccountMapped(role=role, account=account)]


def synchronise(company: Company | None, entries_until: date) -> Decision:
    """Keeps up to which day the accountant's miscellaneous entries are complete (C2)."""
    if company is None:
        return BookIsNotOpen()
    return [BooksSynchronised(entries_until=entries_until)]


def wrong_account(
    accounts: dict[AccountRole, str], role: AccountRole, account: str
) -> Refused | None:
    """Refuses a malformed account, and one that another role has, except for income and charges."""
    taken = any(other != role and known == account for other, known in accounts.items())
    if is_account(account) and (not taken or may_serve_twice(account)):
        return None
    return AccountIsWrong(role=role, account=account[:20], pointer="/account")


def find_journal(company: Company, kind: JournalKind, code: str) -> Journal | JournalIsUnknown:
    """The journal to write in, or the refusal that names what is missing (C12)."""
    journal = company.journal(kind, code)
    if journal is None:
        return JournalIsUnknown(kind=kind, journal=code, pointer="/journal")
    return journal


def evolve(company: Company | None, fact: Recorded) -> Company | None:
    """The company after one more event of its tag."""
    match fact.event:
        case CompanyOpened() as opened:
            fields = {name: getattr(opened, name) for name in opened.__struct_fields__}
            # A book opened before a role existed has the country's account for it.
            accounts = {**RULES[opened.country].accounts, **opened.accounts}
            third_party = frozenset(accounts[role] for role in THIRD_PARTY_ROLES)
            known = {**fields, "accounts": accounts, "third_party": third_party}
            return Company(position=fact.position, **known)
        case AccountMapped(role=role, account=account) if company is not None:
            return _mapped(company, role, account)
        case CompanyChanged() as changed if company is not None:
            return replace(
                company, **{name: getattr(changed, name) for name in changed.__struct_fields__}
            )
        case OptionSet(option=option, on=on) if company is not None:
            others = company.options - {option}
            return replace(company, options=others | {option} if on else others)
    return company


def _mapped(company: Company, role: AccountRole, account: str) -> Company:
    added = {account} if role in THIRD_PARTY_ROLES else set()
    return replace(
        company,
        accounts={**company.accounts, role: account},
        third_party=company.third_party | added,
    )
