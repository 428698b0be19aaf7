"""Describing the company again: what moved or changed, checked as at the opening of the book."""

import re

from msgspec import Struct

from domain.book.event import Decision
from domain.book.refusal import Refused, judge, words
from domain.countries.atlas import RULES
from domain.countries.country import VatRegime
from domain.parties.company import Address, BookIsNotOpen, Company, CompanyChanged, Profile
from domain.parties.opening import IDENTITY_RULES, NewCompany
from domain.values import faults, identifiers
from domain.values.text import tidy

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}", re.ASCII)
_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?", re.ASCII)
_WEBSITE = re.compile(r"[^\s<>\"']{1,200}")


class Description(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a company says about itself; its country and registration never change."""

    name: str
    address: Address
    legal_form: str = ""
    vat_number: str = ""
    vat_regime: VatRegime = "normal"
    ibans: tuple[str, ...] = ()
    profile: Profile = Profile()


class ProfileIsWrong(Refused, frozen=True, kw_only=True):
    """A part of the profile cannot be right: capital, mail address, BIC, website or logo."""

    code = "profile_wrong"
    rule = "R123-237"
    text = words(
        en="{pointer} cannot be right.",
        fr="{pointer} ne peut être exact.",
        nl="{pointer} kan niet juist zijn.",
    )


def describe(company: Company | None, new: Description) -> Decision:
    """Replaces what the company says about itself; issued documents keep what they printed."""
    if company is None:
        return BookIsNotOpen()
    new = tidy(new)
    refused = (
        judge(IDENTITY_RULES, _as_opened(company, new), RULES[company.country])
        or _wrong_profile(new.profile)
        or faults.unreadable(new)
    )
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
    )


def _wrong_profile(profile: Profile) -> ProfileIsWrong | None:
    sound = {
        "capital": profile.capital is None or 0 <= profile.capital <= 10**15,
        "email": not profile.email or _EMAIL.fullmatch(profile.email) is not None,
        "bic": not profile.bic or _BIC.fullmatch(profile.bic) is not None,
        "website": not profile.website or _WEBSITE.fullmatch(profile.website) is not None,
        "logo": not profile.logo or _DIGEST.fullmatch(profile.logo) is not None,
    }
    wrong = next((name for name, right in sound.items() if not right), None)
    return None if wrong is None else ProfileIsWrong(pointer=f"/profile/{wrong}")
