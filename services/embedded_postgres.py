"""The embedded PostgreSQL: one server for each PARAPHE_HOME, started when first used.

Every process that uses the server holds a shared lock; the last one out stops it. A process or a
server killed with -9 leaves nothing that the next start does not mend: locks die with their holder,
a running server is attached to, a dead one's remains are cleared before the new one starts.
"""

import atexit
import fcntl
import os
import shutil
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Literal, Self
from urllib.parse import quote

from services.postgres_binaries import (
    MAJOR_VERSION,
    Account,
    EmbeddedPostgresFailed,
    account_for,
    lock_file,
    locked,
    programs_for,
)
from services.postgres_place import (
    PORT,
    allow_only,
    data_folder,
    make_home,
    move_durably,
    socket_folder,
)
from services.postgres_processes import is_alive, processes_named, send

OWNER = "paraphe"
SECONDS_FOR_ORPHANS = 5
SECONDS_TO_STOP = 300  # the last checkpoint may have much to write
# A shell that ends at once, so that the server outlives us and is nobody's child.
IN_THE_BACKGROUND = ("/bin/sh", "-c", 'log=$1; shift; "$@" >"$log" 2>&1 </dev/null & echo $!', "sh")
STARTING_UP = 1  # what pg_isready exits with during recovery

# Durability is PostgreSQL's own default; it is spelled out because the book rests on it.
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "%a.log",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
}

StopMode = Literal["fast", "immediate"]
STOP_SIGNALS: dict[StopMode, signal.Signals] = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}


def start(home: Path) -> "EmbeddedServer":
    """Return the running server of this home, having made and started it if need be.

    Raises EmbeddedPostgresFailed with the server's own words when it cannot.
    """
    try:
        home = make_home(home)
        with locked(home / "postgres.lock"):
            server = EmbeddedServer(home, data_folder(home))
            server.bring_up()
            server.enter()
    except PermissionError as error:
        raise EmbeddedPostgresFailed(
            f"cannot write {error.filename}: set PARAPHE_HOME to a folder of your own"
        ) from error
    atexit.register(server.stop)
    return server


def remove(home: Path) -> None:
    """Kill the server of a home, whoever uses it, and delete its books for ever."""
    home = home.expanduser().absolute()
    link = home / "postgres"
    if not link.exists() and not link.is_symlink():
        return
    server = EmbeddedServer(home, data_folder(home))
    if server.data.exists():
        server.kill()
    place = server.data.parent if link.is_symlink() else server.data
    for folder in (server.sockets, place):
        shutil.rmtree(folder, ignore_errors=True)
    if link.is_symlink():
        link.unlink()


