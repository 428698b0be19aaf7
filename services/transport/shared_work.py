"""Books shared among workers on any number of machines, through a work queue in JetStream.

The queue holds at most one message a book, and that message is the right to move the book: who
takes it keeps it alive while at work and acknowledges at the head. A dead worker's messages come
back after the lease. Safety is not here but in the book's lock in PostgreSQL, so that without NATS
every worker simply takes in what it hears of.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

import nats.errors
import psycopg
from nats.aio.msg import Msg
from nats.js import JetStreamContext, api
from nats.js.errors import ServiceUnavailableError

from services.replay.connection import connect
from services.replay.sharing import Wake
from services.transport.link import Link, linked
from services.transport.repeating import Repeating, log, until_first

SUBJECT = "paraphe.work"
CONSUMER = "workers"
LEASE_SECONDS = 5.0
IDLE_SECONDS = 5.0
AT_ONCE = 100
THERE_ALREADY = 10077  # maximum messages per subject exceeded

Pull = JetStreamContext.PullSubscription


class SharedWork:
    """Takes books from the queue, one a slot, and puts grown ones in."""

    def __init__(
        self,
        url: str,
        servers: str,
        *,
        lease_seconds: float = LEASE_SECONDS,
        pause_seconds: float = 1.0,
        answer_seconds: float = 2.0,
    ) -> None:
        self._url = url
        self._servers = servers
        self._lease_seconds = lease_seconds
        self._answer_seconds = answer_seconds
        self._repeating = Repeating("shared work", self._session, pause_seconds=pause_seconds)
        self._lock = threading.Lock()
        self._grown: dict[UUID, None] = {}
        self._heard = asyncio.Event()
        self._online = False
        self._wake: Wake
        self._is_behind: Callable[[UUID], bool]
        self._slots = 0

    def start(self, wake: Wake, is_behind: Callable[[UUID], bool], slots: int) -> None:
        """Begins; until NATS answers, and whenever it is away, books are taken in right here."""
        self._wake, self._is_behind, self._slots = wake, is_behind, slots
        self._repeating.start()

    def announce(self, book_id: UUID) -> None:
        """Puts a book into the queue that workers share, unless it is there."""
        with self._lock:
            if self._online:
                self._grown[book_id] = None
                self._repeating.call(self._heard.set)
                return
        self._wake(book_id)

    def stop(self) -> None:
        """Gives back the books in hand and ends."""
        self._repeating.stop()

    async def _session(self, ending: asyncio.Event) -> None:
        name = await asyncio.to_thread(installation, self._url)
        async with linked(self._servers) as link:
            pulls = await self._open(link, name)
            self._heard = asyncio.Event()
            with self._lock:
                self._online = True
            self._repeating.went_well()
            try:
                slots = asyncio.gather(*(self._take_books(pull, ending) for pull in pulls))
                await until_first(link.lost(), self._announce(link, name), slots)
            finally:
                self._take_in_here()

    async def _open(self, link: Link, name: str) -> list[Pull]:
        """The queue and its one consumer, made when missing; a pull a slot."""
        config = api.StreamConfig(
            name=f"PARAPHE_WORK_{name}",
            subjects=[f"{SUBJECT}.{name}.*"],
            description="Books that have grown, one message each; announced again when lost",
            retention=api.RetentionPolicy.WORK_QUEUE,
            storage=api.StorageType.MEMORY,
            discard=api.DiscardPolicy.NEW,
            discard_new_per_subject=True,
            max_msgs_per_subject=1,
        )
        await link.js.add_stream(config)
        worker = api.ConsumerConfig(
            durable_name=CONSUMER,
            ack_policy=api.AckPolicy.EXPLICIT,
            ack_wait=self._lease_seconds,
            max_ack_pending=-1,
        )
        stream = config.name or ""
        await link.js.add_consumer(stream, worker)
        return [await link.js.pull_subscribe_bind(CONSUMER, stream) for _ in range(self._slots)]

    async def _announce(self, link: Link, name: str) -> None:
        while True:
            await self._heard.wait()
            self._heard.clear()
            while some := self._next_grown():
                sent = (self._put(link, f"{SUBJECT}.{name}.{book_id}") for book_id in some)
                answers = await asyncio.gather(*sent, return_exceptions=True)
                for book_id, answer in zip(some, answers, strict=True):
                    if answer is not None:
                        self._wake(book_id)
                for answer in answers:
                    if answer is not None:
                        raise answer

    async def _put(self, link: Link, subject: str) -> None:
        try:
            await link.js.publish(subject, timeout=self._answer_seconds)
        except ServiceUnavailableError as error:
            if error.err_code != THERE_ALREADY:
                raise

    def _next_grown(self) -> list[UUID]:
        with self._lock:
            some = list(self._grown)[:AT_ONCE]
            for book_id in some:
                del self._grown[book_id]
        return some

    def _take_in_here(self) -> None:
        """Goes on without NATS: what was not announced yet waits in no queue."""
        with self._lock:
            self._online = False
            grown, self._grown = self._grown, {}
        for book_id in grown:
            self._wake(book_id)

    async def _take_books(self, pull: Pull, ending: asyncio.Event) -> None:
        """One slot: a book at a time, until the end."""
        ended = asyncio.ensure_future(ending.wait())
        while not ending.is_set():
            fetched = asyncio.ensure_future(pull.fetch(1, timeout=IDLE_SECONDS))
            await asyncio.wait({fetched, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not fetched.done():
                fetched.cancel()
                return
            try:
                [message] = fetched.result()
            except nats.errors.TimeoutError:
                await pull.consumer_info()  # raises when the queue was taken away
                continue
            await self._move(message)

    async def _move(self, message: Msg) -> None:
        """Brings the book of a message on, keeping the message alive meanwhile."""
        book_id = UUID(message.subject.rpartition(".")[2])
        moved = asyncio.wrap_future(self._wake(book_id))
        while not (await asyncio.wait({moved}, timeout=self._lease_seconds / 3))[0]:
            await message.in_progress()
        if moved.cancelled():
            await message.nak()
            return
        if moved.exception() is not None:
            await message.nak(delay=self._lease_seconds / 5)
            return
        with suppress(nats.errors.TimeoutError):  # then it comes again, and finds nothing to do
            await message.ack_sync(timeout=self._answer_seconds)
        # What grew while the message was still there was refused a message of its own.
        with suppress(psycopg.Error):
            if moved.result() or await asyncio.to_thread(self._is_behind, book_id):
                self.announce(book_id)


def installation(url: str) -> str:
    """The name of this installation's queue, from its database."""
    with connect(url) as conn:
        row = conn.execute("SELECT installation_id FROM public.installation").fetchone()
    if row is None:
        log.error("the database has no installation id")
    return str(row[0]).replace("-", "")[:12] if row else "unnamed"
