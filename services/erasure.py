"""Use cases of erasure: destroy the keys of somebody's personal data, and keep it so for ever."""

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace
from psycopg import Connection

from domain.book.catalogue import EVENTS
from domain.book.event import Decision, Recorded
from domain.book.refusal import Refusals
from domain.countries.atlas import RULES
from domain.ledger.entry import EntryPosted
from domain.parties.contact import ContactIsUnknown, contact_tag
from domain.privacy import erasing
from domain.privacy.erasing import ERASURES_TAG, KeptDocument, PersonalDataErased
from domain.privacy.personal import PersonalEvent
from services.audit.findings import Finding, Report
from services.audit.keys import sync_folder
from services.loading import load_company, load_contact, today_of
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written
from services.store.vault import DESTROY_KEY, PersonalKey, Unsealable, WrongKeyEncryptionKey

# A search of the whole book, for documents that mention a contact do not carry its tag. It runs
# before the pen is taken; what came since is looked at under it.
MENTIONS = """
SELECT position, recorded_at, type, body FROM event
WHERE book_id = %(book)s AND position <= %(upto)s AND type = %(type)s
    AND position(%(contact)s::bytea IN body) > 0
ORDER BY position
"""
KEYS = """
SELECT key_id, subject, field, wrapped, wrapped_by FROM personal_key WHERE book_id = %(book)s
"""


# The events with personal fields, found by type in the database: few among many.
PERSONAL = """
SELECT position, recorded_at, type, body FROM event
WHERE book_id = %(book)s AND type = ANY(%(types)s::text[]) ORDER BY position
"""
PERSONAL_TYPES = [event.stored_as for event in EVENTS if issubclass(event, PersonalEvent)]


class ErasureReport(Struct, frozen=True, kw_only=True):
    """The personal fields of a book: how many have their key, how many are erased, what is wrong.

    `unopened` of those with a key could not be opened here, for want of the key-encryption key.
    """

    readable: int
    erased: int
    unopened: int
    findings: tuple[Finding, ...]

    def within(self, report: Report) -> Report:
        """The report of a book's verification, with what was found here."""
        why = "personal: no key-encryption key on this machine"
        return replace(
            report,
            checked=(*report.checked, "personal"),
            not_checked=(*report.not_checked, *([why] if self.unopened else [])),
            findings=report.findings + self.findings,
            erased=self.erased,
        )


