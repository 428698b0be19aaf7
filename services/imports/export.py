"""Contacts and articles with their whole structure, in files that come in again unchanged (M6, M7).

Personal fields are in clear, as far as they are not erased; so nobody can make such a file again
from the events alone, and its note in the book says only what was taken out, by whom. The lists
that are made again for an audit (`services/lists/`) leave these fields out.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import asdict
from psycopg import Connection

from domain.book.refusal import Refusals
from domain.imports.batch import BatchKind
from domain.operations.exported import ReportExported
from projections.articles_view import codes_of, list_articles
from projections.contacts_view import list_contacts
from projections.page import Page
from services import directory
from services.files.table import Language, Table, Words
from services.imports import article_lines, contact_lines
from services.imports.columns import Field
from services.lists.export import MEDIA_TYPES, MOST_ROWS, SUFFIXES, WRITERS, ListIsTooLong
from services.loading import load_company
from services.store.pen import Command
from services.store.store import Store
from services.technical import note

PAGE = 500
TITLES: dict[BatchKind, Words] = {
    "contacts": {"en": "Contacts", "fr": "Contacts", "nl": "Contacten"},
    "articles": {"en": "Articles", "fr": "Articles", "nl": "Artikelen"},
}
FIELDS: dict[BatchKind, tuple[Field, ...]] = {
    "contacts": contact_lines.FIELDS,
    "articles": article_lines.FIELDS,
}


class Leaving(Struct, frozen=True, kw_only=True):
    """What leaves: a filter of that kind's register, an order, a language and a form of file."""

    kind: BatchKind
    wanted: Any
    sort: str
    language: Language
    form: Literal["csv", "xlsx"]


class Left(Struct, frozen=True, kw_only=True):
    """The file, and the position of the book that it stands on."""

    path: Path
    name: str
    media_type: str
    position: int
    rows: int
    sha256: str


class Export:
    """An export from a connection to the register that stands still."""

    def __init__(self, store: Store, book_id: str, conn: Connection[Any], leaving: Leaving) -> None:
        self._store = store
        self._book_id = book_id
        self._conn = conn
        self._leaving = leaving
        self._columns = tuple(field.column for field in FIELDS[leaving.kind])

    def write(self, folder: Path, command: Command) -> Left:
        """Writes the lines into a folder and notes it; raises Refusals for too many rows."""
        kind, form = self._leaving.kind, self._leaving.form
        path = folder / f"{kind}.{SUFFIXES[form]}"
        writer = WRITERS[form](path, self._columns, self._leaving.language)
        rows = 0
        for page in self._pages():
            position = page.standpoint.position
            rows += len(page.rows)
            if rows > MOST_ROWS:
                raise Refusals(ListIsTooLong(most=MOST_ROWS))
            for line in self._lines(page.rows):
                writer.add(line)
        writer.close(self._table(rows, position))
        left = Left(
            path=path,
            name=f"{kind}-{position}.{SUFFIXES[form]}",
            media_type=MEDIA_TYPES[form],
            position=position,
            rows=rows,
            sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        note(self._store, self._book_id, self._noted(left), command)
        return left

    def _pages(self) -> Iterator[Page[Any, Any]]:
        read = list_contacts if self._leaving.kind == "contacts" else list_articles
        wanted, sort, after = self._leaving.wanted, self._leaving.sort, None
        while True:
            page: Page[Any, Any] = read(
                self._conn, self._book_id, wanted, sort=sort, after=after, limit=PAGE
            )
            yield page
            if (after := page.next) is None:
                return

    def _lines(self, rows: Sequence[Any]) -> Iterator[Any]:
        """Rows of the register as the lines of the file."""
        if self._leaving.kind == "contacts":
            for contact in directory.open_listed(self._store, self._book_id, rows):
                yield contact_lines.flattened(contact, self._leaving.language)
            return
        codes = codes_of(self._conn, self._book_id)
        for row in rows:
            yield article_lines.flattened(row.known, codes.__getitem__)

    def _noted(self, left: Left) -> ReportExported:
        wanted = asdict(self._leaving.wanted)
        asked = {name: str(value) for name, value in wanted.items() if value is not None}
        return ReportExported(
            kind=f"{self._leaving.kind}-structure",  # a list of that kind is another file
            format=self._leaving.form,
            parameters={**asked, "sort": self._leaving.sort, "language": self._leaving.language},
            position=left.position,
            sha256=left.sha256,
            size=left.path.stat().st_size,
        )

    def _table(self, rows: int, position: int) -> Table:
        """What the list is, for the second sheet of a workbook."""
        title = TITLES[self._leaving.kind][self._leaving.language]
        facts = ((title, str(rows)), (load_company(self._store.past(self._book_id)).name, ""))
        return Table(
            title=title,
            columns=self._columns,
            facts=(*facts, ("#", str(position))),
            language=self._leaving.language,
            recorded_at=None,
        )