@dataclass
class EmbeddedServer:
    """A PostgreSQL server on a unix socket, in use by this process until `stop`."""

    home: Path
    data: Path
    _process: int = field(default_factory=os.getpid, init=False)
    _use: int | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.account: Account = account_for(self.data)
        self.programs: Path = programs_for(self.account)
        self.sockets: Path = socket_folder(self.data, self.account)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def url(self, database: str = "postgres") -> str:
        """Return the libpq URL of a database of this server, as the owner of everything in it."""
        sockets = quote(str(self.sockets), safe="")
        return f"postgresql://{OWNER}@/{quote(database, safe='')}?host={sockets}&port={PORT}"

    def postmaster_pid(self) -> int | None:
        """Return the process id of the running server, or None when it does not run."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split()[0])
        except (FileNotFoundError, ValueError, IndexError):
            return None
        return pid if pid in self._processes() else None

    def bring_up(self) -> None:
        """Attach to the running server or start one; the caller holds the home's lock."""
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        elif (found := (self.data / "PG_VERSION").read_text().strip()) != MAJOR_VERSION:
            raise EmbeddedPostgresFailed(
                f"{self.data} was made by PostgreSQL {found}, this is {MAJOR_VERSION}: "
                "dump it with the older version and load it here"
            )
        if self.postmaster_pid() is not None:
            if self._answers():
                return
            self._halt("fast")
        self._clear_remains()
        self._start()

    def enter(self) -> None:
        """Count this process among the users of the server."""
        self._use = lock_file(self.home / "postgres.users")
        fcntl.flock(self._use, fcntl.LOCK_SH)

    def stop(self) -> None:
        """Leave the server; stop it when nobody else uses it. A second call does nothing."""
        if self._use is None or self._process != os.getpid():
            return  # in a forked child the lock, and the leaving, belong to the parent
        atexit.unregister(self.stop)
        use, self._use = self._use, None
        if self.data.exists():
            with locked(self.home / "postgres.lock"), suppress(BlockingIOError):
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._halt("fast")
        fcntl.flock(use, fcntl.LOCK_UN)  # forked children have it open too
        os.close(use)

    def restart(self, mode: StopMode = "fast") -> None:
        """Stop the server under its users' feet and start it again (`immediate` is a crash)."""
        with locked(self.home / "postgres.lock"):
            self._halt(mode)
            self.bring_up()

    def kill(self) -> None:
        """Kill the server and all its processes with -9, as a power failure would."""
        while processes := self._processes():
            send(signal.SIGKILL, *processes)

    @property
    def _name(self) -> str:
        """What all process titles of this cluster name; unlike a path it moves with the folder."""
        place = self.data.stat()
        return f"paraphe-{place.st_dev:x}-{place.st_ino:x}"

    def _processes(self) -> list[int]:
        return processes_named(self._name)

    def _answers(self) -> bool:
        """Say whether the running server takes connections, once its recovery is over."""
        where = ("--host", str(self.sockets), "--port", str(PORT), "--timeout", "10")
        while True:
            asked = self.account.run([self.programs / "pg_isready", "--quiet", *where])
            if asked.returncode != STARTING_UP:
                return asked.returncode == 0
            time.sleep(0.1)

    def _make_cluster(self) -> None:
        """Make the cluster aside and move it into place, so that a kill midway leaves none."""
        unfinished = self.data.with_name("postgres.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        os.chown(unfinished, self.account.uid, self.account.gid)
        made = self.account.run(
            [
                self.programs / "initdb",
                *("--pgdata", unfinished, "--username", OWNER, "--auth", "peer"),
                *("--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C.UTF-8"),
                *("--data-checksums", "--no-instructions"),
                *(word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")),
            ]
        )
        if made.returncode != 0:
            raise EmbeddedPostgresFailed(f"initdb failed: {made.stdout.strip()}")
        allow_only(unfinished, {self.account.name, Account(0, 0).name})
        move_durably(unfinished, self.data)

    def _clear_remains(self) -> None:
        """Wait for the orphans of a killed server, then remove its lock files.

        They name its process id, which another process may have by now. With orphans alive they
        must stay: they also name the shared memory that keeps two servers apart.
        """
        deadline = time.monotonic() + SECONDS_FOR_ORPHANS
        while orphans := self._processes():
            if time.monotonic() > deadline:
                send(signal.SIGKILL, *orphans)
            time.sleep(0.02)
        for lock in (self.data / "postmaster.pid", self.sockets / f".s.PGSQL.{PORT}.lock"):
            lock.unlink(missing_ok=True)

    def _start(self) -> None:
        settings = {
            "cluster_name": self._name,
            "listen_addresses": "",
            "hot_standby": "off",  # nobody is let in before a backup has caught up with its WAL
            "port": PORT,
            "unix_socket_directories": self.sockets,
            "unix_socket_permissions": "0700",
        }
        (self.data / "start.log").unlink(missing_ok=True)
        server = (self.programs / "postgres", "-D", self.data)
        options = [f"--{name}={value}" for name, value in settings.items()]
        launched = self.account.run(
            [*IN_THE_BACKGROUND, self.data / "start.log", *server, *options]
        )
        pid = int(launched.stdout)
        while not self._ready(pid):
            if not is_alive(pid):
                raise EmbeddedPostgresFailed(f"PostgreSQL did not start: {self._last_words()}")
            time.sleep(0.02)

    def _last_words(self) -> str:
        logs = sorted((self.data / "log").glob("*.log"), key=lambda log: log.stat().st_mtime)
        logs = [self.data / "start.log", *logs[-1:]]
        words = [log.read_text(errors="replace").strip() for log in logs if log.exists()]
        return "\n".join(words)[-2000:]

    def _ready(self, pid: int) -> bool:
        """Read in the pid file whether this very server takes connections."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return lines[:1] == [str(pid)] and lines[-1].strip() == "ready"

    def _halt(self, mode: StopMode) -> None:
        """Ask the server to stop and wait until it and all its processes have."""
        if (pid := self.postmaster_pid()) is not None:
            send(STOP_SIGNALS[mode], pid)
            deadline = time.monotonic() + SECONDS_TO_STOP
            while self._processes():
                if time.monotonic() > deadline:
                    raise EmbeddedPostgresFailed(f"PostgreSQL does not stop: {self._last_words()}")
                time.sleep(0.02)
