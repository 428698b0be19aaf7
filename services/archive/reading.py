"""A book as the archive has it: read, checked byte for byte, without any database."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from domain.book.event import Recorded
from services.archive.place import (
    SEGMENT,
    AboutFile,
    ArchivedSeal,
    BookFolder,
    Index,
    Segment,
    Unarchived,
)
from services.audit.bundle.contents import ExportedRecord, files_named
from services.audit.export import IN_A_DATABASE_ONLY, NotAnExport, TypeOnly, as_stored
from services.audit.findings import Finding, Report
from services.audit.stored import StoredEvent
from services.audit.verify import Kept, Verification, report
from services.store.mapper import Mapper
from services.store.pen import KeptFile

MISSING = "missing-files"
"""The check that finds an original which an event names and the archive never had."""


class ArchivedKey(Struct, frozen=True, array_like=True):
    """A living key of somebody's personal field, wrapped."""

    key_id: str
    subject: str
    field: str
    wrapped: bytes
    wrapped_by: str
    created_at: datetime


class ArchivedBook:
    """One book of an archive; every read raises Unarchived when a file is not what it must be."""

    def __init__(self, archive: Path, book_id: str) -> None:
        self.book_id = book_id
        self._folder = BookFolder(archive, book_id)
        index = self._folder.index()
        if index is None:
            raise Unarchived(f"{self._folder.path} has no index.json")
        self.index: Index = index

    def segments(self) -> list[Segment]:
        """The segments that count, in order, without a gap."""
        found = [one for one in self._folder.segments() if self.index.counts(one)]
        expected = 1
        for segment in found:
            if segment.first != expected:
                break
            expected = segment.last + 1
        if expected != self.index.size + 1 or len(found) != _needed(self.index.size):
            raise Unarchived(
                f"book {self.book_id}: the segments end at {expected - 1}, "
                f"the index says {self.index.size}"
            )
        return found

    def events(self, after: int = 0) -> Iterator[list[StoredEvent]]:
        """The records after a position, a segment at a time; columns that follow are empty."""
        decoder = msgspec.json.Decoder(ExportedRecord)
        for segment in self.segments():
            if segment.last <= after:
                continue
            try:
                lines = self._folder.read(segment).splitlines()
                events = [as_stored(decoder.decode(line)) for line in lines]
            except (msgspec.DecodeError, NotAnExport, UnicodeDecodeError) as error:
                raise Unarchived(f"book {self.book_id}, {segment.name}: {error}") from error
            yield [event for event in events if event.position > after]

    def facts(self, mapper: Mapper, types: frozenset[str]) -> Iterator[Recorded]:
        """The events of some types, decoded."""
        for segment in self.events():
            for row in segment:
                type_ = msgspec.json.decode(row.body, type=TypeOnly).type
                if type_ in types:
                    yield mapper.recorded(
                        self.book_id, row.position, row.recorded_at, type_, row.body
                    )

    def seals(self) -> list[ArchivedSeal]:
        """The seals in the order they were made."""
        return [self._seal(nth) for nth in range(1, self.index.seals + 1)]

    def files(self) -> Iterator[KeptFile]:
        """The originals, their bytes checked."""
        for about in sorted((self._folder.path / "files").glob("*.json")):
            digest = about.stem
            said = msgspec.json.decode(about.read_bytes(), type=AboutFile)
            content = self._folder.read_named(f"files/{digest}", digest)
            yield KeptFile(
                digest=digest, media_type=said.media_type, name=said.name, content=content
            )

    def personal_keys(self) -> list[ArchivedKey]:
        """The keys of personal data that were alive at the last round."""
        path = self._folder.path / "personal.keys"
        lines = path.read_bytes().splitlines() if path.exists() else []
        return [msgspec.json.decode(line, type=ArchivedKey) for line in lines]

    def verify(self, kept: Iterable[Kept] = ()) -> Report:
        """Recomputes everything; the index, and what somebody kept, count as anchors."""
        own = Kept(size=self.index.size, root=self.index.root)
        walk = Verification(self.book_id, [*kept, own], has_columns=False)
        named: set[str] = set()
        try:
            for segment in self.events():
                walk.take(segment)
                for event in segment:
                    named |= files_named(event.body)
            there = {file.digest for file in self.files()}
        except Unarchived as error:
            walk.findings.append(Finding(check="files", position=walk.size + 1, detail=str(error)))
            there = named
        walk.end()
        for digest in sorted(named - there):
            detail = f"file {digest} is not in the archive"
            walk.findings.append(Finding(check=MISSING, position=0, detail=detail))
        return report(walk, not_checked=IN_A_DATABASE_ONLY)

    def _seal(self, nth: int) -> ArchivedSeal:
        path = self._folder.path / "seals" / f"{nth:08}.json"
        try:
            return msgspec.json.decode(path.read_bytes(), type=ArchivedSeal)
        except (OSError, msgspec.DecodeError) as error:
            raise Unarchived(f"book {self.book_id}, seal {nth}: {error}") from error


def _needed(size: int) -> int:
    """How many segments so many records take."""
    return -(-size // SEGMENT)
