"""The replay engine against the bare fold of the same book, whose tables must come out equal."""

import tracemalloc
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from psycopg import sql

from projections.registers import REGISTERS as EVERY
from services.replay import schema
from services.replay.batch import Batcher
from services.replay.bulk import Loader
from services.replay.connection import Replaying, connect
from services.replay.parallel import load_books
from services.replay.passes import LiveBook
from services.replay.place import Place, live
from services.replay.source import Source
from tests.benchmarks.bare_fold import REGISTERS, BareLoader, plain
from tests.benchmarks.ground import Ground
from tests.benchmarks.long_books import Calendar, LongBook
from tests.benchmarks.measure import Figure, Sample, against, load, race, whole

BARE, LIVE, ALONE = "bare fold", "live", "one process"
PLACES = tuple(Place(register, f"{register.name}_bench") for register in REGISTERS)
ALL_PLACES = tuple(Place(register, f"{register.name}_bench") for register in EVERY)


class Engines:
    """Ways to take whole books in, each into empty tables."""

    def __init__(self, url: str, conns: tuple[Replaying, Replaying], bare: BareLoader) -> None:
        self._url = url
        self._conn, self._reader = conns
        self._bare = bare
        self._source = Source()

    def bare(self, book: UUID, size: int) -> Sample:
        """The bare fold."""
        self._bare.empty()
        return whole(size, partial(self._bare.load, book, size))

    def rebuild(self, books: dict[UUID, int], processes: int = 1) -> Sample:
        """The way of a rebuild: books in memory, then COPY into tables without keys."""
        self._make_anew(keyed=False)
        if processes == 1:
            loader = Loader(self._conn, PLACES, reader=self._reader)
            loading = loader.load_books(self._source, books)
        else:
            loading = load_books(self._url, processes, PLACES, books)
        return whole(sum(books.values()), lambda: list(loading))

    def finish(self, size: int) -> Sample:
        """What a rebuild does after loading: keys, indexes and guards, one event's share each."""

        def finish() -> None:
            with self._conn.transaction():
                for place in PLACES:
                    schema.finish_tables(self._conn, place)

        return whole(size, finish)

    def follow(self, book: UUID, size: int, batch: int) -> Sample:
        """The live way: batches, each a transaction with rows and cursors."""
        self._make_anew(keyed=True)
        batcher = Batcher(self._conn, self._source, PLACES)
        return whole(size, LiveBook(batcher, book, batch).run)

    def memory(self, book: UUID, size: int, places: Sequence[Place], which: str) -> Figure:
        """Bytes of Python that a rebuild holds at most, an event of the book."""
        self._make_anew(keyed=False, places=places)
        loader = Loader(self._conn, places, reader=self._reader)
        tracemalloc.start()
        list(loader.load_books(self._source, {book: size}))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return Figure(
            what=f"memory of a rebuild at its peak, {which}", ours=peak / size, unit="bytes/event",
            most=1024,
        )  # fmt: skip

    def _make_anew(self, *, keyed: bool, places: Sequence[Place] = PLACES) -> None:
        with self._conn.transaction():
            for place in places:
                schema.drop(self._conn, place.schema)
                schema.make_schema(self._conn, place.schema)
                schema.create_tables(self._conn, place)
                if keyed:
                    schema.finish_tables(self._conn, place)


def run(ground: Ground) -> Iterator[Figure]:
    """Rebuild in one and two processes, live in three sizes of batch, and memory."""
    invoices = ground.sized(200, 6_000)
    books = written(ground, 4, invoices)
    longest, size = next(iter(books.items()))
    with (
        connect(ground.url) as conn,
        connect(ground.url) as reader,
        plain(ground.url) as other,
    ):
        for register in EVERY:
            schema.create(conn, live(register))
        bare = BareLoader(other)
        engines = Engines(ground.url, (conn, reader), bare)
        one, two = partial(engines.rebuild, books), partial(engines.rebuild, books, 2)
        samples = race(
            {
                "ours": partial(engines.rebuild, {longest: size}),
                BARE: partial(engines.bare, longest, size),
            },
            ground.rounds,
        )
        engines.rebuild({longest: size})
        assert_equal(conn, bare.tables)
        yield against(
            "rebuild, one book, four registers", samples, BARE, unit="events/s", least=0.75
        )
        yield Figure(
            what="  then keys and indexes", ours=engines.finish(size).rate, unit="events/s",
            load=load(),
        )  # fmt: skip
        samples = race({"ours": two, ALONE: one}, ground.rounds)
        what = f"rebuild, {len(books)} books, two processes"
        yield against(what, samples, ALONE, unit="events/s", least=1.3)
        for batch, fewer in ((1, 400), (100, 2_000), (1_000, 6_000)):
            events = written(ground, 1, ground.sized(100, fewer))
            [(book, length)] = events.items()
            sides = {
                "ours": partial(engines.follow, book, length, batch),
                BARE: partial(engines.bare, book, length),
            }
            samples = race(sides, min(3, ground.rounds))
            yield against(f"live, batches of {batch}", samples, BARE, unit="events/s")
        yield engines.memory(longest, size, PLACES, "four registers")
        yield engines.memory(longest, size, ALL_PLACES, "all registers")


def written(ground: Ground, count: int, invoices: int) -> dict[UUID, int]:
    """Books with so many invoices, almost all paid; their sizes."""
    books = {}
    for _ in range(count):
        calendar = Calendar()
        with ground.store(calendar) as store:
            book = LongBook(store, calendar)
            book.live(invoices, still_open=200)
            books[UUID(book.book_id)] = store.head(book.book_id).size
    return books


def assert_equal(conn: Replaying, tables: Sequence[Any]) -> None:
    """Raises unless the bare fold wrote what the registers wrote."""
    for row, columns in tables:
        [place] = [place for place in PLACES if row in place.register.rows]
        ours, theirs = place.table(row.table), sql.Identifier("bare", row.table)
        differs = sql.SQL(
            "SELECT count(*) FROM ((SELECT {c} FROM {a} EXCEPT ALL SELECT {c} FROM {b}) UNION ALL "
            "(SELECT {c} FROM {b} EXCEPT ALL SELECT {c} FROM {a})) AS difference"
        ).format(c=columns, a=ours, b=theirs)
        [(count,)] = conn.execute(differs).fetchall()
        if count:
            raise AssertionError(f"{row.table}: {count} rows differ from the bare fold's")
