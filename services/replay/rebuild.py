"""Rebuilding a register beside the live one: build, compare, catch up, swap by name. Reads go on.

`unpaid` is always the live one, `unpaid_next` is being built, `unpaid_old` is the way back. A book
is loaded in one transaction, so a build that stopped goes on with the books it has not done.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from uuid import UUID

from msgspec import Struct
from psycopg import sql

from projections.register import Register
from services.replay import schema
from services.replay.batch import CATCH_UP, END, TAKE_SWAP, Batcher
from services.replay.bulk import Loader
from services.replay.compare import Comparison, compare_book
from services.replay.connection import Replaying, connect
from services.replay.parallel import load_books
from services.replay.passes import LiveBook, is_trouble
from services.replay.place import Place, live
from services.replay.source import Source

ATTEMPTS = 3


class CodeChanged(Exception):
    """A register's code is not what made its tables, and its version says that it is."""


class RebuildRunning(Exception):
    """Somebody else is rebuilding this register."""


class NothingToRollBackTo(Exception):
    """There is no older edition of this register."""


class Progress(Struct, frozen=True, kw_only=True):
    """How far a build is, in events and books of all that it must read."""

    events: int
    all_events: int
    books: int
    all_books: int


class Outcome(Struct, frozen=True, kw_only=True):
    """What a rebuild of one register came to; `not_compared`: books where the two cannot meet."""

    register: str
    version: int
    books: int
    events: int
    seconds: float
    comparison: Comparison
    not_compared: tuple[str, ...]


Report = Callable[[Progress], None]
Load = Callable[[Sequence[Place], Mapping[UUID, int]], Iterator[UUID]]
"""Loads books up to a position each and gives each one when it is done."""


def rebuild(
    url: str,
    registers: Sequence[Register],
    *,
    source: Source | None = None,
    dry_run: bool = False,
    from_scratch: bool = False,
    processes: int = 1,
    report: Report | None = None,
) -> list[Outcome]:
    """Builds registers anew in one pass over the books and puts them in place of the live ones.

    A dry run compares, then drops what it built. Raises CodeChanged or RebuildRunning.
    """
    with connect(url) as conn, alone(conn, registers):
        for register in registers:
            refuse_changed_code(conn, register)
        work = Rebuild(conn, registers, source or Source(), report or _silent)
        if processes > 1:
            load: Load = partial(load_books, url, processes)
        else:
            load = partial(_load_here, conn, source or Source())
        work.build(load, from_scratch=from_scratch or dry_run)
        outcomes = work.compare()
        if dry_run:
            work.discard()
        else:
            work.swap()
        return outcomes


def roll_back(url: str, register: Register) -> None:
    """Puts the older edition back in place, and the present one aside as the older."""
    place = live(register)
    old, aside = place.beside("old").schema, place.beside("aside").schema
    with connect(url) as conn, alone(conn, [register]), conn.transaction():
        if not schema.exists(conn, old):
            raise NothingToRollBackTo(place.name)
        conn.execute(TAKE_SWAP)
        schema.rename(conn, place.schema, aside)
        schema.rename(conn, old, place.schema)
        schema.rename(conn, aside, old)


@contextmanager
def alone(conn: Replaying, registers: Sequence[Register]) -> Iterator[None]:
    """Keeps other rebuilds of these registers out until the connection closes."""
    for register in registers:
        lock = "SELECT pg_try_advisory_lock(hashtextextended('paraphe.rebuild.' || %s, 0))"
        if not conn.execute(lock, (register.name,)).fetchall()[0][0]:
            raise RebuildRunning(register.name)
    yield


def refuse_changed_code(conn: Replaying, register: Register) -> None:
    """Raises CodeChanged when other code of the same version made the live tables."""
    made_by = schema.made_by(conn, live(register))
    if made_by and made_by[0] == register.version and made_by[1] != register.digest():
        raise CodeChanged(
            f"the code of {register.name} has changed and its version is still {register.version}"
        )


def _load_here(
    conn: Replaying, source: Source, places: Sequence[Place], books: Mapping[UUID, int]
) -> Iterator[UUID]:
    return Loader(conn, places).load_books(source, books)


def _silent(_: Progress) -> None:
    """Reports nothing."""


