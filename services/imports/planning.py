"""What each line of a file would do: decided one by one, with what is wrong and where."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Protocol

from domain.book.event import Decision, Event
from domain.book.refusal import Refusals, Refused
from domain.imports.batch import BatchKind, RefusedLine
from domain.imports.refusals import LineFinding, LineIsDouble
from domain.imports.source import ImportSource
from domain.values.text import tidy
from services.identity import Prefix
from services.imports.cells import Cell
from services.imports.columns import Field, Heading, value_in
from services.store.pen import Pen

Values = Mapping[str, Any]


class Planned:
    """A line on its way in: what it says, whom it is about, what happens, or why it may not."""

    def __init__(self, source: ImportSource, heading: Heading, pointed: Mapping[str, str]) -> None:
        self.source = source
        self.values: Values = {}
        self.id = ""
        self.is_new = False
        self.events: Sequence[Event] = ()
        self.parts: Sequence[Event] = ()
        self.refused: LineFinding | None = None
        self._heading = heading
        self._pointed = pointed

    def refuse(self, refused: Refused) -> None:
        """Keeps the first reason why the line may not come in, at the column it points at."""
        field = self._field(refused.pointer)
        title = self._heading.title(field) if field else ""
        self.events, self.parts, self.id = (), (), ""
        self.refused = LineFinding(line=self.source.line, column=title, refused=refused)

    @property
    def written(self) -> Sequence[Event]:
        """All that happens."""
        return (*self.events, *self.parts)

    @property
    def left_out(self) -> RefusedLine | None:
        """The line as the book keeps it when it was left out."""
        if self.refused is None:
            return None
        said = self.refused
        return RefusedLine(line=said.line, column=said.column[:60], code=said.refused.code)

    def _field(self, pointer: str) -> str:
        """The field that a pointer of the domain means: /address/country is the country."""
        known = {field.name for field in self._heading.fields.values()} | set(self._heading.titles)
        steps = [step for step in pointer.split("/") if step]
        pointed = self._pointed.get(pointer)
        return pointed or next(
            (step for step in reversed(steps) if step in known), "".join(steps[:1])
        )


class Lines(Protocol):
    """How lines become contacts, or articles."""

    kind: ClassVar[BatchKind]
    fields: ClassVar[Sequence[Field]]
    needed: ClassVar[str]
    prefix: ClassVar[Prefix]
    pointed: ClassVar[Mapping[str, str]]
    kept_when_empty: ClassVar[frozenset[str]]
    keeps_file: ClassVar[bool]
    """Whether the file itself stays. A list of persons does not: there nobody could be erased."""

    def foresee(self, pen: Pen, lines: Sequence[Values]) -> None:
        """Looks up all that the lines may name, together."""
        ...

    def keys(self, values: Values) -> Iterator[tuple[str, str]]:
        """What a line names that no other line of the file may name."""
        ...

    def known(self, pen: Pen, values: Values) -> Any:
        """What a line is about, if it is known."""
        ...

    def decide(
        self, pen: Pen, values: Values, known: Any, new_id: str, source: ImportSource
    ) -> tuple[str, Decision]:
        """The id of what a line is about and what happens to it."""
        ...

    def compose(self, pen: Pen, planned: Sequence[Planned]) -> None:
        """Adds what lines say of each other."""
        ...


def plan(
    lines: Lines,
    pen: Pen,
    heading: Heading,
    rows: Sequence[tuple[int, tuple[Cell, ...]]],
    *,
    ids: Sequence[str],
    file: str,
    update: bool,
) -> list[Planned]:
    """What the rows of a file would do, in their order; nothing is appended.

    A line about something known changes it with `update`, else it is left alone. `ids` are those
    of what would be new, one a row.
    """
    planned = [
        _read(lines, heading, cells, ImportSource(file=file, line=number)) for number, cells in rows
    ]
    lines.foresee(pen, [each.values for each in planned])
    seen: dict[tuple[str, str], int] = {}
    for each, new_id in zip(planned, ids, strict=True):
        if each.refused is None:
            _decide(lines, pen, each, new_id, seen, update=update)
    lines.compose(pen, planned)
    return planned


def _read(lines: Lines, heading: Heading, cells: tuple[Cell, ...], source: ImportSource) -> Planned:
    """A line with the values of its cells; an empty cell may keep what is known."""
    line = Planned(source, heading, lines.pointed)
    values: dict[str, Any] = {}
    for at, field in heading.fields.items():
        cell = cells[at] if at < len(cells) else Cell("")
        kept = field.column.kind in ("number", "truth") or field.name in lines.kept_when_empty
        if kept and not cell.text and not cell.formula:
            continue
        try:
            values[field.name] = tidy(value_in(field, cell))
        except Refusals as error:
            line.refuse(error.refused)
            return line
    line.values = values
    return line


def _decide(
    lines: Lines,
    pen: Pen,
    line: Planned,
    new_id: str,
    seen: dict[tuple[str, str], int],
    *,
    update: bool,
) -> None:
    for name, value in lines.keys(line.values):
        first = seen.setdefault((name, value), line.source.line)
        if first != line.source.line:
            line.refuse(LineIsDouble(first=first, pointer=f"/{name}"))
            return
    try:
        known = lines.known(pen, line.values)
        if known is not None and not update:
            return
        line.id, decision = lines.decide(pen, line.values, known, new_id, line.source)
    except Refusals as error:
        line.refuse(error.refused)
        return
    if isinstance(decision, Refused):
        line.refuse(decision)
        return
    line.events, line.is_new = decision, known is None
