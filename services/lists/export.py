"""Exports of exactly the filtered list: read at one position, written to a file, noted in the book.

What is noted (kind, format, filter, order, language and position) is all that it takes to make the
same bytes again from the events alone: `reproducing.py` does.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from msgspec import Struct, structs
from psycopg import Connection

from domain.book.refusal import Refusals, Refused, words
from domain.operations.exported import ReportExported
from projections.registers import read_by
from services.files import delimited, json_lines, paged, workbook
from services.files.delimited import Delimited
from services.files.json_lines import JsonLines
from services.files.paged import Paged
from services.files.table import Column, Language, Table, Writer
from services.files.workbook import Workbook
from services.lists.about import facts_of_list, facts_of_totals
from services.lists.kinds import ListKind
from services.lists.provenance import Provenance, provenance_of
from services.lists.reports import ReportKind
from services.lists.totals import Sums
from services.store.pen import Command
from services.store.store import Store
from services.technical import note

Format = Literal["xlsx", "csv", "json", "pdf"]
MEDIA_TYPES: dict[Format, str] = {
    "xlsx": workbook.MEDIA_TYPE,
    "csv": delimited.MEDIA_TYPE,
    "json": json_lines.MEDIA_TYPE,
    "pdf": paged.MEDIA_TYPE,
}
SUFFIXES: dict[Format, str] = {"xlsx": "xlsx", "csv": "csv", "json": "jsonl", "pdf": "pdf"}
WRITERS: dict[Format, Callable[[Path, tuple[Column, ...], Language], Writer]] = {
    "xlsx": Workbook,
    "csv": Delimited,
    "json": JsonLines,
    "pdf": Paged,
}
MOST_ROWS = 50_000
MOST_PRINTED = 1_000
"""Rows of a PDF that a request waits for: it takes some hundred times what the others take."""
MOST_ON_PAPER = 50_000
"""Rows of any PDF: more than a thousand pages are no report any more."""
PAGE = 1_000

Reading = AbstractContextManager[Connection[Any]]
Progress = Callable[[int], None]
"""Told how many rows are written."""


class ListIsTooLong(Refused, frozen=True, kw_only=True):
    """A list of more rows than a request waits for is made by a job."""

    code = "list_too_long"
    rule = "V27"
    text = words(
        en="The list has more than {most} rows: narrow the filter, or ask for it as a job.",
        fr="La liste dépasse {most} lignes : resserrez le filtre, ou demandez-la par un travail.",
        nl="De lijst telt meer dan {most} rijen: verfijn de filter, of vraag ze als taak.",
    )

    most: int


class PaperIsTooLong(Refused, frozen=True, kw_only=True):
    """A list of so many rows is no report that is printed."""

    code = "paper_too_long"
    rule = "V27"
    text = words(
        en="A PDF holds at most {most} rows: narrow the filter, or take another format.",
        fr="Un PDF a au plus {most} lignes : resserrez le filtre, ou prenez un autre format.",
        nl="Een pdf bevat hoogstens {most} rijen: verfijn de filter, of neem een ander formaat.",
    )

    most: int


class Asked(Struct, frozen=True, kw_only=True):
    """A list as it is asked for: its kind and filter, its order, and the reader's language."""

    kind: ListKind
    wanted: Any
    sort: str
    language: Language
    form: Format
    most: int | None = MOST_ROWS

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its columns, some of which the filter may decide on."""
        if isinstance(self.kind, ReportKind):
            return self.kind.columns_of(self.wanted)
        return self.kind.columns

    @property
    def registers(self) -> list[str]:
        """The names of the registers it reads."""
        return read_by([self.kind.register.name], self.wanted)

    def too_long(self, rows: int) -> Refused | None:
        """Why so many rows are refused."""
        on_paper = self.form == "pdf"
        most = self.most
        if most is not None and on_paper:
            most = min(most, MOST_PRINTED)
        if most is not None and rows > most:
            return ListIsTooLong(most=most)
        return PaperIsTooLong(most=MOST_ON_PAPER) if on_paper and rows > MOST_ON_PAPER else None

    def parameters(self) -> dict[str, str]:
        """Everything but the kind as texts, to be kept with the export."""
        given = {
            name: str(value).lower() if isinstance(value, bool) else str(value)
            for name, value in structs.asdict(self.wanted).items()
            if value is not None
        }
        return {**given, "sort": self.sort, "language": self.language}


class Written(Struct, frozen=True, kw_only=True):
    """What was written: as it was asked, with the day it was judged on, and where it stands.

    `noted` is what is said of the file beside its bytes.
    """

    asked: Asked
    position: int
    rows: int
    noted: dict[str, str]


class Exported(Struct, frozen=True, kw_only=True):
    """A list as a file; its path goes when its folder does."""

    path: Path
    name: str
    media_type: str
    position: int
    sha256: str
    size: int
    rows: int


def write_list(
    conn: Connection[Any],
    book_id: str,
    asked: Asked,
    path: Path,
    provenance: Callable[[int], Provenance],
    *,
    progress: Progress = lambda _rows: None,
) -> Written:
    """Writes a list to a path, from a connection that stands still.

    `provenance` tells where it comes from once its position is known. Raises Refusals when there
    are too many rows.
    """
    columns = asked.columns
    writer = WRITERS[asked.form](path, columns, asked.language)
    sums = Sums(asked.kind.name, (c.name for c in columns if c.name.startswith("band_")))
    standpoint: Any = None
    count = 0
    for page in _pages(conn, book_id, asked, provenance):
        standpoint = page.standpoint
        count += len(page.rows)
        if (refused := asked.too_long(count)) is not None:
            raise Refusals(refused)
        for row in map(asked.kind.line, page.rows):
            writer.add(row)
            sums.add(row)
        progress(count)
    asked = _dated(asked, standpoint)
    source = provenance(standpoint.position)
    table = _table(asked, standpoint, source, sums, count)
    noted = {"digest": source.digest, **writer.close(table)}
    return Written(asked=asked, position=standpoint.position, rows=count, noted=noted)


@contextmanager
def export_list(
    store: Store,
    book_id: str,
    reading: Reading,
    asked: Asked,
    command: Command,
    *,
    progress: Progress = lambda _rows: None,
) -> Iterator[Exported]:
    """Exports a list and notes it in the book; the file is there until the context ends."""
    with TemporaryDirectory(prefix="paraphe-list-") as folder:
        path = Path(folder) / f"list.{SUFFIXES[asked.form]}"
        with reading as conn:
            written = write_list(
                conn,
                book_id,
                asked,
                path,
                lambda at: provenance_of(store, book_id, at),
                progress=progress,
            )
        exported = _exported(written, path)
        note(store, book_id, exported, command)
        yield Exported(
            path=path,
            name=f"{asked.kind.name}-{written.position}.{SUFFIXES[asked.form]}",
            media_type=MEDIA_TYPES[asked.form],
            position=written.position,
            sha256=exported.sha256,
            size=exported.size,
            rows=written.rows,
        )


def _exported(written: Written, path: Path) -> ReportExported:
    with path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    return ReportExported(
        kind=written.asked.kind.name,
        format=written.asked.form,
        parameters={**written.asked.parameters(), **written.noted},
        position=written.position,
        sha256=sha256,
        size=path.stat().st_size,
    )


def _pages(
    conn: Connection[Any], book_id: str, asked: Asked, provenance: Callable[[int], Provenance]
) -> Iterator[Any]:
    wanted = asked.wanted
    if isinstance(asked.kind, ReportKind):
        wanted = asked.kind.completed(conn, book_id, wanted, provenance)
    after = None
    while True:
        page = asked.kind.read(conn, book_id, wanted, asked.sort, after, PAGE)
        yield page
        if (after := page.next) is None:
            return


def _dated(asked: Asked, standpoint: Any) -> Asked:
    """With the day that the answer was judged on, where nobody said which."""
    on: date | None = getattr(standpoint, "on", None)
    if on is None:
        return asked
    return structs.replace(asked, wanted=structs.replace(asked.wanted, on=on))


def _table(asked: Asked, standpoint: Any, source: Provenance, sums: Sums, count: int) -> Table:
    """What the list is, for what says so: a second sheet, or the head of a page."""
    title, totals = asked.kind.title[asked.language], sums.totals(asked.language)
    facts = facts_of_list(
        title, asked.parameters(), standpoint, source, rows=count, language=asked.language
    )
    said = list(facts)
    added = list(facts_of_totals(totals, asked.columns, asked.language))
    return Table(
        title=title,
        columns=asked.columns,
        facts=(*said[:-2], *added, *said[-2:]),
        language=asked.language,
        recorded_at=source.recorded_at,
        company=source.company,
        totals=totals,
    )
