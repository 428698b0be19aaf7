"""Traité: the client's own mark that he has dealt with a document; accounts never hear of it (C8).

A document is named by the position of its entry, for that is what the archives hold.
"""

from collections.abc import Collection, Sequence
from typing import ClassVar

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words


class _Marked(Event, frozen=True, kw_only=True):
    entries: tuple[int, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        return tuple(map(treated_tag, self.entries))


class DocumentsMarkedTreated(_Marked, frozen=True, kw_only=True):
    """Somebody says of documents, by their entries, that he has dealt with them."""

    stored_as: ClassVar[str] = "documents.marked_treated.v1"


class DocumentsMarkedUntreated(_Marked, frozen=True, kw_only=True):
    """The mark is taken off documents."""

    stored_as: ClassVar[str] = "documents.marked_untreated.v1"


class DocumentIsNotArchived(Refused, frozen=True, kw_only=True):
    """Only what was transferred to the accounts is in the archives, and can be marked there."""

    code = "document_not_archived"
    rule = "C6"
    text = words(
        en="No document of the archives was booked by event {entry}.",
        fr="L'événement {entry} n'a comptabilisé aucune pièce des archives.",
        nl="Gebeurtenis {entry} heeft geen stuk van het archief geboekt.",
    )

    entry: int


def mark(
    entries: Sequence[int],
    archived: Collection[int],
    treated: Collection[int],
    *,
    as_treated: bool,
) -> Decision:
    """Marks those that are not marked so yet; `archived` and `treated` are what is known of them.

    One that is not in the archives refuses the whole selection.
    """
    chosen = tuple(dict.fromkeys(entries))
    for nth, entry in enumerate(entries):
        if entry not in archived:
            return DocumentIsNotArchived(entry=entry, pointer=f"/entries/{nth}")
    moved = tuple(entry for entry in chosen if (entry in treated) != as_treated)
    kind = DocumentsMarkedTreated if as_treated else DocumentsMarkedUntreated
    return [kind(entries=moved)] if moved else []


def is_treated(fact: Recorded | None) -> bool:
    """Whether the newest mark of a document says that it is treated."""
    return fact is not None and isinstance(fact.event, DocumentsMarkedTreated)


def treated_tag(entry: int) -> str:
    """The tag of the marks of the document that the entry at this position books."""
    return f"treated:{entry}"
