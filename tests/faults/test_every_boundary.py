"""A fault at every statement of a command, exhaustively; then the same command again.

Method: one command that uses all the store has is run once to count its statements. Then, for each
of them, the connection is cut before it, after it ran but unheard, and after its answer; or it
raises, before or after, what PostgreSQL raises when transactions collide. Both with the store's
own attempts and without, where the caller asks again with the same command id.
"""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import Connection, Cursor, errors

from services.store import store as store_module
from services.store.datastore import BookDatastore
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, StoreUnavailable, Written
from tests.faults.proxy import HOWS, How, Proxy
from tests.faults.soundness import sound_rows
from tests.services.store.slips import MAPPER, NoteTaken, last_number, stamp, texts

Answer = tuple[int, int]


def everything(pen: Pen) -> None:
    """Reads by lock, fold, newest and position; appends numbered and tagged events; keeps."""
    seen = len(texts(pen, "declared")) + len(texts(pen, "folded"))
    pen.at([fact.position for fact in [pen.last("folded")] if fact])
    stamp("S")(pen)
    pen.append([NoteTaken(text=str(seen), about=("declared", "folded"))])
    pen.keep(b"file " + pen.command.id.encode(), "text/plain")


def answer(reader: Reader) -> Answer:
    return last_number("S")(reader), len(texts(reader, "folded"))


def write(store: Store, book: str, name: str) -> Written[Answer]:
    return store.write(book, Command(id=name, actor="u"), everything, answer, reads=["declared"])


def insist(store: Store, book: str, name: str) -> Written[Answer]:
    """What a careful client does: the same command until there is an answer."""
    for _ in range(5):
        try:
            return write(store, book, name)
        except StoreUnavailable:
            store.datastore.pool.check()
    raise AssertionError("no answer")


@pytest.fixture(params=["the store tries again", "the caller tries again"])
def attempts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    patient = request.param == "the store tries again"
    monkeypatch.setattr(store_module, "PAUSES", (0.0, 0.0, 0.0, 0.0) if patient else (0.0,))


@pytest.mark.usefixtures("attempts")
@pytest.mark.parametrize("how", HOWS)
def test_the_connection_is_cut_at_every_statement(
    store: Store, proxy: Proxy, book: str, database_url: str, how: How
) -> None:
    write(store, book, "warm")
    proxy.arm(how, lambda nth, text: False)
    write(store, book, "counted")
    count = len(proxy.statements)
    assert proxy.statements[0] == "BEGIN"
    assert proxy.statements[-1] == "COMMIT"
    assert count >= 10, proxy.statements
    for k in range(1, count + 1):
        proxy.arm(how, lambda nth, text, k=k: nth == k)
        written = insist(store, book, f"cut {k}")
        assert proxy.cuts == 1
        assert written.answer == (k + 2, k + 2)
        again = write(store, book, f"cut {k}")
        assert (again.answer, again.events, again.replayed) == (*written_as(written), True)
    assert len(sound_rows(database_url, book)) == 2 * (count + 2)


def written_as(written: Written[Answer]) -> tuple[Any, ...]:
    return written.answer, written.events


class Faulty(Connection[Any]):
    """A connection whose k-th statement raises, before it is sent or after it was answered."""

    countdown = 0
    late = False
    fault: type[psycopg.Error] = psycopg.OperationalError

    def commit(self) -> None:
        struck = strike()
        super().commit()
        strike_after(struck)


class FaultyCursor(Cursor[Any]):
    """The cursor of such a connection."""

    def execute(self, *args: Any, **kwargs: Any) -> "FaultyCursor":
        struck = strike()
        super().execute(*args, **kwargs)
        strike_after(struck)
        return self


def strike() -> bool:
    """Counts a statement, and raises now if it is the one; true when it is to raise later."""
    if Faulty.countdown == 0:
        return False
    Faulty.countdown -= 1
    if Faulty.countdown == 0 and not Faulty.late:
        raise Faulty.fault("planted")
    return Faulty.countdown == 0


def strike_after(struck: bool) -> None:
    if struck:
        raise Faulty.fault("planted")


@pytest.fixture
def faulty(database_url: str, book: str) -> Iterator[Store]:
    datastore = BookDatastore(database_url)
    datastore.pool.connection_class = Faulty
    configured = datastore.after_connect_func()

    def configure(conn: Connection[Any]) -> None:
        configured(conn)
        conn.cursor_factory = FaultyCursor

    datastore.pool._configure = configure
    opened = Store(datastore, mapper=MAPPER)
    yield opened
    Faulty.countdown = 0
    opened.close()


@pytest.mark.usefixtures("attempts")
@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(
    "fault",
    [errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable],
    ids=["40001", "40P01", "55P03"],
)
def test_a_collision_at_every_statement(
    faulty: Store, book: str, database_url: str, fault: type[psycopg.Error], late: bool
) -> None:
    write(faulty, book, "warm")
    Faulty.fault, Faulty.late, Faulty.countdown = fault, late, 1_000
    write(faulty, book, "counted")
    count = 1_000 - Faulty.countdown
    assert count >= 9
    for k in range(1, count + 1):
        Faulty.countdown = k
        written = insist(faulty, book, f"fault {k}")
        assert Faulty.countdown == 0
        assert written.answer == (k + 2, k + 2)
        again = write(faulty, book, f"fault {k}")
        assert (again.answer, again.events, again.replayed) == (*written_as(written), True)
    assert len(sound_rows(database_url, book)) == 2 * (count + 2)
