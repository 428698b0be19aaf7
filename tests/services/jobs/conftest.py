"""A desk and workers on the worker's database, and a book for each test."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from services.jobs.desk import Desk
from services.store.datastore import BookDatastore
from services.store.store import Store


@pytest.fixture
def store(fresh_database_url: str) -> Iterator[Store]:
    """A store of its own: workers take up whatever job there is in a database."""
    opened = Store(BookDatastore(fresh_database_url))
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store) -> Desk:
    """Where jobs are asked for."""
    return Desk(store)


@pytest.fixture
def book(store: Store) -> str:
    """A book without events."""
    book_id = str(uuid4())
    store.open_book(book_id)
    return book_id
