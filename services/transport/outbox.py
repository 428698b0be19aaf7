"""The outbox: publishes every event of every book to JetStream, at least once, and moves the marks.

Commands never wait for it: it reads the book like any other follower. One process publishes at a
time; the others stand by for its advisory lock.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from nats.js import api

from services.replay.lookout import SHARE
from services.transport import stream
from services.transport.link import Link, linked
from services.transport.marks import Mark, Marks, Waiting, open_marks
from services.transport.repeating import Repeating, log, pause, until_first
from services.transport.stream import StreamLostMessages

ROUND = 500
"""Events in flight at once."""
BOOKS = 50
"""Books in a round: each gets its share, so that a long one does not hold up the others."""
STANDBY_SECONDS = 2.0
LOOK_SECONDS = 0.5


class Outbox:
    """Publishes while it runs; NATS or PostgreSQL away means later, never lost."""

    def __init__(
        self,
        url: str,
        servers: str,
        *,
        poll_seconds: float = 5.0,
        pause_seconds: float = 1.0,
        ack_seconds: float = 15.0,
    ) -> None:
        self._url = url
        self._servers = servers
        self._poll_seconds = poll_seconds
        self._ack_seconds = ack_seconds
        self._repeating = Repeating("outbox", self._session, pause_seconds=pause_seconds)

    def start(self) -> None:
        """Starts the thread."""
        self._repeating.start()

    def stop(self) -> None:
        """Ends after the round in hand; the rest is published at the next start."""
        self._repeating.stop()

    async def _session(self, ending: asyncio.Event) -> None:
        async with open_marks(self._url) as marks:
            while not await marks.take_turn():
                if await pause(ending, STANDBY_SECONDS):
                    return
            async with linked(self._servers) as link:
                publisher = await resume(link, marks, self._ack_seconds)
                await until_first(link.lost(), self._publish(publisher, marks, ending))

    async def _publish(self, publisher: "Publisher", marks: Marks, ending: asyncio.Event) -> None:
        await marks.listen()
        next_poll = 0.0
        while not ending.is_set():
            if (began := time.monotonic()) >= next_poll:
                publisher.add(await marks.behind())
                took = time.monotonic() - began
                next_poll = began + max(self._poll_seconds, took / SHARE)
            await publisher.round()
            self._repeating.went_well()
            publisher.add(await marks.grown(0 if publisher.pending else LOOK_SECONDS))


async def resume(link: Link, marks: Marks, ack_seconds: float) -> "Publisher":
    """A publisher that stands where the stream really stands: a new one is filled from the log."""
    info = await stream.open_stream(link)
    epoch = stream.epoch_of(info)
    if anew := await marks.begin_epoch(epoch):
        log.warning("outbox: the stream is a new one, %d books are published again", anew)
    known = await marks.all()
    newest = next(iter(known.items()), None)
    if newest and newest[1].sequence and await stream.has_lost(link, info.state, newest):
        true = await stream.true_marks(link, info.state.first_seq, known, ROUND)
        await marks.move(epoch, true)
        log.warning("outbox: the stream lost messages it had, what it lacks is published again")
    return Publisher(link, marks, epoch, info.state.last_seq, ack_seconds)


class Publisher:
    """Publishes in rounds: read, publish all, wait for every acknowledgement, move the marks."""

    def __init__(
        self, link: Link, marks: Marks, epoch: str, last_sequence: int, ack_seconds: float
    ) -> None:
        self.pending: dict[UUID, None] = {}
        self._link = link
        self._marks = marks
        self._epoch = epoch
        self._last_sequence = last_sequence
        self._ack_seconds = ack_seconds

    def add(self, books: Sequence[UUID]) -> None:
        """Puts books in line, unless they are."""
        self.pending |= dict.fromkeys(books)

    async def round(self) -> None:
        """Publishes the next events of the first books in line; the unfinished go to its end."""
        books = list(self.pending)[:BOOKS]
        if not books:
            return
        share = max(1, ROUND // len(books))
        events = await self._marks.next_events(books, share)
        # In order of creation they write to the connection, so each book goes out in order.
        sent = (stream.publish(self._link, event, self._ack_seconds) for event in events)
        answers = await asyncio.gather(*sent, return_exceptions=True)
        self._check(answers)
        await self._marks.move(self._epoch, acknowledged(events, answers))
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        self._out_of_line(books, Counter(event.book_id for event in events), share)

    def _out_of_line(self, books: list[UUID], counts: Counter[UUID], share: int) -> None:
        for book_id in books:
            del self.pending[book_id]
            if counts[book_id] == share:
                self.pending[book_id] = None

    def _check(self, answers: Sequence[api.PubAck | BaseException]) -> None:
        """A stream that was emptied or made again under our feet counts from the beginning."""
        acks = (answer for answer in answers if isinstance(answer, api.PubAck))
        fresh = [ack.seq for ack in acks if not ack.duplicate]
        if fresh and min(fresh) <= self._last_sequence:
            raise StreamLostMessages("the stream is not the one it was")
        self._last_sequence = max([self._last_sequence, *fresh])


def acknowledged(
    events: Sequence[Waiting], answers: Sequence[api.PubAck | BaseException]
) -> dict[UUID, Mark]:
    """How far each book was acknowledged without a gap."""
    marks: dict[UUID, Mark] = {}
    stopped: set[UUID] = set()
    for event, answer in zip(events, answers, strict=True):
        if isinstance(answer, BaseException):
            stopped.add(event.book_id)
        elif event.book_id not in stopped:
            marks[event.book_id] = Mark(event.position, answer.seq)
    return marks
