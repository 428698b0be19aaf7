"""What an import of a FEC left in a book, and what others have built on it since.

Documents do not carry the tags of what they mention, so the book since the import is read once,
before the pen is taken; what came meanwhile is looked at under it.
"""

import re
from array import array
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from domain.book.event import Recorded
from domain.imports.fec import FecBatch
from domain.ledger.entry import EntryPosted
from domain.parties.contact import ContactCreated
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered
from services.store.store import Store

PAGE = """
SELECT position, recorded_at, type, body FROM event
WHERE book_id = %(book)s AND position > %(after)s AND position <= %(upto)s
ORDER BY position LIMIT 5000
"""
READ = tuple(
    each.stored_as for each in (EntryPosted, EntriesLettered, EntriesUnlettered, ContactCreated)
)
NO_USE = ("contact.", "import.", "fec_import.", "personal_data.")
_NAMED = re.compile(rb'"(ctc_[0-9a-z]{26})"')


class Footprint:
    """The entries and letterings of an import that hold, and where others use what it made."""

    def __init__(self, batch: FecBatch) -> None:
        self.entries = array("q")
        """The positions of its entries that are not reversed yet."""
        self.letterings: dict[str, None] = {}
        self.series: dict[str, None] = {}
        self.first: date | None = None
        self.made: list[str] = []
        """The contacts that it made."""
        self.uses: dict[str, int] = {}
        """Where others mention a contact first."""
        self.accounts: set[str] = set()
        """The accounts of entries of others."""
        self._batch = batch.started.batch_id
        self._file = batch.started.file
        self._own: set[int] = set()
        self._reversals: set[int] = set()
        self._strange: dict[str, tuple[int, str]] = {}

    @property
    def strange(self) -> tuple[int, str] | None:
        """A lettering by others that joins its lines: position and code."""
        return next(iter(self._strange.values()), None)

    def take(self, fact: Recorded) -> None:
        """Takes one more event in."""
        match fact.event:
            case EntryPosted() as entry:
                self._post(fact.position, entry)
            case EntriesLettered() as lettering:
                self._letter(fact.position, lettering)
            case ContactCreated(source=source) as contact if source is not None:
                if source.file == self._file:
                    self.made.append(contact.contact_id)
            case EntriesUnlettered() as undone:
                self.letterings.pop(undone.lettering_id, None)
                self._strange.pop(undone.lettering_id, None)

    def mention(self, position: int, contacts: Iterable[str]) -> None:
        """Notes contacts that something mentions."""
        for contact in contacts:
            self.uses.setdefault(contact, position)

    def end(self) -> None:
        """All is read: what is reversed already is left out."""
        self.entries = array("q", (each for each in self.entries if each in self._own))

    def _post(self, position: int, entry: EntryPosted) -> None:
        source = entry.source
        if source is None or source.batch != self._batch:
            self.accounts.update(line.account for line in entry.lines)
            self.mention(position, (line.party for line in entry.lines if line.party))
        elif source.reverses:
            self._own.discard(source.reverses)
            self._reversals.add(position)
        else:
            self.entries.append(position)
            self._own.add(position)
            self.series[entry.series] = None
            self.first = min(entry.date, self.first or entry.date)

    def _letter(self, position: int, lettering: EntriesLettered) -> None:
        touched = {part.entry for part in lettering.parts}
        if touched & self._reversals:
            return
        source = lettering.source
        if source is not None and source.batch == self._batch:
            self.letterings[lettering.lettering_id] = None
        elif touched & self._own:
            self._strange[lettering.lettering_id] = position, lettering.code


def footprint_of(store: Store, book_id: str, batch: FecBatch, upto: int) -> Footprint:
    """What an import left, and what others built on it, up to a position."""
    found = Footprint(batch)
    for position, recorded_at, kind, body in _events(store, book_id, batch.position, upto):
        if kind in READ:
            found.take(store.mapper.recorded(book_id, position, recorded_at, kind, body))
        elif not kind.startswith(NO_USE):
            found.mention(position, (each.decode() for each in _NAMED.findall(body)))
    found.end()
    return found


def _events(
    store: Store, book_id: str, after: int, upto: int
) -> Iterator[tuple[int, datetime, str, bytes]]:
    while after < upto:
        with store.entered(book_id) as conn:
            wanted = {"book": book_id, "after": after, "upto": upto}
            rows = conn.execute(PAGE, wanted, binary=True).fetchall()
        for position, recorded_at, kind, body in rows:
            yield position, recorded_at, kind, bytes(body)
        after = rows[-1][0] if rows else upto
