"""Rebuilding registers beside the live ones: build, compare, catch up, swap by name. Reads go on.

`unpaid` is always the live one, `unpaid_next` is being built, `unpaid_old` is the way back. A book
is loaded in one transaction, so a build that stopped goes on with the books it has not done. Some
companies alone are built in `unpaid_some`, and their rows put in place book by book.
"""

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from uuid import UUID

from msgspec import Struct
from psycopg import OperationalError, sql
from psycopg.errors import LockNotAvailable

from projections.register import Register
from services.replay import schema, swap
from services.replay.build import Build, Progress
from services.replay.bulk import IN_MEMORY
from services.replay.causes import add_causes
from services.replay.compare import Comparison
from services.replay.connection import Replaying, connect
from services.replay.place import Place, live
from services.replay.source import Source

NEXT, SOME = "next", "some"
MOMENT = "1s"
LOCK = "hashtextextended('paraphe.rebuild.' || %s, 0)"


class CodeChanged(Exception):
    """A register's code is not what made its tables, and its version says that it is."""


class RebuildRunning(Exception):
    """Somebody else is rebuilding this register."""


class NothingToRollBackTo(Exception):
    """There is no older edition of this register."""


class Outcome(Struct, frozen=True, kw_only=True):
    """What a rebuild of one register came to; `not_compared`: books where the two cannot meet."""

    register: str
    version: int
    books: int
    events: int
    seconds: float
    swapped: bool
    comparison: Comparison
    not_compared: tuple[str, ...]


class Plan(Struct, frozen=True, kw_only=True):
    """How a rebuild is done.

    `books`: only these, put in place one by one. `dry_run`: compare, then drop what was built.
    `if_same`: where a row differs, keep the build and leave the live registers. `batch`: events of
    a book folded at once. `until`: the monotonic time after which no further book is begun.
    """

    books: Collection[UUID] | None = None
    dry_run: bool = False
    if_same: bool = False
    from_scratch: bool = False
    batch: int = IN_MEMORY
    processes: int = 1
    until: float | None = None


def rebuild(
    url: str,
    registers: Sequence[Register],
    plan: Plan | None = None,
    *,
    source: Source | None = None,
    report: Callable[[Progress], None] | None = None,
) -> list[Outcome]:
    """Builds registers anew in one pass over the books and puts them in place of the live ones.

    Raises CodeChanged or RebuildRunning, and OutOfTime: then the next rebuild goes on from there.
    """
    plan = plan or Plan()
    began = time.monotonic()
    with connect(url) as conn, alone(conn, registers):
        for register in registers:
            refuse_changed_code(conn, register, partly=plan.books is not None)
        build = Build(
            conn,
            registers,
            NEXT if plan.books is None else SOME,
            source=source or Source(),
            books=plan.books,
            batch=plan.batch,
            until=plan.until,
            report=report or _silent,
        )
        build.prepare(from_scratch=plan.from_scratch or plan.dry_run)
        build.load(url, plan.processes)
        build.finish()
        build.follow()
        compared = [build.compare(place) for place in build.places]
        for place, (found, _) in zip(build.places, compared, strict=True):
            add_causes(conn, source or Source(), place.register, found)
        swapped = _put(build, plan, same=all(found.same for found, _ in compared))
        seconds = time.monotonic() - began
        return [
            _outcome(build, place, compare, seconds=seconds, swapped=swapped)
            for place, compare in zip(build.places, compared, strict=True)
        ]


def _put(build: Build, plan: Plan, *, same: bool) -> bool:
    """Puts what was built in place, unless the plan is against it; gives whether it did."""
    swapped = not plan.dry_run and (same or not plan.if_same)
    if swapped:
        put = swap.put_in_place if plan.books is None else swap.put_books
        put(build)
    if plan.dry_run or (swapped and plan.books is not None):
        build.discard()
    return swapped


def _outcome(
    build: Build,
    place: Place,
    compared: tuple[Comparison, list[str]],
    *,
    seconds: float,
    swapped: bool,
) -> Outcome:
    """What the rebuild of one register came to."""
    found, left_out = compared
    return Outcome(
        register=place.name,
        version=place.register.version,
        books=build.progress.all_books,
        events=build.progress.all_events,
        seconds=seconds,
        swapped=swapped,
        comparison=found,
        not_compared=tuple(left_out),
    )


def roll_back(url: str, registers: Sequence[Register]) -> None:
    """Puts the older editions back in place, and the present ones aside as the older."""
    with connect(url) as conn, alone(conn, registers):
        for register in registers:
            if not schema.exists(conn, live(register).beside("old").schema):
                raise NothingToRollBackTo(register.name)
        swap.exchange(conn, registers, Source())


@contextmanager
def alone(conn: Replaying, registers: Sequence[Register]) -> Iterator[None]:
    """Keeps other rebuilds of these registers out; raises RebuildRunning.

    Waits a moment, for the server takes one to notice that a rebuild was killed.
    """
    names = [(register.name,) for register in registers]
    conn.execute(sql.SQL("SET lock_timeout = {}").format(sql.Literal(MOMENT)))
    for name in names:
        try:
            conn.execute(f"SELECT pg_advisory_lock({LOCK})", name)
        except LockNotAvailable as error:
            raise RebuildRunning(*name) from error
    conn.execute("SET lock_timeout = DEFAULT")
    try:
        yield
    finally:
        with suppress(OperationalError):  # a connection that broke has let go of them
            for name in names:
                conn.execute(f"SELECT pg_advisory_unlock({LOCK})", name)


def refuse_changed_code(conn: Replaying, register: Register, *, partly: bool = False) -> None:
    """Raises CodeChanged when other code of the same version made the live tables.

    Of some companies alone nothing is rebuilt by other code of any version: a register's tables
    are made by one code.
    """
    made_by = schema.made_by(conn, live(register))
    if made_by is None or made_by[1] == register.digest():
        return
    if made_by[0] == register.version:
        raise CodeChanged(
            f"the code of {register.name} has changed and its version is still {register.version}"
        )
    if partly:
        raise CodeChanged(
            f"{register.name} was made by version {made_by[0]}, the code is version "
            f"{register.version}: rebuild it for all companies"
        )


def _silent(_: Progress) -> None:
    """Reports nothing."""
