"""A store that reaches the database through a proxy which can cut its connections."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from services.store.datastore import BookDatastore
from services.store.store import Store
from tests.faults.proxy import Proxy
from tests.services.store.slips import MAPPER


@pytest.fixture
def proxy(database_url: str) -> Iterator[Proxy]:
    """A proxy before the worker's own database."""
    with Proxy(database_url) as opened:
        yield opened


@pytest.fixture
def store(proxy: Proxy) -> Iterator[Store]:
    """A store whose every connection goes through the proxy."""
    opened = Store(BookDatastore(proxy.url), mapper=MAPPER)
    yield opened
    opened.close()


@pytest.fixture
def book(store: Store) -> str:
    """The id of a new, empty book."""
    book_id = str(uuid4())
    store.open_book(book_id)
    return book_id
