"""Third parties' lines loaded by tags: entries, the documents they book, what is open of them."""

from collections.abc import Iterable, Mapping, Sequence

from domain.book.event import Event, Recorded
from domain.ledger.entry import DocumentKind, EntryPosted, document_tag
from domain.treasury import lettering
from domain.treasury.lettering import Settled, entry_tag
from domain.treasury.matching import PartToLetter
from services.store.pen import Reader


def load_lines(
    reader: Reader, parts: Sequence[PartToLetter]
) -> tuple[dict[int, EntryPosted], dict[int, Event]]:
    """The entries of the lines named, and what stands right before each: the document it books."""
    places = {part.entry for part in parts}
    wanted = sorted(places | {place - 1 for place in places})
    found = {fact.position: fact.event for fact in reader.at(wanted)}
    entries = {
        place: event
        for place, event in found.items()
        if place in places and isinstance(event, EntryPosted)
    }
    return entries, {place: found[place - 1] for place in entries}


def open_parts(
    entries: Mapping[int, EntryPosted], settled: Mapping[int, Settled], account: str = ""
) -> list[PartToLetter]:
    """The third party's lines of entries that are not settled to the last cent, in their order.

    With an account, those of that account alone.
    """
    return [
        PartToLetter(entry=place, line=index)
        for place, entry in entries.items()
        for index, line in enumerate(entry.lines)
        if line.party
        and account in ("", line.account)
        and line.debit - line.credit != settled[place].amounts.get(index, 0)
    ]


def load_entries(reader: Reader, places: Iterable[int]) -> dict[int, EntryPosted]:
    """The entries at these positions; a position with another event is left out."""
    return {
        fact.position: fact.event
        for fact in reader.at(list(places))
        if isinstance(fact.event, EntryPosted)
    }


def load_settled(reader: Reader, places: Iterable[int]) -> dict[int, Settled]:
    """What is settled of the entries at these positions."""
    return {
        place: reader.fold(lettering.settle, Settled(entry=place), entry_tag(place))
        for place in places
    }


def entries_of(reader: Reader, tag: str) -> dict[int, EntryPosted]:
    """The entries of a tag by their positions, in order."""
    nothing: dict[int, EntryPosted] = {}
    return reader.fold(_entries, nothing, tag)


def entry_of(
    reader: Reader, kind: DocumentKind, document_id: str
) -> tuple[int, EntryPosted] | None:
    """The entry that books a document, with its position, if there is one: its tag's first."""
    return next(iter(entries_of(reader, document_tag(kind, document_id)).items()), None)


def _entries(before: dict[int, EntryPosted], fact: Recorded) -> dict[int, EntryPosted]:
    if isinstance(fact.event, EntryPosted):
        return {**before, fact.position: fact.event}
    return before
