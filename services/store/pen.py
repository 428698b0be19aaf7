"""The pen: what one command may read and add while it alone holds the head of a book."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded, numbered
from domain.book.refusal import Refusals, Refused
from domain.privacy.personal import PersonalEvent, SealedFields
from services.store.appending import NewEvent
from services.store.mapper import SOFTWARE, Mapper
from services.store.reading import Evolve, Reads
from services.store.vault import PersonalKey

S = TypeVar("S")


class Command(Struct, frozen=True, kw_only=True):
    """Who wants something: `id` names it for ever, the same id is the same command.

    `request` is a digest of what was asked, so that an id used again for something else is found.
    """

    id: str
    actor: str
    cause: str = ""
    request: str = ""


class Mark(NamedTuple):
    """How much a command found buffered: events, files, keys made, keys destroyed."""

    events: int
    files: int
    made_keys: int
    destroyed_keys: int


class KeptFile(Struct, frozen=True, kw_only=True):
    """A file of the book, byte for byte; `digest` is its SHA-256 in hex."""

    digest: str
    media_type: str
    name: str
    content: bytes


class Reader(Protocol):
    """Reads of one book as of one position: the pen while it writes, or the past."""

    @property
    def book_id(self) -> str: ...

    def fold(self, evolve: Evolve[S], initial: S, tag: str) -> S:
        """The state that the events of a tag lead to."""
        ...

    def last(self, tag: str) -> Recorded | None:
        """The newest event of a tag; costs the same in a book of any length."""
        ...

    def at(self, positions: Sequence[int]) -> list[Recorded]:
        """The events at these positions, in the order of the book."""
        ...

    def reveal(self, subject: str, sealed: SealedFields) -> dict[str, Any]:
        """Somebody's sealed fields in clear; those that were erased are left out."""
        ...


