"""Ids of what use cases make: a prefix that says what, then a time-ordered number."""

import secrets
import time
from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

from domain.book.event import Recorded
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written

T = TypeVar("T")
Prefix = Literal[
    "ctc",
    "inv",
    "crn",
    "bil",
    "pay",
    "stm",
    "let",
    "ent",
    "tpl",
    "art",
    "imp",
    "ord",
    "dlv",
    "qte",
    "dep",
    "wof",
    "rem",
    "fee",
    "mdt",
    "col",
    "tro",
    "chd",
    "lnk",
]

# Crockford's digits: they sort as the numbers do, and none is taken for another.
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id(prefix: Prefix) -> str:
    """A new id: prefix, underscore, the 26 base-32 digits of a UUID version 7 (RFC 9562)."""
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 7 << 76
    number = number & ~(0x3 << 62) | 2 << 62
    return f"{prefix}_" + "".join(_DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


def make(
    store: Store,
    book_id: str,
    command: Command,
    prefix: Prefix,
    *,
    tag: Callable[[str], str],
    decide: Callable[[Pen, str], None],
    find: Callable[[Reader, str], T],
    reads: Sequence[str] = (),
    ahead: Callable[[Pen], Sequence[str]] | None = None,
) -> Written[T]:
    """Writes a command that makes something under a new id, and answers with its state.

    `tag` gives the tag of what has an id: it is read with the others, so that the answer needs no
    read of its own.

    The id is drawn once, so that a `decide` run twice makes the same. A repeated command made it
    before, under another id: the tags of what it wrote name it.
    """
    new = new_id(prefix)

    def answer(reader: Reader) -> T | None:
        return find(reader, new) if isinstance(reader, Pen) else None

    written = store.write(
        book_id, command, lambda pen: decide(pen, new), answer, [*reads, tag(new)], ahead=ahead
    )
    if written.answer is None:
        then = store.past(book_id, written.position)
        return _answered(written, find(then, made_by(written.events, prefix)))
    return _answered(written, written.answer)


def made_by(events: Sequence[Recorded], prefix: Prefix) -> str:
    """The first id with that prefix which a command's events are tagged with."""
    names = (tag.partition(":")[2] for fact in events for tag in fact.tags)
    return next(name for name in names if name.startswith(f"{prefix}_"))


def _answered(written: Written[T | None], answer: T) -> Written[T]:
    return Written(
        answer=answer,
        position=written.position,
        events=written.events,
        replayed=written.replayed,
    )
