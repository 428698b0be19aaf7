"""The bytes of record, leaf, chain and root, computed a second time with hashlib alone.

`docs/vectors/log-v1.json` is what the script below prints; whoever writes a verifier in another
language checks it with that file. To write it again: `python tests/domain/book/test_record.py`.
"""

import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

BOOK = "6f1f0f6e-3c1b-4d5e-9a52-0d5a1c0ffee1"
EVENTS = [
    ("2025-01-02T08:00:00.000000Z", '{"data":{},"type":"a.b.v1"}'),
    ("2025-01-02T08:00:00.000000Z", '{"data":{"name":"Société Générale · 1 234,50 €"}}'),
    ("2025-01-02T08:00:00.000001Z", ""),
    ("2025-02-28T23:59:59.999999Z", '{"data":{"text":"two\\nlines"}}'),
    ("2025-03-01T00:00:00.000000Z", '{"a":1}'),
    ("2025-03-01T00:00:00.000000Z", "{}"),
    ("2026-12-31T12:30:45.123456Z", '{"data":{"digits":"0123456789"}}'),
]


def merkle_root(leaves: list[bytes]) -> bytes:
    """The tree head of RFC 6962 section 2.1."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + merkle_root(leaves[:k]) + merkle_root(leaves[k:])).digest()


def vectors() -> dict[str, Any]:
    """The log format, version 1, of one small book: everything in hex, but for text as text."""
    chain = sha256(b"paraphe/1\n" + BOOK.encode()).digest()
    leaves: list[bytes] = []
    events = []
    empty = {"chain": chain.hex(), "root": merkle_root([]).hex()}
    for position, (recorded_at, body) in enumerate(EVENTS, 1):
        record = f"paraphe/1\n{BOOK}\n{position}\n{recorded_at}\n{body}".encode()
        leaves.append(sha256(b"\x00" + record).digest())
        chain = sha256(b"\x02" + chain + leaves[-1]).digest()
        event = {"position": position, "recorded_at": recorded_at, "body": body}
        hashes = {"leaf": leaves[-1], "chain": chain, "root": merkle_root(leaves)}
        named = {"record": record.hex(), **{name: value.hex() for name, value in hashes.items()}}
        events.append({**event, **named})
    return {"format": "paraphe/1", "book_id": BOOK, "empty": empty, "events": events}


def test_the_published_vectors_are_what_the_format_gives(checkout: Path) -> None:
    assert json.loads((checkout / "docs/vectors/log-v1.json").read_text("utf-8")) == vectors()


def test_the_code_gives_the_published_vectors(checkout: Path) -> None:
    from domain.book import merkle, record

    published = json.loads((checkout / "docs/vectors/log-v1.json").read_text("utf-8"))
    book, chain = published["book_id"], record.genesis(published["book_id"])
    frontier: merkle.Frontier = ()
    assert published["empty"] == {"chain": chain.hex(), "root": merkle.root(frontier).hex()}
    for position, event in enumerate(published["events"], 1):
        at, body = datetime.fromisoformat(event["recorded_at"]), event["body"].encode()
        leaf = record.leaf(book, position, at, body)
        chain = record.link(chain, leaf)
        frontier = merkle.extend(frontier, position - 1, [leaf])
        assert record.record(book, position, at, body).hex() == event["record"]
        assert leaf.hex() == event["leaf"]
        assert chain.hex() == event["chain"]
        assert merkle.root(frontier).hex() == event["root"]


def test_a_moment_is_written_in_utc_with_six_decimals() -> None:
    from domain.book.record import instant

    paris = timezone(timedelta(hours=2))
    assert instant(datetime(2025, 6, 1, 0, 30, tzinfo=paris)) == "2025-05-31T22:30:00.000000Z"
    assert instant(datetime(2025, 6, 1, 0, 0, 0, 7, tzinfo=UTC)) == "2025-06-01T00:00:00.000007Z"
    assert instant(datetime(999, 6, 1, tzinfo=UTC)) == "0999-06-01T00:00:00.000000Z"


if __name__ == "__main__":
    print(json.dumps(vectors(), indent=2, ensure_ascii=False))
