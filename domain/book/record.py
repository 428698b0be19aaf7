"""The bytes that stand for an event for ever: record, leaf and chain (docs/log-format.md)."""

from datetime import UTC, datetime
from hashlib import sha256

from domain.book.merkle import Hash, leaf_hash

MAGIC = b"paraphe/1\n"


def instant(moment: datetime) -> str:
    """A moment as the log writes it: UTC, microseconds, `Z`."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def opening(book_id: str) -> bytes:
    """What the record of every event of a book begins with."""
    return MAGIC + book_id.encode() + b"\n"


def record(book_id: str, position: int, recorded_at: datetime, body: bytes) -> bytes:
    """The record of an event: what is hashed, byte for byte."""
    return opening(book_id) + f"{position}\n{instant(recorded_at)}\n".encode() + body


def leaf(book_id: str, position: int, recorded_at: datetime, body: bytes) -> Hash:
    """The leaf of an event in the Merkle tree of its book."""
    return leaf_hash(record(book_id, position, recorded_at, body))


def genesis(book_id: str) -> Hash:
    """The chain before the first event of a book."""
    return sha256(MAGIC + book_id.encode()).digest()


def link(chain: Hash, leaf: Hash) -> Hash:
    """The chain after one more leaf."""
    return sha256(b"\x02" + chain + leaf).digest()
