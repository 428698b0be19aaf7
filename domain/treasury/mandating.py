"""Mandates are signed and taken back: what they say is checked here (M42)."""

import re
from datetime import date

from msgspec import Struct

from domain.book.event import Decision, Recorded
from domain.book.refusal import Refused, words
from domain.parties.contact import Contact, usable
from domain.parties.particulars import BankAccount
from domain.treasury.collection import Scheme
from domain.treasury.mandate import Mandate, MandateRevoked, MandateSigned, reference_of
from domain.treasury.payment import DateIsInFuture
from domain.values import faults, identifiers
from domain.values.text import tidy

_REFERENCE = re.compile(r"[A-Za-z0-9+?/:().,'\-]{1,35}", re.ASCII)


class NewMandate(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mandate as it was signed; without a reference (RUM) it is given one."""

    contact_id: str
    iban: str
    signed_on: date
    bic: str = ""
    scheme: Scheme = "CORE"
    reference: str = ""


class MandateIsUnknown(Refused, frozen=True, kw_only=True):
    """No mandate has that id in this book."""

    code = "mandate_unknown"
    rule = "M42"
    text = words(
        en="There is no mandate {mandate_id}.",
        fr="Il n'y a pas de mandat {mandate_id}.",
        nl="Er is geen mandaat {mandate_id}.",
    )

    mandate_id: str


class MandateIsWrong(Refused, frozen=True, kw_only=True):
    """A reference has other characters or is longer than 35; B2B is for professionals only."""

    code = "mandate_wrong"
    rule = "M42"
    text = words(
        en="{pointer} of the mandate cannot be right.",
        fr="{pointer} du mandat ne peut être exact.",
        nl="{pointer} van het mandaat kan niet juist zijn.",
    )


class MandateReferenceIsTaken(Refused, frozen=True, kw_only=True):
    """Another mandate has that reference: a RUM is unique for its creditor."""

    code = "mandate_reference_taken"
    rule = "M42"
    text = words(
        en="Another mandate has the reference {reference}.",
        fr="Un autre mandat porte la référence {reference}.",
        nl="Een ander mandaat heeft de referentie {reference}.",
    )

    reference: str


class MandateIsRevoked(Refused, frozen=True, kw_only=True):
    """The mandate was taken back before."""

    code = "mandate_revoked"
    rule = "M42"
    text = words(
        en="Mandate {reference} is revoked already.",
        fr="Le mandat {reference} est déjà révoqué.",
        nl="Mandaat {reference} is al herroepen.",
    )

    reference: str


def sign(
    mandate_id: str,
    new: NewMandate,
    contact: Contact | None,
    namesake: Recorded | None,
    today: date,
) -> Decision:
    """Keeps a signed mandate; `namesake` is the newest event under its reference."""
    new = tidy(new)
    refused = usable(contact, new.contact_id, "/contact_id") or faults.unreadable(new)
    if refused is not None or contact is None:
        return refused or []
    iban = identifiers.iban(new.iban)
    if iban is None:
        return faults.IdentifierIsWrong(kind="IBAN", pointer="/iban")
    bic = identifiers.bic(new.bic) if new.bic else ""
    if bic is None:
        return faults.IdentifierIsWrong(kind="BIC", pointer="/bic")
    reference = new.reference or reference_of(mandate_id)
    refused = _check(new, contact, reference, today)
    if refused is not None:
        return refused
    if namesake is not None:
        return MandateReferenceIsTaken(
            reference=reference, position=namesake.position, pointer="/reference"
        )
    return [
        MandateSigned(
            mandate_id=mandate_id,
            reference=reference,
            contact_id=new.contact_id,
            contact_name=contact.details.name,
            scheme=new.scheme,
            signed_on=new.signed_on,
            account=BankAccount(iban=iban, bic=bic),
        )
    ]


def _check(new: NewMandate, contact: Contact, reference: str, today: date) -> Refused | None:
    if _REFERENCE.fullmatch(reference) is None or "//" in f"/{reference}/":
        return MandateIsWrong(pointer="/reference")
    if new.scheme == "B2B" and contact.details.nature == "private":
        return MandateIsWrong(pointer="/scheme")
    if new.signed_on > today:
        return DateIsInFuture(day=new.signed_on, today=today, pointer="/signed_on")
    return faults.out_of_years(new.signed_on, "/signed_on")


def revoke(known: Mandate | None, mandate_id: str, reason: str) -> Decision:
    """Takes a mandate back; collections that are under way go on."""
    if known is None:
        return MandateIsUnknown(mandate_id=mandate_id[:60])
    signed = known.document
    if known.revoked is not None:
        return MandateIsRevoked(reference=signed.reference, position=known.position)
    reason = tidy(reason)
    return (
        faults.missing(reason, "/reason")
        or faults.unreadable(reason)
        or [MandateRevoked(mandate_id=mandate_id, contact_id=signed.contact_id, reason=reason)]
    )
