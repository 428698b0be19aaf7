"""What a transaction adds to a book: positions, leaves and chain from the head, one write."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import Struct

from domain.book import merkle, record
from services.store import statements
from services.store.head import Head, Unsound, pack
from services.trip import Answer, Binary, Trip, byteas


class NewEvent(Struct, frozen=True, kw_only=True):
    """An event on its way into the book: its body is closed, its position follows from order."""

    type: str
    body: bytes
    tags: tuple[str, ...] = ()
    series: str | None = None
    number: int | None = None
    command_id: str | None = None
    ordinal: int | None = None


class Extension(NamedTuple):
    """What `events` make of a head: the next head, leaf and chain of each, finished subtrees."""

    head: Head
    leaves: list[merkle.Hash]
    chains: list[merkle.Hash]
    milestones: list[merkle.Milestone]


def extended(head: Head, events: Sequence[NewEvent], recorded_at: datetime) -> Extension:
    """Links `events` to a head, in order."""
    leaves: list[bytes] = []
    chains: list[bytes] = []
    chain = head.chain
    for position, event in enumerate(events, head.size + 1):
        leaf = record.leaf(head.book_id, position, recorded_at, event.body)
        chain = record.link(chain, leaf)
        leaves.append(leaf)
        chains.append(chain)
    frontier, milestones = merkle.grow(head.frontier, head.size, leaves)
    after = Head(
        book_id=head.book_id,
        size=head.size + len(events),
        chain=chain,
        frontier=frontier,
        last_recorded_at=recorded_at,
    )
    return Extension(after, leaves, chains, milestones)


def append(trip: Trip, head: Head, events: Sequence[NewEvent], recorded_at: datetime) -> Answer:
    """Asks for the one guarded statement; it must answer 1 (see `confirmed`).

    Once in 256 events a second one keeps the root of the subtree that they complete.
    """
    extension = extended(head, events, recorded_at)
    if extension.milestones:
        levels, nths, hashes = map(list, zip(*extension.milestones, strict=True))
        trip.ask_text(
            statements.KEEP_SUBTREES,
            book=head.book_id,
            levels=levels,
            nths=nths,
            hashes=byteas(hashes),
        )
    return trip.ask_text(statements.APPEND, **_parameters(head, extension, events))


def _parameters(head: Head, extension: Extension, events: Sequence[NewEvent]) -> dict[str, Any]:
    """The new head row, and the rows of events and tags as one array a column."""
    after, leaves, chains, _ = extension
    positions = range(head.size + 1, after.size + 1)
    return {
        "book": head.book_id,
        "old_size": head.size,
        "size": after.size,
        "chain": Binary(after.chain),
        "frontier": Binary(pack(after.frontier)),
        "recorded_at": after.last_recorded_at,
        "positions": list(positions),
        "types": [event.type for event in events],
        "series": [event.series for event in events],
        "numbers": [event.number for event in events],
        "commands": [event.command_id for event in events],
        "ordinals": [event.ordinal for event in events],
        "leaves": byteas(leaves),
        "chains": byteas(chains),
        "bodies": byteas([event.body for event in events]),
        "tags": [tag for event in events for tag in event.tags],
        "tagged": [at for at, event in zip(positions, events, strict=True) for _ in event.tags],
        "nths": [nth for event in events for nth, _ in enumerate(event.tags)],
    }


def confirmed(answer: Answer, book_id: str) -> None:
    """Raises Unsound when the guard of an append did not find the head where it was locked."""
    if answer.rows() != [(1,)]:
        raise Unsound(f"the head of book {book_id} moved under its lock")
