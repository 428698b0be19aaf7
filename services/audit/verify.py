"""Recomputes a book from its stored bytes: leaf, chain, tree, order, numbers, and every column.

It trusts nothing that was computed before and says where the first wrong byte is. An unknown type
of event is verified as bytes; only replay needs to understand it.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from msgspec import Struct

from domain.book import merkle, record
from domain.book.merkle import Hash
from services.audit import stored
from services.audit.findings import Finding, Report
from services.audit.stored import StoredHead, StoredRow, StoredTags
from services.replay.bulk import uncollected
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
COLUMNS = ("type", "series", "number", "command_id", "ordinal")
"""The columns beside the bytes, in the order of a stored row."""
NO_TAGS: StoredTags = ([], [])
IN_ORDER = list(range(1 << 10))
NEVER_CHECKED = ("media types and names of kept files: only their bytes are in the book",)


class Kept(Struct, frozen=True, kw_only=True):
    """What somebody outside kept: the book had `size` events and then this root (hex)."""

    size: int
    root: str


class Numbered(Struct, gc=False):
    """The number an event takes, read from its bytes: without a series it takes none."""

    series: str | None = None
    number: int | str | None = None


class Said(Struct, gc=False):
    """What the bytes of an event say about it, whatever its type."""

    type: str
    command: str
    tags: list[str]
    data: Numbered


class Start(Struct, frozen=True, kw_only=True):
    """Where a walk begins that takes what came before on trust; the default is the first event.

    `number` gives the last number of a series that was taken before.
    """

    size: int = 0
    chain: bytes | None = None
    frontier: merkle.Frontier = ()
    last_time: datetime | None = None
    command: tuple[str | None, int] = (None, 0)
    number: Callable[[str], int] = lambda _: 0


class Verification:
    """Walks a book once and collects findings; the first mismatch of a chain locates it.

    `take` is the hot loop: it hashes inline, a batch at a time, and calls what words a finding
    only where something differs.
    """

    def __init__(
        self,
        book_id: str,
        kept: Iterable[Kept] = (),
        *,
        has_columns: bool = True,
        start: Start | None = None,
    ) -> None:
        start = start or Start()
        self.book_id = book_id
        self._has_columns = has_columns
        self.size = start.size
        self._position = start.size
        self.chain = start.chain or record.genesis(book_id)
        self.frontier = start.frontier
        self.milestones: set[merkle.Milestone] = set()
        self.findings: list[Finding] = []
        self._kept = sorted(kept, key=lambda kept: kept.size)
        self._agreed = [start.size]
        self.last_time = start.last_time
        self._instant = b""
        self._number = start.number
        self._numbers: dict[str, int] = {}
        self._command = start.command
        self._decoder = msgspec.json.Decoder(Said)

    def add(self, event: StoredRow) -> Said | None:
        """Takes the next event in; gives what its bytes say, or None when they say nothing."""
        return self.take([event])[0]

    def take(self, events: Sequence[StoredRow]) -> list[Said | None]:
        """Takes the next events in; gives what the bytes of each say."""
        leaves = self._link(events)
        told = [self._read(event) for event in events]
        self._grow(leaves)
        return told

    def hash(self, events: Sequence[StoredRow]) -> None:
        """Takes the next events in without a look at what they say."""
        self._grow(self._link(events))

    @property
    def standing(self) -> Kept:
        """The size and root that the walk has come to."""
        return Kept(size=self.size, root=merkle.root(self.frontier).hex())

    def _link(self, events: Sequence[StoredRow]) -> list[Hash]:
        """Recomputes leaf and chain, and looks at position and time; gives the leaves."""
        head, moment, instant = record.opening(self.book_id), self.last_time, self._instant
        chain, before, leaves = self.chain, self._position, []
        for position, recorded_at, *_, stored_leaf, stored_chain, body in events:
            if recorded_at != moment or not instant:
                self._in_time(position, recorded_at)
                moment, instant = recorded_at, record.instant(recorded_at).encode()
            if position != before + 1:
                self._out_of_order(position, before)
            leaf = sha256(b"\0%b%d\n%b\n%b" % (head, position, instant, body)).digest()
            if leaf != stored_leaf:
                self.found("leaf", position, "the stored bytes do not give the stored leaf")
            if sha256(b"\2" + chain + leaf).digest() != stored_chain:
                self.found("chain", position, "the stored chain does not continue from here")
            # After a break the chain goes on from the stored one, to find the next.
            chain, before = stored_chain, position
            leaves.append(leaf)
        self.chain, self._position = chain, before
        self.last_time, self._instant = moment, instant
        return leaves

    def end(self) -> None:
        """Says what was kept outside and is missing here."""
        for kept in self._kept:
            detail = f"a book of {kept.size} events was kept outside, here are {self.size}"
            self.found("kept-root", self.size + 1, detail, upto=kept.size)

    def _in_time(self, position: int, recorded_at: datetime) -> None:
        if self.last_time is not None and recorded_at < self.last_time:
            self.found("timestamps-monotonic", position, "recorded before its predecessor")
        self.last_time = recorded_at

    def _out_of_order(self, position: int, before: int) -> None:
        detail = f"position {position} follows {before}"
        self.found("positions-gapless", before + 1, detail, upto=position)

    def _grow(self, leaves: list[Hash]) -> None:
        """Grows the tree, stopping at each size that somebody kept a root of."""
        while self._kept and self._kept[0].size <= self.size + len(leaves):
            kept = self._kept.pop(0)
            upto = kept.size - self.size
            self._append(leaves[:upto])
            leaves = leaves[upto:]
            self._compare_root(kept)
        self._append(leaves)

    def _append(self, leaves: list[Hash]) -> None:
        self.frontier, milestones = merkle.grow(self.frontier, self.size, leaves)
        self.milestones.update(milestones)
        self.size += len(leaves)

    def _compare_root(self, kept: Kept) -> None:
        if merkle.root(self.frontier).hex() == kept.root:
            self._agreed = [*[size for size in self._agreed if size < kept.size][-1:], kept.size]
            return
        before = max(size for size in self._agreed if size < kept.size)
        detail = f"the root of the first {kept.size} events is not the one kept outside"
        self.found("kept-root", before + 1, detail, upto=kept.size)

    def _read(self, event: StoredRow) -> Said | None:
        try:
            said = self._decoder.decode(event[9])
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            self.found("columns", event[0], f"the body is no event: {error}")
            return None
        data = said.data
        if self._has_columns:
            command, ordinal = self._command
            ordinal = ordinal + 1 if said.command == command else 0
            self._command = said.command, ordinal
            taken = None if data.series is None else data.number
            says = said.type, data.series, taken, said.command, ordinal
            if event[2:7] != says:
                self._compare_columns(event, says)
        if data.series is not None and isinstance(data.number, int):
            self._count(event[0], data.series, data.number)
        return said

    def _compare_columns(self, event: StoredRow, says: tuple[Any, ...]) -> None:
        for name, column, body in zip(COLUMNS, event[2:7], says, strict=True):
            if column != body:
                detail = f"column {name} says {column!r}, the bytes {body!r}"
                self.found("columns", event[0], detail)

    def _count(self, position: int, series: str, number: int) -> None:
        last = self._numbers.get(series)
        expected = (self._number(series) if last is None else last) + 1
        if number != expected:
            self.found("numbers-gapless", position, f"{series}: {number} where {expected} was next")
        self._numbers[series] = number

    def found(self, check: str, position: int, detail: str, upto: int | None = None) -> None:
        """Notes a finding."""
        self.findings.append(Finding(check=check, position=position, detail=detail, upto=upto))


def verify_book(store: Store, book_id: str, kept: Iterable[Kept] = ()) -> Report:
    """Verifies a book in the database against its own bytes, columns and head, and `kept`."""
    walk = Verification(book_id, kept)
    with store.snapshot(book_id) as conn, uncollected():
        head = stored.head(conn, book_id)
        for page in stored.pages(conn, book_id):
            compare_tags(walk, page.events, walk.take(page.events), page.tags)
        walk.end()
        compare_head(walk, head)
        compare_subtrees(walk, stored.subtrees(conn, book_id))
        for digest, content in stored.files(conn, book_id):
            compare_file(walk, digest, content)
    return report(walk, not_checked=NEVER_CHECKED)


def compare_tags(
    walk: Verification,
    events: Sequence[StoredRow],
    told: Sequence[Said | None],
    tagged: dict[int, StoredTags],
) -> None:
    """Compares the tags stored for events with those that their bytes say; empties `tagged`."""
    for event, said in zip(events, told, strict=True):
        nths, tags = tagged.pop(event[0], NO_TAGS)
        if said is not None and (tags != said.tags or nths != IN_ORDER[: len(tags)]):
            found = list(zip(nths, tags, strict=True))
            walk.found("tags", event[0], f"stored under {found}, the bytes say {said.tags}")
    for position in tagged:
        walk.found("tags", position, "a tag names an event that is not there")


def compare_file(walk: Verification, digest: str, content: bytes) -> None:
    """Compares a kept file with the digest that it is kept under."""
    if sha256(content).hexdigest() != digest:
        walk.found("files", 0, f"file {digest} has other bytes")


def compare_head(walk: Verification, head: StoredHead) -> None:
    """Compares the head row with where the walk came out."""
    for name, says, is_ in (
        ("size", head.size, walk.size),
        ("chain", head.chain.hex(), walk.chain.hex()),
        ("frontier", head.frontier.hex(), pack(walk.frontier).hex()),
        ("last_recorded_at", head.last_recorded_at, walk.last_time),
    ):
        if says != is_:
            detail = f"the head row says {name} {says}, the events {is_}"
            walk.found("head", walk.size, detail)


def compare_subtrees(walk: Verification, kept: set[merkle.Milestone]) -> None:
    """Compares the kept roots of subtrees with those that the walk completed."""
    for level, nth, _ in sorted(kept ^ walk.milestones):
        first = (nth << level) + 1
        detail = f"the kept root of {1 << level} events is missing, too many or another one"
        last = first + (1 << level) - 1
        walk.found("subtrees", first, detail, upto=last)


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
