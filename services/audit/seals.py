"""Seals of the books: made on demand or by the keeper, kept beside the log, read again."""

from datetime import datetime
from typing import Any

import psycopg
from msgspec import Struct
from psycopg import Connection

from domain.book import merkle
from domain.book.note import Note, PublicKey, read_note
from domain.book.refusal import Refusals
from domain.book.rotation import KEYS_TAG, SealKeyReplaced
from domain.book.seal import Checkpoint, SealKeyRetired, read_checkpoint
from domain.book.seal_code import Stamp
from services.audit import stored
from services.audit.keys import check_note
from services.audit.proofs import StoredHashes, prove_consistency, require_head
from services.audit.signer import Prove, Signer
from services.store.head import unpack
from services.store.store import Store

LAST = """
SELECT nth, size, root, note, sealed_at FROM seal WHERE book_id = %(book)s
ORDER BY nth DESC LIMIT %(limit)s
"""
AFTER = """
SELECT nth, size, root, note, sealed_at FROM seal WHERE book_id = %(book)s AND nth > %(after)s
ORDER BY nth LIMIT %(limit)s
"""
KEEP = """
INSERT INTO seal (book_id, nth, size, root, note)
SELECT %(book)s, coalesce(max(nth), 0) + 1, %(size)s, %(root)s, %(note)s
FROM seal WHERE book_id = %(book)s
RETURNING nth, size, root, note, sealed_at
"""
KEEP_COSIGNATURE = """
INSERT INTO seal_cosignature (book_id, nth, line) VALUES (%(book)s, %(nth)s, %(line)s)
ON CONFLICT DO NOTHING
"""
COSIGNATURES = """
SELECT line FROM seal_cosignature WHERE book_id = %(book)s AND nth = %(nth)s ORDER BY line
"""
ATTEMPTS = 5


class KeptSeal(Struct, frozen=True, kw_only=True):
    """A seal as it is kept: the nth of its book, from 1."""

    book_id: str
    nth: int
    size: int
    root: bytes
    note: str
    sealed_at: datetime

    @property
    def checkpoint(self) -> Checkpoint:
        """What its note says; raises NotANote when it is not one."""
        return read_checkpoint(read_note(self.note).text)


class NothingToSeal(Exception):
    """A book without events has nothing to seal."""


class Sealer:
    """Seals books with one signer; a seal is made again only when its book has changed."""

    def __init__(self, store: Store, signer: Signer) -> None:
        self.store = store
        self.signer = signer

    def seal(self, book_id: str) -> KeptSeal:
        """Seals a book as it stands now and keeps the seal.

        Raises Refusals when the book is not what was sealed before, and longer; NothingToSeal.
        """
        last = last_seal(self.store, book_id)
        with self.store.snapshot(book_id) as conn:
            now, prove = self._standing(conn, book_id)
            if last is not None and self._stands(last, now):
                return last
            known = last.checkpoint if last is not None else None
            note = self.signer.seal(now, prove, known)
        return self._keep(now, note)

    def declare_break(self, book_id: str) -> KeptSeal:
        """Seals a book that lost what was sealed, saying so; by a person's decision only."""
        with self.store.snapshot(book_id) as conn:
            now, prove = self._standing(conn, book_id)
            note = self.signer.declare_break(now, prove)
        return self._keep(note=note, now=now)

    def _stands(self, last: KeptSeal, now: Checkpoint) -> bool:
        """Whether the newest kept seal is about the book as it is now, to the signer too."""
        remembered = self.signer.remembers(now.book_id)
        return now.anchor == last.checkpoint.anchor and remembered in {None, last.checkpoint}

    def _standing(self, conn: Connection[Any], book_id: str) -> tuple[Checkpoint, Prove]:
        """The head of a book to seal, checked against the leaves, and how to prove it."""
        head = stored.head(conn, book_id)
        if head.size == 0:
            raise NothingToSeal(book_id)
        self._require_own_key(book_id)

        def prove(old: int) -> list[merkle.Hash]:
            _, after, path = prove_consistency(StoredHashes(conn, book_id), old, head.size)
            require_head(head, head.size, after)
            return path

        root = merkle.root(unpack(head.frontier))
        return Checkpoint(book_id=book_id, size=head.size, root=root), prove

    def _require_own_key(self, book_id: str) -> None:
        """A key that the book has replaced signs it no more, wherever it is still in use."""
        replaced = self.store.past(book_id).last(KEYS_TAG)
        own = self.signer.key.public.written()
        if replaced is None or not isinstance(replaced.event, SealKeyReplaced):
            return
        if replaced.event.new_key != own:
            raise Refusals(SealKeyRetired(key=own, position=replaced.position))

    def _keep(self, now: Checkpoint, note: Note) -> KeptSeal:
        row = {"book": now.book_id, "size": now.size, "root": now.root, "note": note.written()}
        for _ in range(ATTEMPTS - 1):
            try:
                return _kept(self.store, row)
            except psycopg.errors.UniqueViolation:  # another process kept a seal at that moment
                continue
        return _kept(self.store, row)


def last_seal(store: Store, book_id: str) -> KeptSeal | None:
    """The newest seal of a book."""
    return next(iter(_last(store, book_id, 1)), None)


def seals(store: Store, book_id: str, *, after: int = 0, limit: int = 1_000) -> list[KeptSeal]:
    """The seals of a book in the order they were made, after the `after`th."""
    with store.entered(book_id) as conn:
        rows = conn.execute(AFTER, {"book": book_id, "after": after, "limit": limit}).fetchall()
    return [_from_row(book_id, row) for row in rows]


def stamp(store: Store, book_id: str) -> Stamp | None:
    """What a document printed now carries: the newest seal and the one before."""
    newest = _last(store, book_id, 2)
    if not newest:
        return None
    previous = newest[1].checkpoint if len(newest) > 1 else None
    return Stamp(seal=newest[0].checkpoint, previous=previous)


def keep_cosignatures(store: Store, seal: KeptSeal, cosigned: Note, key: PublicKey) -> None:
    """Keeps what a witness wrote under a seal, its signature checked; raises Refusals."""
    if cosigned.text != read_note(seal.note).text:
        raise ValueError("the cosigned note is not that seal")
    check_note(cosigned, [key])
    with store.entered(seal.book_id) as conn:
        for signature in filter(None, [cosigned.by(key)]):
            row = {"book": seal.book_id, "nth": seal.nth, "line": signature.line}
            conn.execute(KEEP_COSIGNATURE, row)


def cosigned(store: Store, seal: KeptSeal) -> str:
    """The note of a seal with the lines of its witnesses."""
    with store.entered(seal.book_id) as conn:
        rows = conn.execute(COSIGNATURES, {"book": seal.book_id, "nth": seal.nth}).fetchall()
    return seal.note + "".join(line for (line,) in rows)


def _last(store: Store, book_id: str, limit: int) -> list[KeptSeal]:
    with store.entered(book_id) as conn:
        rows = conn.execute(LAST, {"book": book_id, "limit": limit}).fetchall()
    return [_from_row(book_id, row) for row in rows]


def _kept(store: Store, row: dict[str, Any]) -> KeptSeal:
    with store.entered(row["book"]) as conn:
        return _from_row(row["book"], conn.execute(KEEP, row).fetchone())


def _from_row(book_id: str, row: Any) -> KeptSeal:
    nth, size, root, note, sealed_at = row
    return KeptSeal(
        book_id=book_id, nth=nth, size=size, root=bytes(root), note=note, sealed_at=sealed_at
    )
