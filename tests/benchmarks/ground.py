"""Where benchmarks run: a PostgreSQL server of their own, with the durability of production."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from msgspec import Struct
from psycopg import Connection, sql

from services import embedded_postgres
from services.store.datastore import BookDatastore
from services.store.migrations import migrate
from services.store.store import Clock, Store


class Ground(Struct, frozen=True):
    """A migrated database of one benchmark, and how much is to be measured."""

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
def server(home: Path) -> Iterator[Callable[[str], str]]:
    """A server in a folder of its own, removed at the end; gives the URL of a new database."""
    home.chmod(0o711)
    try:
        with embedded_postgres.start(home) as running:

            def database(name: str) -> str:
                with psycopg.connect(running.url("postgres"), autocommit=True) as conn:
                    conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
                migrate(running.url(name))
                return running.url(name)

            yield database
    finally:
        embedded_postgres.remove(home)
        shutil.rmtree(home, ignore_errors=True)
