"""A fault at every statement of a command, exhaustively; then the same command again.

Method: one command that uses all the store has is run once to count its statements. Then, for each
of them, the connection is cut before it, after it ran but unheard, and after its answer; or it
raises, before or after, what PostgreSQL raises when transactions collide. Both with the store's
own attempts and without, where the caller asks again with the same command id.
"""

from threading import get_ident
from typing import Any

import pytest
from msgspec import Struct

from services.store import store as store_module
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, StoreUnavailable, Written
from services.trip import Answer, Statement, Trip, prepared
from tests.faults.proxy import HOWS, How, Proxy
from tests.faults.soundness import sound_rows
from tests.services.store.slips import NoteTaken, last_number, stamp, texts

Told = tuple[int, int]


def everything(pen: Pen) -> None:
    """Reads by lock, fold, newest and position; appends numbered and tagged events; keeps."""
    seen = len(texts(pen, "declared")) + len(texts(pen, "folded"))
    pen.at([fact.position for fact in [pen.last("folded")] if fact])
    stamp("S")(pen)
    pen.append([NoteTaken(text=str(seen), about=("declared", "folded"))])
    pen.keep(b"file " + pen.command.id.encode(), "text/plain")


def answer(reader: Reader) -> Told:
    return last_number("S")(reader), len(texts(reader, "folded"))


def write(store: Store, book: str, name: str) -> Written[Told]:
    return store.write(book, Command(id=name, actor="u"), everything, answer, reads=["declared"])


def insist(store: Store, book: str, name: str) -> Written[Told]:
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


def written_as(written: Written[Told]) -> tuple[Any, ...]:
    return written.answer, written.events


class Planted(Struct):
    """The fault that the server raises before the next statement but so many, or after it."""

    countdown: int
    code: str
    late: bool

    def strikes(self) -> bool:
        """Counts a statement; whether it is the one."""
        self.countdown -= 1
        return self.countdown == 0


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> Planted:
    """Makes a statement that raises of itself go out with one of this thread's."""
    fault = Planted(0, "", late=False)
    ours, real = get_ident(), Trip.ask

    def ask(self: Trip, statement: Statement, *values: object, **named: object) -> Answer:
        if get_ident() != ours:  # a follower's
            return real(self, statement, *values, **named)
        raising = prepared(
            statement.conn, f"DO $$ BEGIN RAISE 'planted' USING ERRCODE = '{fault.code}'; END $$"
        )
        struck = fault.strikes()
        if struck and not fault.late:
            real(self, raising)
        answer = real(self, statement, *values, **named)
        if struck and fault.late:
            real(self, raising)
        return answer

    monkeypatch.setattr(Trip, "ask", ask)
    return fault


@pytest.mark.usefixtures("attempts")
@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("code", ["40001", "40P01", "55P03"])
def test_a_collision_at_every_statement(
    store: Store, planted: Planted, book: str, database_url: str, *, code: str, late: bool
) -> None:
    write(store, book, "warm")
    planted.code, planted.late, planted.countdown = code, late, 1_000
    write(store, book, "counted")
    count = 1_000 - planted.countdown
    assert count >= 9
    for k in range(1, count + 1):
        planted.countdown = k
        written = insist(store, book, f"fault {k}")
        assert planted.countdown <= 0
        assert written.answer == (k + 2, k + 2)
        again = write(store, book, f"fault {k}")
        assert (again.answer, again.events, again.replayed) == (*written_as(written), True)
    assert len(sound_rows(database_url, book)) == 2 * (count + 2)
