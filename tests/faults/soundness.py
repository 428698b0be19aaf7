"""Is a book sound? Recomputed from stored bytes with hashlib and json alone, not by our code."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import pairwise
from typing import Any

import psycopg


@dataclass(frozen=True)
class Row:
    """An event as the database keeps it."""

    position: int
    recorded_at: datetime
    type: str
    series: str | None
    number: int | None
    command: str | None
    ordinal: int | None
    leaf: bytes
    chain: bytes
    body: bytes
    tags: list[str]


EVENTS = """
SELECT position, recorded_at, type, series, number, command_id, ordinal, leaf, chain, body, ARRAY(
    SELECT tag FROM event_tag AS t
    WHERE t.book_id = event.book_id AND t.position = event.position ORDER BY nth
) FROM event WHERE book_id = %s ORDER BY position
"""
SUBTREES = "SELECT level, nth, hash FROM subtree WHERE book_id = %s ORDER BY level, nth"
HEAD = "SELECT size, chain, frontier, last_recorded_at FROM book WHERE book_id = %s"


def sound_rows(url: str, book_id: str) -> list[Row]:
    """The events of a book, after everything that must hold of them was asserted."""
    with psycopg.connect(url) as conn:
        head = conn.execute(HEAD, [book_id]).fetchone()
        rows = [Row(*row) for row in conn.execute(EVENTS, [book_id]).fetchall()]
        (tags,) = conn.execute(
            "SELECT count(*) FROM event_tag WHERE book_id = %s", [book_id]
        ).fetchone() or (0,)
        subtrees = conn.execute(SUBTREES, [book_id]).fetchall()
    assert head is not None
    assert [row.position for row in rows] == list(range(1, len(rows) + 1)), "positions have gaps"
    assert tags == sum(len(row.tags) for row in rows), "tags of no event"
    assert_hashes(book_id, rows, head)
    assert subtrees == complete_subtrees([row.leaf for row in rows]), "the kept subtrees"
    assert_columns(rows)
    assert_numbers(rows)
    for before, after in pairwise(rows):
        assert before.recorded_at <= after.recorded_at, f"time runs back at {after.position}"
    return rows


def assert_hashes(book_id: str, rows: list[Row], head: tuple[Any, ...]) -> None:
    """Leaf and chain of each event, and the head row, follow from the bytes."""
    chain, leaves = sha256(b"paraphe/1\n" + book_id.encode()).digest(), []
    for row in rows:
        at = row.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        record = f"paraphe/1\n{book_id}\n{row.position}\n{at}\n".encode() + row.body
        leaves.append(sha256(b"\x00" + record).digest())
        chain = sha256(b"\x02" + chain + leaves[-1]).digest()
        assert row.leaf == leaves[-1], f"leaf {row.position}"
        assert row.chain == chain, f"chain {row.position}"
    last = rows[-1].recorded_at if rows else None
    assert head == (len(rows), chain, b"".join(peaks(leaves)), last), "the head row"


def peaks(leaves: list[bytes]) -> list[bytes]:
    """The roots of the largest complete subtrees, from left to right."""
    found, start, size = [], 0, len(leaves)
    for bit in reversed(range(size.bit_length())):
        if size >> bit & 1:
            found.append(complete(leaves[start : start + (1 << bit)]))
            start += 1 << bit
    return found


def complete_subtrees(leaves: list[bytes]) -> list[tuple[int, int, bytes]]:
    """Level, number and root of each complete subtree on every eighth level."""
    return [
        (level, nth, complete(leaves[nth << level : nth + 1 << level]))
        for level in range(8, len(leaves).bit_length(), 8)
        for nth in range(len(leaves) >> level)
    ]


def complete(level: list[bytes]) -> bytes:
    """The root of a complete subtree, a level at a time."""
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=True)
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return level[0]


def assert_columns(rows: list[Row]) -> None:
    """What stands beside the bytes is what the bytes say; a command's events lie together."""
    ordinals: dict[str, list[int]] = {}
    for row in rows:
        body = json.loads(row.body)
        assert row.type == body["type"]
        assert row.tags == body["tags"]
        assert row.command == body["command"]
        assert (row.series, row.number) == (body["data"].get("series"), body["data"].get("number"))
        assert row.command is not None
        assert row.ordinal is not None
        ordinals.setdefault(row.command, []).append(row.ordinal)
    for command, found in ordinals.items():
        assert found == list(range(len(found))), f"command {command} is not there once and whole"


def assert_numbers(rows: list[Row]) -> None:
    """Every series counts 1, 2, 3… in the order of the book."""
    series: dict[str, list[int | None]] = {}
    for row in rows:
        if row.series is not None:
            series.setdefault(row.series, []).append(row.number)
    for name, numbers in series.items():
        assert numbers == list(range(1, len(numbers) + 1)), f"series {name} has gaps or doubles"
