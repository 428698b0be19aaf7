"""Proofs read little and hold: from a real book, and from a tree of ten million leaves."""

import time
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from uuid import uuid4

import pytest

from domain.book import merkle
from domain.book.merkle import Hash
from domain.book.proof import InclusionProof, NotAProof, read_proof, write_proof
from services.audit.proofs import (
    NoSuchPosition,
    consistency,
    inclusion,
    prove_consistency,
    prove_inclusion,
    receipt,
)
from services.store.head import Unsound
from services.store.pen import Command, Pen
from services.store.store import Store
from tests.services.audit.conftest import entry
from tests.services.audit.test_verify import unguarded

LONG = 10_000_000


class LongBook:
    """Ten million leaves, alike within each block of 65,536, so that any subtree is soon made."""

    def __init__(self) -> None:
        self.read = 0

    def leaves(self, positions: Sequence[int]) -> Iterable[tuple[int, Hash]]:
        self.read += len(positions)
        return [(position, span(position - 1, 0)) for position in positions]

    def subtrees(self, level: int, nths: Sequence[int]) -> Iterable[tuple[int, Hash]]:
        self.read += len(nths)
        return [(nth, span(nth << level, level)) for nth in nths]


@cache
def alike(block: int, level: int) -> Hash:
    if level == 0:
        return merkle.leaf_hash(sha256(b"%d" % block).digest())
    below = alike(block, level - 1)
    return merkle.node_hash(below, below)


@cache
def span(start: int, level: int) -> Hash:
    """The complete subtree of 2**level leaves from `start`."""
    if level <= 16:
        return alike(start >> 16, level)
    middle = start + (1 << level - 1)
    return merkle.node_hash(span(start, level - 1), span(middle, level - 1))


PLACES = (0, 1, 255, 256, 65_535, 65_536, 4_999_999, 8_388_607, 8_388_608, LONG - 2, LONG - 1)


@pytest.mark.parametrize("index", PLACES)
def test_inclusion_in_ten_million_events_reads_some_hundred_hashes(index: int) -> None:
    book, start = LongBook(), time.perf_counter()
    leaf, root, path = prove_inclusion(book, index, LONG)
    assert time.perf_counter() - start < 0.5
    assert book.read <= 1_100
    assert merkle.includes(leaf, index, LONG, path, root)
    proof = InclusionProof(
        book_id=str(uuid4()),
        position=index + 1,
        leaf=leaf.hex(),
        size=LONG,
        root=root.hex(),
        path=tuple(step.hex() for step in path),
    )
    assert len(write_proof(proof)) <= 2048
    assert read_proof(write_proof(proof)) == proof


@pytest.mark.parametrize("old", [1, 2, 255, 256, 257, 65_536, 8_388_608, 9_999_999, LONG])
def test_consistency_in_ten_million_events_reads_some_hundred_hashes(old: int) -> None:
    book = LongBook()
    before, after, path = prove_consistency(book, old, LONG)
    assert book.read <= 1_100
    assert merkle.extends(old, LONG, path, before, after)
    assert len(path) <= 25


@pytest.fixture(scope="module")
def long_leaves() -> list[Hash]:
    return [merkle.leaf_hash(b"%d" % nth) for nth in range(70_000)]


class ListedBook:
    """A book of leaves in a list, with the milestones that the pen keeps."""

    def __init__(self, leaves: list[Hash]) -> None:
        self._leaves = leaves
        _, milestones = merkle.grow((), 0, leaves)
        self._kept = {(one.level, one.nth): one.hash for one in milestones}

    def leaves(self, positions: Sequence[int]) -> Iterable[tuple[int, Hash]]:
        return [(position, self._leaves[position - 1]) for position in positions]

    def subtrees(self, level: int, nths: Sequence[int]) -> Iterable[tuple[int, Hash]]:
        return [(nth, self._kept[level, nth]) for nth in nths if (level, nth) in self._kept]


