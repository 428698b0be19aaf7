"""A FEC that leaves: written, checked, and noted in the book with its digest."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import msgspec
from psycopg import Connection

from domain.book.event import Event
from domain.operations.exported import ReportExported
from projections.ledger import Ledger
from services.fec.writing import Files, Progress, Wish, write_fec
from services.loading import load_company
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.pen import Command, Pen
from services.store.store import Store

Part = Literal["fec", "fec_description"]
"""The kinds that the two files are noted under."""
PARTS: tuple[Part, ...] = ("fec", "fec_description")
FORMAT = "txt"
MEDIA_TYPE = "text/plain"

Open = Callable[[int | None], AbstractContextManager[Connection[Any]]]
"""Gives the ledger of a book, standing still: as it is, or as it was at a position."""


@contextmanager
def export_fec(
    store: Store,
    book_id: str,
    opened: Open,
    wish: Wish,
    command: Command,
    *,
    position: int | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Iterator[Files]:
    """Exports the FEC of an exercise with its description; both are there until the context ends.

    The same command again writes the same files and notes nothing more.
    """
    noted = _noted(store, book_id, command.id)
    if noted is not None:
        position = noted.position
    elif position is not None:
        position = min(position, store.head(book_id).size)
    with TemporaryDirectory(prefix="paraphe-fec-") as folder:
        with opened(position) as conn:
            files = write_fec(
                conn,
                book_id,
                wish,
                Path(folder),
                lambda at: load_company(store.past(book_id, at)),
                position=position,
                progress=progress,
            )
        _note(store, book_id, files, wish, command)
        yield files


def ledger_of(engine: Engine, readers: Readers, book_id: str) -> Open:
    """The ledger of a book: the live one brought up to its head, or one replayed to a position."""

    @contextmanager
    def opened(position: int | None) -> Iterator[Connection[Any]]:
        with ExitStack() as stack:
            if position is None:
                engine.run_to_head(book_id)
                yield stack.enter_context(readers.still(book_id))
            else:
                known = engine.known_at(book_id, position, [Ledger.name])
                yield stack.enter_context(known)

    return opened


def path_of(files: Files, part: str) -> Path:
    """The file that is noted under a kind."""
    return files.path if part == "fec" else files.description


def _note(store: Store, book_id: str, files: Files, wish: Wish, command: Command) -> None:
    events: list[Event] = [_exported(files, wish, part) for part in PARTS]

    def decide(pen: Pen) -> None:
        pen.append(events)

    store.write(book_id, command, decide, lambda _: None)


def _exported(files: Files, wish: Wish, part: Part) -> ReportExported:
    path = path_of(files, part)
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return ReportExported(
        kind=part,
        format=FORMAT,
        parameters={name: str(value) for name, value in msgspec.to_builtins(wish).items()},
        position=files.position,
        sha256=digest,
        size=path.stat().st_size,
    )


def _noted(store: Store, book_id: str, command_id: str) -> ReportExported | None:
    events = (fact.event for fact in store.written_by(book_id, command_id))
    return next((event for event in events if isinstance(event, ReportExported)), None)
