"""A store on the worker's own database, and a book of its own for each test."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from services.store.datastore import BookDatastore
from services.store.store import Store
from tests.services.store.slips import MAPPER


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store as the application opens it, in the application's role, for slips and notes."""
    opened = Store(BookDatastore(database_url), mapper=MAPPER)
    yield opened
    opened.close()


@pytest.fixture
def book(store: Store) -> str:
    """The id of a new, empty book."""
    book_id = str(uuid4())
    store.open_book(book_id)
    return book_id
