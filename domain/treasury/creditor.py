"""The identifier under which banks know the company as a creditor of direct debits (SEPA AT-02)."""

from typing import ClassVar

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.values import faults, identifiers

CREDITOR_TAG = "creditor"


class CreditorIdentified(Event, frozen=True, kw_only=True):
    """The company's creditor identifier, from now on; files made before keep theirs."""

    stored_as: ClassVar[str] = "company.creditor_identified.v1"

    creditor_id: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (CREDITOR_TAG,)


class CreditorIdIsMissing(Refused, frozen=True, kw_only=True):
    """Nothing is collected before the company has said under which identifier."""

    code = "creditor_id_missing"
    rule = "M42"
    text = words(
        en="The company has no SEPA creditor identifier: say it first.",
        fr="La société n'a pas d'identifiant créancier SEPA (ICS) : indiquez-le d'abord.",
        nl="De onderneming heeft geen SEPA-schuldeisersidentificatie: geef ze eerst op.",
    )


def identify(known: str, creditor_id: str) -> Decision:
    """Keeps the identifier once its check digits fit; nothing happens when it is so already."""
    found = identifiers.creditor_id(creditor_id)
    if found is None:
        return faults.IdentifierIsWrong(kind="SEPA creditor", pointer="/creditor_id")
    return [] if found == known else [CreditorIdentified(creditor_id=found)]


def of_fact(fact: Recorded | None) -> str:
    """The identifier that the newest event of the tag says, or nothing."""
    if fact is None or not isinstance(fact.event, CreditorIdentified):
        return ""
    return fact.event.creditor_id
