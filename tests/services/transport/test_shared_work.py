"""Workers share the books: each book is moved by one at a time, and a dead worker's are taken over.

Whatever runs here over NATS also runs in one process without it.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import nats
import pytest

from domain.book.event import Event, Recorded
from projections.registers import REGISTERS
from projections.rows import Rows
from projections.unpaid import Unpaid
from services.replay.connection import connect
from services.replay.engine import Engine
from services.replay.sharing import Alone, Sharing
from services.store.store import Store
from services.transport import shared_work
from services.transport.shared_work import SharedWork, installation
from tests.books import make_book, recorded, write_book
from tests.registers import in_memory, stored
from tests.services.transport.nats_proxy import Faults, NatsProxy
from tests.services.transport.nats_server import NatsServer

LEASE = 1.0


@pytest.fixture(params=["alone", "shared"])
def make_sharing(request: pytest.FixtureRequest, url: str) -> Callable[[], Sharing]:
    """Each test with it runs twice: one process without NATS, and over a real NATS."""
    if request.param == "alone":
        return Alone
    server = request.getfixturevalue("nats_server")
    return lambda: SharedWork(url, server.url, lease_seconds=LEASE, pause_seconds=0.1)


@contextmanager
def running(engine: Engine) -> Iterator[Engine]:
    """An engine at work."""
    engine.start()
    try:
        yield engine
    finally:
        engine.stop()


def wait_until_online(*sharings: Sharing) -> None:
    """Waits until workers have reached their NATS."""
    deadline = time.monotonic() + 20
    for each in sharings:
        while isinstance(each, SharedWork) and not each._online:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def wait_for_all(url: str, books: dict[str, list[Event]], seconds: float = 60) -> None:
    """Waits until every book is at its head, then compares its tables with a rebuild's."""
    looking = Engine(url)
    for book, events in books.items():
        looking.wait_for(book, len(events), timeout=seconds)
        assert stored(url, book) == in_memory(recorded(events, book))
    looking.stop()


def write_in_turns(
    store: Store, books: dict[str, list[Event]], step: int = 25, pause: float = 0
) -> None:
    """Writes all books at once, a little at a time."""
    for begin in range(0, max(map(len, books.values())), step):
        for book, events in books.items():
            if events[begin : begin + step]:
                write_book(store, events[begin : begin + step], book)
        time.sleep(pause)


def some_books(seed: int, count: int, size: int) -> dict[str, list[Event]]:
    """Books yet to be written, by id."""
    return {str(uuid4()): make_book(seed + nth, size) for nth in range(count)}


def test_what_is_written_reaches_the_registers(
    url: str, store: Store, make_sharing: Callable[[], Sharing]
) -> None:
    books = some_books(1, 6, 120)
    sharings = [make_sharing(), make_sharing()]
    with ExitStack() as stack:
        for sharing in sharings:
            stack.enter_context(running(Engine(url, poll_seconds=0.5, sharing=sharing)))
        wait_until_online(*sharings)
        write_in_turns(store, books)
        wait_for_all(url, books)


def test_lost_notices_are_made_good_by_the_poll(
    url: str, store: Store, make_sharing: Callable[[], Sharing]
) -> None:
    store._notifier.close()
    with running(Engine(url, poll_seconds=0.3, sharing=make_sharing())):
        books = some_books(10, 2, 60)
        write_in_turns(store, books)
        wait_for_all(url, books)


class Faulty(Unpaid):
    """The unpaid register with a fault at one position."""

    def apply(self, fact: Recorded, rows: Rows) -> None:
        if fact.position == 40:
            raise ZeroDivisionError("cannot take this in")
        super().apply(fact, rows)


