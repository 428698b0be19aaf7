"""The PostgreSQL server of a test run and the databases in it, shared by all its processes."""

import fcntl
import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from services import embedded_postgres
from services.postgres_binaries import locked
from services.store.migrations import migrate

FOLDER = "PARAPHE_TEST_RUN"
SERVER = "PARAPHE_TEST_SERVER"
PREFIX = "paraphe_test_"

UrlOf = Callable[[str], str]


@dataclass
class TestRun:
    """One run of the tests: a folder that says by its lock whether the run is still alive."""

    __test__ = False  # pytest: not a test class

    folder: Path
    life: IO[str] | None = None

    @classmethod
    def begin(cls) -> "TestRun":
        """Open a run in the controlling process, after clearing what killed runs left."""
        if outside := os.environ.pop("PARAPHE_DATABASE_URL", None):
            os.environ[SERVER] = outside
        runs = Path(tempfile.gettempdir()) / f"paraphe-tests-{os.geteuid()}"
        runs.mkdir(mode=0o711, exist_ok=True)
        with locked(runs / "lock"):
            for left in (path for path in runs.iterdir() if path.is_dir()):
                _clear_if_dead(left)
            folder = runs / secrets.token_hex(4)
            folder.mkdir(mode=0o711)
            life = (folder / "life").open("w")
            fcntl.flock(life, fcntl.LOCK_EX)
        os.environ[FOLDER] = str(folder)
        # Commands that tests run must not find the user's own books.
        os.environ["PARAPHE_HOME"] = str(folder / "command")
        return cls(folder, life)

    @classmethod
    def joined(cls) -> "TestRun":
        """The run this process belongs to."""
        return cls(Path(os.environ[FOLDER]))

    def end(self) -> None:
        """Drop the run's databases, stop its server and remove its folder."""
        _clear(self.folder)
        if self.life:
            self.life.close()

    @contextmanager
    def server(self) -> Iterator[UrlOf]:
        """Give the function from database names to URLs; the first to ask starts the server."""
        if outside := os.environ.get(SERVER):
            (self.folder / "outside").touch()
            yield lambda name: _renamed(outside, name)
            return
        with embedded_postgres.start(self.folder / "home") as server:
            yield server.url

    def template(self, url_of: UrlOf) -> str:
        """Make and migrate the template database once for all processes; return its name."""
        name = self._full("template")
        with locked(self.folder / "template.lock"):
            done = self.folder / "template.done"
            if not done.exists():
                _drop(url_of, name)
                _create(url_of, name, "template0")
                migrate(url_of(name))
                done.touch()
        return name

    @contextmanager
    def database(self, url_of: UrlOf, name: str | None, template: str) -> Iterator[str]:
        """Copy a database from the template and drop it at the end."""
        full = self._full(name or secrets.token_hex(6))
        _create(url_of, full, template)
        if template != "template0":
            migrate(url_of(full))  # for rights on the database, which a copy does not inherit
        try:
            yield url_of(full)
        finally:
            _drop(url_of, full)

    def _full(self, name: str) -> str:
        return f"{PREFIX}{self.folder.name}_{name}"


def _clear_if_dead(folder: Path) -> None:
    try:
        with (folder / "life").open("a") as life:
            fcntl.flock(life, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _clear(folder)
    except BlockingIOError:
        pass  # that run is alive


def _clear(folder: Path) -> None:
    if (folder / "outside").exists() and (outside := os.environ.get(SERVER)):
        _drop_all(outside, f"{PREFIX}{folder.name}_")
    for home in (folder / "home", folder / "command"):
        embedded_postgres.remove(home)
    shutil.rmtree(folder, ignore_errors=True)


def _drop_all(outside: str, prefix: str) -> None:
    with psycopg.connect(outside) as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix]
        ).fetchall()
    for (name,) in names:
        _drop(lambda database: _renamed(outside, database), name)


def _create(url_of: UrlOf, name: str, template: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log")
    with psycopg.connect(url_of("postgres"), autocommit=True) as connection:
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def _drop(url_of: UrlOf, name: str) -> None:
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with psycopg.connect(url_of("postgres"), autocommit=True) as connection:
        connection.execute(statement.format(sql.Identifier(name)))


def _renamed(url: str, database: str) -> str:
    """The same server, another database."""
    return re.sub(r"^(postgres(?:ql)?://[^/?]*)(/[^?]*)?", rf"\1/{database}", url)
