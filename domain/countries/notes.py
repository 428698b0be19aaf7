"""Sentences that a document must carry beside those of its lines: dated, in each language."""

from collections.abc import Iterable
from datetime import date
from typing import Literal

from msgspec import Struct

from domain.values.days import is_in_force
from domain.values.language import Language, Wording

Printed = Literal["invoice", "credit_note", "write_off"]


class LegalNote(Struct, frozen=True, kw_only=True):
    """A sentence and what calls for it; None and the empty text call for it always.

    `on_debits`: the company opted to pay VAT on services as it invoices them, and there are some.
    `business`: the customer is one (or is not). `vat_code`: a line has that code.
    """

    document: Printed
    law: str
    text: Wording
    valid_from: date
    valid_to: date | None = None
    on_debits: bool | None = None
    business: bool | None = None
    vat_code: str = ""


class Occasion(Struct, frozen=True, kw_only=True):
    """What a document is and says, as far as its sentences depend on it."""

    document: Printed
    on_debits: bool
    business: bool
    vat_codes: frozenset[str]
    day: date


def notes_for(
    notes: Iterable[LegalNote], occasion: Occasion, language: Language
) -> tuple[str, ...]:
    """The sentences of a document, in its language."""
    return tuple(note.text[language] for note in notes if _called(note, occasion))


def _called(note: LegalNote, occasion: Occasion) -> bool:
    return (
        note.document == occasion.document
        and note.on_debits in (None, occasion.on_debits)
        and note.business in (None, occasion.business)
        and (not note.vat_code or note.vat_code in occasion.vat_codes)
        and is_in_force(note.valid_from, note.valid_to, occasion.day)
    )
