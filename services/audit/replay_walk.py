"""One pass over the events of a bundle, for all checks at once."""

import time
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Literal, NamedTuple

import msgspec
from msgspec import Struct

from domain.book import merkle
from domain.book.event import Event, Recorded
from domain.parties.company import CompanyOpened
from domain.values.days import legal_day
from services.audit.export import Export, NotAnExport, TypeOnly
from services.audit.replay_amounts import VatRecomputes
from services.audit.replay_check import Check, Failure, Files, Outcome, Step
from services.audit.replay_closings import ClosingsFollow
from services.audit.replay_documents import Immutability, NumbersGapless
from services.audit.replay_entries import ClosedPeriodsUntouched, DebitsEqualCredits, EntriesDerive
from services.audit.replay_exports import ExportsReproduce
from services.audit.replay_letterings import LetteringsBalance
from services.audit.replay_receipts import ReceiptsVatRecomputes
from services.audit.replay_registers import RegistersReplay
from services.store.mapper import Mapper, Unreadable

SCHEMA = "schema-known"
PAUSE = 100
"""Events between two looks at the clock."""
Progress = Callable[[int, int], None]
"""Told how many events of how many are done, now and then."""
STREAMED: tuple[type[Check], ...] = (
    DebitsEqualCredits,
    EntriesDerive,
    VatRecomputes,
    NumbersGapless,
    Immutability,
    LetteringsBalance,
    ReceiptsVatRecomputes,
    ClosedPeriodsUntouched,
    ClosingsFollow,
    RegistersReplay,
    ExportsReproduce,
)


class Window(Struct, frozen=True, kw_only=True):
    """Which events are replayed and judged.

    Those before `first` are replayed, for later ones build on them, and not judged. Nothing after
    `upto`, or recorded after the day `as_of`, is replayed; the events of one command stay together.
    """

    first: int = 1
    upto: int | None = None
    as_of: date | None = None


class State(NamedTuple):
    """What a walk knows so far: with it a walk that was stopped goes on."""

    checks: list[Check]
    taken: int
    company: str
    zone: str
    command: str


class Walk:
    """One pass over the events of a bundle, each given to the checks that read its type."""

    def __init__(
        self,
        export: Export,
        names: Collection[str],
        window: Window,
        until: float | None = None,
        resumed: State | None = None,
        *,
        elsewhere: Files = lambda _digest: None,
    ) -> None:
        made = [check() for check in STREAMED if check.name in names]
        for check in made:
            check.judged_from = window.first
        state = resumed or State(made, 0, "", "UTC", "")
        self._checks, self.count, self.company, self._zone, self._command = state
        self.stopped = ""
        self.out_of_time = False
        self._export = export
        self._elsewhere = elsewhere
        self._window = window
        self._until = until
        self._readers: dict[type[Event], list[Check]] = {}
        self._schema: list[Failure] = []

    @property
    def state(self) -> State:
        """What it knows so far."""
        return State(self._checks, self.count, self.company, self._zone, self._command)

    def run(self, progress: Progress | None, size: int) -> list[Outcome]:
        """The outcome of each check, after all events or those up to where the replay stopped."""
        try:
            self._walk(progress, size)
        except Unreadable as error:
            self._schema.append(Failure(position=error.position, detail=str(error)))
            self.stopped = f"the replay stopped: {error}"
        except NotAnExport as error:
            self.stopped = f"the replay stopped: {error}"
        except KeyboardInterrupt:
            self.out_of_time = True
            self.stopped = f"stopped after event {self.count}: interrupted"
        if not self.stopped:
            for check in self._checks:
                check.end()
                check.reread(self)
        return [
            self._schema_known(),
            *(each.outcome(stopped=self.stopped) for each in self._checks),
        ]

    def steps(self, upto: int) -> Iterator[Step]:
        """The first events again, up to a position."""
        return steps(self._export, upto=min(upto, self.count))

    def file(self, digest: str) -> bytes | None:
        """A kept file of the book by its digest, from the bundle or else from elsewhere."""
        content = self._export.file(digest)
        return self._elsewhere(digest) if content is None else content

    def roots(self, sizes: Collection[int]) -> dict[int, str]:
        """The root (hex) over so many events, of each size up to where the replay went."""
        found: dict[int, str] = {}
        frontier: merkle.Frontier = ()
        for size, line in enumerate(islice(self._export.records(), self.count), 1):
            frontier = merkle.extend(frontier, size - 1, [bytes.fromhex(line.leaf)])
            if size in sizes:
                found[size] = merkle.root(frontier).hex()
        return found

    def _walk(self, progress: Progress | None, size: int) -> None:
        for step in steps(self._export, self.count):
            if self._is_behind(step.fact):
                return
            self._take(step)
            if self.count % PAUSE == 0:
                if progress is not None:
                    progress(self.count, size)
                if self._until is not None and time.monotonic() > self._until:
                    self.out_of_time = True
                    self.stopped = f"stopped after event {self.count}: out of time"
                    return

    def _is_behind(self, fact: Recorded) -> bool:
        """Whether the window ends before this event, and no command is cut in two."""
        upto, as_of = self._window.upto, self._window.as_of
        behind = (upto is not None and fact.position > upto) or (
            as_of is not None and legal_day(fact.recorded_at, self._zone) > as_of
        )
        return behind and fact.command != self._command

    def _take(self, step: Step) -> None:
        kind = type(step.fact.event)
        readers = self._readers.get(kind)
        if readers is None:
            readers = [each for each in self._checks if not each.events or kind in each.events]
            self._readers[kind] = readers
        for check in readers:
            check.take(step)
        if isinstance(step.fact.event, CompanyOpened):
            self.company, self._zone = step.fact.event.name, step.fact.event.time_zone
        self._command = step.fact.command
        self.count += 1

    def _schema_known(self) -> Outcome:
        status: Literal["fail", "stopped", "pass"] = "stopped" if self.stopped else "pass"
        return Outcome(
            name=SCHEMA,
            status="fail" if self._schema else status,
            checked=self.count,
            failed=len(self._schema),
            failures=tuple(self._schema),
            why=self.stopped,
        )


def steps(export: Export, after: int = 0, upto: int | None = None) -> Iterator[Step]:
    """Events of a bundle with their chain; raises Unreadable, or NotAnExport."""
    mapper, decoder = Mapper(), msgspec.json.Decoder(TypeOnly)
    for line in islice(export.records(), after, upto):
        content = line.content
        try:
            said = decoder.decode(content)
        except (msgspec.DecodeError, ValueError) as error:
            raise Unreadable(str(error), line.position) from error
        fact = mapper.recorded(
            export.manifest.book_id,
            line.position,
            datetime.fromisoformat(line.recorded_at),
            said.type,
            content,
        )
        yield Step(fact, line.chain)
