"""Contacts are introduced, changed, put away and taken back: what they say is checked here."""

import re

from msgspec.structs import replace

from domain.book.event import Decision
from domain.book.refusal import Refused, judge, words
from domain.imports.source import ImportSource
from domain.ledger.chart import is_account
from domain.parties.contact import (
    Contact,
    ContactArchived,
    ContactChanged,
    ContactCreated,
    ContactDetails,
    ContactIsArchived,
    ContactIsUnknown,
    ContactRestored,
    ExternalIdIsTaken,
)
from domain.parties.particulars import BankAccount
from domain.values import faults, identifiers
from domain.values.quantity import is_percent, shortest
from domain.values.text import tidy

_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}", re.ASCII)
_PHONE = re.compile(r"\+?[0-9][0-9 ().\-/]{2,30}", re.ASCII)
_AUXILIARY = re.compile(r"[0-9A-Za-z._-]{1,20}", re.ASCII)
_CODE = re.compile(r"[0-9A-Za-z._-]{1,20}", re.ASCII)
MOST_ADDRESSES = 50
MOST_BANK_ACCOUNTS = 20


class ContactIsIncomplete(Refused, frozen=True, kw_only=True):
    """A contact's role, country, mail address, telephone, VAT or terms cannot be right."""

    code = "contact_incomplete"
    rule = "M4"
    text = words(
        en="{pointer} of the contact is missing or cannot be right.",
        fr="{pointer} du contact manque ou ne peut être exact.",
        nl="{pointer} van het contact ontbreekt of kan niet juist zijn.",
    )


class AuxiliaryIsTaken(Refused, frozen=True, kw_only=True):
    """Another contact is booked under that auxiliary account."""

    code = "auxiliary_taken"
    rule = "M4"
    text = words(
        en="Auxiliary account {auxiliary} belongs to {holder}.",
        fr="Le compte auxiliaire {auxiliary} appartient à {holder}.",
        nl="Hulprekening {auxiliary} behoort toe aan {holder}.",
    )

    auxiliary: str
    holder: str


def create(
    contact_id: str,
    details: ContactDetails,
    namesake: Contact | None,
    same_auxiliary: Contact | None = None,
    *,
    source: ImportSource | None = None,
) -> Decision:
    """Makes a contact known; `namesake` is who carries the same external id, if anybody.

    `same_auxiliary` is who is booked under the same auxiliary account, `source` the imported line.
    """
    decided = _settle(contact_id, details, namesake, same_auxiliary)
    if isinstance(decided, Refused):
        return decided
    return [ContactCreated(contact_id=contact_id, details=decided, source=source)]


def change(
    contact: Contact | None,
    contact_id: str,
    details: ContactDetails,
    namesake: Contact | None,
    same_auxiliary: Contact | None = None,
    *,
    source: ImportSource | None = None,
) -> Decision:
    """Replaces a contact's details, whole; nothing happens when they say what is known.

    `contact` comes with its personal fields opened.
    """
    if contact is None:
        return ContactIsUnknown(contact_id=contact_id)
    if contact.archived:
        return ContactIsArchived(name=contact.details.name, position=contact.position)
    decided = _settle(contact_id, details, namesake, same_auxiliary)
    if isinstance(decided, Refused):
        return decided
    if decided == contact.details:
        return []
    return [ContactChanged(contact_id=contact_id, details=decided, source=source)]


def archive(contact: Contact | None, contact_id: str) -> Decision:
    """Puts a contact away; nothing happens when it is. It comes with its personal fields."""
    if contact is None:
        return ContactIsUnknown(contact_id=contact_id)
    if contact.archived:
        return []
    return [ContactArchived(contact_id=contact_id, details=contact.details)]


def restore(contact: Contact | None, contact_id: str) -> Decision:
    """Takes a contact back into use; nothing happens when it is. Personal fields come along."""
    if contact is None:
        return ContactIsUnknown(contact_id=contact_id)
    if not contact.archived:
        return []
    return [ContactRestored(contact_id=contact_id, details=contact.details)]


