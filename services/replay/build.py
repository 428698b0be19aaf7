"""The build of registers in schemas of their own: whole books first, then keys, then the rest."""

import time
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import closing
from uuid import UUID

from msgspec import Struct
from psycopg import sql

from projections.register import Register
from services.replay import schema
from services.replay.batch import Batcher
from services.replay.bulk import Loader
from services.replay.compare import Comparison, compare_book
from services.replay.connection import Replaying, connect
from services.replay.parallel import load_books
from services.replay.passes import is_trouble
from services.replay.place import Place, live
from services.replay.source import Source


class OutOfTime(Exception):
    """The time given to a rebuild is over; what is built stays, and the next one goes on."""


class Progress(Struct, frozen=True, kw_only=True):
    """How far a build is, in events and books of all that it must read."""

    events: int = 0
    all_events: int = 0
    books: int = 0
    all_books: int = 0


class Build:
    """Registers on their way to stand where the live ones do, over one connection."""

    def __init__(
        self,
        conn: Replaying,
        registers: Sequence[Register],
        suffix: str,
        *,
        source: Source,
        books: Collection[UUID] | None,
        batch: int,
        until: float | None,
        report: Callable[[Progress], None],
    ) -> None:
        self.conn = conn
        self.live = [live(register) for register in registers]
        self.places = [place.beside(suffix) for place in self.live]
        self.progress = Progress()
        self._source = source
        self._chosen = books
        self._batch = batch
        self._until = until
        self._report = report
        self._targets: dict[UUID, int] = {}
        self._reached: dict[UUID, int] = {}

    def prepare(self, *, from_scratch: bool) -> None:
        """Makes the tables, or finds what an earlier build has done, and sets what is to do."""
        if from_scratch or not all(map(self._is_ours, self.places)):
            for place in self.places:
                with self.conn.transaction():
                    schema.drop(self.conn, place.schema)
                    schema.make_schema(self.conn, place.schema)
                    schema.create_tables(self.conn, place)
        standing = [self._positions(place) for place in self.live]
        self._targets = {
            book_id: min(positions.get(book_id, 0) for positions in standing) or size
            for book_id, size in self._source.heads(self.conn).items()
            if self._chosen is None or book_id in self._chosen
        }
        built = [self._positions(place) for place in self.places]
        self._reached = {
            book_id: min(each[book_id] for each in built)
            for book_id in self._targets
            if all(book_id in each for each in built)
        }
        self._count()

    def load(self, url: str, processes: int) -> None:
        """Folds each book in memory, as far as its live registers stand or the batch goes."""
        missing = {
            book_id: upto for book_id, upto in self._targets.items() if book_id not in self._reached
        }
        with closing(self._loading(url, processes, missing)) as loaded:
            for book_id in loaded:
                self._come(book_id, min(self._targets[book_id], self._batch))

    def finish(self) -> None:
        """Makes keys, indexes and guards, and gives the planner its figures."""
        for place in self.places:
            if not schema.is_finished(self.conn, place):
                self._mind_the_time()
                with self.conn.transaction():
                    schema.finish_tables(self.conn, place)
                schema.analyse(self.conn, place)

    def follow(self) -> None:
        """Takes books that are longer than a batch on to where their live registers stand."""
        batcher = self.batcher()
        for book_id, target in self._targets.items():
            if self._reached.get(book_id, target) < target:
                self._follow(batcher, book_id, target)

    def compare(self, place: Place) -> tuple[Comparison, list[str]]:
        """Compares a register with the live one, a book at a time, at the position of each.

        Gives what differs, and the books where the two do not meet.
        """
        comparison, left_out = Comparison(first=[], columns=[]), list[str]()
        ours = live(place.register)
        if schema.exists(self.conn, ours.schema):
            editions = (
                Batcher(self.conn, self._source, [ours]),
                Batcher(self.conn, self._source, [place]),
            )
            for book_id in self._targets:
                self._mind_the_time()
                if not self._compare_book(editions, book_id, comparison):
                    left_out.append(str(book_id))  # one of them is parked before the other
        return comparison, left_out

    def discard(self) -> None:
        """Drops what was built."""
        for place in self.places:
            schema.drop(self.conn, place.schema)

    def batcher(self) -> Batcher:
        """A batcher for what is being built."""
        return Batcher(self.conn, self._source, self.places)

    @property
    def books(self) -> Sequence[UUID]:
        """The books that are built."""
        return list(self._targets)

    def _loading(
        self, url: str, processes: int, missing: Mapping[UUID, int]
    ) -> Generator[UUID, None, None]:
        if processes > 1:
            return load_books(url, processes, self.places, missing, self._batch)
        return self._load_here(url, missing)

    def _load_here(self, url: str, missing: Mapping[UUID, int]) -> Generator[UUID, None, None]:
        with connect(url) as reader:
            loader = Loader(self.conn, self.places, self._batch, reader)
            yield from loader.load_books(self._source, missing)

    def _follow(self, batcher: Batcher, book_id: UUID, target: int) -> None:
        try:
            while True:
                self._mind_the_time()
                standing = batcher.standing(book_id)
                after = min(each.position for each in standing.values())
                if after >= target:
                    return
                names = [name for name, each in standing.items() if each.position == after]
                with self.conn.transaction():
                    batcher.advance(book_id, names, after, target, self._batch)
                self._come(book_id, min(e.position for e in batcher.standing(book_id).values()))
        except Exception as fault:  # an event that only the live edition could take in
            if is_trouble(fault) or isinstance(fault, OutOfTime):
                raise

    def _compare_book(
        self, editions: tuple[Batcher, Batcher], book_id: UUID, found: Comparison
    ) -> bool:
        """Compares one book at one position, held still by its lock; False: they have none."""
        ours, rebuilt = editions
        [(name, place)] = rebuilt.places.items()
        try:
            with self.conn.transaction():
                position = rebuilt.lock(book_id)[name].position
                target = ours.standing(book_id)[name].position
                position = rebuilt.catch_up(book_id, name, position, target)
                if position == target:
                    compare_book(self.conn, ours.places[name], place, book_id, found)
                return position == target
        except Exception as fault:  # an event that only the live edition could take in
            if is_trouble(fault):
                raise
            return False

    def _is_ours(self, place: Place) -> bool:
        made_by = schema.made_by(self.conn, place)
        return made_by == (place.register.version, place.register.digest())

    def _positions(self, place: Place) -> dict[UUID, int]:
        if not schema.exists(self.conn, place.schema):
            return {}
        statement = sql.SQL("SELECT book_id, position FROM {}").format(place.cursor)
        return dict(self.conn.execute(statement).fetchall())

    def _come(self, book_id: UUID, position: int) -> None:
        """Notes how far a book has come, and lets the caller know."""
        self._reached[book_id] = position
        self._count()
        self._report(self.progress)
        self._mind_the_time()

    def _count(self) -> None:
        self.progress = Progress(
            events=sum(min(at, self._targets[book_id]) for book_id, at in self._reached.items()),
            all_events=sum(self._targets.values()),
            books=len(self._reached),
            all_books=len(self._targets),
        )

    def _mind_the_time(self) -> None:
        if self._until is not None and time.monotonic() > self._until:
            raise OutOfTime(f"{self.progress.events} of {self.progress.all_events} events")
