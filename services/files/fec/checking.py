"""What a FEC must be, checked line by line in constant memory; stricter than the official tool.

The tool of the tax office looks at form alone. A file of ours must also balance, entry by entry,
be numbered without a gap, and so on: each rule here has a name that its findings carry.
"""

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from services.files.fec.fields import Fields, read_fields
from services.files.fec.line import COLUMNS, OPENING_JOURNAL, SEPARATOR, Encoding
from services.files.fec.naming import Frame, wrong_name
from services.files.fec.totals import Totals

LONGEST = 20_000
"""No line is longer, in bytes."""
KEPT = 5
"""So many faults, and alerts, are told when a file is required to be sound."""


class Finding(Struct, frozen=True, kw_only=True):
    """A fault of a file: the rule it breaks and the line (the heading is 1; 0 is the whole file).

    An alert is no fault: it says what a reader may wonder about.
    """

    rule: str
    line: int
    detail: str = ""
    alert: bool = False


class NotSound(Exception):
    """A FEC that was written breaks a rule: it must not leave."""


def check_fec(path: Path, frame: Frame, encoding: Encoding) -> Iterator[Finding]:
    """The findings of a file, in its order; none when it is sound."""
    if wrong := wrong_name(path.name, frame):
        yield Finding(rule="file_name", line=0, detail=wrong)
    inspection = _Inspection(frame, encoding)
    with path.open("rb") as file:
        while raw := file.readline(LONGEST):
            yield from inspection.take(raw)
    yield from inspection.end()


def require_sound(path: Path, frame: Frame, encoding: Encoding) -> tuple[Finding, ...]:
    """The first alerts of a file; raises NotSound when it has faults."""
    alerts: list[Finding] = []
    faults: list[Finding] = []
    for each in check_fec(path, frame, encoding):
        kept = alerts if each.alert else faults
        if len(kept) < KEPT:
            kept.append(each)
    if faults:
        said = "; ".join(f"line {each.line}: {each.rule} {each.detail}" for each in faults)
        raise NotSound(f"{path.name}: {said}")
    return tuple(alerts)


class _Inspection:
    """A file being read: what its lines so far say about the next."""

    def __init__(self, frame: Frame, encoding: Encoding) -> None:
        self._frame = frame
        self._encoding = encoding
        self._line = 0
        self._entry: Fields | None = None
        self._balance = 0
        self._totals = Totals(frame)

    def take(self, raw: bytes) -> Iterator[Finding]:
        """The findings of the next line."""
        self._line += 1
        text, wrong = self._decoded(raw)
        for rule in wrong:
            yield self._found(rule)
        cells = text.split(SEPARATOR)
        if self._line == 1:
            if tuple(cells) != COLUMNS:
                yield self._found("header", text[:200])
            return
        if not text:
            yield self._found("blank_line")
            return
        if len(cells) != len(COLUMNS):
            yield self._found("column_count", f"{len(cells)} columns")
            return
        fields, faults = read_fields(cells)
        for rule, detail in faults:
            yield self._found(rule, detail)
        if fields is None:
            return
        yield from self._dates(fields)
        yield from self._entries(fields)
        for rule, detail in self._totals.take(self._line, fields):
            yield self._found(rule, detail)

    def end(self) -> Iterator[Finding]:
        """The findings that only the whole file shows."""
        yield from self._close_entry()
        if self._line == 0:
            yield self._found("header", "empty file")
        for line, rule, detail in self._totals.end():
            yield Finding(rule=rule, line=line, detail=detail)

    def _decoded(self, raw: bytes) -> tuple[str, list[str]]:
        """The line without its end, and the rules it breaks as bytes."""
        wrong = []
        body = raw[:-2]
        if not raw.endswith(b"\r\n") or b"\r" in body or b"\n" in body:
            wrong.append("end_of_line")
            body = raw.rstrip(b"\r\n")
        if self._line == 1 and body.startswith(b"\xef\xbb\xbf"):
            wrong.append("encoding")
        try:
            return body.decode(self._encoding), wrong
        except UnicodeDecodeError:
            return body.decode("latin-1"), [*wrong, "encoding"]

    def _dates(self, fields: Fields) -> Iterator[Finding]:
        """Days that lie outside the exercise, or before each other."""
        if not self._frame.first <= fields.day <= self._frame.last:
            yield self._found("date_outside_exercise", fields.day.isoformat())
        if fields.validated_on < fields.day and fields.journal != OPENING_JOURNAL:
            yield self._found("validated_before_dated", fields.number, alert=True)

    def _entries(self, fields: Fields) -> Iterator[Finding]:
        """An entry is in one piece, of one day and journal, balanced, and numbered on."""
        before = self._entry
        if before is not None and before.number == fields.number:
            if (before.day, before.journal, before.validated_on) != (
                fields.day, fields.journal, fields.validated_on,
            ):  # fmt: skip
                yield self._found("entry_of_two", fields.number)
            self._balance += fields.amount
            return
        yield from self._close_entry()
        expected = 1 if before is None else int(before.number) + 1
        if int(fields.number) != expected:
            yield self._found("number_not_next", f"{fields.number}, expected {expected}")
        yield from self._ordered(before, fields)
        self._entry, self._balance = fields, fields.amount

    def _ordered(self, before: Fields | None, fields: Fields) -> Iterator[Finding]:
        """Entries stand in the order of their validation, behind the opening one.

        A company may keep a journal AN of its own: what stands in it elsewhere is no fault.
        """
        if fields.journal == OPENING_JOURNAL:
            if before is not None and before.journal != OPENING_JOURNAL:
                yield self._found("opening_not_first", fields.number, alert=True)
            if fields.day != self._frame.first:
                yield self._found("opening_not_on_first_day", fields.number, alert=True)
        elif (
            before is not None
            and before.journal != OPENING_JOURNAL
            and fields.validated_on < before.validated_on
        ):
            yield self._found("not_in_order_of_validation", fields.number)

    def _close_entry(self) -> Iterator[Finding]:
        if self._balance:
            number = self._entry.number if self._entry else ""
            yield self._found("entry_unbalanced", f"{number}: {self._balance} cents")
        self._balance = 0

    def _found(self, rule: str, detail: str = "", *, alert: bool = False) -> Finding:
        return Finding(rule=rule, line=self._line, detail=detail, alert=alert)
