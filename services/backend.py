"""The one place where things are wired: settings to server, database, store and registers."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from services.embedded_postgres import EmbeddedServer, start
from services.settings import Settings
from services.store.datastore import BookDatastore
from services.store.migrations import migrate
from services.store.store import Clock, Store

DATABASE = "paraphe"


class Backend:
    """What the doors work with; close it when done, or use `open_backend`."""

    def __init__(self, settings: Settings, url: str, store: Store) -> None:
        self.settings = settings
        self.url = url
        self.store = store

    def close(self) -> None:
        """Gives the connections back."""
        self.store.close()


@contextmanager
def open_backend(settings: Settings, *, clock: Clock | None = None) -> Iterator[Backend]:
    """The backend on the database that the settings name, its schema brought up to date.

    `clock` changes the time of commands; only the demonstration and tests pass one.
    """
    with database(settings) as url:
        migration_url = settings.migration_url
        migrate(migration_url.get_secret_value() if migration_url else url)
        datastore = BookDatastore(url)
        store = Store(datastore, clock=clock) if clock else Store(datastore)
        backend = Backend(settings, url, store)
        try:
            yield backend
        finally:
            backend.close()


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The URL of the database; without one in the settings the embedded server is started."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    with start(settings.home) as server:
        make_database(server)
        yield server.url(DATABASE)


def make_database(server: EmbeddedServer) -> None:
    """Creates our database on the embedded server the first time."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as conn:
        found = conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
        if found.fetchone() is None:
            try:
                conn.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
            except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                return  # another process was first
