"""Imports of a FEC to open a company's books: begun, completed, undone; one at a time stands."""

from datetime import date
from typing import ClassVar, Literal

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.imports.batch import ImportIsUndone, KeptItem, import_tag
from domain.ledger.chart import AccountRole

FecMode = Literal["history", "opening"]
FecState = Literal["running", "standing", "undone"]
FEC_TAG = "fec_imports"


class FecJournal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A journal as the file names it."""

    code: str
    label: str


class MappedAccount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A role that was given the account of the file; `before` is the one that it had."""

    role: AccountRole
    before: str
    after: str


class FecImportStarted(Event, frozen=True, kw_only=True):
    """A FEC begins to come in: every entry of its exercise, or its closing balances alone (M53).

    `file` is the SHA-256 (hex) of the file; `files` are those of the pieces in which it is kept, in
    order (one, the file itself, unless it is long). `first` and `until` are the days of the
    exercise, `lines` and `entries` what the file has, `debit` and `credit` its sums in cents.
    `mapped` are the roles that were given accounts of the file, for it and for all that follows.
    """

    stored_as: ClassVar[str] = "fec_import.started.v1"

    batch_id: str
    mode: FecMode
    file: str
    files: tuple[str, ...]
    name: str
    first: date
    until: date
    lines: int
    entries: int
    debit: int
    credit: int
    journals: tuple[FecJournal, ...]
    mapped: tuple[MappedAccount, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        return (import_tag(self.batch_id), FEC_TAG)


class FecImportCompleted(Event, frozen=True, kw_only=True):
    """All of a FEC is in the book: `made` are the contacts that came with it."""

    stored_as: ClassVar[str] = "fec_import.completed.v1"

    batch_id: str
    file: str
    entries: int
    letterings: int
    made: tuple[str, ...]
    known: int

    @property
    def tags(self) -> tuple[str, ...]:
        return (import_tag(self.batch_id), FEC_TAG)


class FecImportUndone(Event, frozen=True, kw_only=True):
    """Every entry of a FEC is reversed, and its contacts archived but for those that are `kept`.

    `numbers` are the last numbers of the series of entries that it leaves behind.
    """

    stored_as: ClassVar[str] = "fec_import.undone.v1"

    batch_id: str
    file: str
    entries: int
    letterings: int
    archived: tuple[str, ...]
    kept: tuple[KeptItem, ...]
    mapped: tuple[MappedAccount, ...]
    numbers: dict[str, int]

    @property
    def tags(self) -> tuple[str, ...]:
        return (import_tag(self.batch_id), FEC_TAG)


class FecBatch(Struct, frozen=True, kw_only=True):
    """An import of a FEC as of now; `position` and `command` are those of its beginning."""

    position: int
    command: str
    started: FecImportStarted
    completed: FecImportCompleted | None = None
    undone: FecImportUndone | None = None

    @property
    def state(self) -> FecState:
        """Whether it is half in, in, or taken back."""
        if self.undone is not None:
            return "undone"
        return "running" if self.completed is None else "standing"

    def is_of(self, file: str, mode: FecMode) -> bool:
        """Whether it takes in that file in that way."""
        return (self.started.file, self.started.mode) == (file, mode)


def check_undoable(batch: FecBatch) -> ImportIsUndone | None:
    """Refuses what was undone before."""
    if batch.undone is None:
        return None
    return ImportIsUndone(batch_id=batch.started.batch_id, position=batch.position)


def complete(
    started: FecImportStarted,
    *,
    letterings: int,
    entries: int,
    made: tuple[str, ...],
    known: int,
) -> Decision:
    """Says that everything is in."""
    return [
        FecImportCompleted(
            batch_id=started.batch_id,
            file=started.file,
            entries=entries,
            letterings=letterings,
            made=made,
            known=known,
        )
    ]


def evolve(batch: FecBatch | None, fact: Recorded) -> FecBatch | None:
    """The import after one more event of its tag; of all imports' tag, the newest of them."""
    match fact.event:
        case FecImportStarted() as started:
            return FecBatch(position=fact.position, command=fact.command, started=started)
        case FecImportCompleted() as completed if batch is not None:
            return FecBatch(
                position=batch.position,
                command=batch.command,
                started=batch.started,
                completed=completed,
            )
        case FecImportUndone() as undone if batch is not None:
            return FecBatch(
                position=batch.position,
                command=batch.command,
                started=batch.started,
                completed=batch.completed,
                undone=undone,
            )
    return batch
