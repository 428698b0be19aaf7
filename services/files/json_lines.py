"""JSON lines of a list: one object a row, amounts as whole minor units beside their currency."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from services.files.table import NOTHING_MORE, Column, Language, Table

MEDIA_TYPE = "application/jsonl"


class JsonLines:
    """A file of JSON lines being written to a path; the same in every language."""

    def __init__(self, path: Path, columns: tuple[Column, ...], _: Language) -> None:
        self._file = path.open("wb")
        self._names = [column.name for column in columns]

    def add(self, row: Any) -> None:
        """Writes the next row."""
        said = {name: getattr(row, name) for name in self._names}
        self._file.write(msgspec.json.encode(said) + b"\n")

    def close(self, _: Table) -> Mapping[str, str]:
        """Ends the file; it says nothing about itself."""
        self._file.close()
        return NOTHING_MORE
