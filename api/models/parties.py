"""Companies, as they come in and go out, and what contacts share with them."""

from typing import Annotated, Literal

import msgspec
from pydantic import Field, StringConstraints

from api.fields import Account, CountryCode, Currency, In, JournalCode, Label, Out, Text
from api.ids import company_id
from domain.countries.buyer_number import CompanySize
from domain.ledger.chart import AccountRole, JournalKind
from domain.parties.company import Company
from domain.parties.describing import Description
from domain.parties.opening import NewCompany

Identifier = Annotated[
    str, StringConstraints(strict=True, max_length=40, pattern=r"^[0-9A-Za-z ./\u00a0\u202f-]*$")
]
ExternalId = Annotated[str, StringConstraints(strict=True, max_length=100, pattern=r"^[!-~]*$")]
Email = Annotated[
    str, StringConstraints(strict=True, max_length=254, pattern=r"^([^@\s]+@[^@\s]+)?$")
]
Ibans = Annotated[list[Identifier], Field(max_length=20)]
VatRegime = Literal["normal", "simplified", "franchise"]
SIZE = "`large` beyond small and medium enterprises; some duties of invoices begin by size."


class Address(In):
    """Where somebody is."""

    street: Text = Field(default="", description="Street and number.")
    postal_code: Text = Field(default="", description="Postal code.")
    city: Text = Field(default="", description="City.")
    country: CountryCode = Field(description="ISO 3166-1 alpha-2 code.")


class Journal(In):
    """A journal that entries are written in."""

    code: JournalCode = Field(description="Short code, in capitals.")
    kind: JournalKind = Field(description="What it is for.")
    label: Label = Field(description="Its name.")
    account: Account | Literal[""] = Field(
        default="", description="The account of a bank journal; empty: the company's bank account."
    )


class Profile(In):
    """What documents print about the company beside its numbers."""

    trade_name: Text = Field(default="", description="Trade name, where it is another.")
    capital: Annotated[int, Field(strict=True, ge=0, le=10**15)] | None = Field(
        default=None, description="Share capital in minor units, or null."
    )
    registry: Text = Field(default="", description="Such as `RCS Paris` or `RPM Liège`.")
    email: Email = Field(default="", description="Mail address.")
    phone: Text = Field(default="", description="Telephone.")
    website: Text = Field(default="", description="Web address.")
    bic: Text = Field(default="", description="BIC of the first bank account.")
    logo: Text = Field(default="", description="SHA-256 (hex) of a kept PNG, JPEG or SVG file.")
    language: Literal["fr", "nl", "en"] = Field(default="fr", description="Its own language.")
    terms: Text = Field(default="", description="Words about late payment and discounts.")


class DescriptionIn(In):
    """What a company says about itself; its country and registration never change."""

    name: Label = Field(description="Legal name.")
    address: Address = Field(description="Registered office.")
    legal_form: Text = Field(default="", description="Legal form, such as SARL or SRL.")
    vat_number: Identifier = Field(default="", description="VAT number with its prefix.")
    vat_regime: VatRegime = Field(default="normal", description="How it declares VAT.")
    ibans: Ibans = Field(default=[], description="Bank accounts printed on documents.")
    profile: Profile = Field(default=Profile(), description="What documents print beside.")
    size: CompanySize = Field(default="small", description=SIZE)

    def new(self) -> Description:
        """The description as the domain takes it."""
        return msgspec.convert(self.model_dump(), Description)


class OptionIn(In):
    """Whether an option is on."""

    on: bool = Field(description="Switched on, or off.")


class NewCompanyIn(In):
    """A company that opens its book."""

    name: Label = Field(description="Legal name.")
    country: Literal["FR", "BE"] = Field(description="Whose rules hold.")
    address: Address = Field(description="Registered office.")
    registration: Identifier = Field(description="SIREN or SIRET (FR), enterprise number (BE).")
    legal_form: Text = Field(default="", description="Legal form, such as SARL or SRL.")
    establishment: Identifier = Field(default="", description="SIRET, where it is another.")
    vat_number: Identifier = Field(default="", description="VAT number with its prefix.")
    vat_regime: VatRegime = Field(default="normal", description="How it declares VAT.")
    ibans: Ibans = Field(default=[], description="Bank accounts printed on documents.")
    fiscal_year_start_month: Annotated[int, Field(strict=True, ge=1, le=12)] = Field(
        default=1, description="First month of the fiscal year."
    )
    accounts: dict[AccountRole, Account] = Field(
        default={}, description="Accounts by role that differ from the country's chart."
    )
    journals: Annotated[list[Journal], Field(max_length=100)] = Field(
        default=[], description="All journals; empty: the country's usual ones."
    )
    profile: Profile = Field(default=Profile(), description="What documents print beside.")
    size: CompanySize = Field(default="small", description=SIZE)

    def new(self) -> NewCompany:
        """The company as the domain takes it."""
        return msgspec.convert(self.model_dump(), NewCompany)


class CompanyOut(Out):
    """A company."""

    id: str = Field(description="The company's id.")
    name: str = Field(description="Legal name.")
    country: str = Field(description="Whose rules hold.")
    legal_form: str = Field(description="Legal form.")
    registration: str = Field(description="SIREN (FR) or enterprise number (BE).")
    establishment: str = Field(description="SIRET, or empty.")
    vat_number: str = Field(description="VAT number, or empty.")
    vat_regime: str = Field(description="How it declares VAT.")
    address: Address = Field(description="Registered office.")
    ibans: list[str] = Field(description="Bank accounts printed on documents.")
    currency: Currency = Field(description="The currency of the books.")
    time_zone: str = Field(description="Whose civil day is the legal day.")
    fiscal_year_start_month: int = Field(description="First month of the fiscal year.")
    accounts: dict[str, str] = Field(description="Account by role.")
    journals: list[Journal] = Field(description="The journals.")
    options: list[str] = Field(description="What is switched on.")
    profile: Profile = Field(description="What documents print beside.")
    size: CompanySize = Field(description=SIZE)

    @classmethod
    def of(cls, book_id: str, company: Company) -> "CompanyOut":
        """The company of a book."""
        fields = msgspec.to_builtins(company, builtin_types=())
        fields["options"] = sorted(company.options)
        fields["accounts"] = dict(sorted(fields["accounts"].items()))
        kept = {name: fields[name] for name in cls.model_fields if name != "id"}
        return cls(id=company_id(book_id), **kept)


class AccountIn(In):
    """The account that a role has from now on."""

    account: Account = Field(description="Three to eight digits.")
