"""Lettering within a command: load the lines named, decide, and follow what it makes due."""

from collections.abc import Iterable, Mapping

from domain.book.event import Event, Recorded
from domain.book.refusal import Refusals, Refused
from domain.ledger.entry import EntryPosted, document_tag
from domain.parties.company import Company
from domain.sales import debt
from domain.treasury import lettering
from domain.treasury.codes import codes_tag
from domain.treasury.lettering import EntriesLettered, NewLettering, Settled, entry_tag
from domain.treasury.matching import PartToLetter
from domain.values.days import fiscal_year
from services.store.pen import Pen, Reader


def letter(pen: Pen, company: Company, lettering_id: str, new: NewLettering) -> EntriesLettered:
    """Settles the lines named against each other, with all that follows; raises Refusals."""
    places = _places(new)
    entries = load_entries(pen, places)
    planned = lettering.plan(new, entries, load_settled(pen, entries))
    if isinstance(planned, Refused):
        raise Refusals(planned)
    year = fiscal_year(planned.date, company.fiscal_year_start_month)
    last = pen.last(codes_tag(planned.account, year))
    newest = last.event if last is not None and isinstance(last.event, EntriesLettered) else None
    kin = {place: debt.invoice_of(each) for place, each in load_documents(pen, places).items()}
    (fact,) = pen.append(lettering.letter(lettering_id, planned, year, newest, kin))
    if not isinstance(fact.event, EntriesLettered):
        raise TypeError(fact.event)
    return fact.event


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


def load_documents(reader: Reader, places: Iterable[int]) -> dict[int, Event]:
    """What stands right before each of these entries: the document that it books."""
    return {fact.position + 1: fact.event for fact in reader.at([place - 1 for place in places])}


def entries_of(reader: Reader, tag: str) -> dict[int, EntryPosted]:
    """The entries of a tag by their positions, in order."""
    nothing: dict[int, EntryPosted] = {}
    return reader.fold(_entries, nothing, tag)


def entry_of(reader: Reader, kind: str, document_id: str) -> tuple[int, EntryPosted] | None:
    """The entry that books a document, with its position, if there is one."""
    found = entries_of(reader, document_tag(kind, document_id))  # type: ignore[arg-type]
    own = (item for item in found.items() if item[1].document.kind == kind)
    return next(own, None)


def _entries(before: dict[int, EntryPosted], fact: Recorded) -> dict[int, EntryPosted]:
    if isinstance(fact.event, EntryPosted):
        return {**before, fact.position: fact.event}
    return before


def _places(new: NewLettering) -> list[int]:
    return list(dict.fromkeys(part.entry for part in new.parts))
