"""A store, an engine on its database, and the rows of a register as they stand in PostgreSQL."""

from collections.abc import Iterator

import pytest

from projections.registers import REGISTERS
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.datastore import BookDatastore
from services.store.store import Store


@pytest.fixture
def url(fresh_database_url: str) -> str:
    """A database of this test alone, for registers are shared by all books of a database."""
    return fresh_database_url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store as the application opens it."""
    opened = Store(BookDatastore(url))
    yield opened
    opened.close()


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """An engine that has not started: tests move it by hand."""
    made = Engine(url, REGISTERS, poll_seconds=0.2)
    yield made
    made.stop()


@pytest.fixture
def readers(url: str) -> Iterator[Readers]:
    """Connections for the questions, as the doors have them."""
    made = Readers(url)
    yield made
    made.close()
