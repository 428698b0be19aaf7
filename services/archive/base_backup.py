"""A base backup of the embedded server: PostgreSQL's own programs, as the account it runs as."""

import hashlib
import os
from hashlib import sha256
from pathlib import Path

import msgspec
import psycopg
from msgspec import Struct, field

from services.embedded_postgres import OWNER, EmbeddedServer
from services.postgres_binaries import Account, EmbeddedPostgresFailed
from services.postgres_place import PORT, allow_only


class BackedUpFile(Struct):
    """A file of a base backup, as PostgreSQL's manifest names it."""

    path: str = field(name="Path")
    checksum: str = field(name="Checksum")


class NeededWal(Struct):
    """The WAL without which a base backup is no use."""

    timeline: int = field(name="Timeline")
    start: str = field(name="Start-LSN")
    end: str = field(name="End-LSN")


class Manifest(Struct):
    """What we read of a backup manifest."""

    files: list[BackedUpFile] = field(name="Files")
    wal: list[NeededWal] = field(name="WAL-Ranges")
    checksum: str = field(name="Manifest-Checksum")


def take_base_backup(server: EmbeddedServer, to: Path) -> str:
    """Copies the running server to a new folder and checks the copy; gives its manifest's SHA-256.

    With the WAL archived since, it brings the server back to any moment after. Raises
    EmbeddedPostgresFailed with PostgreSQL's own words.
    """
    to = to.expanduser().absolute()
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chown(to, server.account.uid, server.account.gid)
    if not server.account.reaches(to, "w"):
        raise EmbeddedPostgresFailed(
            f"{server.account.name}, who runs the server, cannot reach {to}"
        )
    _let_replication_in(server)
    where = ["--host", str(server.sockets), "--port", str(PORT), "--username", OWNER]
    how = ["--checkpoint", "fast", "--wal-method", "stream", "--manifest-checksums", "SHA256"]
    _run(server, "pg_basebackup", *where, "--pgdata", to, *how, "--no-password")
    return check_base_backup(server, to)


def check_base_backup(server: EmbeddedServer, backup: Path) -> str:
    """Compares every file of a base backup with its manifest, and reads the WAL it needs.

    Gives the manifest's SHA-256; raises EmbeddedPostgresFailed. (PostgreSQL has `pg_verifybackup`
    for it, but the one that comes with our server dies at once.)
    """
    written = (backup / "backup_manifest").read_bytes()
    manifest = msgspec.json.decode(written, type=Manifest)
    before = written[: written.rindex(b'"Manifest-Checksum"')]
    if sha256(before).hexdigest() != manifest.checksum:
        raise EmbeddedPostgresFailed(f"{backup}/backup_manifest was changed")
    for file in manifest.files:
        with (backup / file.path).open("rb") as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != file.checksum:
                raise EmbeddedPostgresFailed(f"{backup}/{file.path} is not what was backed up")
    for wal in manifest.wal:
        span = ("--timeline", str(wal.timeline), "--start", wal.start, "--end", wal.end)
        _run(server, "pg_waldump", "--quiet", "--path", backup / "pg_wal", *span)
    return sha256(written).hexdigest()


def _let_replication_in(server: EmbeddedServer) -> None:
    """A home made by an older version lets nobody copy it."""
    allow_only(server.data, {server.account.name, Account(0, 0).name})
    with psycopg.connect(server.url(), autocommit=True) as conn:
        conn.execute("SELECT pg_reload_conf()")


def _run(server: EmbeddedServer, program: str, *words: str | Path) -> None:
    done = server.account.run([server.programs / program, *words])
    if done.returncode != 0:
        raise EmbeddedPostgresFailed(f"{program} failed: {done.stdout.strip()}")