def test_proofs_from_milestones_are_those_of_the_whole_tree(long_leaves: list[Hash]) -> None:
    book = ListedBook(long_leaves)
    for size in (1, 2, 255, 256, 257, 511, 512, 65_536, 65_537, 70_000):
        root = merkle.root(merkle.extend((), 0, long_leaves[:size]))
        for index in {0, size // 3, size // 2, size - 1}:
            leaf, found, path = prove_inclusion(book, index, size)
            assert (leaf, found) == (long_leaves[index], root)
            assert merkle.includes(leaf, index, size, path, root)
        for old in {1, size // 3 or 1, size // 2 or 1, size}:
            before, after, path = prove_consistency(book, old, size)
            assert before == merkle.root(merkle.extend((), 0, long_leaves[:old]))
            assert after == root
            assert merkle.extends(old, size, path, before, after)


def fill(store: Store, book: str, count: int) -> None:
    """Adds `count` events in one command."""

    def decide(pen: Pen) -> None:
        first = pen.next_position
        pen.append([entry(first + nth) for nth in range(count)])

    store.write(book, Command(id=f"fill {uuid4()}", actor="tester"), decide, lambda _: None)


def test_every_event_of_a_stored_book_is_proved(store: Store, book: str) -> None:
    root = store.head(book).root.hex()
    for position in range(1, 21):
        proof = inclusion(store, book, position)
        assert (proof.root, proof.leaf) == (root, receipt(store, book, position).leaf)
        assert proof.holds()
        assert not InclusionProof(
            book_id=book,
            position=position % 20 + 1,
            leaf=proof.leaf,
            size=20,
            root=root,
            path=proof.path,
        ).holds()


def test_a_proof_in_a_longer_stored_book_reads_little(store: Store, book: str) -> None:
    """Twenty thousand real events: rows read are counted by PostgreSQL itself."""
    for _ in range(4):
        fill(store, book, 5_000)
    size = store.head(book).size
    before = rows_read(store)
    proof = inclusion(store, book, 7_777)
    chain = consistency(store, book, 20)
    assert rows_read(store) - before < 1_500
    assert proof.holds()
    assert chain.holds()
    assert (proof.size, proof.root) == (size, store.head(book).root.hex())
    assert inclusion(store, book, 7_777, size=8_000).holds()
    assert consistency(store, book, 8_000, 12_345).holds()
    took = min(timed(lambda: inclusion(store, book, 7_777)) for _ in range(5))
    assert took < 0.05


def timed(act: object) -> float:
    start = time.perf_counter()
    act()  # type: ignore[operator]
    return time.perf_counter() - start


def rows_read(store: Store) -> int:
    """The rows of events and subtrees that this database has read, once its counters are in."""
    time.sleep(0.1)
    with unguarded(store) as conn:
        conn.execute("SELECT pg_stat_force_next_flush()")
        found = conn.execute(
            "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) "
            "FROM pg_stat_user_tables WHERE relname ~ '^(event|subtree)_[0-7]$'"
        ).fetchone()
    return int(found[0])  # type: ignore[index]


@pytest.mark.parametrize(("position", "size"), [(0, None), (21, None), (5, 4), (5, 21)])
def test_what_is_not_there_is_not_proved(
    store: Store, book: str, position: int, size: int | None
) -> None:
    with pytest.raises(NoSuchPosition):
        inclusion(store, book, position, size)


def test_a_changed_leaf_gives_no_proof(store: Store, book: str) -> None:
    with unguarded(store) as conn:
        conn.execute(
            "UPDATE event SET leaf = %s WHERE book_id = %s AND position = 4", (bytes(32), book)
        )
    with pytest.raises(Unsound):
        inclusion(store, book, 9)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[1]",
        b'{"format":"paraphe.inclusion/2"}',
        b'{"format":1}',
        b"\xff",
        b'{"format":"\xb4"}',
    ],
)
def test_other_texts_are_no_proofs(text: bytes) -> None:
    with pytest.raises(NotAProof):
        read_proof(text)


def test_a_changed_digit_of_a_proof_is_found(store: Store, book: str) -> None:
    """Each digit of position and hashes changed in turn; book and size are said by a seal."""
    proof = inclusion(store, book, 11)
    written = write_proof(proof).decode()
    said_by_seal = f'"book_id":"{book}","size":20,'
    for at, letter in enumerate(written):
        for other in "0123456789abcdef":
            forged = written[:at] + other + written[at + 1 :]
            if other != letter and said_by_seal in forged:
                assert not holds(forged), forged


def holds(written: str) -> bool:
    try:
        return read_proof(written.encode()).holds()
    except NotAProof:
        return False
