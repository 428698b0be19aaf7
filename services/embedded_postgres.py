"""The embedded PostgreSQL: one server for each PARAPHE_HOME, started when first used.

Every process that uses the server holds a shared lock; the last one out stops it. A process or a server
killed with -9 leaves nothing that the next start does not mend: locks die with their holder, a running
server is attached to, a dead one's remains are cleared before the new one starts.
"""

import atexit
import fcntl
import hashlib
import os
import shlex
import shutil
import signal
import stat
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Literal, Self
from urllib.parse import quote

import psycopg

from services.postgres_binaries import (
    MACHINE_PLACE,
    MAJOR_VERSION,
    Account,
    EmbeddedPostgresFailed,
    account_for,
    locked,
    programs_for,
)

OWNER = "paraphe"
PORT = 5432
LONGEST_SOCKET_PATH = 107  # bytes, a limit of the kernel
SECONDS_TO_START = 600  # recovery after a crash may replay a gigabyte of log
SECONDS_FOR_ORPHANS = 5

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

StopMode = Literal["smart", "fast", "immediate"]


def start(home: Path) -> "EmbeddedServer":
    """Return the running server of this home, having made and started it if need be.

    Raises EmbeddedPostgresFailed with the server's own words when it cannot.
    """
    home = home.expanduser().absolute()
    try:
        home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
        with locked(home / "postgres.lock"):
            server = EmbeddedServer(home, _cluster_of(home))
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
    link = home.expanduser().absolute() / "postgres"
    if link.exists() or link.is_symlink():
        server = EmbeddedServer(home, _cluster_of(home))
        server.kill()
        shutil.rmtree(server.sockets, ignore_errors=True)
        shutil.rmtree(server.data, ignore_errors=True)
        if link.is_symlink():
            shutil.rmtree(server.data.parent, ignore_errors=True)
            link.unlink()


@dataclass
class EmbeddedServer:
    """A PostgreSQL server on a unix socket, in use by this process until `stop`."""

    home: Path
    data: Path
    _process: int = field(default_factory=os.getpid, init=False)
    _use: IO[str] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.account: Account = account_for(self.data)
        self.programs: Path = programs_for(self.account)
        self.sockets: Path = _socket_folder(self.data, self.account)

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
        return f"postgresql://{OWNER}@/{quote(database)}?host={quote(str(self.sockets), '')}&port={PORT}"

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
            self._control("stop", "-m", "fast")
        self._clear_remains()
        self._start()

    def enter(self) -> None:
        """Count this process among the users of the server."""
        self._use = (self.home / "postgres.users").open("w")
        fcntl.flock(self._use, fcntl.LOCK_SH)

    def stop(self) -> None:
        """Leave the server; stop it when nobody else uses it. A second call does nothing."""
        if self._use is None or self._process != os.getpid():
            return  # in a forked child the lock, and the leaving, belong to the parent
        atexit.unregister(self.stop)
        if not self.home.exists():
            self._use.close()
            return
        with locked(self.home / "postgres.lock"):
            try:
                fcntl.flock(self._use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if self.postmaster_pid() is not None:
                    self._control("stop", "-m", "fast")
            except BlockingIOError:
                pass
            finally:
                self._use.close()
                self._use = None

    def restart(self, mode: StopMode = "fast") -> None:
        """Stop the server under its users' feet and start it again (`immediate` is a crash)."""
        with locked(self.home / "postgres.lock"):
            if self.postmaster_pid() is not None:
                self._control("stop", "-m", mode)
            self.bring_up()

    def kill(self) -> None:
        """Kill the server and all its processes with -9, as a power failure would."""
        for pid in self._processes():
            _kill(pid)

    @property
    def _name(self) -> str:
        """A name in every process title of this cluster: it moves with the folder, unlike a path."""
        place = self.data.stat()
        return f"paraphe-{place.st_dev:x}-{place.st_ino:x}"

    def _processes(self) -> list[int]:
        """The live processes of this cluster, by title: readable where /proc/PID/cwd is not."""
        name = self._name.encode()
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                title = (folder / "cmdline").read_bytes()
            except OSError:
                continue  # it ended meanwhile
            program = title.split(b"\0")[0].split(b":")[0]
            if name in title and program.endswith(b"postgres"):
                found.append(int(folder.name))
        return found

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=10).close()
        except psycopg.OperationalError:
            return False
        return True

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
        _allow_only(unfinished, {self.account.name, _own_name()})
        self.data.parent.mkdir(exist_ok=True)
        unfinished.rename(self.data)

    def _clear_remains(self) -> None:
        """Wait for the orphans of a killed server, then remove its pid file.

        Only without them is removing it safe: it names the shared memory that keeps two servers apart.
        """
        deadline = time.monotonic() + SECONDS_FOR_ORPHANS
        while orphans := self._processes():
            if time.monotonic() > deadline:
                for pid in orphans:
                    _kill(pid)
            time.sleep(0.02)
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _start(self) -> None:
        options = ["-c", f"cluster_name={self._name}", "-c", "listen_addresses=", "-p", str(PORT)]
        options += [
            "-c",
            f"unix_socket_directories={self.sockets}",
            "-c",
            "unix_socket_permissions=0700",
        ]
        log = self.data / "start.log"
        log.unlink(missing_ok=True)
        try:
            self._control(
                "start", "-t", str(SECONDS_TO_START), "-l", str(log), "-o", shlex.join(options)
            )
        except EmbeddedPostgresFailed as error:
            words = log.read_text(errors="replace")[-2000:] if log.exists() else ""
            raise EmbeddedPostgresFailed(f"{error}\n{words}".strip()) from None

    def _control(self, *words: str) -> None:
        done = self.account.run([self.programs / "pg_ctl", "--wait", "--pgdata", self.data, *words])
        if done.returncode != 0:
            raise EmbeddedPostgresFailed(f"pg_ctl {words[0]} failed: {done.stdout.strip()}")


def _cluster_of(home: Path) -> Path:
    """The data folder of a home: inside it, or elsewhere behind a link when `nobody` cannot get in."""
    link = home / "postgres"
    if link.is_symlink():
        data = link.readlink()
        data.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        return data
    if link.exists() or account_for(link).reaches(home):
        return link
    shelter = MACHINE_PLACE / "by-home"
    shelter.mkdir(mode=0o711, parents=True, exist_ok=True)
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    # A new place each time: a home that was deleted and made again must not find the old books.
    place = Path(tempfile.mkdtemp(prefix=f"{digest}-", dir=shelter))
    place.chmod(0o711)
    (place / "home").write_text(f"{home}\n")
    link.symlink_to(place / "postgres")
    return link.readlink()


def _socket_folder(data: Path, account: Account) -> Path:
    """A folder for the socket that only the account can enter, with a path short enough."""
    folder = data.parent / "run"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) > LONGEST_SOCKET_PATH:
        digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
        folder = Path("/tmp") / f"paraphe-{account.uid}-{digest}"  # noqa: S108 - checked below
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {0, os.geteuid(), account.uid}:
        raise EmbeddedPostgresFailed(f"{folder} belongs to somebody else: remove it")
    os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)
    return folder


def _allow_only(data: Path, logins: set[str]) -> None:
    """Let these logins of the machine in, as any role, by unix socket and in no other way."""
    (data / "pg_hba.conf").write_text(
        "# by unix socket only; who may come in stands in pg_ident.conf\nlocal all all peer map=home\n"
    )
    (data / "pg_ident.conf").write_text("".join(f"home {name} all\n" for name in sorted(logins)))


def _own_name() -> str:
    return Account(os.geteuid(), os.getegid()).name


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
