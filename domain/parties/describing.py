"""Describing the company again: what moved or changed, checked as at the opening of the book."""

from msgspec import Struct

from domain.book.event import Decision
from domain.book.refusal import judge
from domain.countries.atlas import RULES
from domain.countries.buyer_number import CompanySize
from domain.countries.country import VatRegime
from domain.parties.company import Address, BookIsNotOpen, Company, CompanyChanged, Profile
from domain.parties.opening import IDENTITY_RULES, NewCompany
from domain.values import faults, identifiers
from domain.values.text import tidy


class Description(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a company says about itself; its country and registration never change."""

    name: str
    address: Address
    legal_form: str = ""
    vat_number: str = ""
    vat_regime: VatRegime = "normal"
    ibans: tuple[str, ...] = ()
    profile: Profile = Profile()
    size: CompanySize = "small"


def describe(company: Company | None, new: Description) -> Decision:
    """Replaces what the company says about itself; issued documents keep what they printed."""
    if company is None:
        return BookIsNotOpen()
    new = tidy(new)
    refused = judge(
        IDENTITY_RULES, _as_opened(company, new), RULES[company.country]
    ) or faults.unreadable(new)
    if refused is not None:
        return refused
    changed = CompanyChanged(
        name=new.name,
        legal_form=new.legal_form,
        vat_number=identifiers.vat_number(new.vat_number) or "",
        vat_regime=new.vat_regime,
        address=new.address,
        ibans=tuple(identifiers.compact(iban) for iban in new.ibans),
        profile=new.profile,
        size=new.size,
    )
    said = {name: getattr(company, name) for name in changed.__struct_fields__}
    return [] if CompanyChanged(**said) == changed else [changed]


def _as_opened(company: Company, new: Description) -> NewCompany:
    return NewCompany(
        name=new.name,
        country=company.country,
        address=new.address,
        registration=company.registration,
        legal_form=new.legal_form,
        establishment=company.establishment,
        vat_number=new.vat_number,
        vat_regime=new.vat_regime,
        ibans=new.ibans,
        profile=new.profile,
    )
