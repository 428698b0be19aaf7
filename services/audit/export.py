"""A book in one file that needs no database: every record byte for byte.

The same book gives the same bytes: fixed times in the ZIP, and no compression, whose output
differs from one library to the next.
"""

import base64
import hashlib
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct

from domain.book import merkle, record
from domain.book.event import Recorded
from services.audit import stored
from services.audit.findings import Finding, Report
from services.audit.stored import StoredEvent
from services.audit.verify import Kept, Verification, report
from services.store.mapper import Mapper
from services.store.store import Store

FORMAT = "paraphe.book/1"
EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest moment a ZIP can say
IN_A_DATABASE_ONLY = ("columns", "tags", "head", "subtrees")


class ExportedRecord(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of records.jsonl: with the book id, what is hashed, and the hashes as stored.

    The body is text; one that is not UTF-8, and so no event, is kept in base64.
    """

    position: int
    recorded_at: str
    body: str | None = None
    body_base64: str | None = None
    leaf: str
    chain: str

    @property
    def content(self) -> bytes:
        """The body, byte for byte."""
        if self.body is not None:
            return self.body.encode()
        return base64.b64decode(self.body_base64 or "", validate=True)


class Manifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file holds, and the SHA-256 (hex) of each member beside this one."""

    format: str
    book_id: str
    size: int
    root: str
    chain: str
    members: dict[str, str]


class NotAnExport(ValueError):
    """The file is not a book that was exported by this format."""


def export_book(store: Store, book_id: str, output: Path) -> Manifest:
    """Writes a book to a ZIP: manifest.json, records.jsonl, files/DIGEST."""
    members: dict[str, str] = {}
    walk = Verification(book_id)
    with (
        zipfile.ZipFile(output, "w", zipfile.ZIP_STORED) as zipped,
        store.snapshot(book_id) as conn,
    ):
        stored.head(conn, book_id)
        with _member(zipped, "records.jsonl", members) as write:
            for event in stored.events(conn, book_id):
                walk.add(event)
                write(msgspec.json.encode(_exported(event)) + b"\n")
        for digest, content in stored.files(conn, book_id):
            with _member(zipped, f"files/{digest}", members) as write:
                write(content)
        manifest = Manifest(
            format=FORMAT,
            book_id=book_id,
            size=walk.size,
            root=merkle.root(walk.frontier).hex(),
            chain=walk.chain.hex(),
            members=members,
        )
        with _member(zipped, "manifest.json", {}) as write:
            write(msgspec.json.format(msgspec.json.encode(manifest, order="sorted"), indent=2))
    return manifest


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
            with self._zip.open("records.jsonl") as lines:
                for line in lines:
                    yield decoder.decode(line)
        except (KeyError, zipfile.BadZipFile, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise NotAnExport(f"records.jsonl: {error}") from error

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
        for line in self.records():
            walk.add(_as_stored(line))
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


def _exported(event: StoredEvent) -> ExportedRecord:
    try:
        text, raw = event.body.decode(), None
    except UnicodeDecodeError:
        text, raw = None, base64.b64encode(event.body).decode()
    return ExportedRecord(
        position=event.position,
        recorded_at=record.instant(event.recorded_at),
        body=text,
        body_base64=raw,
        leaf=event.leaf.hex(),
        chain=event.chain.hex(),
    )


def _as_stored(line: ExportedRecord) -> StoredEvent:
    """The line as a row; the columns that only a database has are taken from its bytes."""
    try:
        moment, leaf, chain = (
            datetime.fromisoformat(line.recorded_at).astimezone(UTC),
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


@contextmanager
def _member(
    zipped: zipfile.ZipFile, name: str, members: dict[str, str]
) -> Iterator[Callable[[bytes], None]]:
    """A function that writes to a new member, whose digest goes into `members` at the end."""
    digest = hashlib.sha256()
    info = zipfile.ZipInfo(name, EPOCH)
    info.external_attr = 0o644 << 16
    with zipped.open(info, "w", force_zip64=True) as member:

        def write(content: bytes) -> None:
            digest.update(content)
            member.write(content)

        yield write
    members[name] = digest.hexdigest()
