"""Use cases of imports: take a file in as one batch, and see what became of it."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Literal

from msgspec import Struct

from domain.book.event import Recorded
from domain.book.refusal import Refusals
from domain.imports.batch import (
    Batch,
    BatchKind,
    ImportCompleted,
    ImportIsUnknown,
    RefusedLine,
    evolve,
    file_tag,
    import_tag,
)
from domain.imports.refusals import ImportIsRefused
from services.identity import new_id
from services.imports.articles import ArticleLines
from services.imports.columns import Heading, match
from services.imports.contacts import ContactLines
from services.imports.planning import Lines, Planned, plan
from services.imports.sheet import Sheet, read_sheet
from services.loading import load_company
from services.store.pen import Command, Pen, Reader
from services.store.store import Store

KINDS: dict[BatchKind, Lines] = {"contacts": ContactLines(), "articles": ArticleLines()}


class TakenLine(Struct, frozen=True, kw_only=True):
    """What a line became."""

    line: int
    status: Literal["made", "changed"]
    id: str


class Imported(Struct, frozen=True, kw_only=True):
    """What a file became: its batch, whether it had been taken in before, and its lines."""

    batch: Batch
    already: bool
    replayed: bool
    position: int
    lines: tuple[TakenLine, ...]
    ignored: tuple[str, ...]

    @property
    def refused(self) -> tuple[RefusedLine, ...]:
        """The lines that were left out."""
        return self.batch.completed.refused


def import_file(
    store: Store,
    book_id: str,
    kind: BatchKind,
    content: bytes,
    command: Command,
    *,
    name: str = "",
    update: bool = False,
    partial: bool = False,
    force: bool = False,
) -> Imported:
    """Takes the lines of a CSV or XLSX file in, in one command (M2, M7).

    A file that is in already makes nothing, unless forced or undone since. Lines about what is
    known change it with `update`, else leave it alone. Wrong lines refuse the whole file, or are
    left out with `partial`. The events name the file by its digest, and the line. Raises Refusals.
    """
    lines = KINDS[kind]
    sheet = read_sheet(content)
    taking = Taking(lines, sheet, content, name, update=update, partial=partial, force=force)
    written = store.write(book_id, command, taking.decide, lambda _: None)
    batch = taking.before
    for fact in written.events:
        if isinstance(fact.event, ImportCompleted):
            batch = evolve(None, fact)
    if batch is None:
        raise LookupError(command.id)
    return Imported(
        batch=batch,
        already=not written.events,
        replayed=written.replayed,
        position=batch.position,
        lines=tuple(_taken(written.events)),
        ignored=taking.heading.ignored,
    )


class Taking:
    """A file on its way into a book; ids are drawn once, so that `decide` may run again."""

    def __init__(
        self,
        lines: Lines,
        sheet: Sheet,
        content: bytes,
        name: str,
        *,
        update: bool,
        partial: bool,
        force: bool,
    ) -> None:
        self.heading: Heading = match(sheet.heading, lines.fields, lines.needed)
        self.before: Batch | None = None
        self._lines = lines
        self._sheet = sheet
        self._content = content
        self._name = name
        self._file = sha256(content).hexdigest()
        self._update = update
        self._partial = partial
        self._force = force
        self._batch_id = new_id("imp")
        self._ids = [new_id(lines.prefix) for _ in sheet.rows]

    def decide(self, pen: Pen) -> None:
        """Plans every line, then appends all that happens and what the batch made."""
        load_company(pen)
        self.before = None if self._force else taken_in(pen, self._lines.kind, self._file)
        if self.before is not None:
            return
        planned = plan(
            self._lines,
            pen,
            self.heading,
            self._sheet.rows,
            ids=self._ids,
            file=self._file,
            update=self._update,
        )
        findings = tuple(each.refused for each in planned if each.refused is not None)
        if findings and not self._partial:
            raise Refusals(
                ImportIsRefused(
                    wrong=len(findings), lines=len(planned), findings=findings, pointer="/file"
                )
            )
        pen.append([event for each in planned for event in each.events])
        pen.append([event for each in planned for event in each.parts])
        pen.append([self._completed(planned)])
        if self._lines.keeps_file:
            pen.keep(self._content, self._sheet.media_type, self._name)

    def _completed(self, planned: Sequence[Planned]) -> ImportCompleted:
        made = tuple(each.id for each in planned if each.is_new and each.id)
        changed = tuple(each.id for each in planned if each.written and not each.is_new)
        refused = tuple(each.left_out for each in planned if each.left_out is not None)
        return ImportCompleted(
            batch_id=self._batch_id,
            kind=self._lines.kind,
            file=self._file,
            name=self._name,
            lines=len(planned),
            made=made,
            changed=changed,
            known=len(planned) - len(made) - len(changed) - len(refused),
            refused=refused,
        )


def taken_in(reader: Reader, kind: BatchKind, file: str) -> Batch | None:
    """The import of a file that stands, if it was taken in and not undone since."""
    last = reader.last(file_tag(kind, file))
    return None if last is None else evolve(None, last)


def get_batch(reader: Reader, batch_id: str) -> Batch:
    """An import by its id; raises Refusals when there is none."""
    nothing: Batch | None = None
    batch = reader.fold(evolve, nothing, import_tag(batch_id))
    if batch is None:
        raise Refusals(ImportIsUnknown(batch_id=batch_id[:60]))
    return batch


def _taken(facts: Sequence[Recorded]) -> list[TakenLine]:
    """What the lines became, from the events that name them as their source."""
    made = {x for fact in facts if isinstance(fact.event, ImportCompleted) for x in fact.event.made}
    found: dict[int, TakenLine] = {}
    for fact in facts:
        source = getattr(fact.event, "source", None)
        item = getattr(fact.event, "contact_id", "") or getattr(fact.event, "article_id", "")
        if source is not None:
            found[source.line] = TakenLine(
                line=source.line, status="made" if item in made else "changed", id=item
            )
    return [found[line] for line in sorted(found)]
