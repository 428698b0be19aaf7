"""Three disasters, with real servers: a base backup with its WAL, the archive alone, an old backup.

Method: a server with WAL archiving is filled, sealed, backed up, and filled and sealed again; then
its data folder is gone. Each drill brings the books back in its own way; in the end every row of
every table, and every row of every register, is what it was.
"""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg
import pytest
from msgspec.structs import replace

from domain.book.refusal import Refusals
from domain.parties.contact import ContactDetails
from projections.registers import REGISTERS
from services import directory, embedded_postgres
from services.archive.base_backup import take_base_backup
from services.archive.newest import BookBehindSeal
from services.archive.reading import ArchivedBook
from services.archive.recovery import Recovery
from services.archive.writing import archive_book
from services.audit.seal_keys import SealKeys, open_sealer
from services.backend import Backend, open_backend
from services.embedded_postgres import EmbeddedServer
from services.erasure import ErasureList, check_personal_data
from services.replay.rebuild import Plan, rebuild
from services.settings import Settings
from services.store.pen import Command
from tests.books import HERE, make_book, write_book
from tests.databases import TestRun
from tests.registers import Tables, stored
from tests.services.archive.books import everything

PERSON = ContactDetails(
    name="Marie Curie", roles=("customer",), address=HERE, email="m@example.org"
)
SIZE = 1_300


class Lost(NamedTuple):
    """What was there before the disaster, and what is left of it: backups, archive, keys."""

    home: Path
    book: str
    backup: Path
    wal: Path
    archive: Path
    rows: dict[str, list[Any]]
    registers: Tables
    early: int
    newest_seal: str


@pytest.fixture(scope="module")
def ground() -> Iterator[Path]:
    """A folder that `nobody`, who runs root's server, can pass."""
    folder = TestRun.joined().folder / f"drills-{os.getpid()}"
    folder.mkdir(mode=0o711)
    yield folder
    for home in folder.iterdir():
        embedded_postgres.remove(home)
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def lost(ground: Path) -> Lost:
    """The disaster."""
    home, backup, wal, archive = (ground / name for name in ("home", "backup", "wal", "archive"))
    settings = Settings(home=home)
    with embedded_postgres.start(home) as server, open_backend(settings) as backend:
        _archive_wal(server, wal)
        book = write_book(backend.store, make_book(seed=4, size=SIZE))
        _add_person(backend, book, "first")
        sealer = open_sealer(backend.store, settings)
        early = sealer.seal(book).size
        take_base_backup(server, backup)
        _add_person(backend, book, "second")
        newest = sealer.seal(book).note
        backend.engine.run_to_head(book)
        archive_book(backend.store, book, archive)
        url = backend.url
        kept = Lost(
            home, book, backup, wal, archive,
            everything(url, book), stored(url, book), early, newest,
        )  # fmt: skip
        _wait_for_wal(server)
        server.kill()
        shutil.rmtree(server.data)
    return kept


def _archive_wal(server: EmbeddedServer, wal: Path) -> None:
    wal.mkdir()
    os.chown(wal, server.account.uid, server.account.gid)
    with psycopg.connect(server.url(), autocommit=True) as conn:
        conn.execute("ALTER SYSTEM SET archive_mode = 'on'")
        conn.execute(f"ALTER SYSTEM SET archive_command = 'cp %p {wal}/%f'")
    server.restart()


def _wait_for_wal(server: EmbeddedServer) -> None:
    """Returns once all WAL written so far is in the WAL archive."""
    with psycopg.connect(server.url(), autocommit=True) as conn:
        ((name,),) = conn.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchall()
        conn.execute("SELECT pg_switch_wal()")
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            ((last,),) = conn.execute("SELECT last_archived_wal FROM pg_stat_archiver").fetchall()
            if last is not None and last >= name:
                return
            time.sleep(0.05)
    raise AssertionError("WAL is not archived")


def _add_person(backend: Backend, book: str, name: str) -> None:
    details = replace(PERSON, email=f"{name}@example.org")
    directory.create_contact(backend.store, book, details, Command(id=name, actor="test"))


