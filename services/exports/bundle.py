"""The ZIP of originals: what lacks its print is printed, then each file follows the index."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

from domain.sales.printing import PrintedKind
from projections.originals_view import OriginalsFilter
from services.audit.replay_check import Files
from services.audit.replay_exports import FilesAreMissing, Second
from services.exports.kind import Made
from services.exports.originals import INDEX, originals_of, read_index, rows_of
from services.exports.suffixes import suffix_of
from services.files.bundling import write_zip
from services.printing.originals import Printshop
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.store import Store

Told = Callable[[int, int], None]
"""Told how many files are done, of how many."""
PRINTED: tuple[PrintedKind, ...] = get_args(PrintedKind)


class OriginalIsLost(Exception):
    """A file that an event names is not in the book any more."""


def members(index: Path, read: Files) -> Iterator[tuple[str, bytes]]:
    """The members of the ZIP that follows from an index; raises OriginalIsLost."""
    yield INDEX, index.read_bytes()
    for name, digest in read_index(index):
        content = read(digest)
        if content is None:
            raise OriginalIsLost(digest)
        yield f"{name}{suffix_of(content)}", content


def zip_again(index: bytes, read: Files) -> Second:
    """Makes the ZIP of an index from files given by digest; raises FilesAreMissing."""
    with TemporaryDirectory(prefix="paraphe-export-") as folder:
        path = Path(folder) / INDEX
        path.write_bytes(index)
        digests = [digest for _, digest in read_index(path)]
        missing = sum(read(digest) is None for digest in digests)
        if missing:
            raise FilesAreMissing(f"{missing} of {len(digests)} files not in the bundle")
        bundle = path.with_suffix(".zip")
        write_zip(bundle, members(path, read))
        with bundle.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        return Second(sha256=digest, size=bundle.stat().st_size)


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
        def read(digest: str) -> bytes | None:
            file = self._store.file(book_id, digest)
            return None if file is None else file.content

        for nth, member in enumerate(members(made.path, read)):
            yield member
            told(nth, made.rows)
