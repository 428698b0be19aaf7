"""One pass over the events of a bundle, for all checks at once."""

import time
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from typing import Literal

import msgspec

from domain.book.event import Event
from domain.parties.company import CompanyOpened
from services.audit.export import Export, NotAnExport, TypeOnly
from services.audit.replay_amounts import VatRecomputes
from services.audit.replay_check import Check, Failure, Outcome, Step
from services.audit.replay_closings import ClosingsFollow
from services.audit.replay_documents import Immutability, NumbersGapless
from services.audit.replay_entries import ClosedPeriodsUntouched, DebitsEqualCredits, EntriesDerive
from services.audit.replay_letterings import LetteringsBalance
from services.audit.replay_registers import RegistersReplay
from services.store.mapper import Mapper, Unreadable

SCHEMA = "schema-known"
PAUSE = 1_000
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
    ClosedPeriodsUntouched,
    ClosingsFollow,
    RegistersReplay,
)


class Walk:
    """One pass over the events of a bundle, each given to the checks that read its type."""

    def __init__(self, export: Export, names: Collection[str], seconds: float | None) -> None:
        self.company = ""
        self.stopped = ""
        self._export = export
        self._until = None if seconds is None else time.monotonic() + seconds
        self._checks = [check() for check in STREAMED if check.name in names]
        self._readers: dict[type[Event], list[Check]] = {}
        self._schema: list[Failure] = []
        self._count = 0

    def run(self, progress: Progress | None, size: int) -> list[Outcome]:
        """The outcome of each check, after all events or those up to where the replay stopped."""
        try:
            for step in steps(self._export):
                self._take(step)
                if self._count % PAUSE == 0:
                    if progress is not None:
                        progress(self._count, size)
                    if self._until is not None and time.monotonic() > self._until:
                        self.stopped = f"stopped after event {step.fact.position}: out of time"
                        break
        except Unreadable as error:
            self._schema.append(Failure(position=error.position, detail=str(error)))
            self.stopped = f"the replay stopped: {error}"
        except NotAnExport as error:
            self.stopped = f"the replay stopped: {error}"
        for check in self._checks:
            if not self.stopped:
                check.end()
        return [
            self._schema_known(),
            *(each.outcome(stopped=self.stopped) for each in self._checks),
        ]

    def _take(self, step: Step) -> None:
        kind = type(step.fact.event)
        readers = self._readers.get(kind)
        if readers is None:
            readers = [each for each in self._checks if not each.events or kind in each.events]
            self._readers[kind] = readers
        for check in readers:
            check.take(step)
        if isinstance(step.fact.event, CompanyOpened):
            self.company = step.fact.event.name
        self._count += 1

    def _schema_known(self) -> Outcome:
        status: Literal["fail", "stopped", "pass"] = "stopped" if self.stopped else "pass"
        return Outcome(
            name=SCHEMA,
            status="fail" if self._schema else status,
            checked=self._count,
            failed=len(self._schema),
            failures=tuple(self._schema),
            why=self.stopped,
        )


def steps(export: Export) -> Iterator[Step]:
    """The events of a bundle with their chain; raises Unreadable, or NotAnExport."""
    mapper, decoder = Mapper(), msgspec.json.Decoder(TypeOnly)
    for line in export.records():
        try:
            said = decoder.decode(line.content)
        except (msgspec.DecodeError, ValueError) as error:
            raise Unreadable(str(error), line.position) from error
        fact = mapper.recorded(
            export.manifest.book_id,
            line.position,
            datetime.fromisoformat(line.recorded_at),
            said.type,
            line.content,
        )
        yield Step(fact, line.chain)
