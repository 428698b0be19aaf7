"""Opening a book: what a company says about itself, checked before its first event."""

from msgspec import Struct

from domain.book.event import Decision
from domain.book.refusal import Refused, judge, words
from domain.countries.atlas import RULES
from domain.countries.buyer_number import CompanySize
from domain.countries.country import Country, CountryRules, VatRegime
from domain.ledger.chart import (
    REQUIRED_KINDS,
    ROLES,
    AccountRole,
    Journal,
    is_account,
    is_journal_code,
)
from domain.parties.company import (
    Address,
    BookIsOpen,
    Company,
    CompanyOpened,
    Profile,
    wrong_account,
)
from domain.parties.profile import wrong_profile
from domain.values import faults, identifiers
from domain.values.text import tidy

RESERVED_CODES = ("FA", "AV", "DE", "DA", "BC", "BL", "IR")
"""Codes of the series of documents: a journal of that name would share their numbers."""


class NewCompany(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A company as it introduces itself; empty means unknown or the country's default.

    `registration` is a SIREN (a SIRET also fills `establishment`) or a KBO number. `accounts`
    overrides single roles; `journals` replaces the country's journals, whole.
    """

    name: str
    country: Country
    address: Address
    registration: str
    legal_form: str = ""
    establishment: str = ""
    vat_number: str = ""
    vat_regime: VatRegime = "normal"
    ibans: tuple[str, ...] = ()
    fiscal_year_start_month: int = 1
    accounts: dict[AccountRole, str] = {}
    journals: tuple[Journal, ...] = ()
    profile: Profile = Profile()
    size: CompanySize = "small"


class VatNumberIsMissing(Refused, frozen=True, kw_only=True):
    """A company outside the franchise charges VAT and has no VAT number."""

    code = "vat_number_missing"
    rule = "242-nonies-A"
    text = words(
        en="A company that charges VAT must give its VAT number.",
        fr="Une société qui facture la TVA doit donner son numéro de TVA.",
        nl="Een onderneming die btw aanrekent moet haar btw-nummer geven.",
    )


class JournalsAreWrong(Refused, frozen=True, kw_only=True):
    """A journal is malformed, doubled or reserved, or a kind of journal is missing."""

    code = "journals_wrong"
    rule = "C12"
    text = words(
        en="The journals are wrong at {journal}: one or more of each kind, codes once, "
        "capitals and digits, no code of documents.",
        fr="Les journaux sont erronés ({journal}) : au moins un de chaque type, codes uniques, "
        "majuscules et chiffres, aucun code de documents.",
        nl="De dagboeken zijn fout bij {journal}: minstens één van elk type, unieke codes, "
        "hoofdletters en cijfers, geen code van documenten.",
    )

    journal: str


class FiscalYearIsWrong(Refused, frozen=True, kw_only=True):
    """A fiscal year begins in a month from 1 to 12."""

    code = "fiscal_year_wrong"
    rule = "M15"
    text = words(
        en="A fiscal year begins in a month from 1 to 12, not {month}.",
        fr="Un exercice commence un mois de 1 à 12, pas {month}.",
        nl="Een boekjaar begint in een maand van 1 tot 12, niet {month}.",
    )

    month: int


def open_book(company: Company | None, new: NewCompany) -> Decision:
    """Opens the book of a French or Belgian company with its checked numbers and its accounts."""
    if company is not None:
        return BookIsOpen(name=company.name, position=company.position)
    new = tidy(new)
    rules = RULES[new.country]
    refused = judge(OPENING_RULES, new, rules)
    if refused is not None:
        return refused
    return [
        CompanyOpened(
            name=new.name,
            country=new.country,
            legal_form=new.legal_form,
            registration=registration_of(new) or "",
            establishment=_establishment(new),
            vat_number=identifiers.vat_number(new.vat_number) or "",
            vat_regime=new.vat_regime,
            address=new.address,
            ibans=tuple(identifiers.compact(iban) for iban in new.ibans),
            currency=rules.currency,
            time_zone=rules.time_zone,
            fiscal_year_start_month=new.fiscal_year_start_month,
            accounts={**rules.accounts, **new.accounts},
            journals=new.journals or rules.journals,
            profile=new.profile,
            size=new.size,
        )
    ]


def _named(new: NewCompany, _: CountryRules) -> Refused | None:
    return (
        faults.unreadable(new)
        or faults.missing(new.name, "/name")
        or faults.missing(new.address.street, "/address/street")
        or faults.missing(new.address.city, "/address/city")
    )


def _registered(new: NewCompany, _: CountryRules) -> Refused | None:
    if registration_of(new) is not None:
        return None
    kind = "SIREN" if new.country == "FR" else "KBO"
    return faults.IdentifierIsWrong(kind=kind, pointer="/registration")


def _established(new: NewCompany, _: CountryRules) -> Refused | None:
    if not new.establishment or new.country != "FR":
        return None
    siret = identifiers.siret(new.establishment)
    registration = registration_of(new) or ""
    if siret is None:
        return faults.IdentifierIsWrong(kind="SIRET", pointer="/establishment")
    if not siret.startswith(registration):
        return faults.IdentifiersDisagree(
            kind="SIRET", registration=registration, pointer="/establishment"
        )
    return None


def _taxed(new: NewCompany, _: CountryRules) -> Refused | None:
    if not new.vat_number:
        franchise = new.vat_regime == "franchise"
        return None if franchise else VatNumberIsMissing(pointer="/vat_number")
    vat = identifiers.vat_number(new.vat_number)
    if vat is None or not vat.startswith(new.country):
        return faults.IdentifierIsWrong(kind="VAT", pointer="/vat_number")
    registration = registration_of(new) or ""
    if not identifiers.agrees(vat, registration):
        return faults.IdentifiersDisagree(
            kind="VAT", registration=registration, pointer="/vat_number"
        )
    return None


def _banked(new: NewCompany, _: CountryRules) -> Refused | None:
    for index, iban in enumerate(new.ibans):
        if identifiers.iban(iban) is None:
            return faults.IdentifierIsWrong(kind="IBAN", pointer=f"/ibans/{index}")
    return None


def _with_accounts(new: NewCompany, rules: CountryRules) -> Refused | None:
    accounts = {**rules.accounts, **new.accounts}
    refusals = (wrong_account(accounts, role, accounts[role]) for role in ROLES)
    return next((refused for refused in refusals if refused is not None), None)


def _with_journals(new: NewCompany, rules: CountryRules) -> Refused | None:
    journals = new.journals or rules.journals
    codes = [journal.code for journal in journals]
    for index, journal in enumerate(journals):
        sound = (
            is_journal_code(journal.code)
            and journal.code not in RESERVED_CODES
            and codes.count(journal.code) == 1
            and (not journal.account or is_account(journal.account))
        )
        if not sound:
            return JournalsAreWrong(journal=journal.code[:20], pointer=f"/journals/{index}")
    kinds = {journal.kind for journal in journals}
    lacking = next((kind for kind in REQUIRED_KINDS if kind not in kinds), None)
    return None if lacking is None else JournalsAreWrong(journal=lacking, pointer="/journals")


def _with_fiscal_year(new: NewCompany, _: CountryRules) -> Refused | None:
    month = new.fiscal_year_start_month
    if 1 <= month <= 12:
        return None
    return FiscalYearIsWrong(month=month, pointer="/fiscal_year_start_month")


def _profiled(new: NewCompany, _: CountryRules) -> Refused | None:
    return wrong_profile(new.profile)


IDENTITY_RULES = (_named, _registered, _established, _taxed, _banked, _profiled)
"""The rules that hold whenever a company says who it is, not at the opening alone."""

OPENING_RULES = (
    *IDENTITY_RULES,
    _with_accounts,
    _with_journals,
    _with_fiscal_year,
)


def registration_of(new: NewCompany) -> str | None:
    """The SIREN or KBO number; a SIRET stands for the SIREN it begins with."""
    if new.country == "BE":
        return identifiers.kbo(new.registration)
    siret = identifiers.siret(new.registration)
    return siret[:9] if siret is not None else identifiers.siren(new.registration)


def _establishment(new: NewCompany) -> str:
    """The SIRET where one was given; a Belgian establishment number is kept as written."""
    if new.country == "BE":
        return new.establishment
    return identifiers.siret(new.establishment or new.registration) or ""
