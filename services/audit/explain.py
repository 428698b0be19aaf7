"""What made a figure: a document's timeline, entries, letterings, and proof that it is there."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import get_args

from msgspec import Struct

from domain.book.event import Event, Recorded
from domain.book.proof import InclusionProof
from domain.ledger.entry import DocumentKind, EntryPosted, document_tag
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered, entry_tag
from services.audit.proofs import inclusion
from services.store.reading import Past
from services.store.store import Store

NUMBERED = """
SELECT position FROM event
WHERE book_id = %(book)s AND series = ANY(%(series)s) AND number = %(number)s
ORDER BY position LIMIT 1
"""


class NoSuchDocument(LookupError):
    """No document of the book goes by that number, id or position."""


class Moment(Struct, frozen=True, kw_only=True):
    """An event in the life of a document: where, when, what, by whom and by which command."""

    position: int
    recorded_at: datetime
    type: str
    actor: str
    command: str
    software: str


class ExplainedLine(Struct, frozen=True, kw_only=True):
    """A line of an entry, in minor units, and how much of it stands lettered."""

    account: str
    party: str
    label: str
    debit: int
    credit: int
    lettered: int


class ExplainedEntry(Struct, frozen=True, kw_only=True):
    """An entry of the document."""

    position: int
    journal: str
    series: str
    number: int
    date: date
    currency: str
    lines: tuple[ExplainedLine, ...]


class ExplainedLettering(Struct, frozen=True, kw_only=True):
    """A lettering that touches the document: with which other documents, and whether it holds."""

    position: int
    code: str
    date: date
    complete: bool
    holds: bool
    amount: int
    others: tuple[str, ...]


class Explanation(Struct, frozen=True, kw_only=True):
    """Everything the book says about one document."""

    book_id: str
    size: int
    kind: DocumentKind
    id: str
    number: str
    timeline: tuple[Moment, ...]
    entries: tuple[ExplainedEntry, ...]
    letterings: tuple[ExplainedLettering, ...]
    proofs: tuple[InclusionProof, ...]


def explain(store: Store, book_id: str, word: str) -> Explanation:
    """The document of a number (FA-2026-00001), an id or a position; raises NoSuchDocument."""
    past = store.past(book_id)
    kind, document_id = _find(store, past, word)
    facts = _of_tag(past, document_tag(kind, document_id))
    entries = [fact for fact in facts if _is_entry_of(fact.event, document_id)]
    letterings = _letterings(past, entries)
    printed = _of_tag(past, f"printed:{kind}:{document_id}")
    own = [*(fact for fact in facts if _concerns(fact.event, document_id)), *printed]
    return Explanation(
        book_id=book_id,
        size=past.upto,
        kind=kind,
        id=document_id,
        number=_number(facts, document_id),
        timeline=tuple(map(_moment, _in_order([*facts, *printed, *letterings]))),
        entries=tuple(_entry(fact, letterings) for fact in entries),
        letterings=tuple(_lettering(past, fact, letterings, entries) for fact in _made(letterings)),
        proofs=tuple(inclusion(store, book_id, fact.position, past.upto) for fact in own),
    )


def _find(store: Store, past: Past, word: str) -> tuple[DocumentKind, str]:
    """The kind and id of a document."""
    positions = [int(word)] if word.isascii() and word.isdecimal() else []
    series, dash, number = word.rpartition("-")
    if dash and number.isascii() and number.isdecimal():
        wanted = {"book": past.book_id, "series": [series, f"entries:{series}"]}
        with store.entered(past.book_id) as conn:
            rows = conn.execute(NUMBERED, {**wanted, "number": int(number)}).fetchall()
        positions += [position for (position,) in rows]
    for fact in past.at(positions):
        found = _document_of(fact.event)
        if found is not None:
            return found
    for kind in get_args(DocumentKind):
        if past.last(document_tag(kind, word)) is not None:
            return kind, word
    raise NoSuchDocument(f"no document {word!r}")


def _document_of(event: Event) -> tuple[DocumentKind, str] | None:
    """Which document an event belongs to, by its first tag that names one."""
    if isinstance(event, EntryPosted):
        return event.document.kind, event.document.id
    kinds: dict[str, DocumentKind] = {kind: kind for kind in get_args(DocumentKind)}
    for tag in event.tags:
        kind, _, document_id = tag.partition(":")
        if kind in kinds:
            return kinds[kind], document_id
    return None


def _of_tag(past: Past, tag: str) -> list[Recorded]:
    none: tuple[Recorded, ...] = ()
    return list(past.fold(lambda facts, fact: (*facts, fact), none, tag))


def _is_entry_of(event: Event, document_id: str) -> bool:
    return isinstance(event, EntryPosted) and event.document.id == document_id


def _concerns(event: Event, document_id: str) -> bool:
    """Whether it is an event of the document itself, not one that only names it."""
    found = _document_of(event)
    return found is not None and found[1] == document_id


def _letterings(past: Past, entries: Iterable[Recorded]) -> list[Recorded]:
    found = [fact for entry in entries for fact in _of_tag(past, entry_tag(entry.position))]
    return _in_order(found)


def _in_order(facts: Iterable[Recorded]) -> list[Recorded]:
    by_position = {fact.position: fact for fact in facts}
    return [by_position[position] for position in sorted(by_position)]


def _number(facts: Iterable[Recorded], document_id: str) -> str:
    """The number that people call it by: of its entry, or of the event that issued it."""
    own = [fact.event for fact in facts if _concerns(fact.event, document_id)]
    for event in own:
        if isinstance(event, EntryPosted):
            return event.document.number
    numbers = [str(getattr(event, "document_number", "")) for event in own]
    return next(filter(None, numbers), "")


def _moment(fact: Recorded) -> Moment:
    return Moment(
        position=fact.position,
        recorded_at=fact.recorded_at,
        type=fact.event.stored_as,
        actor=fact.actor,
        command=fact.command,
        software=fact.software,
    )


def _entry(fact: Recorded, letterings: Iterable[Recorded]) -> ExplainedEntry:
    entry = fact.event
    assert isinstance(entry, EntryPosted)  # noqa: S101  only entries are given
    lettered = _settled(fact.position, letterings)
    return ExplainedEntry(
        position=fact.position,
        journal=entry.journal,
        series=entry.series,
        number=entry.number,
        date=entry.date,
        currency=entry.currency,
        lines=tuple(
            ExplainedLine(
                account=line.account,
                party=line.party,
                label=line.label,
                debit=line.debit,
                credit=line.credit,
                lettered=lettered.get(nth, 0),
            )
            for nth, line in enumerate(entry.lines)
        ),
    )


def _settled(entry: int, letterings: Iterable[Recorded]) -> dict[int, int]:
    """How much of each line of an entry stands lettered, debit positive."""
    sums: dict[int, int] = {}
    for fact in letterings:
        sign = 1 if isinstance(fact.event, EntriesLettered) else -1
        if isinstance(fact.event, EntriesLettered | EntriesUnlettered):
            for part in fact.event.parts:
                if part.entry == entry:
                    sums[part.line] = sums.get(part.line, 0) + sign * part.amount
    return sums


def _made(letterings: Iterable[Recorded]) -> list[Recorded]:
    return [fact for fact in letterings if isinstance(fact.event, EntriesLettered)]


def _lettering(
    past: Past, fact: Recorded, letterings: Iterable[Recorded], entries: Iterable[Recorded]
) -> ExplainedLettering:
    made = fact.event
    assert isinstance(made, EntriesLettered)  # noqa: S101  only letterings are given
    own = {entry.position for entry in entries}
    undone = {
        each.event.lettering_id for each in letterings if isinstance(each.event, EntriesUnlettered)
    }
    others = past.at(sorted({part.entry for part in made.parts} - own))
    return ExplainedLettering(
        position=fact.position,
        code=made.code,
        date=made.date,
        complete=made.complete,
        holds=made.lettering_id not in undone,
        amount=sum(part.amount for part in made.parts if part.entry in own),
        others=tuple(
            each.event.document.number for each in others if isinstance(each.event, EntryPosted)
        ),
    )
