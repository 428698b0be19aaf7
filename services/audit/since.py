"""Verifies what came after a size and root that are trusted; what came before is not read again.

Costs what the new events cost, in a book of any length. The report says what was taken on trust.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace
from psycopg import Connection

from domain.book import merkle
from services.audit import stored
from services.audit.anchors import anchors
from services.audit.bundle.contents import files_named
from services.audit.findings import Report
from services.audit.proofs import StoredHashes, Tree
from services.audit.seal_rotation import KeyRing
from services.audit.seals import last_seal
from services.audit.stored import StoredTags
from services.audit.verify import (
    NEVER_CHECKED,
    Kept,
    Start,
    Verification,
    compare_file,
    compare_head,
    compare_subtrees,
    compare_tags,
    report,
)
from services.replay.bulk import uncollected
from services.store.head import Unsound
from services.store.store import Store

LAST_ROW = """
SELECT recorded_at, chain, command_id, ordinal FROM event
WHERE book_id = %(book)s AND position = %(size)s
"""
LAST_NUMBER = """
SELECT number FROM event WHERE book_id = %(book)s AND series = %(series)s
    AND position <= %(size)s ORDER BY number DESC LIMIT 1
"""
OWN_TAGS = """
SELECT wanted.position, wanted.tag, (
    SELECT nth FROM event_tag
    WHERE book_id = %(book)s AND tag = wanted.tag AND position = wanted.position
) FROM unnest(%(positions)s::bigint[], %(tags)s::text[]) AS wanted (position, tag)
"""
NEW_SUBTREES = """
SELECT level, nth, hash FROM subtree
WHERE book_id = %(book)s AND (nth + 1) << level::integer > %(size)s
"""


class NoSealYet(LookupError):
    """The book was never sealed: there is nothing to begin from."""


def newest_seal(store: Store, ring: KeyRing) -> Kept:
    """What the newest seal of a book says, signed by a key of the ring.

    Raises NoSealYet, or Refusals when no trusted key signed it.
    """
    seal = last_seal(store, ring.book_id)
    if seal is None:
        raise NoSealYet(f"book {ring.book_id} was never sealed: verify it whole")
    (said,) = anchors(ring, [seal.note])
    return said


def verify_since(store: Store, book_id: str, trusted: Kept, kept: Iterable[Kept] = ()) -> Report:
    """Verifies the events after `trusted.size`, and that those before still have its root.

    That root is made from stored hashes, not from the bytes of the events.
    """
    with store.snapshot(book_id) as conn, uncollected():
        head = stored.head(conn, book_id)
        later = [one for one in kept if one.size > trusted.size]
        if head.size < trusted.size:
            walk = Verification(book_id, [trusted, *later])
            walk.size = head.size
            walk.end()
            return _said(walk, trusted)
        walk = Verification(book_id, later, start=_start(conn, book_id, trusted.size))
        if merkle.root(walk.frontier).hex() != trusted.root:
            detail = f"the stored hashes of {trusted.size} events do not give the root kept of them"
            walk.found("kept-root", 1, detail, upto=trusted.size)
        for rows in stored.row_pages(conn, book_id, trusted.size):
            told = walk.take(rows)
            said = [(row[0], one.tags) for row, one in zip(rows, told, strict=True) if one]
            compare_tags(walk, rows, told, _stored_of(conn, book_id, said))
            for digest in sorted({one for row in rows for one in files_named(row[9])}):
                content = stored.file(conn, book_id, digest)
                compare_file(walk, digest, b"" if content is None else content)
        walk.end()
        compare_head(walk, head)
        bounds = {"book": book_id, "size": trusted.size}
        new = conn.execute(NEW_SUBTREES, bounds, binary=True).fetchall()
        compare_subtrees(walk, {merkle.Milestone._make(row) for row in new})
    return _said(walk, trusted)


def _start(conn: Connection[Any], book_id: str, size: int) -> Start:
    """Where the walk begins: tree, chain, time, command and numbers as stored at that size."""
    bounds = {"book": book_id, "size": size}
    row = conn.execute(LAST_ROW, bounds, binary=True).fetchone()
    if row is None:
        raise Unsound(f"event {size} of book {book_id} is not there")
    recorded_at, chain, command, ordinal = row

    def last_number(series: str) -> int:
        found = conn.execute(LAST_NUMBER, {**bounds, "series": series}).fetchone()
        return int(found[0]) if found is not None else 0

    spans = merkle.peaks(size)
    tree = Tree(StoredHashes(conn, book_id), spans)
    return Start(
        size=size,
        chain=chain,
        frontier=tuple(tree.subtree(*span) for span in spans),
        last_time=recorded_at,
        command=(command, ordinal),
        number=last_number,
    )


def _stored_of(
    conn: Connection[Any], book_id: str, said: Sequence[tuple[int, list[str]]]
) -> dict[int, StoredTags]:
    """Which of the tags that events say they have are stored, and at which place."""
    wanted = [(position, tag) for position, tags in said for tag in tags]
    if not wanted:
        return {}
    positions, tags = zip(*wanted, strict=True)
    named = {"book": book_id, "positions": list(positions), "tags": list(tags)}
    found: dict[int, StoredTags] = {}
    for position, tag, nth in conn.execute(OWN_TAGS, named, binary=True):
        if nth is not None:
            nths, there = found.setdefault(position, ([], []))
            nths.append(nth)
            there.append(tag)
    return found


def _said(walk: Verification, trusted: Kept) -> Report:
    before = f"events 1–{trusted.size}"
    return replace(
        report(
            walk,
            not_checked=(
                f"{before}: not read again, only their stored hashes, whose root is trusted",
                f"chain and numbers of {before}: continued as they are stored",
                "tags that name a new event and are not its own",
                f"kept files that only {before} name",
                "personal fields",
                *NEVER_CHECKED,
            ),
        ),
        since=trusted.size,
    )
