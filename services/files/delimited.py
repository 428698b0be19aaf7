"""CSV of a list as its readers' spreadsheets open it: UTF-8 with a mark, `;` in French and Dutch.

A text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a
carriage return) is written behind an apostrophe. Amounts are decimal numbers, with a comma where
the separator is `;`; numbers and dates are never touched.
"""

import csv
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from services.files.table import NOTHING_MORE, Column, Language, Table, places_of, value_of

MEDIA_TYPE = "text/csv"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Delimited:
    """A CSV file being written to a path; `add` each row, then `close` it."""

    def __init__(self, path: Path, columns: tuple[Column, ...], language: Language) -> None:
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._european = language != "en"
        self._columns = columns
        self._language = language
        self._writer = csv.writer(self._file, delimiter=";" if self._european else ",")
        self._writer.writerow([column.label[language] for column in columns])

    def add(self, row: Any) -> None:
        """Writes the next row."""
        self._writer.writerow([self._cell(row, column) for column in self._columns])

    def close(self, _: Table) -> Mapping[str, str]:
        """Ends the file; it says nothing about itself."""
        self._file.close()
        return NOTHING_MORE

    def _cell(self, row: Any, column: Column) -> str:
        value = value_of(row, column, self._language)
        if value is None:
            return ""
        match column.kind:
            case "amount":
                return self._number(str(Decimal(value).scaleb(-places_of(row.currency))))
            case "decimal":
                return self._number(str(value))
            case "date" | "number":
                return str(value)
        return harmless(str(value))

    def _number(self, text: str) -> str:
        return text.replace(".", ",") if self._european else text


def harmless(text: str) -> str:
    """The text, behind an apostrophe if a spreadsheet would calculate it."""
    return f"'{text}" if text.startswith(FORMULA) else text
