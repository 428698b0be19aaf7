"""Verification of a book, in the database and exported, against reading it with one SHA-256 each.

Ours recomputes leaf, chain and tree and compares them with what is stored, decodes each body, and
compares columns, tags, numbers, head, subtrees and files. `--large` is a book of a million events.
"""

import io
import zipfile
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path

import msgspec

from services.audit import stored
from services.audit.export import PIECE, Export
from services.audit.since import verify_since
from services.audit.verify import Kept, Verification, verify_book
from services.store.store import Store
from tests.benchmarks.ground import Ground
from tests.benchmarks.measure import Figure, against, race, whole
from tests.benchmarks.one_book import one_book

READ, READ_LINES = "read + SHA-256", "read lines + SHA-256"
READ_NEW = "read + SHA-256 of those"
NEW = 1_000
"""Events since the seal."""
PAGE = """
SELECT position, body FROM event
WHERE book_id = %(book)s AND position > %(after)s ORDER BY position LIMIT 5000
"""


def run(ground: Ground) -> Iterator[Figure]:
    """A book in the database, what is new in it, then the same book in a file."""
    rounds = min(3, ground.rounds) if ground.large else ground.rounds
    made = one_book(ground)
    book_id, size, file = str(made.book), made.size, made.bundle
    with made.ground.store() as store:
        sides = {
            "ours": lambda: whole(size, partial(verify, store, book_id)),
            "hashes": lambda: whole(size, partial(hashes, store, book_id)),
            READ: lambda: whole(size, partial(read, store, book_id)),
        }
        samples = race(sides, rounds)
        what = f"verify, a book of {size:,} events in the database"
        yield against(what, samples, READ, unit="events/s")
        only = {"ours": samples["hashes"], READ: samples[READ]}
        yield against("  of it, leaf, chain and tree", only, READ, unit="events/s", least=0.75)
        seal = sealed(store, book_id, size - NEW)
        sides = {
            "ours": lambda: whole(NEW, partial(verify_new, store, book_id, seal)),
            READ_NEW: lambda: whole(NEW, partial(read, store, book_id, size - NEW)),
        }
        samples = race(sides, 3 * rounds)
        what = f"verify the last {NEW:,} since a seal"
        yield against(what, samples, READ_NEW, unit="events/s")
    sides = {
        "ours": lambda: whole(size, partial(verify_export, file)),
        READ_LINES: lambda: whole(size, partial(read_lines, file)),
    }
    samples = race(sides, rounds)
    yield against("verify, an exported book", samples, READ_LINES, unit="events/s")


def verify(store: Store, book_id: str) -> None:
    """The whole verification; a finding would be a fault of the benchmark."""
    assert verify_book(store, book_id).findings == ()


def hashes(store: Store, book_id: str) -> None:
    """Only the part that hashes: no body is decoded, no column and no tag compared."""
    walk = Verification(book_id)
    with store.snapshot(book_id) as conn:
        for rows in stored.row_pages(conn, book_id):
            walk.hash(rows)
    assert walk.findings == []


def sealed(store: Store, book_id: str, size: int) -> Kept:
    """What a seal of that size would say."""
    walk = Verification(book_id)
    with store.snapshot(book_id) as conn:
        for rows in stored.row_pages(conn, book_id):
            walk.hash([row for row in rows if row[0] <= size])
    return walk.standing


def verify_new(store: Store, book_id: str, seal: Kept) -> None:
    """What came after the seal."""
    assert verify_since(store, book_id, seal).findings == ()


def read(store: Store, book_id: str, after: int = 0) -> None:
    """Every body after a position, hashed once, over the same connection with the same plans."""
    with store.snapshot(book_id) as conn:
        while rows := conn.execute(PAGE, {"book": book_id, "after": after}, binary=True).fetchall():
            for _, body in rows:
                sha256(body).digest()
            after = rows[-1][0]


def verify_export(file: Path) -> None:
    """The verification of a file."""
    with Export(file) as export:
        assert export.verify().findings == ()


def read_lines(file: Path) -> None:
    """Every line, parsed as JSON and its body hashed once; through the buffer that ours has."""
    with zipfile.ZipFile(file) as zipped, zipped.open("records.jsonl") as member:
        for line in io.BufferedReader(member, PIECE):  # type: ignore[type-var]
            sha256(msgspec.json.decode(line)["body"].encode()).digest()
