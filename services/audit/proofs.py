"""Proofs from a book: that an event is in it, that it begins with what it was before (RFC 6962).

A proof reads the leaves of one block of 256 events and the kept roots of complete subtrees, some
hundred hashes in a few statements, in a book of any length.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from psycopg import Connection

from domain.book import merkle, record
from domain.book.merkle import STRIDE, Hash
from domain.book.proof import ConsistencyProof, InclusionProof, Receipt
from services.audit import stored
from services.store.head import Unsound, unpack
from services.store.store import Store

Span = tuple[int, int]

LEAVES = """
SELECT position, leaf FROM event
WHERE book_id = %(book)s AND position = ANY(%(wanted)s::bigint[])
"""
RECORD = """
SELECT recorded_at, body FROM event WHERE book_id = %(book)s AND position = %(position)s
"""
SUBTREES = """
SELECT nth, hash FROM subtree
WHERE book_id = %(book)s AND level = %(level)s AND nth = ANY(%(wanted)s::bigint[])
"""


class NoSuchPosition(LookupError):
    """The book has no such event, or no such size."""


class HashReader(Protocol):
    """Where leaves and kept subtree roots come from."""

    def leaves(self, positions: Sequence[int]) -> Iterable[tuple[int, Hash]]:
        """The leaf of each position, from 1, that there is."""
        ...

    def subtrees(self, level: int, nths: Sequence[int]) -> Iterable[tuple[int, Hash]]:
        """The root of each complete subtree of 2**level leaves, from 0, that is kept."""
        ...


class StoredHashes:
    """The hashes of one book, over a connection that has entered it."""

    def __init__(self, conn: Connection[Any], book_id: str) -> None:
        self._conn = conn
        self._book_id = book_id

    def leaves(self, positions: Sequence[int]) -> Iterable[tuple[int, Hash]]:
        """The stored leaves."""
        return self._rows(LEAVES, wanted=list(positions))

    def subtrees(self, level: int, nths: Sequence[int]) -> Iterable[tuple[int, Hash]]:
        """The kept roots of a level."""
        return self._rows(SUBTREES, level=level, wanted=list(nths))

    def _rows(self, statement: str, **wanted: Any) -> list[tuple[int, Hash]]:
        named = {"book": self._book_id, **wanted}
        return self._conn.execute(statement, named, binary=True).fetchall()


class Tree:
    """The hashes of one proof: which spans it needs is asked first, then all are read at once."""

    def __init__(self, reader: HashReader, spans: Iterable[Span]) -> None:
        self._known: dict[Span, Hash] = {}
        wanted: dict[int, list[int]] = {}
        for start, end in spans:
            level = _kept_level(end - start)
            wanted.setdefault(level, []).extend(range(start >> level, end >> level))
        for level, nths in wanted.items():
            self._read(reader, level, sorted(set(nths)))

    def subtree(self, start: int, end: int) -> Hash:
        """The root of a complete subtree, from its halves where it is not itself known."""
        found = self._known.get((start, end))
        if found is None:
            if end - start == 1:
                raise Unsound(f"the leaf of event {end} is not there")
            middle = (start + end) // 2
            found = merkle.node_hash(self.subtree(start, middle), self.subtree(middle, end))
            self._known[start, end] = found
        return found

    def _read(self, reader: HashReader, level: int, nths: list[int]) -> None:
        if level == 0:
            rows = [(at - 1, leaf) for at, leaf in reader.leaves([nth + 1 for nth in nths])]
        else:
            rows = list(reader.subtrees(level, nths))
        if len(rows) != len(nths):
            raise Unsound(f"{len(nths) - len(rows)} hashes of level {level} are missing")
        self._known.update(((nth << level, nth + 1 << level), found) for nth, found in rows)


def prove_inclusion(reader: HashReader, index: int, size: int) -> tuple[Hash, Hash, list[Hash]]:
    """The leaf at `index` (from 0), the root over `size` leaves, and the path between them."""
    spans: list[Span] = [(index, index + 1)]
    merkle.inclusion_proof(_noting(spans), index, size)
    tree = Tree(reader, spans)
    leaf = tree.subtree(index, index + 1)
    root = merkle.range_root(tree.subtree, 0, size)
    return leaf, root, merkle.inclusion_proof(tree.subtree, index, size)


def prove_consistency(reader: HashReader, old: int, new: int) -> tuple[Hash, Hash, list[Hash]]:
    """The roots over `old` and `new` leaves, and the path that leads to both."""
    spans: list[Span] = []
    merkle.range_root(_noting(spans), 0, old)
    merkle.consistency_proof(_noting(spans), old, new)
    tree = Tree(reader, spans)
    before, after = (merkle.range_root(tree.subtree, 0, size) for size in (old, new))
    return before, after, merkle.consistency_proof(tree.subtree, old, new)


def inclusion(store: Store, book_id: str, position: int, size: int | None = None) -> InclusionProof:
    """The proof that an event is in the book (of `size` events, default: as it stands now).

    Raises NoSuchPosition, or Unsound when what is stored does not add up: the bytes of the event
    are hashed again, so that nobody is given a proof of bytes that were changed beside their leaf.
    """
    with store.snapshot(book_id) as conn:
        head = stored.head(conn, book_id)
        size = head.size if size is None else size
        if not 0 < position <= size <= head.size:
            raise NoSuchPosition(f"no event {position} in a book of {min(size, head.size)} events")
        leaf, root, path = prove_inclusion(StoredHashes(conn, book_id), position - 1, size)
        _require_bytes(conn, book_id, position, leaf)
    require_head(head, size, root)
    return InclusionProof(
        book_id=book_id,
        position=position,
        leaf=leaf.hex(),
        size=size,
        root=root.hex(),
        path=tuple(step.hex() for step in path),
    )


def consistency(store: Store, book_id: str, old: int, new: int | None = None) -> ConsistencyProof:
    """The proof that the book (of `new` events, default: now) begins with its first `old` ones.

    Raises NoSuchPosition, or Unsound when what is stored does not add up.
    """
    with store.snapshot(book_id) as conn:
        head = stored.head(conn, book_id)
        return consistency_in(conn, book_id, head, old, head.size if new is None else new)


def consistency_in(
    conn: Connection[Any], book_id: str, head: stored.StoredHead, old: int, new: int
) -> ConsistencyProof:
    """The same proof inside a snapshot."""
    if not 0 < old <= new <= head.size:
        raise NoSuchPosition(f"no book of {old} events before one of {new}, it has {head.size}")
    before, after, path = prove_consistency(StoredHashes(conn, book_id), old, new)
    require_head(head, new, after)
    return ConsistencyProof(
        book_id=book_id,
        old_size=old,
        old_root=before.hex(),
        size=new,
        root=after.hex(),
        path=tuple(step.hex() for step in path),
    )


def receipt(store: Store, book_id: str, position: int) -> Receipt:
    """Where an event stands and its leaf; raises NoSuchPosition."""
    with store.entered(book_id) as conn:
        rows = list(StoredHashes(conn, book_id).leaves([position]))
    if not rows:
        raise NoSuchPosition(f"no event {position}")
    return Receipt(book_id=book_id, position=position, leaf=rows[0][1].hex())


def require_head(head: stored.StoredHead, size: int, root: Hash) -> None:
    """Raises Unsound when the kept subtrees give another root than the head row."""
    if size == head.size and merkle.root(unpack(head.frontier)) != root:
        raise Unsound("the kept subtrees and the head do not agree: run `paraphe audit verify`")


def _require_bytes(conn: Connection[Any], book_id: str, position: int, leaf: Hash) -> None:
    """Raises Unsound when the stored bytes of an event do not give its leaf."""
    wanted = {"book": book_id, "position": position}
    row = conn.execute(RECORD, wanted, binary=True).fetchone()
    if row is None or record.leaf(book_id, position, *row) != leaf:
        raise Unsound(f"event {position}: the stored bytes do not give the stored leaf")


def _kept_level(width: int) -> int:
    """The highest kept level from which a complete subtree of `width` leaves is made."""
    level = width.bit_length() - 1
    return level - level % STRIDE


def _noting(spans: list[Span]) -> merkle.Subtree:
    def note(start: int, end: int) -> Hash:
        spans.append((start, end))
        return bytes(32)

    return note
