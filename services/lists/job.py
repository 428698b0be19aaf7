"""Exports of long lists as jobs: no limit on rows, the same file in every attempt."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Literal

import msgspec
from msgspec import Struct

from domain.operations.exported import ReportExported
from services.jobs.job import Product, Work
from services.lists.export import MEDIA_TYPES, SUFFIXES, Asked, Format, export_list
from services.lists.reports import EXPORTS
from services.lists.reproducing import asked_again
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.store import Store

EXPORT = "list"
"""The kind of these jobs."""
PIECE = 1024 * 1024


class ListAsked(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list as a job is asked for it; `filter` has the fields of the list's own filter."""

    list: str
    filter: dict[str, Any]
    sort: str
    format: Format
    language: Literal["en", "fr", "nl"] = "en"

    def asked(self) -> Asked:
        """The same, read by the list itself; raises msgspec.ValidationError or ValueError."""
        kind = EXPORTS.get(self.list)
        if kind is None or self.sort not in kind.orders:
            raise ValueError(f"there is no such list, or not in this order: {self.list}")
        return Asked(
            kind=kind,
            wanted=msgspec.convert(self.filter, kind.filter, strict=False),
            sort=self.sort,
            language=self.language,
            form=self.format,
            most=None,
        )


class ListMaker:
    """Does the jobs."""

    def __init__(self, store: Store, readers: Readers, engine: Engine) -> None:
        self._store = store
        self._readers = readers
        self._engine = engine

    def __call__(self, work: Work) -> Product:
        """Gives the file; an attempt before that noted one is repeated at its position."""
        said = msgspec.convert(work.asked, ListAsked)
        return Product(
            name=f"{said.list}.{SUFFIXES[said.format]}",
            media_type=MEDIA_TYPES[said.format],
            content=self._pieces(work, said.asked()),
        )

    def _pieces(self, work: Work, asked: Asked) -> Iterator[bytes]:
        command = work.command("export")
        noted = self._noted(work.book_id, command.id)
        reading: AbstractContextManager[Any] = self._readers.still(work.book_id)
        if noted is not None:
            asked = asked_again(asked.kind, noted)
            names = asked.registers
            reading = self._engine.known_at(work.book_id, noted.position, names)
        with (
            export_list(
                self._store,
                work.book_id,
                reading,
                asked,
                command,
                progress=lambda rows: work.progress(rows, rows),
            ) as file,
            file.path.open("rb") as content,
        ):
            while piece := content.read(PIECE):
                yield piece

    def _noted(self, book_id: str, command_id: str) -> ReportExported | None:
        events = (fact.event for fact in self._store.written_by(book_id, command_id))
        return next((event for event in events if isinstance(event, ReportExported)), None)
