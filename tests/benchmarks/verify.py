"""Verification of a book, in the database and exported, against reading it with one SHA-256 each.

Ours recomputes leaf, chain and tree and compares them with what is stored, decodes each body, and
compares columns, tags, numbers, head, subtrees and files.
"""

import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from psycopg import Connection

from services.audit.export import Export, export_book
from services.audit.verify import verify_book
from services.store.store import Store
from tests.benchmarks.engine import written
from tests.benchmarks.ground import Ground
from tests.benchmarks.measure import Figure, against, race, whole

READ, READ_LINES = "read + SHA-256", "read lines + SHA-256"
PAGE = """
SELECT position, body FROM event
WHERE book_id = %s AND position > %s ORDER BY position LIMIT 5000
"""


def run(ground: Ground) -> Iterator[Figure]:
    """A book in the database, then the same book in a file."""
    [(book, size)] = written(ground, 1, ground.sized(500, 10_000)).items()
    book_id, file = str(book), ground.home / "book.zip"
    with ground.store() as store, ground.connection() as conn:
        sides = {
            "ours": lambda: whole(size, lambda: verify(store, book_id)),
            READ: lambda: whole(size, lambda: read(conn, book_id)),
        }
        samples = race(sides, ground.rounds)
        yield against("verify, a book in the database", samples, READ, unit="events/s", least=0.75)
        export_book(store, book_id, file)
        sides = {
            "ours": lambda: whole(size, lambda: verify_export(file)),
            READ_LINES: lambda: whole(size, lambda: read_lines(file)),
        }
        samples = race(sides, ground.rounds)
        yield against("verify, an exported book", samples, READ_LINES, unit="events/s")


def verify(store: Store, book_id: str) -> None:
    """The whole verification; a finding would be a fault of the benchmark."""
    assert verify_book(store, book_id).findings == ()


def read(conn: Connection[Any], book_id: str) -> None:
    """Every body, hashed once."""
    after = 0
    while rows := conn.execute(PAGE, (book_id, after), binary=True).fetchall():
        for _, body in rows:
            sha256(body).digest()
        after = rows[-1][0]


def verify_export(file: Path) -> None:
    """The verification of a file."""
    with Export(file) as export:
        assert export.verify().findings == ()


def read_lines(file: Path) -> None:
    """Every line, parsed as JSON and its body hashed once."""
    with zipfile.ZipFile(file) as zipped, zipped.open("records.jsonl") as lines:
        for line in lines:
            sha256(msgspec.json.decode(line)["body"].encode()).digest()
