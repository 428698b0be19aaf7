"""The index of originals: which files belong to the documents of a period, each by its digest.

The ZIP holds this index and, under the names in it, the files, byte for byte. An audit makes the
index again from the events alone, and the ZIP from the index and the files of a bundle.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct
from psycopg import Connection

from domain.book.refusal import Refusals, Refused, words
from projections.archives import Archives
from projections.originals_view import OriginalRow, OriginalsFilter, list_originals
from projections.printing import Printing
from services.exports.kind import FileKind, Made, Task
from services.files.delimited import harmless

MEDIA_TYPE = "text/csv"
INDEX = "index.csv"
PAGE = 500
MOST_FILES = 20_000
COLUMNS = (
    "File", "SHA256", "Role", "DocumentKind", "DocumentNumber", "DocumentDate", "Journal",
    "ThirdParty", "ThirdPartyName", "DocumentId", "Entry",
)  # fmt: skip


class TooManyOriginals(Refused, frozen=True, kw_only=True):
    """A ZIP of so many files is none that anybody opens."""

    code = "originals_too_many"
    rule = "V18"
    text = words(
        en="The period has more than {most} originals: take a shorter one.",
        fr="La période compte plus de {most} originaux : choisissez-en une plus courte.",
        nl="De periode telt meer dan {most} originelen: neem een kortere.",
    )

    most: int


class Original(Struct, frozen=True):
    """A file of a document: its name in the ZIP without what says its type, and its digest.

    `role` is `file` for what came with the document, `print` for what we printed; a print that is
    `missing` has neither name nor digest.
    """

    name: str
    digest: str
    role: str


def originals_of(row: OriginalRow) -> Iterator[Original]:
    """The files of a document."""
    for digest in dict.fromkeys(row.files):
        yield Original(_name(row, digest), digest, "file")
    if row.original:
        yield Original(_name(row, row.original), row.original, "print")
    elif row.issued:
        yield Original("", "", "missing")


def rows_of(
    conn: Connection[Any], book_id: str, wanted: OriginalsFilter
) -> Iterator[tuple[int, OriginalRow]]:
    """The documents of a filter, each with the position that the answer stands on."""
    after = None
    while True:
        page = list_originals(conn, book_id, wanted, after=after, limit=PAGE)
        for row in page.rows:
            yield page.standpoint.position, row
        if (after := page.next) is None:
            return


def write_index(conn: Connection[Any], task: Task) -> Made:
    """Writes the index; raises Refusals when there are too many files."""
    book_id, path, count = task.book_id, task.folder / INDEX, 0
    position = list_originals(conn, book_id, task.wish, limit=1).standpoint.position
    with path.open("wb") as file:
        file.write(_record(COLUMNS))
        for _position, row in rows_of(conn, book_id, task.wish):
            for original in originals_of(row):
                count += 1
                if count > MOST_FILES:
                    raise Refusals(TooManyOriginals(most=MOST_FILES))
                file.write(_record(_fields(row, original)))
            task.progress(count)
    return Made(path=path, media_type=MEDIA_TYPE, position=position, rows=count)


def read_index(path: Path) -> Iterator[tuple[str, str]]:
    """The names and digests of the files in an index."""
    with path.open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file, delimiter=";"):
            if record["SHA256"]:
                yield record["File"], record["SHA256"]


def _name(row: OriginalRow, digest: str) -> str:
    number = re.sub(r"[^A-Za-z0-9._-]+", "-", row.number)[:60].strip("-.") or row.document_id
    return f"{row.date:%Y-%m}/{row.date.isoformat()}_{row.kind}_{number}_{digest[:8]}"


def _fields(row: OriginalRow, original: Original) -> tuple[str, ...]:
    return (
        original.name,
        original.digest,
        original.role,
        row.kind,
        harmless(row.number),
        row.date.isoformat(),
        row.journal,
        row.party,
        harmless(row.party_name),
        row.document_id,
        str(row.entry),
    )


def _record(fields: tuple[str, ...]) -> bytes:
    row = io.StringIO(newline="")
    csv.writer(row, delimiter=";", lineterminator="\r\n").writerow(fields)
    return row.getvalue().encode()


ORIGINALS = FileKind(
    name="originals",
    format="csv",
    registers=(Archives(), Printing()),
    wish=OriginalsFilter,
    write=write_index,
)
