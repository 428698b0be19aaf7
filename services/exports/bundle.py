"""The ZIP of originals: what lacks its print is printed, then each file follows the index."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_args

from domain.sales.printing import PrintedKind
from projections.originals_view import OriginalsFilter
from services.exports.kind import Made
from services.exports.originals import INDEX, originals_of, read_index, rows_of
from services.files.bundling import write_zip
from services.printing.originals import Printshop
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.store import Store

Told = Callable[[int, int], None]
"""Told how many files are done, of how many."""
PRINTED: tuple[PrintedKind, ...] = get_args(PrintedKind)
SUFFIXES = {
    "application/pdf": ".pdf",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "text/csv": ".csv",
    "application/json": ".json",
}


class OriginalIsLost(Exception):
    """A file that an event names is not in the book any more."""


class Bundler:
    """Makes ZIPs of the originals of any book."""

    def __init__(self, store: Store, readers: Readers, engine: Engine, shop: Printshop) -> None:
        self._store = store
        self._readers = readers
        self._engine = engine
        self._shop = shop

    def print_missing(self, book_id: str, wanted: OriginalsFilter, told: Told) -> None:
        """Prints what was issued and has no original yet, so that the ZIP has it."""
        self._engine.run_to_head(book_id)
        with self._readers.still(book_id) as conn:
            missing = [
                (row.kind, row.document_id)
                for _, row in rows_of(conn, book_id, wanted)
                if any(original.role == "missing" for original in originals_of(row))
            ]
        for done, (kind, document_id) in enumerate(missing):
            told(done, len(missing))
            printed = next(each for each in PRINTED if each == kind)
            self._shop.original(book_id, printed, document_id)

    def beside(self, book_id: str, told: Told) -> Callable[[Made], Path]:
        """What writes the ZIP beside an index; raises OriginalIsLost."""

        def write(made: Made) -> Path:
            path = made.path.with_suffix(".zip")
            write_zip(path, self._files(book_id, made, told))
            return path

        return write

    def _files(self, book_id: str, made: Made, told: Told) -> Iterator[tuple[str, bytes]]:
        yield INDEX, made.path.read_bytes()
        for nth, (name, digest) in enumerate(read_index(made.path), start=1):
            file = self._store.file(book_id, digest)
            if file is None:
                raise OriginalIsLost(f"{digest} of book {book_id}")
            yield f"{name}{SUFFIXES.get(file.media_type, '.bin')}", file.content
            told(nth, made.rows)
