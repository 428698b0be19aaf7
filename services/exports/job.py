"""Files as jobs: made with progress, the same bytes in every attempt, originals as a ZIP."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from services.exports.bundle import Bundler
from services.exports.export import Exporter
from services.exports.kinds import FILES
from services.exports.originals import ORIGINALS
from services.jobs.job import Product, Work

FILE = "file"
"""The kind of these jobs."""
PIECE = 1024 * 1024
ZIP = "application/zip"


class FileAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file as a job is asked for it; `known_at` is a position of the book."""

    kind: str
    wish: dict[str, Any]
    known_at: int | None = None

    def asked(self) -> Any:
        """The wish, as its kind has it; raises msgspec.ValidationError."""
        return msgspec.convert(self.wish, FILES[self.kind].wish, strict=False)


class FileMaker:
    """Does the jobs."""

    def __init__(self, exporter: Exporter, bundler: Bundler) -> None:
        self._exporter = exporter
        self._bundler = bundler

    def __call__(self, work: Work) -> Product:
        """Gives the file; an attempt before that noted one is repeated at its position."""
        said = msgspec.convert(work.asked, FileAsked)
        kind, wish, command = FILES[said.kind], said.asked(), work.command("export")
        zipped = kind is ORIGINALS
        again = self._exporter.noted(work.book_id, kind, command.id) is not None
        if zipped and not again and said.known_at is None:
            self._bundler.print_missing(work.book_id, wish, work.progress)
        with ExitStack() as stack:
            exported = stack.enter_context(
                self._exporter.export(
                    work.book_id,
                    kind,
                    wish,
                    command,
                    position=said.known_at,
                    progress=lambda rows: work.progress(rows, rows),
                    beside=self._bundler.beside(work.book_id, work.progress) if zipped else None,
                )
            )
            made = exported.made
            path = made.path.with_suffix(".zip") if zipped else made.path
            pieces = _pieces(path, stack.pop_all())
        name = f"originals-{made.position}.zip" if zipped else path.name
        return Product(name=name, media_type=ZIP if zipped else made.media_type, content=pieces)


def _pieces(path: Path, kept: ExitStack) -> Iterator[bytes]:
    """The bytes of a file that goes with the last of them."""
    with kept, path.open("rb") as content:
        while piece := content.read(PIECE):
            yield piece
