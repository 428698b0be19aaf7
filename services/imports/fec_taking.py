"""A FEC taken into a book: surveyed whole, then written in commands of bounded size.

A file of up to so many lines is one command: all of it or nothing. A longer one is begun, written
piece by piece and completed; until then it can be gone on with (the same file again) or undone.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO, TypeVar

from msgspec import Struct

from domain.book.event import Recorded
from domain.book.refusal import Refusals
from domain.imports.fec import FecBatch, FecImportStarted, FecJournal, FecMode
from domain.imports.fec_refusals import FecExerciseDiffers, FecIsOfAnother
from domain.ledger.entry import EntryPosted
from domain.parties.company import Company
from domain.values.days import fiscal_days, fiscal_year
from services.fec.writing import FecIsFrench
from services.identity import new_id
from services.imports.fec_entries import entries_of
from services.imports.fec_fields import read_day
from services.imports.fec_opening import opening_lines
from services.imports.fec_posting import Enter, Letter, Open
from services.imports.fec_reading import survey_fec
from services.imports.fec_standing import Before, begun, get_fec_batch
from services.imports.fec_steps import KEPT, Begin, Coming, End, Keep, Meet, Step
from services.imports.fec_survey import Survey
from services.loading import load_company
from services.store.pen import Command, Pen
from services.store.rehearsal import Rehearsal
from services.store.store import Store

T = TypeVar("T")
Progress = Callable[[int, int], None]
LINES = 10_000
"""Of a command, more or less."""
CODES = 2_000

_NAME = re.compile(r"(?:.*[^0-9])?([0-9]{9})FEC([0-9]{8})(?:[^0-9].*)?", re.ASCII)


class FecImported(Struct, frozen=True, kw_only=True):
    """What became of a FEC; without a batch it was only looked at."""

    survey: Survey
    mode: FecMode
    batch: FecBatch | None
    already: bool = False
    replayed: bool = False
    position: int = 0


def import_fec(
    store: Store,
    book_id: str,
    file: BinaryIO,
    command: Command,
    *,
    mode: FecMode = "history",
    name: str = "",
    progress: Progress = lambda _done, _total: None,
) -> FecImported:
    """Opens a company's books with a FEC: its entries, or its closing balances (M53).

    The same file again is nothing, or the rest of an import that was stopped. In a rehearsal a
    file of more than one command is only looked at. Raises Refusals, with all wrong lines.
    """
    book = store.past(book_id)
    company = load_company(book)
    survey = look_at(file, company, name)
    known = begun(book, survey.text.sha256, mode)
    if known is not None and known.state == "standing":
        return _standing(survey, mode, known, again=known.command == command.id)
    before = Before(store, book_id)
    started = known.started if known is not None else _started(survey, mode, name)
    coming = Coming(survey, started, before, file)
    if isinstance(store, Rehearsal) and survey.lines > LINES:
        store.write(book_id, command, Begin(coming).write, lambda _: None)
        return FecImported(survey=survey, mode=mode, batch=None)
    taking = _Taking(store, book_id, coming, command, known)
    replayed = taking.run(progress)
    batch = get_fec_batch(store.past(book_id), taking.batch_id)
    return FecImported(
        survey=survey, mode=mode, batch=batch, replayed=replayed, position=taking.position
    )


def _standing(survey: Survey, mode: FecMode, known: FecBatch, *, again: bool) -> FecImported:
    """What was imported before: by the same command, or by another one."""
    return FecImported(
        survey=survey,
        mode=mode,
        batch=known,
        already=not again,
        replayed=again,
        position=known.position,
    )


def look_at(file: BinaryIO, company: Company, name: str = "") -> Survey:
    """Reads a FEC of a company and writes nothing; raises Refusals."""
    if company.country != "FR":
        raise Refusals(FecIsFrench(name=company.name))
    start = company.fiscal_year_start_month
    said = _NAME.fullmatch(name)
    if said is not None and said[1] != company.registration[:9]:
        raise Refusals(FecIsOfAnother(siren=said[1], own=company.registration[:9], pointer="/file"))
    closing = read_day(said[2]) if said is not None else None
    if closing is not None:
        until = fiscal_days(fiscal_year(closing, start), start)[1]
        if closing != until:
            raise Refusals(FecExerciseDiffers(closing=closing, until=until, pointer="/file"))
    return survey_fec(file, start, closing)


def _started(survey: Survey, mode: FecMode, name: str) -> FecImportStarted:
    return FecImportStarted(
        batch_id=new_id("imp"),
        mode=mode,
        file=survey.text.sha256,
        files=survey.text.pieces,
        name=name[:200],
        first=survey.first,
        until=survey.until,
        lines=survey.lines,
        entries=survey.entries,
        debit=survey.debit,
        credit=survey.credit,
        journals=tuple(
            FecJournal(code=code, label=label) for code, label in survey.journals.items()
        ),
        mapped=(),
    )


class _Taking:
    """The commands of an import, one after the other."""

    def __init__(
        self,
        store: Store,
        book_id: str,
        coming: Coming,
        command: Command,
        known: FecBatch | None,
    ) -> None:
        self.batch_id = coming.started.batch_id
        self.position = 0
        self._store = store
        self._book_id = book_id
        self._coming = coming
        self._command = command
        self._known = known

    def run(self, progress: Progress) -> bool:
        """Writes what is not written yet; says whether the first command had been before."""
        replayed, done, whole = False, 0, self._weight()
        for nth, steps in enumerate(self._commands()):
            before = self._write(nth, steps)
            replayed = replayed or (nth == 0 and before)
            done += sum(step.weight for step in steps)
            progress(done, max(done, whole))
        return replayed

    def _weight(self) -> int:
        """About how much there is to write: lines, of balances those that go on."""
        survey = self._coming.survey
        if self._coming.started.mode == "history":
            return survey.lines
        items = sum(count for count, _ in survey.open_items().values())
        kept = KEPT * (len(survey.text.pieces) - 1)
        return items + len(survey.balances) + len(survey.parties) + kept

    def _write(self, nth: int, steps: Sequence[Step]) -> bool:
        """Writes a command; says whether it had been written before, and what it did then."""
        if nth == 0 and self._known is not None:
            facts = self._store.written_by(self._book_id, self._known.command)
            self._recall(steps, facts)
            return False
        written = self._store.write(
            self._book_id,
            self._named(nth),
            lambda pen: _write_all(steps, pen),
            lambda _: None,
        )
        self.position = written.position or self.position
        if written.replayed:
            if nth == 0:
                self._adopt(written.events)
            self._recall(steps, written.events)
        return written.replayed

    def _named(self, nth: int) -> Command:
        """The nth command: the first is the caller's, the others are the import's."""
        command = self._command
        if nth == 0:
            return command
        request = self._coming.started.file[:32]
        return Command(
            id=f"{self.batch_id}:{nth}", actor=command.actor, cause=command.cause, request=request
        )

    def _adopt(self, facts: Sequence[Recorded]) -> None:
        """A caller's command that comes again goes on with the import that it began."""
        for fact in facts:
            if isinstance(fact.event, FecImportStarted):
                self.batch_id = fact.event.batch_id
                self._coming.begun_as(fact.event)

    def _recall(self, steps: Sequence[Step], facts: Sequence[Recorded]) -> None:
        self.position = facts[-1].position
        then = self._store.past(self._book_id, self.position)
        entries = (fact for fact in facts if isinstance(fact.event, EntryPosted))
        for step in steps:
            step.recall(entries, then)

    def _commands(self) -> Iterator[list[Step]]:
        """The steps, put together as long as they are small."""
        waiting: list[Step] = []
        weight = 0
        for step in self._steps():
            if waiting and weight + step.weight > LINES:
                yield waiting
                waiting, weight = [], 0
            waiting.append(step)
            weight += step.weight
        yield waiting

    def _steps(self) -> Iterator[Step]:
        coming, survey = self._coming, self._coming.survey
        yield Begin(coming)
        for nth in range(len(survey.text.pieces)):
            yield Keep(coming, nth)
        for codes in _batches(iter(survey.parties), CODES):
            yield Meet(coming, codes)
        if coming.started.mode == "opening":
            yield Open(coming, opening_lines(coming.file, survey))
        else:
            yield from self._history()
        yield End(coming)

    def _history(self) -> Iterator[Step]:
        coming, survey = self._coming, self._coming.survey
        entries = entries_of(coming.file, survey, survey.in_order())
        for some in _weighed(entries, lambda entry: len(entry.rows)):
            yield Enter(coming, some)
        groups = (group for group in survey.letterings.groups() if not group.is_empty)
        for letterings in _weighed(groups, lambda group: len(group.parts)):
            coming.letterings += len(letterings)
            yield Letter(coming, letterings)


def _write_all(steps: Sequence[Step], pen: Pen) -> None:
    for step in steps:
        step.write(pen)


def _batches(things: Iterator[T], most: int) -> Iterator[list[T]]:
    while batch := list(islice(things, most)):
        yield batch


def _weighed(things: Iterator[T], weight: Callable[[T], int]) -> Iterator[list[T]]:
    """The things in lists of so many lines that two of them make a command."""
    batch: list[T] = []
    total = 0
    for thing in things:
        batch.append(thing)
        total += weight(thing)
        if total >= LINES // 5:
            yield batch
            batch, total = [], 0
    if batch:
        yield batch