def test_a_parked_book_holds_nobody_up(
    url: str, store: Store, make_sharing: Callable[[], Sharing]
) -> None:
    registers = tuple(Faulty() if each.name == "unpaid" else each for each in REGISTERS)
    long, short = write_book(store, make_book(20, 60)), write_book(store, make_book(21, 30))
    with running(Engine(url, registers, poll_seconds=0.3, sharing=make_sharing())) as engine:
        engine.wait_for(short, store.head(short).size, timeout=30)
        deadline = time.monotonic() + 30
        while UUID(long) in engine.behind():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        [state] = [each for each in engine.states() if each.name == "unpaid"]
        assert state.books[UUID(long)].parked_at == 40


def test_long_books_do_not_starve_short_ones(
    url: str,
    store: Store,
    make_sharing: Callable[[], Sharing],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Goal: with as many long books as threads, a short one comes through long before they end."""
    monkeypatch.setattr("services.replay.engine.TURN_SECONDS", 0.1)
    long = [write_book(store, make_book(30 + nth, 1_500)) for nth in range(2)]
    sharing = make_sharing()
    with running(Engine(url, batch=5, workers=2, poll_seconds=0.2, sharing=sharing)) as engine:
        wait_until_online(sharing)
        short = write_book(store, make_book(33, 20))
        engine.wait_for(short, store.head(short).size, timeout=30)
        assert any(engine.position(each) < store.head(each).size for each in long)


@pytest.mark.parametrize("shared", [True, False])
def test_each_book_is_in_the_hands_of_one_worker(
    url: str,
    store: Store,
    nats_server: NatsServer,
    monkeypatch: pytest.MonkeyPatch,
    shared: bool,
) -> None:
    """Goal: sharing, not the lock in the database, keeps workers apart. Method: three workers on
    four growing books note when they begin and end with one; without sharing they do overlap."""
    at_work: Counter[UUID] = Counter()
    overlaps, moved, lock = 0, set(), threading.Lock()
    follow = Engine._follow

    def noted(self: Engine, book_id: UUID) -> bool:
        nonlocal overlaps
        with lock:
            at_work[book_id] += 1
            overlaps += at_work[book_id] > 1
            moved.add(id(self))
        try:
            time.sleep(0.02)
            return follow(self, book_id)
        finally:
            with lock:
                at_work[book_id] -= 1

    monkeypatch.setattr(Engine, "_follow", noted)
    books = some_books(40, 4, 300)
    sharings: list[Sharing] = [
        SharedWork(url, nats_server.url) if shared else Alone() for _ in range(3)
    ]
    with ExitStack() as stack:
        for sharing in sharings:
            engine = Engine(url, workers=1, poll_seconds=0.3, sharing=sharing)
            stack.enter_context(running(engine))
        wait_until_online(*sharings)
        write_in_turns(store, books)
        wait_for_all(url, books)
    assert len(moved) == 3
    assert (overlaps == 0) is shared


def test_a_book_whose_worker_vanished_is_taken_over_after_the_lease(
    url: str, store: Store, nats_server: NatsServer
) -> None:
    """Method: somebody takes the message of a book, never acknowledges it, and is gone."""
    events = make_book(50, 40)
    book = str(uuid4())
    sharing = SharedWork(url, nats_server.url, lease_seconds=LEASE)
    with running(Engine(url, poll_seconds=0.2, sharing=sharing)):
        wait_until_online(sharing)
    asyncio.run(vanish_with(nats_server.url, installation(url), book))
    write_book(store, events, book)
    sharing = SharedWork(url, nats_server.url, lease_seconds=LEASE)
    began = time.monotonic()
    with running(Engine(url, poll_seconds=0.2, sharing=sharing)):
        wait_for_all(url, {book: events})
    assert time.monotonic() - began < LEASE + 10


async def vanish_with(url: str, name: str, book: str) -> None:
    """Takes the message of a book and never says anything about it."""
    client = await nats.connect(url)
    js = client.jetstream()
    await js.publish(f"{shared_work.SUBJECT}.{name}.{book}")
    pull = await js.pull_subscribe_bind(shared_work.CONSUMER, f"PARAPHE_WORK_{name}")
    await pull.fetch(1, timeout=5)
    await client.close()


def test_without_an_answer_from_nats_every_worker_takes_in_what_it_hears(
    url: str, store: Store, nats_server: NatsServer
) -> None:
    """Goal: NATS away at the start, in the middle, or its queue deleted: the registers move."""
    nats_server.kill()
    sharing = SharedWork(url, nats_server.url, lease_seconds=LEASE, pause_seconds=0.1)
    books = some_books(60, 3, 120)
    with running(Engine(url, poll_seconds=0.3, sharing=sharing)):
        first, second, third = ({book: events} for book, events in books.items())
        write_in_turns(store, first)
        wait_for_all(url, first)
        nats_server.start()
        wait_until_online(sharing)
        write_in_turns(store, second)
        wait_for_all(url, second)
        nats_server.kill()
        write_in_turns(store, third)
        wait_for_all(url, third)


@contextmanager
def workers(url: str, nats_url: str, count: int, checkout: Path) -> Iterator[list[int]]:
    """Real `paraphe work` processes; gives their process ids. They add no prints to the books."""
    environment = os.environ | {
        "PARAPHE_DATABASE_URL": url,
        "PARAPHE_NATS_URL": nats_url,
        "PARAPHE_PRINTS": "false",
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "api.cli", "work"],
            cwd=checkout,
            env=environment,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(count)
    ]
    try:
        yield [each.pid for each in processes]
    finally:
        for each in processes:
            each.kill()
            each.wait()


def test_a_worker_says_what_it_does_and_leaves_when_told(
    url: str, store: Store, nats_server: NatsServer, checkout: Path
) -> None:
    environment = os.environ | {"PARAPHE_DATABASE_URL": url, "PARAPHE_NATS_URL": nats_server.url}
    worker = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "work"],
        cwd=checkout,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert worker.stderr is not None
    words = ""
    while "working; stop with Ctrl-C" not in words:
        words += (line := worker.stderr.readline())
        assert line, words
    assert "sharing the books" in words
    book = write_book(store, make_book(80, 30))
    looking = Engine(url)
    looking.wait_for(book, store.head(book).size, timeout=30)
    looking.stop()
    worker.terminate()
    assert worker.wait(20) == 0
    assert not worker.stderr.read()


@dataclass
class Network:
    """NATS as the workers reach it."""

    server: NatsServer
    proxy: NatsProxy


@pytest.fixture
def network(nats_server: NatsServer, proxy: NatsProxy) -> Network:
    """A server and the faulty way to it."""
    return Network(nats_server, proxy)


def churn(url: str, store: Store, network: Network, checkout: Path, outage: float) -> None:
    """Three workers behind a faulty network; one is killed, NATS goes away, its store is wiped."""
    proxy = network.proxy
    books = some_books(70, 6, 250)
    chance = random.Random(70)
    proxy.faults = Faults(
        duplicate=0.3, delay=0.05, reorder=0.1, lose=0.002, cut=0.001, seconds=0.02
    )
    with workers(url, proxy.url, 3, checkout) as pids:
        writing = threading.Thread(target=write_in_turns, args=(store, books, 10, outage / 8))
        writing.start()
        time.sleep(chance.uniform(2, 4))
        os.kill(pids[0], signal.SIGKILL)
        time.sleep(1)
        proxy.outage(True)
        time.sleep(outage)
        proxy.outage(False)
        time.sleep(1)
        network.server.wipe()
        writing.join()
        wait_for_all(url, books, 90)
    assert all(proxy.done[fault] for fault in ("duplicate", "reorder")), proxy.done
    with connect(url) as conn:
        assert conn.execute("SELECT count(*) FROM book").fetchall() == [(len(books),)]


def test_workers_keep_exact_registers_through_kills_faults_outage_and_wipe(
    url: str, store: Store, network: Network, checkout: Path
) -> None:
    churn(url, store, network, checkout, 3)


@pytest.mark.slow
def test_and_through_a_minute_without_nats(
    url: str, store: Store, network: Network, checkout: Path
) -> None:
    churn(url, store, network, checkout, 60)
