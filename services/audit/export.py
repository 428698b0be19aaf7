"""A book in one file that needs no database: every record byte for byte, its files and seals.

The bundle carries its format and two verifiers (services/audit/bundle); the same book and cut-off
give the same bytes.
"""

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct

from domain.book.event import Recorded
from domain.book.note import PublicKey
from services.audit import stored
from services.audit.bundle.contents import ExportedRecord, Manifest, StoredBook, write_bundle
from services.audit.findings import Finding, Report
from services.audit.stored import StoredEvent
from services.audit.verify import Kept, Verification, report
from services.store.mapper import Mapper
from services.store.store import Store

BATCH = 1_000
PIECE = 1 << 20
"""Bytes of records that are read at once."""
IN_A_DATABASE_ONLY = ("columns", "tags", "head", "subtrees")


class NotAnExport(ValueError):
    """The file is not a book that was exported by this format."""


class NotThatLong(ValueError):
    """The book has fewer events than are asked for."""


def export_book(
    store: Store,
    book_id: str,
    output: Path,
    *,
    upto: int | None = None,
    keys: Iterable[PublicKey] = (),
) -> Manifest:
    """Writes the first `upto` events of a book (default: all) to a bundle, with its seals.

    `keys` are the public keys of those seals. Raises UnknownBook, or NotThatLong.
    """
    with store.snapshot(book_id) as conn:
        size = stored.head(conn, book_id).size
        if upto is not None and not 0 <= upto <= size:
            raise NotThatLong(f"the book has {size} events, not {upto}")
        book = StoredBook(conn, book_id, size if upto is None else upto)
        return write_bundle(book, output, keys)


class Export:
    """A book that was exported to a file."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
            self.manifest = msgspec.json.decode(self._zip.read("manifest.json"), type=Manifest)
        except (zipfile.BadZipFile, KeyError, msgspec.DecodeError, OSError) as error:
            raise NotAnExport(f"{path} is not an exported book: {error}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def records(self) -> Iterator[ExportedRecord]:
        """The records in the order of the file; raises NotAnExport on a line that is none."""
        decoder = msgspec.json.Decoder(ExportedRecord)
        try:
            with self._zip.open("records.jsonl") as member:
                # A member's own readline takes three times as long as a buffer's.
                for line in io.BufferedReader(member, PIECE):  # type: ignore[type-var]
                    yield decoder.decode(line)
        except (KeyError, zipfile.BadZipFile, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise NotAnExport(f"records.jsonl: {error}") from error

    def keys(self) -> list[str]:
        """The written public keys that came with the book; nobody else vouches for them."""
        if "keys/seal.keys" not in self._zip.namelist():
            return []
        return self._zip.read("keys/seal.keys").decode("utf-8", "replace").split()

    def file(self, digest: str) -> bytes | None:
        """A kept file by its digest, or None; its bytes are what `verify` compares with that."""
        try:
            return self._zip.read(f"files/{digest}")
        except (KeyError, zipfile.BadZipFile, OSError):
            return None

    def facts(self, mapper: Mapper | None = None) -> Iterator[Recorded]:
        """The events, decoded, for replay; raises Unreadable at one that is unknown."""
        mapper = mapper or Mapper()
        for line in self.records():
            said = msgspec.json.decode(line.content, type=TypeOnly)
            yield mapper.recorded(
                self.manifest.book_id,
                line.position,
                datetime.fromisoformat(line.recorded_at),
                said.type,
                line.content,
            )

    def verify(self, kept: tuple[Kept, ...] = ()) -> Report:
        """Recomputes everything the file holds; its manifest counts as kept with it."""
        own = Kept(size=self.manifest.size, root=self.manifest.root)
        anchors = [*kept, *([own] if own.size else [])]
        walk = Verification(self.manifest.book_id, anchors, has_columns=False)
        records = self.records()
        while lines := list(islice(records, BATCH)):
            walk.take([as_stored(line) for line in lines])
        walk.end()
        walk.findings.extend(self._wrong_members())
        return report(walk, not_checked=IN_A_DATABASE_ONLY)

    def _wrong_members(self) -> Iterator[Finding]:
        """Members that are missing, too many, or not the bytes the manifest says."""
        there = {name for name in self._zip.namelist() if name != "manifest.json"}
        for name in sorted(there ^ set(self.manifest.members)):
            word = "is not in the manifest" if name in there else "is missing"
            yield Finding(check="files", position=0, detail=f"{name} {word}")
        for name in sorted(there & set(self.manifest.members)):
            if self._digest(name) != self.manifest.members[name]:
                yield Finding(check="files", position=0, detail=f"{name} has other bytes")

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256()
        try:
            with self._zip.open(name) as member:
                while chunk := member.read(1 << 20):
                    digest.update(chunk)
        except (zipfile.BadZipFile, OSError):
            return ""
        return digest.hexdigest()


class TypeOnly(Struct):
    """The type that a body says it has."""

    type: str


def as_stored(line: ExportedRecord) -> StoredEvent:
    """The line as a row; the columns that only a database has are taken from its bytes."""
    try:
        moment, leaf, chain = (
            _moment(line.recorded_at),
            bytes.fromhex(line.leaf),
            bytes.fromhex(line.chain),
        )
    except ValueError as error:
        raise NotAnExport(f"record {line.position}: {error}") from error
    return StoredEvent(
        position=line.position,
        recorded_at=moment,
        type="",
        series=None,
        number=None,
        command_id=None,
        ordinal=None,
        leaf=leaf,
        chain=chain,
        body=line.content,
    )


@lru_cache(maxsize=64)
def _moment(written: str) -> datetime:
    """The moment of a record; the events of a command share theirs."""
    return datetime.fromisoformat(written).astimezone(UTC)
