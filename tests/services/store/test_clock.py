"""The clock of a book: the database's, and never behind what was recorded, whatever it does."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg
import pytest

from services.store.datastore import BookDatastore
from services.store.pen import Command
from services.store.store import Store
from tests.faults.soundness import sound_rows
from tests.services.store.slips import MAPPER, note, nothing


class SteppingClock:
    """A clock that tests can move against the database's."""

    def __init__(self) -> None:
        self.step = timedelta()

    def __call__(self, database_time: datetime) -> datetime:
        return database_time + self.step


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


@pytest.fixture
def stepping(database_url: str, clock: SteppingClock) -> Iterator[Store]:
    opened = Store(BookDatastore(database_url), mapper=MAPPER, clock=clock)
    yield opened
    opened.close()


def recorded(store: Store, book: str, name: str) -> datetime:
    written = store.write(book, Command(id=name, actor="u"), note("n"), nothing)
    return written.events[0].recorded_at


def alarms(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    """What the store said; registers that other tests left at work speak too."""
    return [record for record in caplog.records if record.name == "services.store.transaction"]


def test_time_is_the_database_s(store: Store, book: str) -> None:
    with psycopg.connect(store.datastore.url, autocommit=True) as conn:
        ((before,),) = conn.execute("SELECT clock_timestamp()").fetchall()
        at = recorded(store, book, "c")
        ((after,),) = conn.execute("SELECT clock_timestamp()").fetchall()
    assert before <= at <= after
    assert at.utcoffset() == timedelta()


@pytest.mark.parametrize("back", [timedelta(microseconds=1), timedelta(seconds=4.9)])
def test_a_small_step_back_is_held_in_silence(
    stepping: Store, book: str, clock: SteppingClock, back: timedelta,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    clock.step = timedelta(hours=1)
    first = recorded(stepping, book, "a")
    clock.step -= back + timedelta(milliseconds=50)
    with caplog.at_level(logging.ERROR):
        assert recorded(stepping, book, "b") >= first
    assert alarms(caplog) == []
    sound_rows(stepping.datastore.url, book)


def test_a_large_step_back_is_held_with_an_alarm(
    stepping: Store, book: str, clock: SteppingClock, caplog: pytest.LogCaptureFixture
) -> None:
    clock.step = timedelta(days=3650)
    first = recorded(stepping, book, "a")
    clock.step = timedelta(hours=-2)
    with caplog.at_level(logging.ERROR):
        assert recorded(stepping, book, "b") == recorded(stepping, book, "c") == first
    assert len(alarms(caplog)) == 2
    assert book in caplog.text
    clock.step = timedelta(days=3651)
    assert recorded(stepping, book, "d") > first
    sound_rows(stepping.datastore.url, book)
