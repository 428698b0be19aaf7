"""A FEC read whole before anything of it is written: one pass, and all that is wrong is named."""

from collections.abc import Iterable
from datetime import date
from typing import BinaryIO

from domain.book.refusal import Refusals, Refused
from domain.imports.fec_refusals import (
    FecDayIsOutside,
    FecEntryIsTorn,
    FecEntryIsUnbalanced,
    FecIsTooLarge,
    FecLineIsBroken,
    FecNumberIsDouble,
)
from domain.imports.refusals import ImportIsRefused, LineFinding
from domain.values.days import fiscal_days, fiscal_year
from services.files.fec.line import COLUMNS, OPENING_JOURNAL
from services.imports.fec_fields import FecRow, read_row
from services.imports.fec_survey import (
    MOST_LINES_OF_ENTRY,
    Survey,
    count_line,
    tell_letterings,
    validated_on,
)
from services.imports.fec_text import Line, lines_of, read_layout, read_text

MOST_LINES = 5_000_000
MOST_FINDINGS = 1_000
"""So many are named; all are counted."""


def survey_fec(file: BinaryIO, start_month: int, closing: date | None = None) -> Survey:
    """Reads a FEC; raises Refusals, ImportIsRefused with every wrong line among them.

    The exercise is the fiscal year, beginning in `start_month`, of its closing day, or of the first
    entry where that is not known.
    """
    text = read_text(file)
    lines = lines_of(file)
    heading = next(lines, None)
    if heading is None:
        raise Refusals(ImportIsRefused(wrong=1, lines=0, findings=(), pointer="/file"))
    layout = read_layout(decoded(heading, text.encoding) or "")
    reading = _Reading(Survey(text, layout), start_month)
    if closing is not None:
        reading.begin_in(closing)
    if layout.width > len(COLUMNS):
        reading.survey.notice("extra_columns", 1)
    reading.read(lines)
    return reading.survey


def decoded(line: Line, encoding: str) -> str | None:
    """The text of a line; None for bytes that the encoding does not have."""
    try:
        return line.content.decode(encoding)
    except UnicodeDecodeError:
        return None


class _Reading:
    """A FEC on its way in, entry by entry."""

    def __init__(self, survey: Survey, start_month: int) -> None:
        self.survey = survey
        self._start_month = start_month
        self._findings: list[LineFinding] = []
        self._wrong = 0
        self._entry: list[FecRow] = []
        self._start = self._end = 0
        self._seen: dict[str, int] = {}
        self._torn = 0
        """How many entries more may lack a line that is wrong in itself."""

    def read(self, lines: Iterable[Line]) -> None:
        """Takes the lines in; raises Refusals when anything is wrong."""
        for line in lines:
            row = self._row(line)
            if row is not None:
                self._take(line, row)
        self._close()
        survey = self.survey
        if not self._wrong and not survey.entries:
            self._find(1, "", FecEntryIsUnbalanced(number="", count=0, debit=0, credit=0))
        if self._wrong:
            raise Refusals(
                ImportIsRefused(
                    wrong=self._wrong,
                    lines=survey.lines,
                    findings=tuple(self._findings),
                    pointer="/file",
                )
            )
        tell_letterings(survey)

    def begin_in(self, day: date) -> None:
        """The exercise is that of a day."""
        year = fiscal_year(day, self._start_month)
        self.survey.first, self.survey.until = fiscal_days(year, self._start_month)

    def _row(self, line: Line) -> FecRow | None:
        survey = self.survey
        if not line.content:
            survey.notice("blank_line", line.number)
            return None
        survey.lines += 1
        if survey.lines > MOST_LINES:
            raise Refusals(FecIsTooLarge(most=MOST_LINES, what="lines", pointer="/file"))
        text = decoded(line, survey.text.encoding)
        cells = survey.layout.cells(text) if text is not None else None
        if cells is None:
            self._torn = 2
            count = (text or "").count(survey.layout.separator) + 1
            self._find(line.number, "", FecLineIsBroken(count=count, expected=survey.layout.width))
            return None
        row = read_row(line.number, cells, signed=survey.layout.signed)
        if isinstance(row, FecRow):
            return row
        self._torn = 2  # the entry in hand, or the one that begins with it
        for finding in row:
            self._find(finding.line, finding.column, finding.refused)
        return None

    def _take(self, line: Line, row: FecRow) -> None:
        before = self._entry[0] if self._entry else None
        if before is None or (before.number, before.journal) != (row.number, row.journal):
            self._close()
            self._start = line.start
            self._begin(row)
        elif before.day != row.day:
            torn = FecEntryIsTorn(number=row.number[:40], day=before.day, other=row.day)
            self._find(row.line, "EcritureDate", torn)
        if not self.survey.first <= row.day <= self.survey.until:
            survey = self.survey
            outside = FecDayIsOutside(day=row.day, first=survey.first, until=survey.until)
            self._find(row.line, "EcritureDate", outside)
        self._entry.append(row)
        self._end = line.end
        if len(self._entry) > MOST_LINES_OF_ENTRY:
            what = "lines/entry"
            raise Refusals(FecIsTooLarge(most=MOST_LINES_OF_ENTRY, what=what, pointer="/file"))

    def _begin(self, row: FecRow) -> None:
        """The first line of an entry: its number is new in its journal."""
        survey = self.survey
        if survey.first == date.min:
            self.begin_in(row.day)
        first = self._seen.setdefault(f"{row.journal}\t{row.number}", row.line)
        if first != row.line:
            double = FecNumberIsDouble(
                number=row.number[:40], journal=row.journal[:40], first=first
            )
            self._find(row.line, "EcritureNum", double)

    def _close(self) -> None:
        """The entry is whole: it balances, and is counted."""
        rows, self._entry = self._entry, []
        if not rows:
            return
        debit = sum(row.amount for row in rows if row.amount > 0)
        credit = -sum(row.amount for row in rows if row.amount < 0)
        first = rows[0]
        whole, self._torn = not self._torn, max(0, self._torn - 1)
        if whole and (debit != credit or len(rows) < 2):
            unbalanced = FecEntryIsUnbalanced(
                number=first.number[:40], count=len(rows), debit=debit, credit=credit
            )
            self._find(first.line, "EcritureNum", unbalanced)
        if self._wrong:
            return
        survey = self.survey
        survey.starts.append(self._start)
        survey.lengths.append(self._end - self._start)
        survey.numbers.append(first.line)
        survey.days.append(first.day.toordinal())
        opens = first.journal == OPENING_JOURNAL
        survey.ranks.append(0 if opens else validated_on(rows).toordinal())
        survey.debit += debit
        survey.credit += credit
        for index, row in enumerate(rows):
            count_line(survey, survey.entries - 1, index, row)

    def _find(self, line: int, column: str, refused: Refused) -> None:
        self._wrong += 1
        if len(self._findings) < MOST_FINDINGS:
            self._findings.append(LineFinding(line=line, column=column, refused=refused))
