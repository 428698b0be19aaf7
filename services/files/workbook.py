"""XLSX of a list: typed cells, a frozen heading with filters, and a sheet that says what it is.

Rows go to disk as they come. The same rows and facts give the same bytes: the file knows no time
but that of the event it stands on. Text stays text, whatever it looks like: nothing is a formula.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from services.files.table import NOTHING_MORE, Column, Language, Table, places_of, value_of

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_CELL = 32_767
WIDTHS = {"text": 24, "code": 14, "date": 12, "amount": 16, "number": 10, "decimal": 10, "truth": 8}
DAYS: dict[Language, str] = {"en": "yyyy-mm-dd", "fr": "dd/mm/yyyy", "nl": "dd/mm/yyyy"}
SHEETS: dict[Language, str] = {"en": "About this list", "fr": "À propos", "nl": "Over deze lijst"}


class Workbook:
    """A workbook being written to a path; `add` each row, then `close` it with its table."""

    def __init__(self, path: Path, columns: tuple[Column, ...], language: Language) -> None:
        options = {"constant_memory": True, "tmpdir": str(path.parent)}
        self._book = xlsxwriter.Workbook(str(path), options)
        self._columns = columns
        self._language = language
        self._rows = 0
        self._amounts: dict[str, Format] = {}
        self._day = self._book.add_format({"num_format": DAYS[language]})
        self._bold = self._book.add_format({"bold": True, "bottom": 1})
        self._sheet: Worksheet = self._book.add_worksheet("1")
        for at, column in enumerate(columns):
            self._sheet.set_column(at, at, WIDTHS[column.kind])
            self._sheet.write_string(0, at, column.label[language], self._bold)
        self._sheet.freeze_panes(1, 0)

    def add(self, row: Any) -> None:
        """Writes the next row."""
        self._rows += 1
        for at, column in enumerate(self._columns):
            value = value_of(row, column, self._language)
            if value is None or value == "":
                continue
            self._write(at, column, value, row)

    def close(self, table: Table) -> Mapping[str, str]:
        """Writes what the list is, and the file."""
        self._sheet.autofilter(0, 0, self._rows, len(self._columns) - 1)
        about = self._book.add_worksheet(SHEETS[self._language])
        about.set_column(0, 0, 28)
        about.set_column(1, 1, 80)
        for at, (name, value) in enumerate(table.facts):
            about.write_string(at, 0, name, self._bold)
            about.write_string(at, 1, value[:LONGEST_CELL])
        moment = (table.recorded_at or EPOCH).astimezone(UTC).replace(tzinfo=None, microsecond=0)
        self._book.set_properties({"title": table.title, "created": moment})
        self._book.close()
        return NOTHING_MORE

    def _write(self, at: int, column: Column, value: Any, row: Any) -> None:
        if column.kind == "amount":
            places = places_of(row.currency)
            self._sheet.write_number(
                self._rows, at, value / 10**places, self._money(row.currency, places)
            )
        elif column.kind == "date":
            self._sheet.write_datetime(self._rows, at, value, self._day)
        elif column.kind in ("number", "decimal"):
            self._sheet.write_number(self._rows, at, float(value))
        else:
            self._sheet.write_string(self._rows, at, str(value)[:LONGEST_CELL])

    def _money(self, currency: str, places: int) -> Format:
        if currency not in self._amounts:
            decimals = f".{'0' * places}" if places else ""
            shown = f"#,##0{decimals} [${currency}];[Red]-#,##0{decimals} [${currency}]"
            self._amounts[currency] = self._book.add_format({"num_format": shown})
        return self._amounts[currency]
