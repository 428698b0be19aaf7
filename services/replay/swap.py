"""The end of a rebuild: what was built takes the place of the live registers, and the way back."""

import time
from collections.abc import Callable, Sequence
from uuid import UUID

from psycopg import sql
from psycopg.errors import LockNotAvailable

from projections.register import Register
from services.replay import schema
from services.replay.batch import CATCH_UP, TAKE_SWAP, Batcher
from services.replay.build import Build
from services.replay.connection import Replaying
from services.replay.passes import LiveBook, is_trouble
from services.replay.place import Place, live
from services.replay.source import END, Source

ATTEMPTS = 3
WAIT_FOR_READERS = "100ms"
QUICK_SECONDS = 0.2
QUICK_BOOKS = 5
QUICK_EVENTS = 200
PAUSE_SECONDS = 0.2
PATIENCE_SECONDS = 60.0


def put_in_place(build: Build) -> None:
    """Brings the new registers to the head and gives them the names of the live ones."""
    for place in build.live:
        schema.drop(build.conn, place.beside("old").schema)
    batcher = build.batcher()
    for attempt in range(ATTEMPTS):
        for book_id in batcher.behind():
            LiveBook(batcher, book_id, CATCH_UP).run()
        try:
            _patiently(lambda: _take_place(build, batcher))
        except Exception as fault:  # an event that nobody can take in came at the last moment:
            if is_trouble(fault) or attempt == ATTEMPTS - 1:  # the next round parks it
                raise
        else:
            return


def put_books(build: Build) -> None:
    """Puts the rows of the books that were built in place of theirs, each in one transaction."""
    batcher = build.batcher()
    for book_id in build.books:
        LiveBook(batcher, book_id, CATCH_UP).run()
        with build.conn.transaction():
            _catch_up(batcher, book_id, END)
            for ours, place in zip(build.live, build.places, strict=True):
                _replace_rows(build.conn, book_id, ours, place)


def exchange(conn: Replaying, registers: Sequence[Register], source: Source) -> None:
    """Gives the older editions the live ones' names and the other way round.

    They take in what came since they were put aside, as far as that is quick; the rest follows
    live, and answers say where they stand.
    """
    places = list(map(live, registers))
    batcher = Batcher(conn, source, [place.beside("old") for place in places])
    until = time.monotonic() + QUICK_SECONDS
    for book_id in batcher.behind():
        book = LiveBook(batcher, book_id, QUICK_EVENTS)
        while time.monotonic() < until and book.step():
            pass

    def turn() -> None:
        with conn.transaction():
            conn.execute(TAKE_SWAP)
            for book_id in batcher.behind()[:QUICK_BOOKS]:
                _catch_up(batcher, book_id, QUICK_EVENTS)
            _hold_readers(conn, places)
            for place in places:
                old, aside = place.beside("old").schema, place.beside("aside").schema
                schema.rename(conn, place.schema, aside)
                schema.rename(conn, old, place.schema)
                schema.rename(conn, aside, old)

    _patiently(turn)


def _take_place(build: Build, batcher: Batcher) -> None:
    """The swap: alone with the cursors, take in the last events, and change the names."""
    conn = build.conn
    with conn.transaction():
        conn.execute(TAKE_SWAP)
        for book_id in batcher.behind():
            _catch_up(batcher, book_id, END)
        there = [place for place in build.live if schema.exists(conn, place.schema)]
        _hold_readers(conn, there)
        for ours in there:
            schema.rename(conn, ours.schema, ours.beside("old").schema)
        for ours, place in zip(build.live, build.places, strict=True):
            schema.rename(conn, place.schema, ours.schema)


def _catch_up(batcher: Batcher, book_id: UUID, most: int) -> None:
    """Takes registers on in the caller's transaction, by so many events at most."""
    for name, standing in batcher.lock(book_id).items():
        if standing.runs:
            batcher.catch_up(book_id, name, standing.position, standing.position + most)


def _hold_readers(conn: Replaying, places: Sequence[Place]) -> None:
    """Lets no question begin until the names are changed; raises LockNotAvailable.

    Changing a name takes no lock, so a question could find one table before and the next one after.
    Each names the cursor first: it finds all tables of one edition, or waits here.
    """
    if places:
        conn.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(WAIT_FOR_READERS)))
        cursors = sql.SQL(", ").join(place.cursor for place in places)
        conn.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(cursors))


def _patiently(swap: Callable[[], None]) -> None:
    """Swaps between two questions; while a long one runs, tries again, for new ones wait behind."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return swap()
        except LockNotAvailable:
            if time.monotonic() > until:
                raise
            time.sleep(PAUSE_SECONDS)


def _replace_rows(conn: Replaying, book_id: UUID, ours: Place, place: Place) -> None:
    for name in schema.table_names(place):
        here, there = ours.table(name), place.table(name)
        conn.execute(sql.SQL("DELETE FROM {} WHERE book_id = %s").format(here), (book_id,))
        conn.execute(
            sql.SQL("INSERT INTO {} SELECT * FROM {} WHERE book_id = %s").format(here, there),
            (book_id,),
        )
