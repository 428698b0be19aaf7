"""The outbox: every stored event reaches the stream at least once, whatever happens to NATS."""

import asyncio
import shutil
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import nats
import psycopg
import pytest
from nats.js import JetStreamContext, api

from services.replay.connection import connect
from services.replay.engine import Engine
from services.store.store import Store
from services.transport import stream
from services.transport.lag import outbox_lag
from services.transport.marks import Mark, Marks
from tests.books import make_book, write_book
from tests.registers import in_memory, stored
from tests.services.transport.conftest import MakeOutbox
from tests.services.transport.consumer import Consumer
from tests.services.transport.nats_proxy import Faults, NatsProxy
from tests.services.transport.nats_server import NatsServer


def on_jetstream(url: str, deed: Callable[[JetStreamContext], Coroutine[Any, Any, Any]]) -> Any:
    """Does something with JetStream over a connection of its own."""

    async def run() -> Any:
        client = await nats.connect(url)
        try:
            return await deed(client.jetstream())
        finally:
            await client.close()

    return asyncio.run(run())


def published(url: str) -> list[api.RawStreamMsg]:
    """Every message of the stream, in its order."""

    async def read(js: JetStreamContext) -> list[api.RawStreamMsg]:
        state = (await js.stream_info(stream.STREAM)).state
        numbers = range(state.first_seq, state.last_seq + 1)
        return [await js.get_msg(stream.STREAM, number) for number in numbers]

    return list(on_jetstream(url, read))


def wait_until_published(url: str, seconds: float = 60) -> None:
    """Waits until the outbox has nothing left."""
    deadline = time.monotonic() + seconds
    with connect(url) as conn:
        while (lag := outbox_lag(conn)).events:
            assert time.monotonic() < deadline, lag
            time.sleep(0.05)


def positions(messages: list[api.RawStreamMsg], book: str) -> list[int]:
    """The positions of a book's messages, in the order of the stream."""
    mine = [m for m in messages if m.subject == f"{stream.SUBJECT}.{book}"]
    return [int((m.headers or {})[stream.POSITION]) for m in mine]


def test_every_event_is_published_once_in_order_as_it_is_stored(
    url: str, store: Store, nats_server: NatsServer, make_outbox: MakeOutbox
) -> None:
    books = {write_book(store, make_book(seed, size)): size for seed, size in ((1, 700), (2, 30))}
    make_outbox(nats_server.url)
    wait_until_published(url)
    late = write_book(store, make_book(3, 20))
    wait_until_published(url)
    messages = published(nats_server.url)
    for book in (*books, late):
        assert positions(messages, book) == list(range(1, store.head(book).size + 1))
    with psycopg.connect(url) as conn:
        rows = conn.execute("SELECT book_id, position, recorded_at, type, body FROM event")
        kept = {f"{row[0]}:{row[1]}": row[2:] for row in rows}
    assert len(kept) == len(messages)
    for message in messages:
        headers = message.headers or {}
        recorded_at, kind, body = kept[headers[stream.MSG_ID]]
        assert message.data == body
        assert headers[stream.TYPE] == kind
        assert headers[stream.RECORDED_AT] == recorded_at.isoformat()


def test_it_wakes_by_the_notice_and_not_only_by_its_poll(
    url: str, store: Store, nats_server: NatsServer, make_outbox: MakeOutbox
) -> None:
    outbox = make_outbox(nats_server.url)
    outbox._poll_seconds = 3_600
    write_book(store, make_book(4, 10))
    wait_until_published(url, 20)
    write_book(store, make_book(5, 10))
    wait_until_published(url, 20)


