"""Use cases of the ledger: post a miscellaneous entry, lock a period, reopen it."""

from datetime import date
from functools import partial

from domain.book.refusal import Refusals, Refused
from domain.ledger import miscellaneous, period
from domain.ledger.entry import document_tag
from domain.ledger.miscellaneous import NewEntry, Posted
from domain.ledger.period import PERIOD_TAG, Lock
from domain.parties.company import COMPANY_TAG
from domain.parties.contact import contact_tag
from services.identity import make
from services.loading import (
    choose_journal,
    load_company,
    load_contact,
    load_standing,
    today_of,
)
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written
from services.suspense import check_suspense


def post_entry(store: Store, book_id: str, new: NewEntry, command: Command) -> Written[Posted]:
    """Posts a balanced entry in the miscellaneous journal."""
    named = list(dict.fromkeys(line.party for line in new.lines if line.party))

    def decide(pen: Pen, entry_id: str) -> None:
        company = load_company(pen)
        journal = choose_journal(company, "miscellaneous", new.journal)
        standing = load_standing(pen, company, journal, new.date)
        known = {party for party in named if load_contact(pen, party) is not None}
        pen.append(miscellaneous.post(entry_id, new, known, standing))

    reads = [COMPANY_TAG, *map(contact_tag, named)]
    return make(
        store,
        book_id,
        command,
        "ent",
        tag=partial(document_tag, "entry"),
        decide=decide,
        find=get_entry,
        reads=reads,
    )


def lock_period(
    store: Store, book_id: str, until: date, reason: str, command: Command
) -> Written[Lock]:
    """Locks every day up to `until`: nothing dated then is posted any more (V16).

    The suspense account must be at zero on that day (C4).
    """

    def decide(pen: Pen) -> None:
        company = load_company(pen)
        decided = period.lock(_lock(pen), until, reason, today=today_of(pen, company))
        if not isinstance(decided, Refused):
            check_suspense(pen, company, until)
        pen.append(decided)

    return store.write(book_id, command, decide, get_lock, [COMPANY_TAG])


def reopen_period(
    store: Store, book_id: str, until: date | None, reason: str, command: Command
) -> Written[Lock]:
    """Moves the lock date back, or takes it away, for a reason that is kept (V16)."""

    def decide(pen: Pen) -> None:
        load_company(pen)
        pen.append(period.reopen(_lock(pen), until, reason))

    return store.write(book_id, command, decide, get_lock, [COMPANY_TAG])


def get_lock(reader: Reader) -> Lock:
    """The lock date as of now; a book that was never locked has none, since position 0."""
    return _lock(reader) or Lock(until=None, position=0)


def get_entry(reader: Reader, entry_id: str) -> Posted:
    """A miscellaneous entry by its id; raises Refusals when there is none."""
    found = reader.fold(miscellaneous.evolve, None, document_tag("entry", entry_id))
    if found is None:
        raise Refusals(miscellaneous.EntryIsUnknown(entry_id=entry_id))
    return found


def _lock(reader: Reader) -> Lock | None:
    return period.of_fact(reader.last(PERIOD_TAG))
