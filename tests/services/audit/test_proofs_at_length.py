"""A proof in a stored book of ten million events: time, size and rows, on PostgreSQL itself.

Every leaf is hashed and every milestone kept; of the events only the blocks that the proofs look
into are stored, for the others would never be read.
"""

import time
from datetime import UTC, datetime
from hashlib import sha256
from uuid import uuid4

import pytest

from domain.book import merkle, record
from domain.book.merkle import Frontier, Milestone
from domain.book.proof import write_proof
from services.audit.proofs import consistency, inclusion
from services.store.store import Store
from tests.services.audit.test_verify import unguarded

LENGTH = 10_000_000
RECORDED_AT = datetime(2026, 1, 1, tzinfo=UTC)
PIECE = 1 << 16
PLACES = (1, 4_999_999, 8_388_609, LENGTH)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def leaf(book_id: str, position: int) -> bytes:
    """That of an event with an empty body where a proof hashes it again, else any hash."""
    if position in PLACES:
        return record.leaf(book_id, position, RECORDED_AT, b"")
    return sha256(b"%d" % position).digest()


def tree(book_id: str) -> tuple[Frontier, list[Milestone]]:
    """The frontier and the milestones of the long book."""
    frontier: Frontier = ()
    kept: list[Milestone] = []
    for start in range(0, LENGTH, PIECE):
        leaves = [leaf(book_id, at + 1) for at in range(start, min(start + PIECE, LENGTH))]
        frontier, more = merkle.grow(frontier, start, leaves)
        kept += more
    return frontier, kept


@pytest.fixture
def long_book(store: Store) -> str:
    book_id = str(uuid4())
    store.open_book(book_id)
    frontier, milestones = tree(book_id)
    with unguarded(store) as conn, conn.cursor() as cursor:
        with cursor.copy("COPY subtree (book_id, level, nth, hash) FROM STDIN") as copy:
            for one in milestones:
                copy.write_row((book_id, *one))
        columns = "book_id, position, recorded_at, type, leaf, chain, body"
        with cursor.copy(f"COPY event ({columns}) FROM STDIN") as copy:
            for position in sorted(block(PLACES)):
                found = leaf(book_id, position)
                copy.write_row((book_id, position, RECORDED_AT, "t", found, bytes(32), b""))
        conn.execute(
            "UPDATE book SET size = %s, frontier = %s WHERE book_id = %s",
            (LENGTH, b"".join(frontier), book_id),
        )
    return book_id


def block(places: tuple[int, ...]) -> set[int]:
    """The positions of the blocks of 256 that hold these places, and of the unfinished one."""
    starts = {(place - 1) // 256 * 256 for place in places}
    return {at + 1 for start in starts for at in range(start, min(start + 256, LENGTH))}


def test_proofs_at_ten_million_events(store: Store, long_book: str) -> None:
    for position in PLACES:
        took, proof = [], None
        for _ in range(10):
            start = time.perf_counter()
            proof = inclusion(store, long_book, position)
            took.append(time.perf_counter() - start)
        assert proof is not None
        assert proof.holds()
        assert (proof.leaf, len(write_proof(proof)) <= 2048) == (
            leaf(long_book, position).hex(),
            True,
        )
        assert sorted(took)[5] < 0.05
    grown = consistency(store, long_book, 8_388_608)
    assert grown.holds()
