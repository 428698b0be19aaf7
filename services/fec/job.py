"""A FEC as a job: made with progress, the same file in every attempt."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
from msgspec import Struct

from services.fec.export import MEDIA_TYPE, Part, export_fec, ledger_of, path_of
from services.fec.writing import Wish
from services.files.fec.line import Encoding
from services.jobs.job import Product, Work
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.store import Store

FEC = "fec"
"""The kind of these jobs."""
PIECE = 1024 * 1024


class FecAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A FEC or its description as a job is asked for it; `known_at` is a position of the book."""

    part: Part
    exercise: int
    encoding: Encoding = "iso-8859-15"
    known_at: int | None = None

    def wish(self) -> Wish:
        """The file that is wanted."""
        return Wish(exercise=self.exercise, encoding=self.encoding)


class FecMaker:
    """Does the jobs."""

    def __init__(self, store: Store, readers: Readers, engine: Engine) -> None:
        self._store = store
        self._readers = readers
        self._engine = engine

    def __call__(self, work: Work) -> Product:
        """Gives the file; an attempt before that noted one is repeated at its position."""
        asked = msgspec.convert(work.asked, FecAsked)
        with ExitStack() as stack:
            files = stack.enter_context(
                export_fec(
                    self._store,
                    work.book_id,
                    ledger_of(self._engine, self._readers, work.book_id),
                    asked.wish(),
                    work.command("export"),
                    position=asked.known_at,
                    progress=work.progress,
                )
            )
            path = path_of(files, asked.part)
            pieces = _pieces(path, stack.pop_all())
        return Product(name=path.name, media_type=MEDIA_TYPE, content=pieces)


def _pieces(path: Path, kept: ExitStack) -> Iterator[bytes]:
    """The bytes of a file that goes with the last of them."""
    with kept, path.open("rb") as content:
        while piece := content.read(PIECE):
            yield piece
