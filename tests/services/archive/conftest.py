"""A store with a small book of every kind of column, and an empty archive beside it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from services.audit.keys import SigningKey
from services.audit.seals import Sealer
from services.audit.signer import Signer
from services.store.datastore import BookDatastore
from services.store.store import Store
from tests.services.audit.conftest import write_entries

KEY = SigningKey("paraphe", bytes(range(32)))


@pytest.fixture
def store(fresh_database_url: str) -> Iterator[Store]:
    """A store on a database of this test alone."""
    opened = Store(BookDatastore(fresh_database_url))
    yield opened
    opened.close()


@pytest.fixture
def book(store: Store) -> str:
    """A book of ten commands, two entries each, and one kept file."""
    book_id = str(uuid4())
    store.open_book(book_id)
    for nth in range(10):
        write_entries(store, book_id, nth)
    return book_id


@pytest.fixture
def sealer(store: Store, tmp_path: Path) -> Sealer:
    """A sealer with a memory of its own."""
    return Sealer(store, Signer(lambda: KEY, tmp_path / "signed"))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """Where the archive will be."""
    return tmp_path / "archive"
