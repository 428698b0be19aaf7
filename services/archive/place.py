"""Where the archive keeps a book, and how its files get there: whole, on the disk, named by hash.

BOOK/index.json                        how far the archive goes, and the hashes to go on from
BOOK/segments/FIRST-LAST-SHA256.jsonl  records, 1,000 a segment, written once; the last one is open
BOOK/files/SHA256, SHA256.json         an original, byte for byte; its media type and name
BOOK/seals/NTH.json                    a seal with its time stamps and its witnesses' lines
BOOK/personal.keys                     the living keys of personal data, wrapped; rewritten
"""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec
from msgspec import Struct

from domain.book.note import read_note
from domain.book.seal import Checkpoint, read_checkpoint
from services.audit.keys import sync_folder

FORMAT = "paraphe.archive/1"
SEGMENT = 1_000
_BOOK = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_SEGMENT = re.compile(r"(\d{12})-(\d{12})-([0-9a-f]{64})\.jsonl", re.ASCII)


class Unarchived(Exception):
    """The folder is no archive of this format, or a part of it is missing or unreadable."""


class Segment(NamedTuple):
    """A file of records, by its name."""

    first: int
    last: int
    digest: str

    @property
    def name(self) -> str:
        """Its file name."""
        return f"{self.first:012}-{self.last:012}-{self.digest}.jsonl"

    @property
    def is_full(self) -> bool:
        """Whether it is written for ever."""
        return self.last - self.first + 1 == SEGMENT


class Index(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far the archive of a book goes; hashes in hex. What it does not name does not count."""

    format: str
    book_id: str
    size: int
    root: str
    chain: str
    frontier: tuple[str, ...]
    tail: str
    seals: int
    said: int
    """Time stamps and witnesses' lines that the seals have."""

    def counts(self, segment: Segment) -> bool:
        """Whether a segment belongs to the archive: full ones, and the one that is open."""
        return segment.name == self.tail or (segment.is_full and segment.last <= self.size)


class ArchivedStamp(Struct, frozen=True, kw_only=True):
    """A token of a time-stamping authority."""

    ordinal: int
    stamped_at: datetime
    token: bytes


class ArchivedSeal(Struct, frozen=True, kw_only=True):
    """A seal, and what others said about it."""

    nth: int
    sealed_at: datetime
    note: str
    cosignatures: tuple[str, ...] = ()
    timestamps: tuple[ArchivedStamp, ...] = ()

    @property
    def checkpoint(self) -> Checkpoint:
        """What its note says; raises NotANote."""
        return read_checkpoint(read_note(self.note).text)


class AboutFile(Struct, frozen=True, kw_only=True):
    """What a kept file was called; no event says it."""

    media_type: str
    name: str


class BookFolder:
    """The files of one book in an archive."""

    def __init__(self, archive: Path, book_id: str) -> None:
        self.path = archive / book_id
        self.book_id = book_id

    def index(self) -> Index | None:
        """How far the archive goes; None when there is none; raises Unarchived."""
        try:
            found = msgspec.json.decode((self.path / "index.json").read_bytes(), type=Index)
        except FileNotFoundError:
            return None
        except (msgspec.DecodeError, OSError) as error:
            raise Unarchived(f"{self.path}/index.json: {error}") from error
        if found.format != FORMAT or found.book_id != self.book_id:
            raise Unarchived(f"{self.path}/index.json is about {found.format} {found.book_id}")
        return found

    def segments(self) -> Iterator[Segment]:
        """Every file of records, in order; the index says which ones count."""
        names = sorted(path.name for path in (self.path / "segments").glob("*.jsonl"))
        for match in map(_SEGMENT.fullmatch, names):
            if match is not None:
                yield Segment(int(match[1]), int(match[2]), match[3])

    def read(self, segment: Segment) -> bytes:
        """The lines of a segment; raises Unarchived when they are not what its name says."""
        return self.read_named(f"segments/{segment.name}", segment.digest)

    def read_named(self, name: str, digest: str) -> bytes:
        """A file whose SHA-256 is known; raises Unarchived when it is missing or another."""
        try:
            content = (self.path / name).read_bytes()
        except OSError as error:
            raise Unarchived(f"{self.book_id}/{name}: {error.strerror}") from error
        if sha256(content).hexdigest() != digest:
            raise Unarchived(f"{self.book_id}/{name} has other bytes than its name says")
        return content

    def add_segment(self, first: int, lines: list[bytes]) -> Segment:
        """Writes records down for good."""
        content = b"".join(lines)
        segment = Segment(first, first + len(lines) - 1, sha256(content).hexdigest())
        self.write(f"segments/{segment.name}", content)
        return segment

    def write(self, name: str, content: bytes) -> None:
        """Writes a file that is there whole, on the disk, or not at all."""
        write_whole(self.path / name, content)

    def forget_uncounted(self, index: Index) -> None:
        """Removes segments that the index does not count: replaced ones, and those of a crash."""
        for segment in self.segments():
            if not index.counts(segment):
                with suppress(FileNotFoundError):
                    (self.path / "segments" / segment.name).unlink()


def write_whole(path: Path, content: bytes) -> None:
    """Replaces a file durably: after a crash it is the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def archived_books(archive: Path) -> list[str]:
    """The ids of the books that an archive holds; raises Unarchived when it is no folder."""
    if not archive.is_dir():
        raise Unarchived(f"{archive} is no folder")
    return sorted(path.name for path in archive.iterdir() if _BOOK.fullmatch(path.name))