class ErasureList:
    """Every erasure of an installation, in a file outside the database, to be made again.

    A line a key: book and key id. A backup brings erased keys back; this list outlives it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, book_id: str, keys: Iterable[str]) -> None:
        """Adds keys, each once, durably."""
        new = [key for key in dict.fromkeys(keys) if key not in self.keys(book_id)]
        if not new:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._path.open("a", encoding="ascii") as file:
            file.writelines(f"{book_id} {key}\n" for key in new)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(self._path.parent)

    def keys(self, book_id: str) -> set[str]:
        """The ids of the keys erased in a book."""
        if not self._path.exists():
            return set()
        lines = (line.split() for line in self._path.read_text("ascii").splitlines())
        return {line[1] for line in lines if len(line) == 2 and line[0] == book_id}


def erase_contact(
    store: Store,
    book_id: str,
    contact_id: str,
    command: Command,
    *,
    kept: ErasureList | None,
    fields: Collection[str] = (),
    basis: str = erasing.ERASURE,
) -> Written[PersonalDataErased]:
    """Destroys the keys of a contact's personal fields (none named: all), and says so in the book.

    `kept` is None in a rehearsal: what was not erased is not to be erased again.
    Raises Refusals while a document that the law wants kept needs one of them. The documents
    themselves, with the name and address printed on them, stay.
    """
    before = _mentions(store, book_id, contact_id, size := store.head(book_id).size)

    def decide(pen: Pen) -> None:
        company = load_company(pen)
        if load_contact(pen, contact_id) is None:
            raise Refusals(ContactIsUnknown(contact_id=contact_id))
        mentions = [*before, *pen.at(range(size + 1, pen.next_position))]
        keys = pen.personal_keys(contact_id)
        decision = erasing.erase(
            contact_id,
            {key.field: key.key_id for key in keys},
            _documents(mentions, contact_id),
            asked=fields,
            rules=RULES[company.country].retention,
            start_month=company.fiscal_year_start_month,
            today=today_of(pen, company),
            basis=basis,
        )
        _destroy(pen, keys, decision)

    written = store.write(book_id, command, decide, _newest, [contact_tag(contact_id)])
    if kept is not None:
        kept.add(book_id, _erased_keys(store, book_id))
    return written


def _destroy(pen: Pen, keys: Sequence[PersonalKey], decision: Decision) -> None:
    """Says an erasure in the book, and destroys the keys that it names."""
    (fact,) = pen.append(decision)
    pen.destroy_keys([key for key in keys if key.key_id in _erasure(fact).keys])


def reapply_erasures(store: Store, book_id: str, kept: ErasureList) -> int:
    """Destroys again what was erased before, after a restore; gives how many keys had come back.

    By the book's own events and by the list outside, which knows of erasures that the backup does
    not. To be run before a restored book is opened to anybody.
    """
    erased = _erased_keys(store, book_id) | kept.keys(book_id)
    kept.add(book_id, erased)
    with store.entered(book_id) as conn:
        return sum(
            conn.execute(DESTROY_KEY, {"book": book_id, "key_id": key}).rowcount
            for key in sorted(erased)
        )


def check_personal_data(store: Store, book_id: str) -> ErasureReport:
    """Opens every sealed field of a book: it is readable, erased by an event, or a finding."""
    erased = _erased_keys(store, book_id)
    with store.entered(book_id) as conn:
        keys = {key.key_id: key for key in _all_keys(conn, book_id)}
    counted, findings = Counter(readable=0, erased=0, unopened=0), []
    for position, event in _personal_events(store, book_id):
        for field, one in event.sealed.items():
            key = keys.get(one.key)
            counted["erased" if key is None else "readable"] += 1
            wrong = _misplaced(key, one.key in erased, event, field)
            if key is not None and wrong is None:
                try:
                    store.mapper.vault.open(key, one)
                except WrongKeyEncryptionKey:
                    counted["unopened"] += 1
                except Unsealable as error:
                    wrong = str(error)
            if wrong is not None:
                findings.append(Finding(check="personal", position=position, detail=wrong))
    return ErasureReport(**counted, findings=tuple(findings))


def _misplaced(
    key: PersonalKey | None, was_erased: bool, event: PersonalEvent, field: str
) -> str | None:
    """What is wrong with a key that is there or not, or None."""
    if key is None:
        return None if was_erased else f"{field}: its key is gone, and no event erased it"
    if was_erased:
        return f"{field}: its key was erased and is there again"
    if (key.subject, key.field) != (event.subject, field):
        return f"{field}: its key belongs to {key.field} of {key.subject}"
    return None


def _personal_events(store: Store, book_id: str) -> Iterator[tuple[int, PersonalEvent]]:
    wanted = {"book": book_id, "types": PERSONAL_TYPES}
    with store.entered(book_id) as conn:
        rows = conn.execute(PERSONAL, wanted, binary=True).fetchall()
    for row in rows:
        fact = store.mapper.recorded(book_id, *row)
        if isinstance(fact.event, PersonalEvent):
            yield fact.position, fact.event


def _mentions(store: Store, book_id: str, contact_id: str, upto: int) -> list[Recorded]:
    wanted = {
        "book": book_id,
        "upto": upto,
        "type": EntryPosted.stored_as,
        "contact": contact_id.encode(),
    }
    with store.entered(book_id) as conn:
        rows = conn.execute(MENTIONS, wanted, binary=True).fetchall()
    return [store.mapper.recorded(book_id, *row) for row in rows]


def _documents(facts: Sequence[Recorded], contact_id: str) -> list[KeptDocument]:
    """The documents that name the contact, or have a line on its account."""
    return [
        KeptDocument(
            position=fact.position,
            kind=fact.event.document.kind,
            number=fact.event.document.number,
            day=fact.event.date,
        )
        for fact in facts
        if isinstance(fact.event, EntryPosted)
        and contact_id in {fact.event.document.party, *(line.party for line in fact.event.lines)}
    ]


def _erased_keys(store: Store, book_id: str) -> set[str]:
    nothing: frozenset[str] = frozenset()
    erased = store.past(book_id).fold(_and_keys, nothing, ERASURES_TAG)
    return set(erased)


def _and_keys(keys: frozenset[str], fact: Recorded) -> frozenset[str]:
    return keys | frozenset(_erasure(fact).keys)


def _newest(reader: Reader) -> PersonalDataErased:
    return _erasure(reader.last(ERASURES_TAG))


def _erasure(fact: Recorded | None) -> PersonalDataErased:
    if fact is None or not isinstance(fact.event, PersonalDataErased):
        raise LookupError(ERASURES_TAG)
    return fact.event


def _all_keys(conn: Connection, book_id: str) -> list[PersonalKey]:
    with conn.cursor(binary=True) as cursor:
        rows = cursor.execute(KEYS, {"book": book_id}).fetchall()
    return [PersonalKey(book_id, *row) for row in rows]
