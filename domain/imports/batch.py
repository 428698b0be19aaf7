"""Batches of imported lines: what a file made, and its undoing in one command (M2, M7)."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words

BatchKind = Literal["contacts", "articles"]
KeptWhy = Literal["used", "changed", "archived"]


class RefusedLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line that was left out: where it is wrong and which refusal says so."""

    line: int
    column: str
    code: str


class KeptItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that an undoing left as it is, why, and the event that makes it so."""

    id: str
    why: KeptWhy
    position: int


class ImportCompleted(Event, frozen=True, kw_only=True):
    """The lines of a file are in the book: `made` and `changed` name what they became.

    `known` lines named something that was there and was left alone, or said nothing new.
    """

    stored_as: ClassVar[str] = "import.completed.v1"

    batch_id: str
    kind: BatchKind
    file: str
    name: str
    lines: int
    made: tuple[str, ...]
    changed: tuple[str, ...]
    known: int
    refused: tuple[RefusedLine, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        return (import_tag(self.batch_id), file_tag(self.kind, self.file))


class ImportUndone(Event, frozen=True, kw_only=True):
    """What a batch made is archived and what it changed is as before, but for what is `kept`."""

    stored_as: ClassVar[str] = "import.undone.v1"

    batch_id: str
    kind: BatchKind
    file: str
    archived: tuple[str, ...]
    put_back: tuple[str, ...]
    kept: tuple[KeptItem, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        return (import_tag(self.batch_id), file_tag(self.kind, self.file))


class Batch(Struct, frozen=True, kw_only=True):
    """An import as of now; `position` and `command` are those of its completion."""

    position: int
    command: str
    completed: ImportCompleted
    undone: ImportUndone | None = None


class ImportIsUnknown(Refused, frozen=True, kw_only=True):
    """No import has that id in this book."""

    code = "import_unknown"
    rule = "M2"
    text = words(
        en="There is no import {batch_id}.",
        fr="Il n'y a pas d'import {batch_id}.",
        nl="Er is geen import {batch_id}.",
    )

    batch_id: str


class ImportIsUndone(Refused, frozen=True, kw_only=True):
    """The import was undone before."""

    code = "import_undone"
    rule = "M2"
    text = words(
        en="Import {batch_id} was undone already.",
        fr="L'import {batch_id} a déjà été annulé.",
        nl="Import {batch_id} is al ongedaan gemaakt.",
    )

    batch_id: str


def undo(
    batch: Batch,
    *,
    archived: Sequence[str],
    put_back: Sequence[str],
    kept: Sequence[KeptItem],
) -> Decision:
    """Records the undoing of a batch, once."""
    done = batch.completed
    if batch.undone is not None:
        return ImportIsUndone(batch_id=done.batch_id, position=batch.position)
    return [
        ImportUndone(
            batch_id=done.batch_id,
            kind=done.kind,
            file=done.file,
            archived=tuple(archived),
            put_back=tuple(put_back),
            kept=tuple(kept),
        )
    ]


def evolve(batch: Batch | None, fact: Recorded) -> Batch | None:
    """The batch after one more event of its tag."""
    match fact.event:
        case ImportCompleted() as completed:
            return Batch(position=fact.position, command=fact.command, completed=completed)
        case ImportUndone() as undone if batch is not None:
            return Batch(
                position=batch.position,
                command=batch.command,
                completed=batch.completed,
                undone=undone,
            )
    return batch


def import_tag(batch_id: str) -> str:
    """The tag of a batch's own events."""
    return f"import:{batch_id}"


def file_tag(kind: BatchKind, file: str) -> str:
    """The tag of the imports of one file, by its digest."""
    return f"import_{kind}:{file}"
