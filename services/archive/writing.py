"""Brings the archive of a book to the head of the book: only what is new, and only if it continues.

A database that does not begin with what is archived never changes the archive: it is what was put
back too old, or rewritten.
"""

from pathlib import Path
from typing import Any

import msgspec
from psycopg import Connection

from domain.book import merkle, record
from services.archive.place import (
    FORMAT,
    SEGMENT,
    AboutFile,
    ArchivedSeal,
    ArchivedStamp,
    BookFolder,
    Index,
    Unarchived,
)
from services.audit import stored
from services.audit.bundle.contents import files_named, line_of
from services.audit.stored import StoredEvent
from services.store.store import Store

CHAIN_AT = "SELECT chain FROM event WHERE book_id = %(book)s AND position = %(size)s"
FILE = "SELECT media_type, name, content FROM file WHERE book_id = %(book)s AND digest = %(digest)s"
SAID = """
SELECT (SELECT count(*) FROM seal_timestamp WHERE book_id = %(book)s)
    + (SELECT count(*) FROM seal_cosignature WHERE book_id = %(book)s)
"""
SEALS = """
SELECT nth, sealed_at, note, ARRAY(
    SELECT line FROM seal_cosignature AS said
    WHERE said.book_id = seal.book_id AND said.nth = seal.nth ORDER BY line
) FROM seal WHERE book_id = %(book)s AND nth > %(after)s ORDER BY nth
"""
STAMPS = """
SELECT ordinal, stamped_at, token FROM seal_timestamp
WHERE book_id = %(book)s AND nth = %(nth)s ORDER BY ordinal
"""
PERSONAL_KEYS = """
SELECT key_id, subject, field, wrapped, wrapped_by, created_at FROM personal_key
WHERE book_id = %(book)s ORDER BY key_id
"""


class NotTheArchivedBook(Exception):
    """The book in the database is shorter than its archive, or another one; nothing was written."""


def archive_book(store: Store, book_id: str, archive: Path) -> Index:
    """Adds to the archive what it lacks of a book; raises UnknownBook,
    NotTheArchivedBook or Unarchived.
    """
    folder = BookFolder(archive, book_id)
    known = folder.index()
    if known is None:
        if any(folder.segments()):
            raise Unarchived(f"{folder.path} has segments and no index.json: put it back")
        known = empty_index(book_id)
    with store.snapshot(book_id) as conn:
        require_continues(conn, known)
        folder.forget_uncounted(known)
        work = Archiving(conn, folder, known)
        work.add_records()
        index = msgspec.structs.replace(
            work.index(), seals=_add_seals(conn, folder, known), said=_said(conn, book_id)
        )
        _write_personal_keys(conn, folder)
    if index != known:
        folder.write("index.json", msgspec.json.encode(index, order="sorted") + b"\n")
    folder.forget_uncounted(index)
    return index


def empty_index(book_id: str) -> Index:
    """The index before the first event."""
    return Index(
        format=FORMAT,
        book_id=book_id,
        size=0,
        root=merkle.root(()).hex(),
        chain=record.genesis(book_id).hex(),
        frontier=(),
        tail="",
        seals=0,
        said=0,
    )


def require_continues(conn: Connection[Any], known: Index) -> None:
    """Raises NotTheArchivedBook unless the book in the database begins with the archived one."""
    here = stored.head(conn, known.book_id).size
    if here < known.size:
        raise NotTheArchivedBook(
            f"book {known.book_id} has {here} events and its archive {known.size}: "
            f"events {here + 1} to {known.size} are missing here"
        )
    at = {"book": known.book_id, "size": known.size}
    row = conn.execute(CHAIN_AT, at, binary=True).fetchone()
    if known.size and (row is None or bytes(row[0]).hex() != known.chain):
        raise NotTheArchivedBook(
            f"book {known.book_id} is not the one archived: event {known.size} has another chain"
        )


