"""The newest that is known of a book, wherever it is kept; an older book is not written.

Known are: seals that are shown, seals in the archive, what the signer remembers, how far the
archive goes. None of them is in the database that was put back.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from domain.book import merkle
from domain.book.note import NotANote, PublicKey, read_note
from domain.book.refusal import Refusals, Refused, words
from domain.book.rotation import SealKeyReplaced
from domain.book.seal import LAW, AnotherBook, Checkpoint, SealUnreadable, read_checkpoint
from services.archive.place import BookFolder
from services.archive.reading import ArchivedBook
from services.audit import stored
from services.audit.proofs import StoredHashes, prove_consistency
from services.audit.seal_rotation import KeyRing
from services.audit.signer import Signer
from services.audit.verify import Kept
from services.store.head import UnknownBook, unpack
from services.store.mapper import Mapper
from services.store.store import Store


class BookBehindSeal(Refused, frozen=True, kw_only=True):
    """The book is shorter than it was known to be: it was put back from a backup too old."""

    code = "book_behind_seal"
    rule = LAW
    text = words(
        en="Events {first} to {last} are missing: {source} knows {last}, here are {here}.",
        fr="Il manque les événements {first} à {last} : {source} en connaît {last}, ici {here}.",
        nl="Gebeurtenissen {first} tot {last} ontbreken: {source} kent er {last}, hier {here}.",
    )
    first: int
    last: int
    here: int
    source: str


class BookNotAsSealed(Refused, frozen=True, kw_only=True):
    """The book does not begin with what was known of it."""

    code = "book_not_as_sealed"
    rule = LAW
    text = words(
        en="The first {size} events are not those that {source} knows: root {here}, not {known}.",
        fr="Les {size} premiers événements ne sont pas ceux que connaît {source} : "
        "racine {here}, et non {known}.",
        nl="De eerste {size} gebeurtenissen zijn niet die welke {source} kent: "
        "wortel {here}, niet {known}.",
    )
    size: int
    source: str
    known: str
    here: str


class Known(Struct, frozen=True, kw_only=True):
    """So many events with this root (hex), and who knows it; `note` when it is a seal."""

    source: str
    size: int
    root: str
    note: str = ""

    @property
    def kept(self) -> Kept:
        """As an anchor of a verification."""
        return Kept(size=self.size, root=self.root)


def shown(book_id: str, notes: Iterable[str], ring: KeyRing, source: str) -> list[Known]:
    """What seals say about a book; a ring without keys lets their signatures be.

    Raises Refusals at the first that is no seal of this book, or not by a key of the ring.
    """
    return [_known(_opened(book_id, note, ring), note, source) for note in notes]


def ring_of_archive(book: ArchivedBook, trusted: Sequence[PublicKey]) -> KeyRing:
    """The keys of an archived book, from the events that replaced them."""
    ring = KeyRing(book.book_id, trusted)
    if not trusted:
        return ring
    return ring.learn(book.facts(Mapper(), frozenset({SealKeyReplaced.stored_as})))


def of_signer(signer: Signer, book_id: str) -> list[Known]:
    """What the signer remembers; raises MemoryLost."""
    known = signer.remembers(book_id)
    return [] if known is None else [_known(known, "", "the signer")]


def of_archive(archive: Path, book_id: str) -> list[Known]:
    """How far the archive of a book goes, if there is one; raises Unarchived."""
    index = BookFolder(archive, book_id).index()
    return [] if index is None else [Known(source="the archive", size=index.size, root=index.root)]


def judge(store: Store, book_id: str, known: Iterable[Known]) -> None:
    """Raises Refusals unless the book in the database begins with all that is known of it.

    It reads a hundred hashes for each, in a book of any length.
    """
    with store.snapshot(book_id) as conn:
        try:
            head = stored.head(conn, book_id)
        except UnknownBook:
            head = stored.StoredHead(0, b"", b"", None)
        for one in known:
            require_length(one, head.size)
            if one.size == head.size:
                root = merkle.root(unpack(head.frontier))
            else:
                root, _, _ = prove_consistency(StoredHashes(conn, book_id), one.size, head.size)
            if root.hex() != one.root:
                raise Refusals(_another(one, root.hex()))


def require_length(known: Known, here: int) -> None:
    """Raises Refusals with the range that is missing."""
    if here < known.size:
        first, last, source = here + 1, known.size, known.source
        raise Refusals(BookBehindSeal(first=first, last=last, here=here, source=source))


class Gate:
    """Lets a book be written once it is known to begin with what signer and archive know of it.

    Asked at each command; looks at the first one of a book in the life of a process.
    """

    def __init__(self, store: Store, signer: Signer, archive: Path | None) -> None:
        self._store = store
        self._signer = signer
        self._archive = archive
        self._passed: set[str] = set()
        self._lock = threading.Lock()

    def __call__(self, book_id: str) -> None:
        """Raises Refusals for a book that is behind, or another than before."""
        if book_id in self._passed:
            return
        known = list(self._known(book_id))
        if known:
            judge(self._store, book_id, known)
        with self._lock:
            self._passed.add(book_id)

    def _known(self, book_id: str) -> Iterator[Known]:
        yield from of_signer(self._signer, book_id)
        if self._archive is not None:
            yield from of_archive(self._archive, book_id)


def _opened(book_id: str, note: str, ring: KeyRing) -> Checkpoint:
    if ring.is_empty:
        try:
            said = read_checkpoint(read_note(note).text)
        except NotANote as error:
            raise Refusals(SealUnreadable(why=str(error))) from error
    else:
        said = ring.open(note).checkpoint
    if said.book_id != book_id:
        raise Refusals(AnotherBook(wanted=book_id, found=said.book_id))
    return said


def _known(said: Checkpoint, note: str, source: str) -> Known:
    return Known(source=source, size=said.size, root=said.root.hex(), note=note)


def _another(known: Known, here: str) -> BookNotAsSealed:
    return BookNotAsSealed(size=known.size, source=known.source, known=known.root, here=here)
