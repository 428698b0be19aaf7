"""What goes into a bundle and in which form: the records, their files, seals, the manifest."""

import base64
import re
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import msgspec
from msgspec import Struct
from psycopg import Connection

from domain.book import merkle, record
from domain.book.note import PublicKey
from services.audit import stored
from services.audit.bundle.writing import BundleWriter, writing
from services.audit.stored import StoredEvent
from services.audit.verify import Verification

FORMAT = "paraphe.book/1"
FILES = re.compile(rb'"files":\[("[0-9a-f]{64}"(?:,"[0-9a-f]{64}")*)\]')
"""In canonical JSON a quote inside text is escaped, so that this is always a member `files`."""
FILE = re.compile(rb'"file":"[0-9a-f]{64}"')
DIGEST = re.compile(rb"[0-9a-f]{64}")


class ExportedRecord(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
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


class NamedFile(Struct):
    """The data of an event: the one file that it names, if it is the digest of one."""

    file: Any = None


class Naming(Struct):
    """What of a body says whether it names a file."""

    type: str
    data: NamedFile


class Contents(Protocol):
    """What a bundle is made of: a book up to its cut-off, wherever it comes from."""

    book_id: str

    def events(self) -> Iterable[StoredEvent]:
        """The events in order."""
        ...

    def file(self, digest: str) -> bytes | None:
        """A kept file, or None."""
        ...

    def seals(self) -> Iterable[tuple[int, str]]:
        """The number and note of each seal."""
        ...

    def timestamps(self) -> Iterable[tuple[int, int, bytes]]:
        """Which seal, which of its tokens, and the token."""
        ...


class StoredBook:
    """The first `size` events of a book in the database, and what belongs to them."""

    def __init__(self, conn: Connection[Any], book_id: str, size: int) -> None:
        self.book_id = book_id
        self._conn = conn
        self._size = size

    def events(self) -> Iterable[StoredEvent]:
        """The events in order."""
        return islice(stored.events(self._conn, self.book_id), self._size)

    def file(self, digest: str) -> bytes | None:
        """A kept file, or None."""
        return stored.file(self._conn, self.book_id, digest)

    def seals(self) -> Iterable[tuple[int, str]]:
        """The seals of no more events than these."""
        return stored.seals(self._conn, self.book_id, self._size)

    def timestamps(self) -> Iterable[tuple[int, int, bytes]]:
        """The tokens about those seals."""
        return stored.timestamps(self._conn, self.book_id, self._size)


def write_bundle(book: Contents, output: Path, keys: Iterable[PublicKey] = ()) -> Manifest:
    """Writes a bundle, one member after the other; memory does not grow with the book."""
    with writing(output) as bundle:
        walk, named = _write_records(bundle, book)
        for digest in sorted(named):
            content = book.file(digest)
            if content is not None:
                bundle.add(f"files/{digest}", content)
        for nth, note in book.seals():
            bundle.add(f"seals/{nth:08d}.note", note.encode())
        for nth, ordinal, token in book.timestamps():
            bundle.add(f"timestamps/{nth:08d}-{ordinal}.tst", token)
        if words := dict.fromkeys(key.written() for key in keys):
            bundle.add("keys/seal.keys", "".join(f"{word}\n" for word in words).encode())
        bundle.carry()
        manifest = Manifest(
            format=FORMAT,
            book_id=book.book_id,
            size=walk.size,
            root=merkle.root(walk.frontier).hex(),
            chain=walk.chain.hex(),
            members=bundle.members.copy(),
        )
        encoded = msgspec.json.encode(manifest, order="sorted")
        bundle.add("manifest.json", msgspec.json.format(encoded, indent=2))
    return manifest


def _write_records(bundle: BundleWriter, book: Contents) -> tuple[Verification, set[str]]:
    """Writes the records; gives the walk over them and the digests of the files they name."""
    walk, named = Verification(book.book_id), set[str]()
    with bundle.member("records.jsonl") as write:
        for event in book.events():
            walk.add(event)
            named |= files_named(event.body)
            write(line_of(event))
    return walk, named


def line_of(event: StoredEvent) -> bytes:
    """The line of records.jsonl for an event."""
    return msgspec.json.encode(_exported(event), order="sorted") + b"\n"


def files_named(body: bytes) -> set[str]:
    """The digests of the originals that the body of an event names.

    Lists that were taken in stay where they are: what they became is in the events, and what is
    personal in it can be erased there.
    """
    named = {found.decode() for digests in FILES.findall(body) for found in DIGEST.findall(digests)}
    return named | _file_named(body) if FILE.search(body) else named


def _file_named(body: bytes) -> set[str]:
    """The digest that the data of an event names as its one file."""
    try:
        said = msgspec.json.decode(body, type=Naming)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return set()
    file = said.data.file
    is_named = isinstance(file, str) and DIGEST.fullmatch(file.encode()) is not None
    is_import = said.type.partition(".")[0].endswith("import")
    return {file} if is_named and not is_import else set()


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