class Archiving:
    """Takes the new records of one book over, segment by segment, each recomputed on the way."""

    def __init__(self, conn: Connection[Any], folder: BookFolder, known: Index) -> None:
        self._conn = conn
        self._folder = folder
        self._size = known.size
        self._chain = bytes.fromhex(known.chain)
        self._frontier = tuple(map(bytes.fromhex, known.frontier))
        self._tail = known.tail
        self._lines = self._open_lines()

    def add_records(self) -> None:
        """Writes full segments as they come about, and the open one at the end."""
        while rows := self._next_rows():
            for event in rows:
                self._add(event)
            segment = self._folder.add_segment(self._size - len(self._lines) + 1, self._lines)
            self._tail = segment.name
            if segment.is_full:
                self._tail, self._lines = "", []

    def index(self) -> Index:
        """How far it has come."""
        return Index(
            format=FORMAT,
            book_id=self._folder.book_id,
            size=self._size,
            root=merkle.root(self._frontier).hex(),
            chain=self._chain.hex(),
            frontier=tuple(peak.hex() for peak in self._frontier),
            tail=self._tail,
            seals=0,
            said=0,
        )

    def _open_lines(self) -> list[bytes]:
        if not self._tail:
            return []
        found = next((one for one in self._folder.segments() if one.name == self._tail), None)
        if found is None:
            raise Unarchived(f"{self._folder.path} lacks the open segment {self._tail}")
        return self._folder.read(found).splitlines(keepends=True)

    def _next_rows(self) -> list[StoredEvent]:
        wanted = SEGMENT - len(self._lines)
        bounds = {"book": self._folder.book_id, "after": self._size, "limit": wanted}
        rows = self._conn.execute(stored.ROWS, bounds, binary=True).fetchall()
        return list(map(StoredEvent._make, rows))

    def _add(self, event: StoredEvent) -> None:
        book_id, position = self._folder.book_id, self._size + 1
        leaf = record.leaf(book_id, event.position, event.recorded_at, event.body)
        chain = record.link(self._chain, leaf)
        if (event.position, event.leaf, event.chain) != (position, leaf, chain):
            raise NotTheArchivedBook(f"event {position} of book {book_id} is not sound: not kept")
        for digest in sorted(files_named(event.body)):
            self._keep_file(digest)
        self._frontier = merkle.extend(self._frontier, self._size, [leaf])
        self._size, self._chain = position, chain
        self._lines.append(line_of(event))

    def _keep_file(self, digest: str) -> None:
        if (self._folder.path / "files" / f"{digest}.json").exists():
            return
        wanted = {"book": self._folder.book_id, "digest": digest}
        row = self._conn.execute(FILE, wanted, binary=True).fetchone()
        if row is None:
            return  # verification says so; the record is kept all the same
        media_type, name, content = row
        self._folder.write(f"files/{digest}", bytes(content))
        about = AboutFile(media_type=media_type, name=name)
        self._folder.write(f"files/{digest}.json", msgspec.json.encode(about))


def _said(conn: Connection[Any], book_id: str) -> int:
    ((count,),) = conn.execute(SAID, {"book": book_id}).fetchall()
    return int(count)


def _add_seals(conn: Connection[Any], folder: BookFolder, known: Index) -> int:
    """Writes the new seals, or all when something was said about older ones; gives the last."""
    book = {"book": folder.book_id}
    after, last = known.seals, known.seals
    if _said(conn, folder.book_id) != known.said:
        after = 0
    for nth, sealed_at, note, lines in conn.execute(SEALS, {**book, "after": after}).fetchall():
        stamps = conn.execute(STAMPS, {**book, "nth": nth}, binary=True).fetchall()
        seal = ArchivedSeal(
            nth=nth,
            sealed_at=sealed_at,
            note=note,
            cosignatures=tuple(lines),
            timestamps=tuple(
                ArchivedStamp(ordinal=ordinal, stamped_at=at, token=token)
                for ordinal, at, token in stamps
            ),
        )
        path, content = f"seals/{nth:08}.json", msgspec.json.encode(seal, order="sorted")
        if nth > known.seals or (folder.path / path).read_bytes() != content:
            folder.write(path, content)
        last = nth
    return max(last, known.seals)


def _write_personal_keys(conn: Connection[Any], folder: BookFolder) -> None:
    """Keeps the living keys and no others: what was erased goes from the archive too."""
    rows = conn.execute(PERSONAL_KEYS, {"book": folder.book_id}, binary=True).fetchall()
    content = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
    path = folder.path / "personal.keys"
    if (path.read_bytes() if path.exists() else b"") != content:
        folder.write("personal.keys", content)
