"""The same command again: its first answer, once; the same id for something else: refused."""

import random
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest

from services.store.datastore import BookDatastore
from services.store.pen import Command, Pen
from services.store.store import Store, Written
from services.store.transaction import CommandReused
from tests.faults.soundness import sound_rows
from tests.services.store.crowd import combined, outcomes
from tests.services.store.slips import MAPPER, last_number, note, nothing, stamp, texts


@pytest.fixture
def other(database_url: str) -> Iterator[Store]:
    """A second store on the same database, as another process would have it."""
    opened = Store(BookDatastore(database_url), mapper=MAPPER)
    yield opened
    opened.close()


def never(pen: Pen) -> None:
    raise AssertionError("a repeated command decides nothing")


def test_a_repeated_command_gets_its_first_answer_though_the_state_moved_on(
    store: Store, other: Store, book: str
) -> None:
    command = Command(id="c", actor="u", cause="why", request="digest")
    first = store.write(book, command, stamp("S"), last_number("S"), reads=["series:S"])
    for nth in range(3):
        store.write(book, Command(id=str(nth), actor="u"), stamp("S"), nothing)
    for again in (store, other):
        second = again.write(book, command, never, last_number("S"), reads=["series:S"])
        assert second.replayed
        assert (second.answer, second.position, second.events) == (1, 1, first.events)
    assert not first.replayed
    assert len(sound_rows(store.datastore.url, book)) == 4


def test_a_repeated_command_is_answered_over_the_book_as_it_stood(store: Store, book: str) -> None:
    def two(pen: Pen) -> None:
        note("one", "t")(pen)
        note("two", "t", "u")(pen)

    def answer(reader: Any) -> list[object]:
        return [texts(reader, "t"), reader.last("t"), reader.at([1, 2, 3]), reader.last("v")]

    first = store.write(book, Command(id="c", actor="u"), two, answer)
    store.write(book, Command(id="d", actor="u"), note("three", "t", "v"), nothing)
    second = store.write(book, Command(id="c", actor="u"), never, answer)
    assert first.answer == second.answer == [["one", "two"], *first.answer[1:3], None]
    assert second.events == first.events
    assert second.position == 2


def test_a_command_id_used_again_for_something_else_is_refused(store: Store, book: str) -> None:
    store.write(book, Command(id="c", actor="u", request="one"), note("n"), nothing)
    for request in ("two", ""):
        with pytest.raises(CommandReused):
            store.write(book, Command(id="c", actor="u", request=request), note("n"), nothing)
    done = combined(
        store,
        book,
        [
            lambda: store.write(book, Command(id="d", actor="u"), note("n"), nothing),
            lambda: store.write(
                book, Command(id="c", actor="u", request="two"), note("n"), nothing
            ),
            lambda: store.write(book, Command(id="e", actor="u"), note("n"), nothing),
        ],
    )
    assert [type(one) for one in done] == [Written, CommandReused, Written]
    assert len(sound_rows(store.datastore.url, book)) == 3


def test_the_same_id_in_another_book_is_another_command(store: Store, book: str) -> None:
    from uuid import uuid4

    elsewhere = str(uuid4())
    store.open_book(elsewhere)
    for where in (book, elsewhere):
        assert not store.write(where, Command(id="c", actor="u"), note("n"), nothing).replayed


def test_a_refused_command_is_not_remembered(store: Store, book: str) -> None:
    with pytest.raises(AssertionError):
        store.write(book, Command(id="c", actor="u"), never, nothing)
    assert not store.write(book, Command(id="c", actor="u"), note("n"), nothing).replayed


def test_the_same_command_many_times_in_one_line_is_one_event(store: Store, book: str) -> None:
    command = Command(id="c", actor="u")
    writes = [lambda: store.write(book, command, stamp("S"), last_number("S"))] * 8
    done = [one for one in combined(store, book, writes) if isinstance(one, Written)]
    assert [one.answer for one in done] == [1] * 8
    assert [one.replayed for one in done] == [False] + [True] * 7
    assert len(sound_rows(store.datastore.url, book)) == 1


def test_200_double_submits_are_200_events(store: Store, other: Store, book: str) -> None:
    """Six threads, in two stores, send each command at the same time as each other."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    for nth in range(1, 201):
        command = Command(id=f"c{nth}", actor="u")
        stores = [chance.choice([store, other]) for _ in range(6)]
        done = outcomes(
            [
                lambda one=one, command=command: one.write(
                    book, command, stamp("S"), last_number("S")
                )
                for one in stores
            ]
        )
        written = [one for one in done if isinstance(one, Written)]
        assert [one.answer for one in written] == [nth] * 6, f"seed {seed}: {done}"
        assert sorted(one.replayed for one in written) == [False] + [True] * 5
    assert len(sound_rows(store.datastore.url, book)) == 200


def test_a_restart_of_the_server_costs_no_command(store: Store, book: str) -> None:
    """More connections die than a command has attempts."""
    with ExitStack() as stack:
        for _ in range(8):  # that many connections lie in the pool afterwards
            stack.enter_context(store.entered(book))
    with psycopg.connect(store.datastore.url, autocommit=True) as conn:
        conn.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    for nth in range(4):
        store.write(book, Command(id=f"b{nth}", actor="u"), note("n"), nothing)
    assert len(sound_rows(store.datastore.url, book)) == 4