class Rebuild:
    """The steps of a rebuild, over one connection."""

    def __init__(
        self, conn: Replaying, registers: Sequence[Register], source: Source, report: Report
    ) -> None:
        self._conn = conn
        self._source = source
        self._report = report
        self._live = [live(register) for register in registers]
        self._next = [place.beside("next") for place in self._live]
        self._began = time.monotonic()
        self._books = 0
        self._events = 0

    def build(self, load: Load, *, from_scratch: bool) -> None:
        """Folds every book in memory, as far as its live registers stand, then makes the keys."""
        if from_scratch or not all(map(self._resumable, self._next)):
            self._make_anew()
        targets = self._targets()
        done = {book_id for place in self._next for book_id in self._positions(place)}
        whole = sum(targets.values())
        self._events = sum(upto for book_id, upto in targets.items() if book_id in done)
        missing = {book_id: upto for book_id, upto in targets.items() if book_id not in done}
        for book_id in load(self._next, missing):
            done.add(book_id)
            self._events += targets[book_id]
            self._report(
                Progress(
                    events=self._events, all_events=whole, books=len(done), all_books=len(targets)
                )
            )
        self._books = len(targets)
        for place in self._next:
            if not schema.is_finished(self._conn, place):
                with self._conn.transaction():
                    schema.finish_tables(self._conn, place)
            schema.analyse(self._conn, place)

    def compare(self) -> list[Outcome]:
        """Compares with the live registers, a book at a time, at the position of each."""
        outcomes = []
        for ours, place in zip(self._live, self._next, strict=True):
            comparison, left_out = Comparison(first=[], columns=[]), list[str]()
            if schema.exists(self._conn, ours.schema):
                editions = (
                    Batcher(self._conn, self._source, [ours]),
                    Batcher(self._conn, self._source, [place]),
                )
                for book_id in self._targets():
                    if not self._compare_book(editions, book_id, comparison):
                        left_out.append(str(book_id))  # one of them is parked before the other
            outcomes.append(self._outcome(place, comparison, left_out))
        return outcomes

    def swap(self) -> None:
        """Brings the new registers to the head and gives them the names of the live ones."""
        for place in self._live:
            schema.drop(self._conn, place.beside("old").schema)
        batcher = Batcher(self._conn, self._source, self._next)
        for attempt in range(ATTEMPTS):
            for book_id in batcher.behind():
                LiveBook(batcher, book_id, CATCH_UP).run()
            try:
                self._take_place(batcher)
            except Exception as fault:  # an event that nobody can take in came at the last moment:
                if is_trouble(fault) or attempt == ATTEMPTS - 1:  # the next round parks it
                    raise
            else:
                return

    def discard(self) -> None:
        """Drops what was built."""
        for place in self._next:
            schema.drop(self._conn, place.schema)

    def _outcome(self, place: Place, comparison: Comparison, left_out: list[str]) -> Outcome:
        return Outcome(
            register=place.name,
            version=place.register.version,
            books=self._books,
            events=self._events,
            seconds=time.monotonic() - self._began,
            comparison=comparison,
            not_compared=tuple(left_out),
        )

    def _resumable(self, place: Place) -> bool:
        made_by = schema.made_by(self._conn, place)
        return made_by == (place.register.version, place.register.digest())

    def _make_anew(self) -> None:
        for place in self._next:
            with self._conn.transaction():
                schema.drop(self._conn, place.schema)
                schema.make_schema(self._conn, place.schema)
                schema.create_tables(self._conn, place)

    def _targets(self) -> dict[UUID, int]:
        """How far each book is built: to where the live registers stand, else to its head."""
        standing = [self._positions(place) for place in self._live]
        return {
            book_id: min(positions.get(book_id, 0) for positions in standing) or size
            for book_id, size in self._source.heads(self._conn).items()
        }

    def _positions(self, place: Place) -> dict[UUID, int]:
        if not schema.exists(self._conn, place.schema):
            return {}
        statement = sql.SQL("SELECT book_id, position FROM {}").format(place.cursor)
        return dict(self._conn.execute(statement).fetchall())

    def _compare_book(
        self, editions: tuple[Batcher, Batcher], book_id: UUID, found: Comparison
    ) -> bool:
        """Compares one book at one position, held still by its lock; False: they have none."""
        ours, rebuilt = editions
        [(name, place)] = rebuilt.places.items()
        try:
            with self._conn.transaction():
                position = rebuilt.lock(book_id)[name].position
                target = ours.standing(book_id)[name].position
                position = rebuilt.catch_up(book_id, name, position, target)
                if position == target:
                    compare_book(self._conn, ours.places[name], place, book_id, found)
                return position == target
        except Exception as fault:  # an event that only the live edition could take in
            if is_trouble(fault):
                raise
            return False

    def _take_place(self, batcher: Batcher) -> None:
        """The swap: alone with the cursors, take in the last events, and change the names."""
        with self._conn.transaction():
            self._conn.execute(TAKE_SWAP)
            for book_id in batcher.behind():
                for name, standing in batcher.lock(book_id).items():
                    if standing.runs:
                        batcher.catch_up(book_id, name, standing.position, END)
            for ours, place in zip(self._live, self._next, strict=True):
                if schema.exists(self._conn, ours.schema):
                    schema.rename(self._conn, ours.schema, ours.beside("old").schema)
                schema.rename(self._conn, place.schema, ours.schema)
