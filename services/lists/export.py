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
from services.files import delimited, json_lines, workbook
from services.files.delimited import Delimited
from services.files.json_lines import JsonLines
from services.files.table import Column, Language, Table, Writer
from services.files.workbook import Workbook
from services.lists.headings import ABOUT
from services.lists.kinds import ListKind
from services.loading import load_company
from services.store.pen import Command
from services.store.store import Store
from services.technical import note

Format = Literal["xlsx", "csv", "json"]
MEDIA_TYPES: dict[Format, str] = {
    "xlsx": workbook.MEDIA_TYPE,
    "csv": delimited.MEDIA_TYPE,
    "json": json_lines.MEDIA_TYPE,
}
SUFFIXES: dict[Format, str] = {"xlsx": "xlsx", "csv": "csv", "json": "jsonl"}
WRITERS: dict[Format, Callable[[Path, tuple[Column, ...], Language], Writer]] = {
    "xlsx": Workbook,
    "csv": Delimited,
    "json": JsonLines,
}
MOST_ROWS = 50_000
PAGE = 1_000
CHAIN_AT = "SELECT chain, recorded_at FROM event WHERE book_id = %(book)s AND position = %(at)s"

Reading = AbstractContextManager[Connection[Any]]


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


class Asked(Struct, frozen=True, kw_only=True):
    """A list as it is asked for: its kind and filter, its order, and the reader's language."""

    kind: ListKind
    wanted: Any
    sort: str
    language: Language
    form: Format
    most: int | None = MOST_ROWS

    def parameters(self) -> dict[str, str]:
        """Everything but the kind as texts, to be kept with the export."""
        given = {
            name: str(value).lower() if isinstance(value, bool) else str(value)
            for name, value in structs.asdict(self.wanted).items()
            if value is not None
        }
        return {**given, "sort": self.sort, "language": self.language}


class Provenance(Struct, frozen=True, kw_only=True):
    """Whose list it is, and the chain (hex) and instant of the event that it stands on."""

    company: str
    registration: str
    digest: str
    recorded_at: Any


class Written(Struct, frozen=True, kw_only=True):
    """What was written: as it was asked, with the day it was judged on, and where it stands."""

    asked: Asked
    position: int
    rows: int
    digest: str


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
) -> Written:
    """Writes a list to a path, from a connection that stands still.

    `provenance` tells where it comes from once its position is known. Raises Refusals when there
    are too many rows.
    """
    writer = WRITERS[asked.form](path, asked.kind.columns, asked.language)
    standpoint: Any = None
    count = 0
    for page in _pages(conn, book_id, asked):
        standpoint = page.standpoint
        count += len(page.rows)
        if asked.most is not None and count > asked.most:
            raise Refusals(ListIsTooLong(most=asked.most))
        for row in page.rows:
            writer.add(asked.kind.line(row))
    asked = _dated(asked, standpoint)
    source = provenance(standpoint.position)
    writer.close(
        Table(
            title=asked.kind.title[asked.language],
            columns=asked.kind.columns,
            facts=tuple(_facts(asked, standpoint, source, count)),
            language=asked.language,
            recorded_at=source.recorded_at,
        )
    )
    return Written(asked=asked, position=standpoint.position, rows=count, digest=source.digest)


@contextmanager
def export_list(
    store: Store,
    book_id: str,
    reading: Reading,
    asked: Asked,
    command: Command,
) -> Iterator[Exported]:
    """Exports a list and notes it in the book; the file is there until the context ends."""
    with TemporaryDirectory(prefix="paraphe-list-") as folder:
        path = Path(folder) / f"list.{SUFFIXES[asked.form]}"
        with reading as conn:
            written = write_list(
                conn, book_id, asked, path, lambda at: _provenance(store, book_id, at)
            )
        with path.open("rb") as content:
            sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        exported = ReportExported(
            kind=asked.kind.name,
            format=asked.form,
            parameters={**written.asked.parameters(), "digest": written.digest},
            position=written.position,
            sha256=sha256,
            size=path.stat().st_size,
        )
        note(store, book_id, exported, command)
        yield Exported(
            path=path,
            name=f"{asked.kind.name}-{written.position}.{SUFFIXES[asked.form]}",
            media_type=MEDIA_TYPES[asked.form],
            position=written.position,
            sha256=sha256,
            size=exported.size,
            rows=written.rows,
        )


def _pages(conn: Connection[Any], book_id: str, asked: Asked) -> Iterator[Any]:
    after = None
    while True:
        page = asked.kind.read(conn, book_id, asked.wanted, asked.sort, after, PAGE)
        yield page
        if (after := page.next) is None:
            return


def _dated(asked: Asked, standpoint: Any) -> Asked:
    """With the day that the answer was judged on, where nobody said which."""
    on: date | None = getattr(standpoint, "on", None)
    if on is None:
        return asked
    return structs.replace(asked, wanted=structs.replace(asked.wanted, on=on))


def _facts(
    asked: Asked, standpoint: Any, source: Provenance, count: int
) -> Iterator[tuple[str, str]]:
    """What the second sheet says, in the reader's language."""
    heading = {name: each[asked.language] for name, each in ABOUT.items()}
    yield heading["list"], asked.kind.title[asked.language]
    yield heading["company"], source.company
    yield heading["registration"], source.registration
    parameters = asked.parameters()
    for name in sorted(parameters.keys() - {"sort", "language"}):
        yield f"{heading['filter']}: {name}", parameters[name]
    yield heading["sort"], asked.sort
    yield heading["rows"], str(count)
    yield heading["position"], str(standpoint.position)
    for name in ("entries_until", "bank_booked_until"):
        until: date | None = getattr(standpoint, name)
        yield heading[name], "" if until is None else until.isoformat()
    if source.recorded_at is not None:
        yield heading["recorded_at"], source.recorded_at.isoformat()
    yield heading["digest"], source.digest


def _provenance(store: Store, book_id: str, position: int) -> Provenance:
    company = load_company(store.past(book_id, position))
    with store.entered(book_id) as conn:
        found = conn.execute(CHAIN_AT, {"book": book_id, "at": position}, binary=True).fetchone()
    chain, recorded_at = found or (b"", None)
    return Provenance(
        company=company.name,
        registration=company.registration,
        digest=bytes(chain).hex(),
        recorded_at=recorded_at,
    )
