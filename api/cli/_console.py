"""What every command shares: exit codes, the result on stdout, everything else on stderr."""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, Self, TypeVar

import typer

if TYPE_CHECKING:
    from services.backend import Backend
    from services.store.pen import Command
    from services.store.rehearsal import Rehearsal
    from services.store.store import Clock, Store

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON document.")]
Company = Annotated[
    str, typer.Option("--company", "-c", help="Its name, registration number or book id.")
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Only say what it would do; nothing is written.")
]

ACTOR = "operator"
"""Who the command line acts as in the book."""

T = TypeVar("T")


class Exit(IntEnum):
    """Exit codes; one that is not here means failure."""

    WELL = 0
    REFUSED = 1  # of `audit`: findings
    USAGE = 2
    UNDECIDABLE = 3  # something needed is missing
    INCOMPLETE = 4
    DIFFERENT = 5  # a comparison found differences
    LOCKED = 11
    INTERRUPTED = 130


def say(words: str) -> None:
    """Tells the person something that is not the result."""
    sys.stderr.write(f"paraphe: {words}\n")


def stop(words: str, code: Exit) -> NoReturn:
    """Ends the command with words on stderr and an exit code."""
    say(words)
    raise typer.Exit(code)


def show(result: dict[str, Any] | list[Any], text: str, *, as_json: bool) -> None:
    """Prints the result: as text for people, or as one JSON document."""
    typer.echo(json.dumps(result, indent=2, ensure_ascii=False, default=str) if as_json else text)


def operator(command_id: str) -> "Command":
    """A command of the person at the command line."""
    from services.store.pen import Command

    return Command(id=command_id, actor=ACTOR)


QUIET_SECONDS = 10.0
"""Without a terminal, progress is a line now and then."""


@contextmanager
def books(opened: "Backend", *, dry_run: bool) -> "Iterator[Store]":
    """The books, or for a dry run books in which nothing is written; stderr says what would be."""
    from services.store.rehearsal import Rehearsal

    if not dry_run:
        yield opened.store
        return
    rehearsal = Rehearsal(opened.store)
    try:
        yield rehearsal
        _tell(rehearsal)
    finally:
        rehearsal.close()


def _tell(rehearsal: "Rehearsal") -> None:
    for fact in rehearsal.events:
        say(f"would write event {fact.position}: {fact.event.stored_as}")
    if not rehearsal.events:
        say("would write nothing")


class Progressing:
    """A bar on stderr while something long runs; without a terminal a line every ten seconds."""

    def __init__(self, words: str, unit: str) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
        from rich.progress import TimeRemainingColumn as Remaining

        console = Console(stderr=True)
        columns = TextColumn(words), BarColumn(), MofNCompleteColumn(), TextColumn(unit)
        self._bar = Progress(
            *columns, Remaining(), console=console, transient=True, disable=not console.is_terminal
        )
        self._task = self._bar.add_task(words, total=None)
        self._words, self._unit = words, unit
        self._next_line = time.monotonic() + QUIET_SECONDS

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def reached(self, done: int, total: int) -> None:
        """Moves the bar."""
        self._bar.update(self._task, completed=done, total=total)
        if self._bar.disable and time.monotonic() > self._next_line:
            self._next_line = time.monotonic() + QUIET_SECONDS
            say(f"{self._words}: {done} of {total} {self._unit}".rstrip())


def progress(things: Sequence[T], words: str) -> Iterator[T]:
    """The things one by one, with a bar on stderr."""
    with Progressing(words, "") as bar:
        for done, thing in enumerate(things):
            bar.reached(done, len(things))
            yield thing


@contextmanager
def backend(clock: "Clock | None" = None) -> Iterator["Backend"]:
    """The backend of the settings; what it refuses or lacks ends the command in plain words."""
    import psycopg
    from pydantic import ValidationError

    from domain.book.refusal import Refusals
    from services import logs
    from services.backend import open_backend
    from services.postgres_binaries import EmbeddedPostgresFailed
    from services.settings import Settings
    from services.shelf import NoSuchCompany
    from services.store.migrations import ChangedMigration
    from services.store.store import StoreUnavailable

    try:
        settings = Settings()
        logs.configure(settings)
        with open_backend(settings, clock=clock) as opened:
            yield opened
    except Refusals as error:
        refused = error.refused
        stop(f"{refused.code} ({refused.rule}): {refused.explain()}", Exit.REFUSED)
    except NoSuchCompany as error:
        stop(f"{error}; `paraphe company list` shows what there is", Exit.USAGE)
    except ValidationError as error:
        stop(f"settings: {error}", Exit.USAGE)
    except ChangedMigration as error:
        stop(f"the database was made by another version: {error}", Exit.UNDECIDABLE)
    except (EmbeddedPostgresFailed, StoreUnavailable, psycopg.OperationalError) as error:
        stop(f"no database: {error}", Exit.UNDECIDABLE)
