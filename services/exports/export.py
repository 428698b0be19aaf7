"""A file that leaves: made at one position, noted in the book with its digest."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import Struct
from psycopg import Connection

from domain.operations.exported import ReportExported
from projections.together import stand_together
from services.exports.kind import (
    Background,
    FileKind,
    Made,
    Progress,
    Task,
    parameters_of,
    wish_again,
)
from services.loading import load_company
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.pen import Command
from services.store.store import Store
from services.technical import note
from services.vat_returns import load_filings


class Exported(Struct, frozen=True, kw_only=True):
    """A file as it was made and noted; its path goes when its folder does."""

    made: Made
    sha256: str
    size: int


class Exporter:
    """Exports files of any book."""

    def __init__(self, store: Store, readers: Readers, engine: Engine) -> None:
        self._store = store
        self._readers = readers
        self._engine = engine

    @contextmanager
    def export(
        self,
        book_id: str,
        kind: FileKind,
        wish: Any,
        command: Command,
        *,
        position: int | None = None,
        progress: Progress = lambda _rows: None,
        beside: Callable[[Made], Path] | None = None,
    ) -> Iterator[Exported]:
        """Makes a file of the book as it is, or was at a position; it is there until the end.

        `beside` makes a second file that follows from the first, whose digest is noted too. The
        same command again makes the same files, and notes nothing more. Raises Refusals.
        """
        noted = self.noted(book_id, kind, command.id)
        if noted is not None:
            position, wish = noted.position, wish_again(kind, noted.parameters)
        with TemporaryDirectory(prefix="paraphe-export-") as folder:
            with self._opened(book_id, kind, position) as conn:
                task = Task(
                    book_id=book_id,
                    wish=wish,
                    folder=Path(folder),
                    background=background_of(self._store, book_id),
                    progress=progress,
                )
                made = kind.write(conn, task)
            second = {} if beside is None else _digested(beside(made))
            exported = _exported(kind, wish, made, second)
            if noted is None:
                note(self._store, book_id, exported, command)
            yield Exported(made=made, sha256=exported.sha256, size=exported.size)

    def noted(self, book_id: str, kind: FileKind, command_id: str) -> ReportExported | None:
        """The export that a command noted before."""
        events = (fact.event for fact in self._store.written_by(book_id, command_id))
        return next(
            (e for e in events if isinstance(e, ReportExported) and e.kind == kind.name), None
        )

    @contextmanager
    def _opened(
        self, book_id: str, kind: FileKind, position: int | None
    ) -> Iterator[Connection[Any]]:
        """The register of a kind, standing still: brought up to the head, or as it was."""
        names = [register.name for register in kind.registers]
        if position is None:
            self._engine.run_to_head(book_id)
            with self._readers.still(book_id) as conn:
                if stand_together(conn, book_id, names):
                    yield conn
                    return
            position = self._store.head(book_id).size
        with self._engine.known_at(book_id, position, names) as conn:
            yield conn


def background_of(store: Store, book_id: str) -> Background:
    """What the events of a stored book say."""
    return Background(
        company=lambda at: load_company(store.past(book_id, at)),
        filings=lambda at: load_filings(store.past(book_id, at)),
    )


def _digested(path: Path) -> dict[str, str]:
    """What is noted of a second file."""
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return {"zip_sha256": digest, "zip_size": str(path.stat().st_size)}


def _exported(kind: FileKind, wish: Struct, made: Made, second: dict[str, str]) -> ReportExported:
    with made.path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return ReportExported(
        kind=kind.name,
        format=made.path.suffix.removeprefix(".") or kind.format,
        parameters={**parameters_of(wish), **second},
        position=made.position,
        sha256=digest,
        size=made.path.stat().st_size,
    )
