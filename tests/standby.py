"""A real streaming replica of an embedded server, which tests pause, kill and start again."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from services.embedded_postgres import IN_THE_BACKGROUND, OWNER, EmbeddedServer
from services.postgres_place import PORT
from services.postgres_processes import processes_named, send


class Standby:
    """A copy of a server that goes on following it (`pg_basebackup --write-recovery-conf`)."""

    def __init__(self, primary: EmbeddedServer, folder: Path, name: str) -> None:
        self._primary = primary
        self._name = f"standby-{name}-{os.getpid()}"
        self._data, self._sockets = folder / name, folder / f"{name}.run"
        for place in (self._data, self._sockets):
            place.mkdir(mode=0o700)
            os.chown(place, primary.account.uid, primary.account.gid)
        copier = primary.programs / "pg_basebackup"
        if not copier.exists():
            pytest.skip(f"no replica without pg_basebackup, which is not in {primary.programs}")
        where = ("--host", primary.sockets, "--port", str(PORT), "--username", OWNER)
        how = ("--checkpoint", "fast", "--write-recovery-conf", "--no-password")
        copied = primary.account.run([copier, *where, *how, "--pgdata", self._data])
        assert copied.returncode == 0, copied.stdout

    def url(self, database: str) -> str:
        """The URL of a database of the replica."""
        sockets = quote(str(self._sockets), safe="")
        return f"postgresql://{OWNER}@/{database}?host={sockets}&port={PORT}"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        settings = {
            "cluster_name": self._name,
            "hot_standby": "on",
            "listen_addresses": "",
            "port": PORT,
            "unix_socket_directories": self._sockets,
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        server = (self._primary.programs / "postgres", "-D", self._data, *options)
        self._primary.account.run([*IN_THE_BACKGROUND, self._data / "start.log", *server])
        deadline = time.monotonic() + 30
        while True:
            try:
                self.ask("SELECT 1")
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """Kills it with -9."""
        while processes := processes_named(self._name):
            send(signal.SIGKILL, *processes)
        for lock in (self._data / "postmaster.pid", self._sockets / f".s.PGSQL.{PORT}.lock"):
            lock.unlink(missing_ok=True)

    def pause(self) -> None:
        """Stops its replay: from now on it shows the past."""
        self.ask("SELECT pg_wal_replay_pause()")
        while self.ask("SELECT pg_get_wal_replay_pause_state()") != "paused":
            time.sleep(0.01)

    def resume(self) -> None:
        """Lets it replay again."""
        self.ask("SELECT pg_wal_replay_resume()")

    def ask(self, statement: str) -> Any:
        """The one value that a statement gives."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as conn:
            [(value,)] = conn.execute(statement.encode()).fetchall()
        return value


@contextmanager
def following(primary: EmbeddedServer, folder: Path, name: str) -> Iterator[Standby]:
    """A running replica, killed at the end."""
    standby = Standby(primary, folder, name)
    try:
        standby.start()
        yield standby
    finally:
        standby.kill()
