"""Erasing personal data: a decision about fields, which the law may forbid until a day (GDPR 17).

What is erased are the keys; what the event records is that they are gone, and on what basis.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import ClassVar

from msgspec import Struct

from domain.book.event import Decision, Event
from domain.book.refusal import Refused, words
from domain.ledger.entry import DocumentKind
from domain.privacy.retention import Retention, kept_until
from domain.values import faults
from domain.values.text import tidy

ERASURES_TAG = "erasure"
ERASURE = "GDPR art. 17(1)"
KEPT_BY_LAW = "GDPR art. 17(3)(b)"

# Which documents need a field of a contact as evidence. Name, address and numbers are printed on
# the documents and are no field that can be erased at all; a mail address and a telephone number
# are on none of them.
NEEDED_BY: dict[str, frozenset[DocumentKind]] = {
    "email": frozenset(),
    "phone": frozenset(),
    "bank_accounts": frozenset({"bill", "bill_credit_note", "payment"}),
}


class PersonalDataErased(Event, frozen=True, kw_only=True):
    """The keys of some personal fields of a subject are destroyed, on a legal basis."""

    stored_as: ClassVar[str] = "personal_data.erased.v1"

    subject: str
    fields: tuple[str, ...]
    keys: tuple[str, ...]
    basis: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (ERASURES_TAG,)


class KeptDocument(Struct, frozen=True, kw_only=True):
    """A document of the subject, as its entry books it."""

    position: int
    kind: DocumentKind
    number: str
    day: date


class PersonalDataIsKept(Refused, frozen=True, kw_only=True):
    """A document that has to be kept needs the field: it can be erased after that day."""

    code = "personal_data_kept"
    rule = KEPT_BY_LAW
    text = words(
        en="{field} is evidence for {document}, kept until {until} by {law}; erase it after that.",
        fr="{field} justifie {document}, conservé jusqu'au {until} ({law}) ; effacez-le ensuite.",
        nl="{field} is bewijs bij {document}, te bewaren tot {until} ({law}); wis het daarna.",
    )

    field: str
    document: str
    until: date
    law: str


class NothingToErase(Refused, frozen=True, kw_only=True):
    """There is no such personal data, or it is erased already."""

    code = "nothing_to_erase"
    rule = ERASURE
    text = words(
        en="{subject} has no personal data of that kind, or it is erased already.",
        fr="{subject} n'a pas de telles données personnelles, ou elles sont déjà effacées.",
        nl="{subject} heeft zulke persoonsgegevens niet, of ze zijn al gewist.",
    )

    subject: str


def erase(
    subject: str,
    keys: dict[str, str],
    documents: Sequence[KeptDocument],
    *,
    asked: Collection[str],
    rules: Sequence[Retention],
    start_month: int,
    today: date,
    basis: str,
) -> Decision:
    """Erases the `asked` fields of a subject (none asked: all), unless a document needs one.

    `keys` are the ids of its living keys by field, `documents` all that mention it. Fields are
    erased together or not at all.
    """
    basis = tidy(basis)
    refused = faults.missing(basis, "/basis") or faults.unreadable(basis)
    if refused is not None:
        return refused
    fields = tuple(sorted(field for field in keys if not asked or field in asked))
    if not fields:
        return NothingToErase(subject=subject[:60], pointer="/fields")
    for field in fields:
        kept = _kept(field, documents, rules, start_month, today)
        if kept is not None:
            return kept
    return [
        PersonalDataErased(
            subject=subject,
            fields=fields,
            keys=tuple(keys[field] for field in fields),
            basis=basis,
        )
    ]


def _kept(
    field: str,
    documents: Sequence[KeptDocument],
    rules: Sequence[Retention],
    start_month: int,
    today: date,
) -> PersonalDataIsKept | None:
    """The refusal by the document that needs the field longest."""
    needing = NEEDED_BY[field]
    ends = [
        (kept_until(rules, document.day, start_month), document)
        for document in documents
        if document.kind in needing
    ]
    if not ends:
        return None
    end, document = max(ends, key=lambda found: found[0])
    if end.day < today:
        return None
    return PersonalDataIsKept(
        field=field,
        document=document.number,
        until=end.day,
        law=end.law,
        position=document.position,
        pointer="/fields",
    )
