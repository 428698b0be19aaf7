"""Recomputes a book from its stored bytes: leaf, chain, tree, order, numbers, and every column.

It trusts nothing that was computed before and says where the first wrong byte is. An unknown type
of event is verified as bytes; only replay needs to understand it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec
from msgspec import Struct

from domain.book import merkle, record
from services.audit import stored
from services.audit.findings import Finding, Report
from services.audit.stored import StoredEvent, StoredHead, StoredTags
from services.store.head import pack
from services.store.store import Store

CHECKED = (
    "positions-gapless",
    "timestamps-monotonic",
    "leaf",
    "chain",
    "columns",
    "tags",
    "numbers-gapless",
    "files",
    "head",
    "subtrees",
    "kept-root",
)
NEVER_CHECKED = ("media types and names of kept files: only their bytes are in the book",)


class Kept(Struct, frozen=True, kw_only=True):
    """What somebody outside kept: the book had `size` events and then this root (hex)."""

    size: int
    root: str


class Numbered(Struct):
    """The number an event takes, read from its bytes."""

    series: str | None = None
    number: int | None = None


class Said(Struct):
    """What the bytes of an event say about it, whatever its type."""

    type: str
    command: str
    tags: tuple[str, ...]
    data: Numbered


class Verification:
    """Walks a book once and collects findings; the first mismatch of a chain locates it."""

    def __init__(
        self, book_id: str, kept: Iterable[Kept] = (), *, has_columns: bool = True
    ) -> None:
        self.book_id = book_id
        self._has_columns = has_columns
        self.size = 0
        self._position = 0
        self.chain = record.genesis(book_id)
        self.frontier: merkle.Frontier = ()
        self.milestones: set[merkle.Milestone] = set()
        self.findings: list[Finding] = []
        self._kept = sorted(kept, key=lambda kept: kept.size)
        self._agreed = [0]
        self.last_time: datetime | None = None
        self._numbers: dict[str, int] = {}
        self._command: tuple[str | None, int] = (None, 0)
        self._decoder = msgspec.json.Decoder(Said)

    def add(self, event: StoredEvent) -> Said | None:
        """Takes the next event in; gives what its bytes say, or None when they say nothing."""
        self._in_order(event)
        leaf = record.leaf(self.book_id, event.position, event.recorded_at, event.body)
        if leaf != event.leaf:
            self._found("leaf", event.position, "the stored bytes do not give the stored leaf")
        self._link(event, leaf)
        self.frontier, milestones = merkle.grow(self.frontier, self.size, [leaf])
        self.milestones.update(milestones)
        self.size += 1
        while self._kept and self._kept[0].size == self.size:
            self._compare_root(self._kept.pop(0))
        return self._read(event)

    def end(self) -> None:
        """Says what was kept outside and is missing here."""
        for kept in self._kept:
            detail = f"a book of {kept.size} events was kept outside, here are {self.size}"
            self._found("kept-root", self.size + 1, detail, upto=kept.size)

    def _in_order(self, event: StoredEvent) -> None:
        if event.position != self._position + 1:
            detail = f"position {event.position} follows {self._position}"
            self._found("positions-gapless", self._position + 1, detail, upto=event.position)
        self._position = event.position
        if self.last_time is not None and event.recorded_at < self.last_time:
            self._found("timestamps-monotonic", event.position, "recorded before its predecessor")
        self.last_time = event.recorded_at

    def _link(self, event: StoredEvent, leaf: bytes) -> None:
        """Compares the chain; after a break it goes on from the stored one, to find the next."""
        if record.link(self.chain, leaf) != event.chain:
            self._found("chain", event.position, "the stored chain does not continue from here")
        self.chain = event.chain

    def _compare_root(self, kept: Kept) -> None:
        if merkle.root(self.frontier).hex() == kept.root:
            self._agreed = [*[size for size in self._agreed if size < kept.size][-1:], kept.size]
            return
        before = max(size for size in self._agreed if size < kept.size)
        detail = f"the root of the first {kept.size} events is not the one kept outside"
        self._found("kept-root", before + 1, detail, upto=kept.size)

    def _read(self, event: StoredEvent) -> Said | None:
        try:
            said = self._decoder.decode(event.body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self._found("columns", event.position, f"the body is no event: {error}")
            return None
        if self._has_columns:
            self._compare_columns(event, said)
        self._count(event.position, said.data)
        return said

    def _compare_columns(self, event: StoredEvent, said: Said) -> None:
        command, ordinal = self._command
        ordinal = ordinal + 1 if said.command == command else 0
        self._command = (said.command, ordinal)
        for name, column, body in (
            ("type", event.type, said.type),
            ("series", event.series, said.data.series),
            ("number", event.number, said.data.number),
            ("command_id", event.command_id, said.command),
            ("ordinal", event.ordinal, ordinal),
        ):
            if column != body:
                detail = f"column {name} says {column!r}, the bytes {body!r}"
                self._found("columns", event.position, detail)

    def _count(self, position: int, taken: Numbered) -> None:
        if taken.series is None or taken.number is None:
            return
        expected = self._numbers.get(taken.series, 0) + 1
        if taken.number != expected:
            detail = f"{taken.series}: {taken.number} where {expected} was next"
            self._found("numbers-gapless", position, detail)
        self._numbers[taken.series] = taken.number

    def _found(self, check: str, position: int, detail: str, upto: int | None = None) -> None:
        self.findings.append(Finding(check=check, position=position, detail=detail, upto=upto))


def verify_book(store: Store, book_id: str, kept: Iterable[Kept] = ()) -> Report:
    """Verifies a book in the database against its own bytes, columns and head, and `kept`."""
    walk = Verification(book_id, kept)
    with store.snapshot(book_id) as conn:
        head = stored.head(conn, book_id)
        tagged = stored.tags(conn, book_id)
        _walk_events(walk, stored.events(conn, book_id), tagged)
        walk.end()
        _compare_head(walk, head)
        _compare_subtrees(walk, stored.subtrees(conn, book_id))
        for digest, content in stored.files(conn, book_id):
            if hashlib.sha256(content).hexdigest() != digest:
                walk.findings.append(
                    Finding(check="files", position=0, detail=f"file {digest} has other bytes")
                )
    return report(walk, not_checked=NEVER_CHECKED)


def _walk_events(
    walk: Verification, events: Iterator[StoredEvent], tagged: Iterator[StoredTags]
) -> None:
    """Walks events and their stored tags side by side; both come in order of position."""
    at, tags = next(tagged, (None, []))
    for event in events:
        while at is not None and at < event.position:
            _orphan(walk, at)
            at, tags = next(tagged, (None, []))
        found: list[tuple[int, str]] = []
        if at == event.position:
            found = tags
            at, tags = next(tagged, (None, []))
        said = walk.add(event)
        if said is not None and list(enumerate(said.tags)) != found:
            detail = f"stored under {found}, the bytes say {list(said.tags)}"
            walk.findings.append(Finding(check="tags", position=event.position, detail=detail))
    while at is not None:
        _orphan(walk, at)
        at, tags = next(tagged, (None, []))


def _orphan(walk: Verification, position: int) -> None:
    detail = "a tag names an event that is not there"
    walk.findings.append(Finding(check="tags", position=position, detail=detail))


def _compare_head(walk: Verification, head: StoredHead) -> None:
    for name, says, is_ in (
        ("size", head.size, walk.size),
        ("chain", head.chain.hex(), walk.chain.hex()),
        ("frontier", head.frontier.hex(), pack(walk.frontier).hex()),
        ("last_recorded_at", head.last_recorded_at, walk.last_time),
    ):
        if says != is_:
            detail = f"the head row says {name} {says}, the events {is_}"
            walk.findings.append(Finding(check="head", position=walk.size, detail=detail))


def _compare_subtrees(walk: Verification, kept: set[merkle.Milestone]) -> None:
    for level, nth, _ in sorted(kept ^ walk.milestones):
        first = (nth << level) + 1
        detail = f"the kept root of {1 << level} events is missing, too many or another one"
        last = first + (1 << level) - 1
        walk.findings.append(Finding(check="subtrees", position=first, detail=detail, upto=last))


def report(walk: Verification, not_checked: tuple[str, ...]) -> Report:
    """The report of a finished walk."""
    return Report(
        book_id=walk.book_id,
        size=walk.size,
        root=merkle.root(walk.frontier).hex(),
        chain=walk.chain.hex(),
        checked=tuple(name for name in CHECKED if name not in not_checked),
        not_checked=not_checked,
        findings=tuple(walk.findings),
    )