def test_killed_between_publishing_and_marking_it_repeats_and_loses_nothing(
    url: str,
    store: Store,
    nats_server: NatsServer,
    make_outbox: MakeOutbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Goal: a crash between the acknowledgement and the mark is a duplicate. Method: the stream
    forgets ids at once, and every other mark fails."""

    async def forgetful(js: JetStreamContext) -> None:
        config = api.StreamConfig(
            name=stream.STREAM, subjects=[f"{stream.SUBJECT}.*"], duplicate_window=0.1
        )
        await js.add_stream(config)

    on_jetstream(nats_server.url, forgetful)
    real, times = Marks.move, 0

    async def fail_every_other_time(self: Marks, epoch: str, marks: Mapping[UUID, Mark]) -> None:
        nonlocal times
        times += 1
        if times % 2:
            await asyncio.sleep(0.3)
            raise OSError("killed")
        await real(self, epoch, marks)

    monkeypatch.setattr(Marks, "move", fail_every_other_time)
    book = write_book(store, make_book(6, 1_200))
    with Consumer(nats_server.url) as consumer:
        make_outbox(nats_server.url)
        wait_until_published(url)
        size = store.head(book).size
        consumer.wait_for(lambda: consumer.has({book: size}))
    at = positions(published(nats_server.url), book)
    assert len(at) > size
    assert set(at) == set(range(1, size + 1))


@pytest.mark.parametrize("how", ["wiped", "deleted", "emptied and made again"])
def test_a_stream_that_is_gone_is_filled_again_from_the_log(
    url: str, store: Store, nats_server: NatsServer, make_outbox: MakeOutbox, how: str
) -> None:
    book = write_book(store, make_book(7, 300))
    make_outbox(nats_server.url)
    wait_until_published(url)
    if how == "wiped":
        nats_server.wipe()
    else:

        async def lose(js: JetStreamContext) -> None:
            await js.delete_stream(stream.STREAM)
            if how != "deleted":
                await js.add_stream(name=stream.STREAM, subjects=[f"{stream.SUBJECT}.*"])

        on_jetstream(nats_server.url, lose)
    other = write_book(store, make_book(8, 20))
    time.sleep(1)
    wait_until_published(url)
    messages = published(nats_server.url)
    for each in (book, other):
        assert set(positions(messages, each)) == set(range(1, store.head(each).size + 1))


def test_a_stream_that_forgot_its_newest_messages_gets_them_again(
    url: str, store: Store, nats_server: NatsServer, make_outbox: MakeOutbox
) -> None:
    """Goal: what NATS acknowledged and lost in a power failure is published again. Method: its
    store is put back as it was some hundred events earlier, under the same stream."""
    events = make_book(9, 900)
    book, still = write_book(store, events[:700]), write_book(store, make_book(10, 40))
    outbox = make_outbox(nats_server.url)
    wait_until_published(url)
    outbox.stop()
    nats_server.kill()
    earlier = nats_server.store.with_name("earlier")
    shutil.copytree(nats_server.store, earlier)
    nats_server.start()
    write_book(store, events[700:], book)
    make_outbox(nats_server.url)
    wait_until_published(url)
    nats_server.kill()
    shutil.rmtree(nats_server.store)
    shutil.move(earlier, nats_server.store)
    nats_server.start()
    late = write_book(store, make_book(12, 20))
    time.sleep(1)
    wait_until_published(url)
    messages = published(nats_server.url)
    for each in (book, still, late):
        assert set(positions(messages, each)) == set(range(1, store.head(each).size + 1))


def test_what_an_operator_trimmed_is_not_published_again(
    url: str, store: Store, nats_server: NatsServer, make_outbox: MakeOutbox
) -> None:
    write_book(store, make_book(13, 100))
    outbox = make_outbox(nats_server.url)
    wait_until_published(url)
    outbox.stop()

    async def trim(js: JetStreamContext) -> None:
        await js.purge_stream(stream.STREAM)

    on_jetstream(nats_server.url, trim)
    make_outbox(nats_server.url)
    book = write_book(store, make_book(14, 10))
    wait_until_published(url)
    assert len(published(nats_server.url)) == store.head(book).size


def test_one_publishes_and_another_stands_by(
    url: str, store: Store, nats_server: NatsServer, make_outbox: MakeOutbox
) -> None:
    first, _ = make_outbox(nats_server.url), make_outbox(nats_server.url)
    events = make_book(15, 400)
    book = write_book(store, events[:200])
    wait_until_published(url)
    first.stop()
    write_book(store, events[200:], book)
    wait_until_published(url)
    assert positions(published(nats_server.url), book) == list(range(1, store.head(book).size + 1))


def test_a_body_too_long_for_nats_is_announced_without_its_body(
    url: str, store: Store, nats_server: NatsServer, make_outbox: MakeOutbox
) -> None:
    book = write_book(store, make_book(17, 20))
    long = b'"' + b"x" * 2_000_000 + b'"'
    with psycopg.connect(url) as conn:
        conn.execute(
            "INSERT INTO event (book_id, position, recorded_at, type, leaf, chain, body) "
            "SELECT book_id, size + 1, last_recorded_at, 'comet.seen.v1', "
            "sha256(''), sha256(''), %s FROM book WHERE book_id = %s",
            (long, book),
        )
        conn.execute("UPDATE book SET size = size + 1 WHERE book_id = %s", (book,))
    make_outbox(nats_server.url)
    wait_until_published(url)
    last = published(nats_server.url)[-1]
    assert not last.data
    assert (last.headers or {})[stream.OMITTED] == str(len(long))


def test_commands_go_on_while_nats_is_away_and_the_outbox_catches_up(
    url: str, store: Store, nats_server: NatsServer, make_outbox: MakeOutbox
) -> None:
    make_outbox(nats_server.url)
    write_book(store, make_book(18, 50))
    wait_until_published(url)
    nats_server.kill()
    book = write_book(store, make_book(19, 600))
    size = store.head(book).size
    with connect(url) as conn:
        lag = outbox_lag(conn)
    assert (lag.books, lag.events) == (1, size)
    assert 0 < lag.seconds < 120
    nats_server.start()
    wait_until_published(url)
    assert positions(published(nats_server.url), book) == list(range(1, size + 1))


def test_the_subscriber_of_the_documents_takes_each_event_once(
    url: str, store: Store, nats_server: NatsServer, make_outbox: MakeOutbox, checkout: Path
) -> None:
    book = write_book(store, make_book(20, 250))
    make_outbox(nats_server.url)
    wait_until_published(url)
    text = (checkout / "docs" / "operations.md").read_text("utf-8")
    example: dict[str, Any] = {}
    exec(text.split("```python\n", 1)[1].split("```")[0], example)
    taken: dict[str, int] = {}

    def take(book_id: str, position: int, body: bytes) -> None:
        assert position == taken.get(book_id, 0) + 1
        assert body
        taken[book_id] = position

    async def follow_for_a_while() -> None:
        for _ in range(2):  # the second time everything has been acknowledged
            with suppress(TimeoutError):
                await asyncio.wait_for(example["follow"](nats_server.url, taken, take), 3)

    asyncio.run(follow_for_a_while())
    assert taken == {book: store.head(book).size}


FAULTS = Faults(duplicate=0.3, delay=0.02, reorder=0.1, lose=0.001, cut=0.0003, seconds=0.02)


def converge(
    url: str, store: Store, nats_server: NatsServer, proxy: NatsProxy, outage_seconds: float
) -> None:
    """Publishes and consumes through faults, an outage and a wipe; compares with a rebuild."""
    books = [str(uuid4()) for _ in range(3)]
    events = {book: make_book(20 + nth, 200) for nth, book in enumerate(books)}
    proxy.faults = FAULTS
    with Consumer(proxy.url) as consumer:
        writing = threading.Thread(target=write_slowly, args=(store, events))
        writing.start()
        consumer.wait_for(lambda: consumer.has_some(books, 60))
        proxy.outage(True)
        time.sleep(outage_seconds)
        proxy.outage(False)
        consumer.wait_for(lambda: consumer.has_some(books, 120))
        nats_server.wipe()  # while the consumer stands at some position
        writing.join()
        sizes = {book: store.head(book).size for book in books}
        consumer.wait_for(lambda: consumer.has(sizes), 120)
    assert consumer.seen > sum(sizes.values())
    assert all(proxy.done[fault] for fault in ("duplicate", "delay", "reorder")), proxy.done
    engine = Engine(url)
    for book in books:
        engine.run_to_head(book)
        assert in_memory(consumer.facts[book]) == stored(url, book)
    engine.stop()


def write_slowly(store: Store, events: dict[str, list[Any]]) -> None:
    """Writes the books in small commands, taking turns."""
    for begin in range(0, 200, 20):
        for book, all_events in events.items():
            end = begin + 20 if begin + 20 < 200 else None
            write_book(store, all_events[begin:end], book)
        time.sleep(0.1)


def test_a_subscriber_has_exactly_the_book_whatever_the_network_does(
    url: str,
    store: Store,
    nats_server: NatsServer,
    proxy: NatsProxy,
    make_outbox: MakeOutbox,
) -> None:
    make_outbox(proxy.url)
    converge(url, store, nats_server, proxy, 3)


@pytest.mark.slow
def test_and_after_a_minute_without_nats(
    url: str,
    store: Store,
    nats_server: NatsServer,
    proxy: NatsProxy,
    make_outbox: MakeOutbox,
) -> None:
    make_outbox(proxy.url)
    converge(url, store, nats_server, proxy, 60)