class Pen:
    """Reads inside the transaction, buffers what is appended, and can take a command back.

    Events appended are seen by later reads of the same transaction. Nothing is written before the
    store commits; `mark` and `undo` let a refused command leave no trace among those combined
    with it.
    """

    def __init__(
        self, book_id: str, size: int, now: datetime, source: Reads, mapper: Mapper
    ) -> None:
        self.book_id = book_id
        self.now = now
        self.command = Command(id="", actor="")
        self.buffer: list[NewEvent] = []
        self.files: list[KeptFile] = []
        self.made_keys: list[PersonalKey] = []
        self.destroyed_keys: list[PersonalKey] = []
        self._size = size
        self._source = source
        self._mapper = mapper
        self._fresh: list[Recorded] = []
        self._fresh_of: dict[str, list[Recorded]] = {}
        self._streams: dict[str, list[Recorded]] = {}
        self._newest: dict[str, Recorded | None] = {}
        self._read: dict[int, Recorded] = {}
        self._ordinal = 0

    @property
    def next_position(self) -> int:
        """The position that the next appended event will get."""
        return self._size + len(self.buffer) + 1

    def fold(self, evolve: Evolve[S], initial: S, tag: str) -> S:
        """The state that the events of a tag lead to, those of this transaction included."""
        state = initial
        for fact in self._stream(tag):
            state = evolve(state, fact)
        return state

    def last(self, tag: str) -> Recorded | None:
        """The newest event of a tag, of this transaction or before."""
        stream = self._streams.get(tag)
        if stream is not None:
            return stream[-1] if stream else None
        appended = self._fresh_of.get(tag)
        if appended:
            return appended[-1]
        if tag not in self._newest:
            self._newest[tag] = self._source.last(tag)
        return self._newest[tag]

    def look_up(self, tags: Sequence[str]) -> None:
        """Reads the newest events of several tags together, for `last` to find them here."""
        unknown = [tag for tag in tags if tag not in self._streams and tag not in self._newest]
        if unknown:
            self._newest.update(self._source.newest(unknown))

    def at(self, positions: Sequence[int]) -> list[Recorded]:
        """The events at these positions, in the order of the book."""
        old = sorted({position for position in positions if position <= self._size})
        if unread := [position for position in old if position not in self._read]:
            self._read.update((fact.position, fact) for fact in self._source.at(unread))
        end = self._size + len(self._fresh)
        new = sorted({position for position in positions if self._size < position <= end})
        fresh = [self._fresh[position - self._size - 1] for position in new]
        return [self._read[position] for position in old if position in self._read] + fresh

    def append(self, decision: Decision) -> list[Recorded]:
        """Buffers the events of a decision; a refusal ends the command (raises Refusals).

        Personal fields are sealed on the way.
        """
        if isinstance(decision, Refused):
            raise Refusals(decision)
        return [self._add(self._sealed(event)) for event in decision]

    def personal_keys(self, subject: str) -> list[PersonalKey]:
        """The living keys of somebody's personal fields, those of this transaction included."""
        made = [key for key in self.made_keys if key.subject == subject]
        known = [*self._source.personal_keys(subject), *made]
        return [key for key in known if key not in self.destroyed_keys]

    def destroy_keys(self, keys: Sequence[PersonalKey]) -> None:
        """Makes what was sealed under these keys unreadable for ever, with the commit."""
        self.destroyed_keys += keys

    def reveal(self, subject: str, sealed: SealedFields) -> dict[str, Any]:
        """Somebody's sealed fields in clear; those that were erased are left out."""
        return self._mapper.vault.reveal(self.personal_keys(subject), sealed) if sealed else {}

    def keep(self, content: bytes, media_type: str, name: str = "") -> str:
        """Keeps a file with the book, once, and returns its SHA-256 digest in hex."""
        digest = hashlib.sha256(content).hexdigest()
        self.files.append(
            KeptFile(digest=digest, media_type=media_type, name=name, content=content)
        )
        return digest

    def begin(self, command: Command) -> Mark:
        """Starts a command; the mark it returns takes everything after it back."""
        self.command = command
        self._ordinal = 0
        return Mark(
            len(self.buffer), len(self.files), len(self.made_keys), len(self.destroyed_keys)
        )

    def undo(self, mark: Mark) -> None:
        """Takes back what was appended, kept, made and destroyed since `mark`."""
        events, files, made, destroyed = mark
        del self.buffer[events:], self._fresh[events:], self.files[files:]
        del self.made_keys[made:], self.destroyed_keys[destroyed:]
        limit = self._size + events
        for stream in (*self._streams.values(), *self._fresh_of.values()):
            while stream and stream[-1].position > limit:
                stream.pop()

    def since(self, mark: Mark) -> tuple[Recorded, ...]:
        """The events appended since `mark`."""
        return tuple(self._fresh[mark[0] :])

    def prefetch(self, tags: Iterable[str], facts: Sequence[Recorded]) -> None:
        """Takes in the whole streams of `tags`, which travelled with the lock."""
        streams: dict[str, list[Recorded]] = {tag: [] for tag in tags}
        for fact in facts:
            for tag in fact.tags:
                if tag in streams:
                    streams[tag].append(fact)
        self._streams.update(streams)

    def _stream(self, tag: str) -> list[Recorded]:
        if tag not in self._streams:
            self._streams[tag] = [*self._source.of_tag(tag), *self._fresh_of.get(tag, ())]
        return self._streams[tag]

    def _sealed(self, event: Event) -> Event:
        """The event as it may be written: its personal fields sealed under keys of their own."""
        clear = event.in_clear() if isinstance(event, PersonalEvent) else {}
        if not clear or not isinstance(event, PersonalEvent):
            return event
        vault = self._mapper.vault
        keys = {key.field: key for key in self.personal_keys(event.subject)}
        for field in clear.keys() - keys.keys():
            self._source.require_vault()
            keys[field] = vault.make_key(self.book_id, event.subject, field)
            self.made_keys.append(keys[field])
        return event.with_sealed(
            {field: vault.seal(keys[field], value) for field, value in clear.items()}
        )

    def _add(self, event: Event) -> Recorded:
        command = self.command
        series, number = numbered(event) or (None, None)
        tags = tuple(dict.fromkeys(event.tags))
        body = self._mapper.body(
            event,
            actor=command.actor,
            command=command.id,
            cause=command.cause,
            request=command.request,
        )
        fact = Recorded(
            book_id=self.book_id,
            position=self.next_position,
            recorded_at=self.now,
            event=event,
            tags=tags,
            actor=command.actor,
            command=command.id,
            cause=command.cause,
            software=SOFTWARE,
        )
        self.buffer.append(
            NewEvent(
                type=event.stored_as,
                body=body,
                tags=tags,
                series=series,
                number=number,
                command_id=command.id,
                ordinal=self._ordinal,
            )
        )
        self._ordinal += 1
        self._fresh.append(fact)
        for tag in tags:
            self._fresh_of.setdefault(tag, []).append(fact)
            if tag in self._streams:
                self._streams[tag].append(fact)
        return fact