def canonical(details: ContactDetails) -> ContactDetails:
    """The details tidied, and their numbers written in the one way they are found again by."""
    details = tidy(details)
    registration = identifiers.compact(details.registration)
    if details.address.country == "BE" and registration:
        registration = identifiers.kbo(registration) or registration
    vat = identifiers.vat_number(details.vat_number) if details.vat_number else ""
    return replace(
        details,
        roles=tuple(dict.fromkeys(details.roles)),
        registration=registration,
        vat_number=details.vat_number if vat is None else vat,
        vat_rate=shortest(details.vat_rate),
        bank_accounts=tuple(
            BankAccount(iban=identifiers.compact(one.iban), bic=identifiers.compact(one.bic))
            for one in details.bank_accounts
        ),
    )


def _settle(
    contact_id: str,
    details: ContactDetails,
    namesake: Contact | None,
    same_auxiliary: Contact | None,
) -> ContactDetails | Refused:
    details = canonical(details)
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
    if same_auxiliary is not None and same_auxiliary.contact_id != contact_id:
        return AuxiliaryIsTaken(
            auxiliary=details.accounting.auxiliary,
            holder=same_auxiliary.contact_id,
            position=same_auxiliary.position,
            pointer="/accounting/auxiliary",
        )
    return details


def _described(details: ContactDetails) -> Refused | None:
    return faults.unreadable(details) or faults.missing(details.name, "/name")


def _complete(details: ContactDetails) -> Refused | None:
    accounting = details.accounting
    sound = {
        "/roles": bool(details.roles),
        "/address/country": _COUNTRY.fullmatch(details.address.country) is not None,
        "/email": not details.email or _EMAIL.fullmatch(details.email) is not None,
        "/phone": not details.phone or _PHONE.fullmatch(details.phone) is not None,
        "/addresses": len(details.addresses) <= MOST_ADDRESSES,
        "/bank_accounts": len(details.bank_accounts) <= MOST_BANK_ACCOUNTS,
        "/vat_rate": is_percent(details.vat_rate)
        or (not details.vat_rate and not details.vat_category),
        "/vat_code": not details.vat_code or _CODE.fullmatch(details.vat_code) is not None,
        "/payment_days": replace(details.terms, day_of_month=0).is_possible,
        "/day_of_month": replace(details.terms, days=0).is_possible,
        "/accounting/auxiliary": not accounting.auxiliary
        or _AUXILIARY.fullmatch(accounting.auxiliary) is not None,
    }
    wrong = next((pointer for pointer, right in sound.items() if not right), None)
    return None if wrong is None else ContactIsIncomplete(pointer=wrong)


def _reachable(details: ContactDetails) -> Refused | None:
    """Its further addresses have a country too."""
    for index, linked in enumerate(details.addresses):
        if _COUNTRY.fullmatch(linked.address.country) is None:
            return ContactIsIncomplete(pointer=f"/addresses/{index}/address/country")
    return None


def _booked(details: ContactDetails) -> Refused | None:
    """The accounts that go before the company's are accounts."""
    accounting = details.accounting
    for name in accounting.__struct_fields__:
        account = getattr(accounting, name)
        if name.endswith("_account") and account and not is_account(account):
            return ContactIsIncomplete(pointer=f"/accounting/{name}")
    return None


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
    for index, account in enumerate(details.bank_accounts):
        if identifiers.iban(account.iban) is None:
            return faults.IdentifierIsWrong(kind="IBAN", pointer=f"/bank_accounts/{index}/iban")
        if account.bic and identifiers.bic(account.bic) is None:
            return faults.IdentifierIsWrong(kind="BIC", pointer=f"/bank_accounts/{index}/bic")
    return None


CONTACT_RULES = (_described, _complete, _reachable, _booked, _registered, _taxed, _banked)
