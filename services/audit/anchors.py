"""Seals that somebody kept, as anchors of a verification: signed, and about this very book."""

from collections.abc import Iterable
from datetime import datetime

from domain.book.note import PublicKey
from domain.book.refusal import Refusals
from domain.book.rotation import SealKeyReplaced
from domain.book.seal import AnotherBook
from services.audit.export import Export
from services.audit.seal_rotation import KeyRing
from services.audit.verify import Kept
from services.store.mapper import Mapper


def anchors(ring: KeyRing, notes: Iterable[str]) -> tuple[Kept, ...]:
    """What the seals say about the book of the ring; raises Refusals at the first that is not one.

    A seal that declares a break anchors its own size and root, not what was lost.
    """
    return tuple(_anchor(ring, note) for note in notes)


def ring_of_export(export: Export, trusted: Iterable[PublicKey]) -> KeyRing:
    """The keys of an exported book, from the events that replaced them."""
    book_id = export.manifest.book_id
    ring, mapper = KeyRing(book_id, trusted), Mapper()
    wanted = f'"type":"{SealKeyReplaced.stored_as}"'.encode()
    for line in export.records():
        if wanted in line.content:
            moment = datetime.fromisoformat(line.recorded_at)
            kind = SealKeyReplaced.stored_as
            fact = mapper.recorded(book_id, line.position, moment, kind, line.content)
            ring.learn([fact])
    return ring


def _anchor(ring: KeyRing, note: str) -> Kept:
    said = ring.open(note).checkpoint
    if said.book_id != ring.book_id:
        raise Refusals(AnotherBook(wanted=ring.book_id, found=said.book_id))
    return Kept(size=said.size, root=said.root.hex())