def put_back(lost: Lost, home: Path, *, with_wal: bool) -> Settings:
    """The base backup as the data of a new home, with the keys of the old one."""
    home.mkdir(mode=0o711)
    shutil.copytree(lost.home / "keys", home / "keys")
    data = embedded_postgres.data_folder(home)
    owner = lost.backup.stat()
    shutil.copytree(lost.backup, data)
    if with_wal:
        (data / "recovery.signal").touch()
        with (data / "postgresql.auto.conf").open("a") as conf:
            conf.write(f"restore_command = 'cp {lost.wal}/%f %p'\n")
    for path in (data, *data.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)
    with (data / "postgresql.auto.conf").open("a") as conf:
        conf.write("archive_mode = 'off'\n")
    return Settings(home=home)


def recovery_of(backend: Backend) -> Recovery:
    """As `paraphe restore` makes it."""
    settings = backend.settings
    return Recovery(
        backend.store,
        backend.owner_url,
        open_sealer(backend.store, settings),
        ErasureList(settings.home / "keys" / "erased.list"),
        SealKeys(settings).public,
    )


def assert_as_before(backend: Backend, lost: Lost) -> None:
    """Every row is what it was, in the book and in the registers, live and rebuilt."""
    assert everything(backend.url, lost.book) == lost.rows
    backend.engine.run_to_head(lost.book)
    assert stored(backend.url, lost.book) == lost.registers
    for outcome in rebuild(backend.url, REGISTERS, Plan(dry_run=True)):
        assert outcome.comparison.same, outcome.register
    assert check_personal_data(backend.store, lost.book).findings == ()


def write_on(backend: Backend, lost: Lost) -> None:
    """The book is open: it takes the next command."""
    size = backend.store.head(lost.book).size
    _add_person(backend, lost.book, f"after.{uuid4()}")
    assert backend.store.head(lost.book).size == size + 1


def test_a_base_backup_and_its_wal_bring_everything_back(lost: Lost, ground: Path) -> None:
    settings = put_back(lost, ground / "pitr", with_wal=True)
    with open_backend(settings) as backend:
        done = recovery_of(backend).in_place(lost.book, [lost.newest_seal])
        assert (done.added, done.report.findings) == (0, ())
        assert_as_before(backend, lost)
        write_on(backend, lost)


def test_the_archive_alone_brings_everything_back(lost: Lost, ground: Path) -> None:
    home = ground / "alone"
    home.mkdir(mode=0o711)
    shutil.copytree(lost.home / "keys", home / "keys")
    with open_backend(Settings(home=home)) as backend:
        done = recovery_of(backend).from_archive(lost.archive, lost.book, [lost.newest_seal])
        assert (done.added, done.report.findings) == (len(lost.rows["event"]), ())
        assert_as_before(backend, lost)
        write_on(backend, lost)


def test_an_old_backup_is_refused_until_the_archive_gives_back_what_it_lacks(
    lost: Lost, ground: Path
) -> None:
    settings = put_back(lost, ground / "old", with_wal=False)
    missing = BookBehindSeal(
        first=lost.early + 1,
        last=lost.early + 1,
        here=lost.early,
        source="the seal that was shown",
    )
    with open_backend(settings) as backend:
        assert backend.store.head(lost.book).size == lost.early
        with pytest.raises(Refusals) as refused:
            recovery_of(backend).in_place(lost.book, [lost.newest_seal])
        assert refused.value.refused == missing
        with pytest.raises(Refusals) as refused:
            write_on(backend, lost)
        assert refused.value.refused == replace(missing, source="the signer")
        done = recovery_of(backend).from_archive(lost.archive, lost.book, [lost.newest_seal])
        assert done.added == 1
        assert_as_before(backend, lost)
        write_on(backend, lost)


def test_a_loss_that_is_declared_is_sealed_as_one(lost: Lost, ground: Path) -> None:
    settings = put_back(lost, ground / "declared", with_wal=False)
    with open_backend(settings) as backend:
        done = recovery_of(backend).in_place(lost.book, [lost.newest_seal], declare_break=True)
        assert done.broken
        note = open_sealer(backend.store, settings).seal(lost.book).note
        assert f"recovered {ArchivedBook(lost.archive, lost.book).index.size} " in note
        write_on(backend, lost)
