"""Events to canonical JSON and back: stored names, sorted keys, strict decoding, upcasting."""

import unicodedata
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec
from eventsourcing.dcb.api import DCBEvent
from eventsourcing.dcb.domain import Tagged
from eventsourcing.dcb.persistence import DCBMapper
from msgspec import Struct

from domain.book.catalogue import CATALOGUE
from domain.book.event import Event, Recorded
from domain.privacy.personal import PersonalEvent
from services.store.vault import Vault, no_key

E = TypeVar("E", bound=Event)
Upcast = Callable[[Any], Event]

SOFTWARE = "paraphe/0.1.0"


class Body(Struct, Generic[E], frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The body of a record: what LOG.md says is hashed, beside book, position and time.

    `request` is the digest of the request that gave the command, where a door sent one: a
    command id that comes again with another request is then told apart.
    """

    type: str
    data: E
    tags: tuple[str, ...]
    actor: str
    command: str
    cause: str
    request: str
    software: str


class Unreadable(Exception):
    """A stored event cannot be decoded; reading stops here, nothing is skipped."""

    def __init__(self, why: str, position: int) -> None:
        super().__init__(f"event {position}: {why}")
        self.position = position


class UnknownEvent(Unreadable):
    """The stored name of an event is not in the catalogue."""


class NotNormalised(ValueError):
    """Text in an event is not in Unicode normal form C."""


class PersonalDataInClear(ValueError):
    """An event has a personal field that was not sealed: it is never written like that."""


class Mapper(DCBMapper[Any]):
    """Encodes and decodes the events of a catalogue; `vault` seals and opens personal fields.

    `upcasts` gives, for an old event class, the function that makes today's event of it: old
    versions stay in the catalogue and their bytes are never rewritten.
    """

    def __init__(
        self,
        catalogue: Mapping[str, type[Event]] = CATALOGUE,
        upcasts: Mapping[type[Event], Upcast] | None = None,
        vault: Vault | None = None,
    ) -> None:
        self.vault = vault or Vault(no_key)
        self._catalogue = dict(catalogue)
        self._decoders = {
            name: msgspec.json.Decoder(Body[event])  # type: ignore[valid-type]
            for name, event in catalogue.items()
        }
        self._upcasts = dict(upcasts or {})
        self._encoder = msgspec.json.Encoder(order="sorted")

    def body(
        self,
        event: Event,
        *,
        actor: str = "",
        command: str = "",
        cause: str = "",
        request: str = "",
    ) -> bytes:
        """The canonical JSON of an event, closed with who and which command caused it."""
        if isinstance(event, PersonalEvent) and event.in_clear():
            raise PersonalDataInClear(event.stored_as)
        whole = Body(
            type=event.stored_as,
            data=event,
            tags=tuple(dict.fromkeys(event.tags)),
            actor=actor,
            command=command,
            cause=cause,
            request=request,
            software=SOFTWARE,
        )
        encoded = self._encoder.encode(whole)
        if not encoded.isascii() and not unicodedata.is_normalized("NFC", encoded.decode()):
            raise NotNormalised(event.stored_as)
        return encoded

    def recorded(
        self, book_id: str, position: int, recorded_at: datetime, type_: str, body: bytes
    ) -> Recorded:
        """The event that stands at a position; raises UnknownEvent or Unreadable with it."""
        whole = self.open(position, type_, body)
        return Recorded(
            book_id=book_id,
            position=position,
            recorded_at=recorded_at,
            event=self.upcast(whole.data),
            tags=whole.tags,
            actor=whole.actor,
            command=whole.command,
            cause=whole.cause,
            software=whole.software,
        )

    def open(self, position: int, type_: str, body: bytes) -> Body[Any]:
        """The body as it was written, its event not yet upcast."""
        decoder = self._decoders.get(type_)
        if decoder is None:
            raise UnknownEvent(f"unknown type {type_!r}", position)
        try:
            whole = decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Unreadable(f"{type_}: {error}", position) from error
        if whole.type != type_:
            raise Unreadable(f"stored as {type_}, says {whole.type}", position)
        return whole

    def others(self, wanted: Collection[type[Event]]) -> frozenset[str]:
        """The stored names of events that are none of these, nor become one by upcasting."""
        return frozenset(
            name
            for name, event in self._catalogue.items()
            if event not in wanted and event not in self._upcasts
        )

    def upcast(self, event: Event) -> Event:
        """Today's version of an event, through as many versions as it takes."""
        while (newer := self._upcasts.get(type(event))) is not None:
            event = newer(event)
        return event

    def to_dcb_event(self, event: Tagged[Any]) -> DCBEvent:
        """The library's form of an event, without actor and command."""
        fact: Event = event.decision
        return DCBEvent(type=fact.stored_as, data=self.body(fact), tags=list(event.tags))

    def to_domain_event(self, event: DCBEvent) -> Tagged[Any]:
        """The event in the library's form, its tags as stored."""
        whole = self.open(0, event.type, event.data)
        return Tagged(tags=event.tags, decision=self.upcast(whole.data))
