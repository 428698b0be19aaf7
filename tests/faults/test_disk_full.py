"""The disk fills under load: what was acknowledged is there, no 500, and writing goes on after.

Method: an embedded server with its data, or its WAL, on a tmpfs of some megabytes; eight callers
create contacts over HTTP while a file takes what room is left; then the file is taken away.
"""

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from uuid import uuid4

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.ids import book_id
from services import embedded_postgres
from services.backend import Backend, open_backend
from services.readiness import examine
from services.settings import Settings
from tests.api import bodies
from tests.api.conftest import Caller, open_company
from tests.databases import TestRun
from tests.faults.soundness import sound_rows

MIB = 1024 * 1024
CALLERS = 8


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder that `nobody`, who runs root's server, can pass."""
    folder = TestRun.joined().folder / f"disk-{uuid4().hex[:8]}"
    folder.mkdir(mode=0o711)
    yield folder
    shutil.rmtree(folder)


@contextmanager
def small_disk(place: Path, mib: int) -> Iterator[Path]:
    """A file system of its own of so many MiB; skips the test where none can be mounted."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk: run the tests as root on Linux")
    place.mkdir(mode=0o755)
    size = ["-o", f"size={mib}m,mode=755"]
    done = subprocess.run(
        ["mount", "-t", "tmpfs", *size, "tmpfs", place], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.skip(f"this machine lets nobody mount a small disk: {done.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def make_server(home: Path) -> None:
    """A cluster with few and small needs of WAL."""
    with (
        embedded_postgres.start(home) as server,
        psycopg.connect(server.url(), autocommit=True) as conn,
    ):
        for setting in ("max_wal_size = '48MB'", "min_wal_size = '32MB'", "wal_recycle = off"):
            conn.execute(f"ALTER SYSTEM SET {setting}")


def move_wal(home: Path, to: Path) -> None:
    """Puts the WAL of a stopped server on another disk."""
    data = home.resolve() / "postgres"
    owner = data.stat()
    shutil.copytree(data / "pg_wal", to)
    shutil.rmtree(data / "pg_wal")
    (data / "pg_wal").symlink_to(to)
    for path in (to, *to.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)


def fill(disk: Path) -> Path:
    """Takes all the room that is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while file.write(b"x" * 65536):
                pass
        except OSError:
            pass
    return filler


class Load:
    """Eight callers that create contacts; what got no 201 is sent again under the same name."""

    def __init__(self, backend: Backend) -> None:
        self.statuses: list[int] = []
        self.created: list[str] = []
        self.client = TestClient(create_app(backend), raise_server_exceptions=False)
        self.caller = open_company(self.client, backend.keyring.issue("firm"))
        self.book = str(book_id(self.caller.company))
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run) for _ in range(CALLERS)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def _run(self) -> None:
        mine = Caller(self.client, self.caller.key, self.caller.company)
        while not self._stop.is_set():
            name = str(uuid4())
            while not self._stop.is_set():
                answer = mine.post("/contacts", bodies.customer(), Idempotency_Key=name)
                self.statuses.append(answer.status_code)
                if answer.status_code == 201:
                    self.created.append(f"contact:{answer.json()['id']}")
                    break
                time.sleep(0.02)

    def await_created(self, more: int, seconds: float = 30) -> None:
        """Returns once so many more contacts are created."""
        wanted, deadline = len(self.created) + more, time.monotonic() + seconds
        while len(self.created) < wanted:
            assert time.monotonic() < deadline, f"stuck: {self.statuses[-20:]}"
            time.sleep(0.01)

    def await_refused(self, seconds: float = 60) -> None:
        """Returns once callers are sent away, a while."""
        began, deadline = len(self.statuses), time.monotonic() + seconds
        while sum(status != 201 for status in self.statuses[began:]) < 2 * CALLERS:
            assert time.monotonic() < deadline, "the disk does not fill"
            time.sleep(0.01)


def assert_kept(backend: Backend, load: Load) -> None:
    """All that was acknowledged is there, once; the book is sound; the registers reach its head."""
    assert set(load.statuses) <= {201, 503, 507}, set(load.statuses)
    tags = [tag for row in sound_rows(backend.owner_url, load.book) for tag in row.tags]
    assert [tag for tag in load.created if tags.count(tag) != 1] == []
    backend.engine.run_to_head(load.book)
    assert backend.engine.position(load.book) == backend.store.head(load.book).size
    print(f"{len(load.created)} created, {len(load.statuses)} answers, all of {set(load.statuses)}")


def test_a_full_disk_of_data_refuses_and_goes_on_when_there_is_room(ground: Path) -> None:
    with small_disk(ground / "data", 160) as disk:
        home = disk / "home"
        make_server(home)
        move_wal(home, ground / "wal")
        with open_backend(Settings(home=home, free_disk_mib=0)) as backend:
            backend.engine.start()
            with Load(backend) as load:
                load.await_created(20)
                filler = fill(disk)
                load.await_refused()
                filler.unlink()
                load.await_created(20)
            assert 507 in load.statuses
            assert_kept(backend, load)
        embedded_postgres.remove(home)


def test_a_full_disk_of_wal_loses_nothing_and_goes_on_after_a_restart(ground: Path) -> None:
    home = ground / "home"
    make_server(home)
    with small_disk(ground / "wal", 80) as disk:
        move_wal(home, disk / "pg_wal")
        with open_backend(Settings(home=home, free_disk_mib=0)) as backend:
            with Load(backend) as load:
                load.await_created(20)
                filler = fill(disk)
                _use_up_wal(backend.owner_url)
                load.await_refused()
                filler.unlink()
                with embedded_postgres.start(home) as server:
                    server.restart()  # as the next `paraphe` that starts would
                    load.await_created(20)
            assert_kept(backend, load)
        embedded_postgres.remove(home)


def _use_up_wal(url: str) -> None:
    """Writes WAL until there is no room for any more; then the server is gone."""
    try:
        with psycopg.connect(url, autocommit=True) as conn:
            for _ in range(100_000):
                conn.execute("SELECT pg_logical_emit_message(true, 'fill', repeat('x', 100000))")
    except psycopg.OperationalError:
        return
    raise AssertionError("the WAL found room")


def test_commands_are_refused_before_the_disk_is_full(ground: Path) -> None:
    with open_backend(Settings(home=ground / "home", free_disk_mib=0)) as backend:
        client = TestClient(create_app(backend))
        caller = open_company(client, backend.keyring.issue("firm"))
        assert all(check.sound for check in examine(backend))
        backend.disk.least_mib = 10**9
        refused = caller.post("/contacts", bodies.customer())
        assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")
        assert int(refused.headers["retry-after"]) > 0
        assert caller.get("").status_code == 200, "reading goes on"
        (unsound,) = [check for check in examine(backend) if not check.sound]
        assert unsound.name == "disk"
        backend.disk.least_mib = 0
        assert caller.post("/contacts", bodies.customer()).status_code == 201
    embedded_postgres.remove(ground / "home")
