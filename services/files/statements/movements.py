"""Lists of movements (CSV), read by the layout that the company keeps for the account."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NoReturn, TypeVar

from domain.treasury.bank_statement import BankStatement, StatementLine
from domain.treasury.csv_layout import CsvLayout, Field
from domain.treasury.payment import Counterparty
from domain.values import money
from domain.values.identifiers import compact
from domain.values.structured import structured
from services.files.statements.fault import refuse
from services.files.statements.text import clean, decoded

SOURCE = "CSV"
MOST_BYTES = 10_000_000
MOST_LINES = 10_000
MOST_COLUMNS = 100
HEADINGS_WITHIN = 40
"""Lines that a bank may write above the headings."""
SEPARATORS = ";,\t|"
LONGEST_FIELD = 20_000

_GROUPS = {",": re.compile(r"[.\s'\u00a0\u202f]"), ".": re.compile(r"[,\s'\u00a0\u202f]")}
_AMOUNT = re.compile(r"[+-]?[0-9]{1,13}(\.[0-9]{1,4})?", re.ASCII)
_DAY = re.compile(r"([0-9]{1,4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,4})", re.ASCII)
_YEAR_FIRST = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)
_YEAR_LAST = re.compile(r"([0-9]{2})([0-9]{2})([0-9]{4})", re.ASCII)
T = TypeVar("T")
Row = tuple[int, Sequence[str]]


def read(content: bytes, layout: CsvLayout) -> tuple[BankStatement, ...]:
    """The movements of a list as one statement without balances; raises Refusals with the place."""
    if len(content) > MOST_BYTES:
        refuse(SOURCE, 0, 0, "too_large")
    text = decoded(content, SOURCE)
    columns, rows = _headed(text, layout)
    lines = tuple(_Movement(layout, columns, line, row).read() for line, row in rows)
    if not lines:
        refuse(SOURCE, 0, 0, "empty")
    days = [line.date for line in lines]
    ordered = lines if days == sorted(days) else tuple(sorted(lines, key=lambda line: line.date))
    if days == sorted(days, reverse=True):
        ordered = lines[::-1]
    statement = BankStatement(
        source="csv",
        account=layout.account,
        currency=layout.currency,
        lines=ordered,
        opened_on=min(days),
        closed_on=max(days),
    )
    return (statement,)


def looks_like(content: bytes, layout: CsvLayout) -> bool:
    """Whether a line near the beginning has every heading of the layout."""
    head = content[:20_000].decode("utf-8-sig", "replace")
    other = content[:20_000].decode("cp1252", "replace")
    return any(_find(text.splitlines()[:HEADINGS_WITHIN], layout) for text in (head, other))


def _headed(text: str, layout: CsvLayout) -> tuple[dict[Field, int], Iterator[Row]]:
    """The place of each column, and the rows below the headings."""
    lines = text.splitlines()
    found = _find(lines[:HEADINGS_WITHIN], layout)
    if found is None:
        missing = next(iter(layout.columns.values()))
        refuse(SOURCE, 1, 1, "missing", missing)
    at, separator, columns = found
    return columns, _rows("\n".join(lines[at + 1 :]), separator, at + 2)


def _find(lines: Sequence[str], layout: CsvLayout) -> tuple[int, str, dict[Field, int]] | None:
    for at, line in enumerate(lines):
        for separator in SEPARATORS:
            headings = [_folded(each) for each in next(csv.reader([line], delimiter=separator), [])]
            places = {
                field: headings.index(_folded(heading))
                for field, heading in layout.columns.items()
                if headings.count(_folded(heading)) == 1
            }
            if len(places) == len(layout.columns):
                return at, separator, places
    return None


def _rows(text: str, separator: str, first: int) -> Iterator[Row]:
    csv.field_size_limit(200_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    line = first
    try:
        for count, row in enumerate(reader):
            if count >= MOST_LINES or len(row) > MOST_COLUMNS:
                refuse(SOURCE, line, 1, "too_complex")
            if any(len(cell) > LONGEST_FIELD for cell in row):
                refuse(SOURCE, line, 1, "too_complex")
            if any(cell.strip() for cell in row):
                yield line, row
            line = first + reader.line_num
    except csv.Error:
        refuse(SOURCE, line, 1, "malformed", "CSV")


class _Movement:
    """A row, read by the layout; a fault names its line and column."""

    def __init__(
        self, layout: CsvLayout, columns: dict[Field, int], line: int, row: Sequence[str]
    ) -> None:
        self._layout = layout
        self._columns = columns
        self._line = line
        self._row = row

    def read(self) -> StatementLine:
        """The movement; raises Refusals."""
        currency = self._text("currency") or self._layout.currency
        if currency != self._layout.currency:
            self._fault("currency", "currency")
        said = structured(self._text("communication"))
        day = self._read("date", self._day)
        if day is None:
            self._fault("date", "missing")
        return StatementLine(
            amount=self._amount(),
            date=day,
            value_date=self._read("value_date", self._day),
            counterparty=Counterparty(
                name=self._text("name")[:140], iban=compact(self._text("iban"))[:34]
            ),
            communication="" if said else self._text("communication"),
            structured=said,
            reference=self._text("reference"),
            code=self._text("code"),
        )

    def _amount(self) -> int:
        if "amount" in self._columns:
            amount = self._read("amount", self._money)
            return amount if amount is not None else self._fault("amount", "missing")
        debit, credit = self._read("debit", self._money), self._read("credit", self._money)
        if (debit or 0) == 0 and (credit or 0) == 0:
            self._fault("debit", "missing")
        return (credit or 0) - abs(debit or 0)

    def _read(self, field: Field, parse: Callable[[str], T]) -> T | None:
        text = self._text(field)
        if not text:
            return None
        try:
            return parse(text)
        except ValueError:
            self._fault(field, "malformed")

    def _money(self, text: str) -> int:
        bare = _GROUPS[self._layout.decimal].sub("", text).replace("\u2212", "-")
        if bare.endswith(("-", "+")):
            bare = bare[-1] + bare[:-1]
        bare = bare.replace(self._layout.decimal, ".")
        if _AMOUNT.fullmatch(bare) is None:
            raise ValueError(text)
        sign, digits = ("-", bare[1:]) if bare[0] == "-" else ("", bare.lstrip("+"))
        whole, _, decimals = digits.partition(".")
        kept = decimals.rstrip("0")
        plain = f"{int(whole)}.{kept}" if kept else str(int(whole))
        amount = money.parse(plain, self._layout.currency)
        return -amount if sign else amount

    def _day(self, text: str) -> date:
        bare = re.split(r"T| [0-9]{1,2}:", text)[0].strip()
        together = _YEAR_FIRST if self._layout.dates == "ymd" else _YEAR_LAST
        found = _DAY.fullmatch(bare) or together.fullmatch(bare)
        if found is None:
            raise ValueError(text)
        first, second, third = map(int, found.groups())
        orders = {
            "dmy": (third, second, first),
            "mdy": (third, first, second),
            "ymd": (first, second, third),
        }
        year, month, day = orders[self._layout.dates]
        return date(year + 2000 if year < 100 else year, month, day)

    def _text(self, field: Field) -> str:
        at = self._columns.get(field)
        return clean(self._row[at]) if at is not None and at < len(self._row) else ""

    def _fault(self, field: Field, reason: str) -> NoReturn:
        column = self._columns.get(field, 0) + 1
        refuse(SOURCE, self._line, column, reason, self._layout.columns.get(field, field))


def _folded(heading: str) -> str:
    return "".join(heading.split()).casefold()
