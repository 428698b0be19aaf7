"""A server that is gone costs a caller seconds, and one that came back costs it nothing."""

import time
from contextlib import ExitStack
from uuid import uuid4

import psycopg
import pytest

from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.datastore import BookDatastore
from services.store.pen import Command
from services.store.store import PATIENCE, Store, StoreUnavailable
from tests.api.test_server import free_port
from tests.services.store.slips import MAPPER, nothing, stamp

CUT = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def test_without_a_server_a_command_gives_up_in_seconds() -> None:
    store = Store(BookDatastore(f"postgresql://nobody@127.0.0.1:{free_port()}/none"), mapper=MAPPER)
    began = time.monotonic()
    with pytest.raises(StoreUnavailable):
        store.write(str(uuid4()), Command(id="c", actor="u"), stamp("S"), nothing)
    assert time.monotonic() - began < PATIENCE + 2
    began = time.monotonic()
    with pytest.raises(psycopg.OperationalError):
        store.head(str(uuid4()))
    assert time.monotonic() - began < 4
    store.close()


def test_connections_that_died_in_the_pool_are_not_given_to_readers(
    fresh_database_url: str,
) -> None:
    """Method: five idle connections in each pool, all of them cut, then reads without a retry."""
    store = Store(BookDatastore(fresh_database_url), mapper=MAPPER)
    readers = Readers(fresh_database_url)
    book = str(uuid4())
    store.open_book(book)
    Engine(fresh_database_url).position(book)  # makes the registers' tables
    for nth in range(4):
        with ExitStack() as stack:
            for _ in range(5):
                stack.enter_context(store.entered(book))
                stack.enter_context(readers.of(book))
        with psycopg.connect(fresh_database_url) as conn:
            ((cut,),) = conn.execute(CUT).fetchall()
        assert cut >= 10
        time.sleep(0.1)
        assert store.head(book).size == nth
        with readers.of(book) as conn:
            assert conn.execute("SELECT count(*) FROM unpaid.open_item").fetchone() == (0,)
        written = store.write(book, Command(id=f"c{nth}", actor="u"), stamp("S"), nothing)
        assert written.position == nth + 1
    readers.close()
    store.close()
