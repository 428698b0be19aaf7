"""An import of a FEC taken back: letterings undone, entries reversed, contacts archived.

Every entry is reversed on its own day, and lettered with its reversal: balances and open items are
what they were. It goes in commands of bounded size; one that was stopped is gone on with by asking
again.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from msgspec import Struct

from domain.book.refusal import Refusals, Refused
from domain.imports.batch import KeptItem
from domain.imports.fec import FecBatch, FecImportUndone, check_undoable
from domain.imports.fec_refusals import FecImportIsUsed
from domain.ledger import imported, period
from domain.ledger.entry import EntryPosted, series_tag
from domain.ledger.period import PERIOD_TAG, check_open
from domain.parties import contact as contacts
from domain.parties import introducing
from domain.parties.contact import ContactCreated, contact_tag
from domain.treasury import lettering
from domain.treasury.lettering import EntriesLettered, Settled, entry_tag, lettering_tag
from domain.values.days import fiscal_year
from services import directory
from services.imports.fec_accounts import put_back
from services.imports.fec_footprint import Footprint, footprint_of
from services.imports.fec_parties import derived_id
from services.imports.fec_posting import Clerk, last_codes
from services.imports.fec_standing import get_fec_batch
from services.store.pen import Command, Pen
from services.store.store import Store

ENTRIES = 2_000
"""Of a command."""
REASON = "FEC"
Progress = Callable[[int, int], None]
Step = Callable[[Pen], None]
T = TypeVar("T")


class FecUndone(Struct, frozen=True, kw_only=True):
    """An import after its undoing."""

    batch: FecBatch
    replayed: bool
    position: int


def undo_fec(
    store: Store,
    book_id: str,
    batch_id: str,
    command: Command,
    *,
    progress: Progress = lambda _done, _total: None,
) -> FecUndone:
    """Takes an import back, whole; raises Refusals when something stands on it."""
    book = store.past(book_id)
    batch = get_fec_batch(book, batch_id)
    written = store.written_by(book_id, command.id)
    if batch.undone is not None and written:
        return FecUndone(batch=batch, replayed=True, position=written[-1].position)
    refused = check_undoable(batch)
    if refused is not None:
        raise Refusals(refused)
    size = store.head(book_id).size
    undoing = _Undoing(batch, footprint_of(store, book_id, batch, size), size)
    position = 0
    for nth, (steps, tags) in enumerate(commands := list(undoing.commands())):
        named = Command(
            id=command.id if nth == 0 else f"{command.id}:{nth}:{size}",
            actor=command.actor,
            cause=command.cause,
            request=command.request,
        )
        decide = partial(_write_all, steps)
        position = store.write(book_id, named, decide, lambda _: None, tags).position
        progress(nth + 1, len(commands))
    return FecUndone(
        batch=get_fec_batch(store.past(book_id), batch_id), replayed=False, position=position
    )


def _write_all(steps: Sequence[Step], pen: Pen) -> None:
    for step in steps:
        step(pen)


class _Undoing:
    """The steps of an undoing; `size` is where the footprint was taken."""

    def __init__(self, batch: FecBatch, footprint: Footprint, size: int) -> None:
        self._batch = batch
        self._footprint = footprint
        self._size = size
        self._batch_id = batch.started.batch_id

    def commands(self) -> Iterator[tuple[list[Step], list[str]]]:
        """The steps of each command, and the tags that they read."""
        found = self._footprint
        letterings, entries = list(found.letterings), list(found.entries)
        if len(letterings) + len(entries) <= ENTRIES:
            tags = [*map(lettering_tag, letterings), *map(entry_tag, entries)]
            unletter, reverse = self._unletter(letterings), self._reverse(entries)
            yield [self._begin, unletter, reverse, self._end], tags
            return
        yield [self._begin], []
        for some in _batches(letterings):
            yield [self._unletter(some)], [lettering_tag(each) for each in some]
        for places in _batches(entries):
            yield [self._reverse(places)], [entry_tag(each) for each in places]
        yield [self._end], []

    def _begin(self, pen: Pen) -> None:
        """Nothing stands on the import, and its period is open; raises Refusals."""
        found = self._footprint
        for fact in pen.at(range(self._size + 1, pen.next_position)):
            found.take(fact)
        refused: Refused | None = check_undoable(get_fec_batch(pen, self._batch_id))
        if refused is None and found.strange is not None:
            position, letters = found.strange
            refused = FecImportIsUsed(letters=letters, position=position)
        if refused is None and found.first is not None:
            refused = check_open(period.of_fact(pen.last(PERIOD_TAG)), found.first)
        if refused is not None:
            raise Refusals(refused)

    def _unletter(self, lettering_ids: Sequence[str]) -> Step:
        def write(pen: Pen) -> None:
            for lettering_id in lettering_ids:
                standing = pen.fold(lettering.evolve, None, lettering_tag(lettering_id))
                pen.append(lettering.unletter(standing, lettering_id, REASON))

        return write

    def _reverse(self, places: Sequence[int]) -> Step:
        def write(pen: Pen) -> None:
            clerk = Clerk(pen)
            entries = {
                fact.position: fact.event
                for fact in pen.at(places)
                if isinstance(fact.event, EntryPosted)
            }
            start = clerk.company.fiscal_year_start_month
            ordinals: dict[int, dict[str, int]] = {}
            for position, entry in entries.items():
                _require_open(pen, position, entry)
                year = fiscal_year(entry.date, start)
                if year not in ordinals:
                    ordinals[year] = last_codes(pen, _lettered(entries.values()), year)
                self._reverse_one(pen, clerk, position, entry, ordinals[year])

        return write

    def _reverse_one(
        self, pen: Pen, clerk: Clerk, position: int, entry: EntryPosted, ordinals: dict[str, int]
    ) -> None:
        entry_id = derived_id("ent", self._batch_id, "reverse", position)
        standing = clerk.standing(entry.journal, entry.date)
        reversal = clerk.post(imported.reverse(position, entry, entry_id, standing)).position
        ids = (derived_id("let", self._batch_id, position, nth) for nth in range(len(entry.lines)))
        start = clerk.company.fiscal_year_start_month
        letterings = imported.letter_reversal(ids, entry, (position, reversal), ordinals, start)
        pen.append(list(letterings))

    def _end(self, pen: Pen) -> None:
        """Archives the contacts that nobody uses, gives the accounts back, and says so."""
        done, found = self._batch, self._footprint
        kept: list[KeptItem] = []
        archived = [each for each in found.made if self._archive(pen, each, kept)]
        mapped = put_back(pen, done.started.mapped, frozenset(found.accounts))
        numbers = {}
        for series in found.series:
            last = pen.last(series_tag(series))
            if last is not None and isinstance(last.event, EntryPosted):
                numbers[series] = last.event.number
        pen.append(
            [
                FecImportUndone(
                    batch_id=self._batch_id,
                    file=done.started.file,
                    entries=len(found.entries),
                    letterings=len(found.letterings),
                    archived=tuple(archived),
                    kept=tuple(kept),
                    mapped=mapped,
                    numbers=numbers,
                )
            ]
        )

    def _archive(self, pen: Pen, contact: str, kept: list[KeptItem]) -> bool:
        last = pen.last(contact_tag(contact))
        used = self._footprint.uses.get(contact)
        if last is not None and not isinstance(last.event, ContactCreated):
            kept.append(KeptItem(id=contact, why="changed", position=last.position))
            return False
        if used is not None:
            kept.append(KeptItem(id=contact, why="used", position=used))
            return False
        known = directory.open_contact(pen, contacts.of_fact(last))
        pen.append(introducing.archive(known, contact))
        return True


def _require_open(pen: Pen, position: int, entry: EntryPosted) -> None:
    """Refuses an entry that somebody has lettered meanwhile; raises Refusals."""
    if not any(line.party for line in entry.lines):
        return
    settled = pen.fold(lettering.settle, Settled(entry=position), entry_tag(position))
    if any(settled.amounts.values()):
        last = pen.last(entry_tag(position))
        letters = last.event.code if last and isinstance(last.event, EntriesLettered) else ""
        at = last.position if last is not None else position
        raise Refusals(FecImportIsUsed(letters=letters, position=at))


def _lettered(entries: Iterable[EntryPosted]) -> set[str]:
    """The accounts of third parties."""
    return {line.account for entry in entries for line in entry.lines if line.party}


def _batches(things: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), ENTRIES):
        yield things[start : start + ENTRIES]
