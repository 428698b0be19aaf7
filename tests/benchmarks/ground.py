"""Where benchmarks run: a PostgreSQL server of their own, with the durability of production."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from msgspec import Struct
from psycopg import Connection

from services import embedded_postgres
from services.backend import DATABASE, make_database
from services.store.datastore import BookDatastore
from services.store.migrations import migrate
from services.store.store import Clock, Store


class Ground(Struct, frozen=True):
    """A migrated database, and how much is to be measured."""

    url: str
    home: Path
    quick: bool
    large: bool

    @property
    def rounds(self) -> int:
        """How often both sides run."""
        return 2 if self.quick else 7

    def sized(self, quick: int, full: int) -> int:
        """How much work, by the kind of run."""
        return quick if self.quick else full

    @contextmanager
    def store(self, clock: Clock | None = None) -> Iterator[Store]:
        """A store as the application opens it."""
        datastore = BookDatastore(self.url)
        opened = Store(datastore, clock=clock) if clock else Store(datastore)
        try:
            yield opened
        finally:
            opened.close()

    @contextmanager
    def connection(self, **options: Any) -> Iterator[Connection[Any]]:
        """A connection of the owner, for references."""
        with psycopg.connect(self.url, autocommit=True, prepare_threshold=0, **options) as conn:
            yield conn

    def book(self, store: Store) -> str:
        """A new, empty book."""
        book_id = str(uuid4())
        store.open_book(book_id)
        return book_id


@contextmanager
def ground(*, quick: bool, large: bool) -> Iterator[Ground]:
    """A ground of one's own, removed at the end; PARAPHE_DATABASE_URL is not looked at."""
    home = Path(tempfile.mkdtemp(prefix="paraphe-benchmark-"))
    home.chmod(0o711)
    os.environ["PARAPHE_HOME"] = str(home)
    os.environ.pop("PARAPHE_DATABASE_URL", None)
    try:
        with embedded_postgres.start(home) as server:
            make_database(server)
            url = server.url(DATABASE)
            migrate(url)
            yield Ground(url, home, quick, large)
    finally:
        embedded_postgres.remove(home)
        shutil.rmtree(home, ignore_errors=True)
