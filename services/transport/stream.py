"""The stream of events: what it is called, how a message looks, and whether it lost what it had."""

import asyncio
from collections.abc import Mapping
from uuid import UUID

from nats.js import api
from nats.js.errors import NotFoundError

from services.transport.link import Link
from services.transport.marks import Mark, Waiting

STREAM = "PARAPHE"
SUBJECT = "paraphe.book"
MSG_ID = "Nats-Msg-Id"
POSITION = "Paraphe-Position"
TYPE = "Paraphe-Type"
RECORDED_AT = "Paraphe-Recorded-At"
OMITTED = "Paraphe-Body-Omitted"
HEADROOM = 1_024
"""Bytes of a message that are left for its headers."""
AT_ONCE = 100


class StreamLostMessages(ConnectionError):
    """The stream acknowledged at a place where it had already acknowledged something else."""


async def open_stream(link: Link) -> api.StreamInfo:
    """The stream, made when there is none; the limits that somebody gave it stay as they are."""
    try:
        return await link.js.stream_info(STREAM)
    except NotFoundError:
        config = api.StreamConfig(
            name=STREAM,
            subjects=[f"{SUBJECT}.*"],
            description="Events of every book, in order; filled again from the books when lost",
            storage=api.StorageType.FILE,
            allow_direct=True,
        )
        return await link.js.add_stream(config)


def epoch_of(info: api.StreamInfo) -> str:
    """What tells a stream from another one of the same name: when it was made."""
    return info.created.isoformat() if info.created else ""


def subject_of(book_id: UUID) -> str:
    """The subject of a book's events."""
    return f"{SUBJECT}.{book_id}"


def id_of(book_id: UUID, position: int) -> str:
    """The id by which the stream knows an event that comes twice."""
    return f"{book_id}:{position}"


async def publish(link: Link, event: Waiting, seconds: float) -> api.PubAck:
    """Publishes one event as it is stored; returns once the stream acknowledges it.

    A body too long for this NATS is left out and said to be: the subscriber asks the API for it.
    """
    headers = {
        MSG_ID: id_of(event.book_id, event.position),
        POSITION: str(event.position),
        TYPE: event.type,
        RECORDED_AT: event.recorded_at.isoformat(),
    }
    body = bytes(event.body)
    if len(body) > link.client.max_payload - HEADROOM:
        headers[OMITTED], body = str(len(body)), b""
    return await link.js.publish(
        subject_of(event.book_id), body, timeout=seconds, stream=STREAM, headers=headers
    )


async def has_lost(link: Link, state: api.StreamState, newest: tuple[UUID, Mark]) -> bool:
    """Whether the stream no longer has what it acknowledged last, other than by its own limits."""
    book_id, mark = newest
    if state.last_seq < mark.sequence:
        return True
    if mark.sequence < state.first_seq:
        return False  # trimmed, which is the operator's wish
    try:
        message = await link.js.get_msg(STREAM, mark.sequence)
    except NotFoundError:
        return True
    return (message.headers or {}).get(MSG_ID) != id_of(book_id, mark.position)


async def true_marks(
    link: Link, first_seq: int, marks: Mapping[UUID, Mark], margin: int
) -> dict[UUID, Mark]:
    """The marks as the stream itself bears them out, less a margin of positions.

    A batch in flight may have been stored out of order; the margin is as long as a batch.
    """
    books = list(marks)
    found: dict[UUID, Mark] = {}
    for begin in range(0, len(books), AT_ONCE):
        some = books[begin : begin + AT_ONCE]
        last = await asyncio.gather(*(_last_in(link, book_id) for book_id in some))
        for book_id, there in zip(some, last, strict=True):
            old = marks[book_id]
            if there is None and old.sequence < first_seq:
                continue  # trimmed
            position = max(0, min(old.position, there.position - margin)) if there else 0
            found[book_id] = Mark(position, there.sequence if there else 0)
    return found


async def _last_in(link: Link, book_id: UUID) -> Mark | None:
    try:
        message = await link.js.get_last_msg(STREAM, subject_of(book_id))
    except NotFoundError:
        return None
    return Mark(int((message.headers or {}).get(POSITION, "0")), message.seq or 0)
