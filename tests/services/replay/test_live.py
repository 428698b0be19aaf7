"""The live engine: batches, wake-up, parking, crashes."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from itertools import islice
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from domain.book.event import Event, Recorded
from domain.ledger.entry import EntryPosted
from projections.registers import REGISTERS
from projections.rows import Rows
from projections.unpaid import Unpaid
from services.replay.engine import Engine, ProjectionBehind
from services.replay.place import Place
from services.store.store import Store
from tests.books import make_book, recorded, write_book
from tests.registers import in_memory, stored

UNPAID = next(register for register in REGISTERS if register.name == "unpaid")


class Faulty(Unpaid):
    """The unpaid register with a fault in it for one piece number."""

    at: int | None = None

    def apply(self, fact: Recorded, rows: Rows) -> None:
        if isinstance(fact.event, EntryPosted) and fact.position == type(self).at:
            raise ZeroDivisionError("cannot take this in")
        super().apply(fact, rows)


@pytest.mark.parametrize("batch", [1, 7, 100, 5_000])
def test_batches_of_any_size_give_the_rows_of_one_fold(
    url: str, store: Store, engine: Engine, batch: int
) -> None:
    events = make_book(batch, 400)
    book = write_book(store, events)
    engine.batch = batch
    assert engine.run_to_head(book) == len(events)
    assert stored(url, book) == in_memory(recorded(events, book))


def test_a_running_engine_sees_what_is_written(url: str, store: Store, engine: Engine) -> None:
    engine.start()
    events = make_book(5, 300)
    book = str(uuid4())
    rest = iter(events)
    while chunk := list(islice(rest, 50)):
        write_book(store, chunk, book)
        engine.wait_for(book, events.index(chunk[-1]) + 1, timeout=20)
    assert stored(url, book) == in_memory(recorded(events, book))


def test_a_lost_notice_is_made_good_by_the_poll(store: Store, engine: Engine) -> None:
    store._notifier.close()  # what is written from now on is announced to nobody
    engine.start()
    book = write_book(store, make_book(6, 50))
    engine.wait_for(book, store.head(book).size, timeout=20)


def test_waiting_for_what_does_not_come_ends(store: Store, engine: Engine) -> None:
    book = write_book(store, make_book(6, 50))
    with pytest.raises(ProjectionBehind):
        engine.wait_for(book, 10, timeout=0.05)


@pytest.mark.parametrize("batch", [1, 8, 1_000])
def test_a_poisoned_book_is_parked_and_everything_else_goes_on(
    url: str, store: Store, batch: int
) -> None:
    """Goal: the faulty register stops right before the event; its neighbours and other books do
    not. Method: one register raises at one position; then it is mended and tried again."""
    events = make_book(8, 300)
    entries = [n for n, event in enumerate(events, 1) if isinstance(event, EntryPosted)]
    Faulty.at = entries[len(entries) // 2]
    faulty = Faulty()
    registers = tuple(faulty if each.name == "unpaid" else each for each in REGISTERS)
    engine = Engine(url, registers, batch=batch)
    book, other = write_book(store, events), write_book(store, make_book(9, Faulty.at - 2))
    engine.run_to_head(book)
    engine.run_to_head(other)
    by_name = {state.name: state.books for state in engine.states()}
    parked = next(state for key, state in by_name["unpaid"].items() if str(key) == book)
    assert (parked.position, parked.parked_at) == (Faulty.at - 1, Faulty.at)
    assert parked.parked_why == "ZeroDivisionError: cannot take this in"
    reached = {name: {str(k): s.position for k, s in by_name[name].items()} for name in by_name}
    assert {reached[name][book] for name in reached if name != "unpaid"} == {len(events)}
    assert {reached[name][other] for name in reached} == {store.head(other).size}
    assert book not in map(str, engine.behind())
    assert (
        stored(url, book)["open_item"]
        == in_memory(recorded(events, book)[: Faulty.at - 1])["open_item"]
    )
    Faulty.at = None
    engine.retry(book)
    engine.run_to_head(book)
    assert stored(url, book) == in_memory(recorded(events, book))
    engine.stop()


def test_an_unknown_event_parks_every_register_where_it_stands(
    url: str, store: Store, engine: Engine
) -> None:
    book = write_book(store, make_book(10, 40))
    with psycopg.connect(url) as conn:
        conn.execute(
            "INSERT INTO event (book_id, position, recorded_at, type, leaf, chain, body) "
            "SELECT book_id, size + 1, last_recorded_at, 'comet.seen.v1', "
            "sha256(''), sha256(''), '{}' FROM book WHERE book_id = %s",
            (book,),
        )
        conn.execute("UPDATE book SET size = size + 1 WHERE book_id = %s", (book,))
    engine.run_to_head(book)
    head = store.head(book).size
    for state in engine.states():
        [standing] = state.books.values()
        assert (standing.position, standing.parked_at) == (head - 1, head)
        assert "comet.seen.v1" in (standing.parked_why or "")


def test_registers_that_stand_apart_meet_and_go_on_together(
    url: str, store: Store, engine: Engine
) -> None:
    events = make_book(11, 200)
    book = write_book(store, events[:120])
    alone = Engine(url, REGISTERS[:1], batch=50)
    alone.run_to_head(book)
    alone.stop()
    write_book(store, events[120:], book)
    engine.batch = 50
    assert engine.run_to_head(book) == len(events)
    assert stored(url, book) == in_memory(recorded(events, book))


def test_two_engines_on_one_book_do_not_count_twice(url: str, store: Store) -> None:
    events = make_book(12, 600)
    book = write_book(store, events)
    engines = [Engine(url, batch=10) for _ in range(2)]
    threads = [threading.Thread(target=each.run_to_head, args=(book,)) for each in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert stored(url, book) == in_memory(recorded(events, book))
    for each in engines:
        each.stop()


WORKER = """
import sys
from services.replay.engine import Engine
print("ready", flush=True)
Engine(sys.argv[1], batch=5).run_to_head(sys.argv[2])
"""


def test_killed_in_the_middle_of_a_batch_nothing_is_lost_or_doubled(
    url: str, store: Store, checkout: Path
) -> None:
    events = make_book(13, 1_500)
    book = write_book(store, events)
    chance = random.Random(13)
    for _ in range(5):
        worker = subprocess.Popen(
            [sys.executable, "-c", WORKER, url, book], cwd=checkout, stdout=subprocess.PIPE
        )
        assert worker.stdout is not None
        worker.stdout.readline()
        time.sleep(chance.uniform(0.05, 0.6))
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
        worker.stdout.close()
    engine = Engine(url)
    engine.run_to_head(book)
    engine.stop()
    assert stored(url, book) == in_memory(recorded(events, book))


def test_new_code_does_not_continue_rows_of_the_old(url: str, store: Store, engine: Engine) -> None:
    events: list[Event] = make_book(14, 100)
    book = write_book(store, events[:50])
    engine.run_to_head(book)
    with psycopg.connect(url) as conn:
        conn.execute("UPDATE unpaid.unpaid_about SET digest = 'other'")
    write_book(store, events[50:], book)
    engine.run_to_head(book)
    states = {state.name: state for state in engine.states()}
    assert not states["unpaid"].current
    assert [each.position for each in states["unpaid"].books.values()] == [50]
    assert [each.position for each in states["history"].books.values()] == [len(events)]
    assert engine.behind() == []


FREEZING = """
import sys, time
from services.replay import passes
from services.replay.engine import Engine
from projections.unpaid import Unpaid
passes.FROZEN = "700ms"
take_in = Unpaid.apply
def slowly(self, fact, rows):
    if fact.position > 30 and take_in is not Unpaid.apply:
        Unpaid.apply = take_in
        print("inside", flush=True)
        time.sleep(0.5)
    take_in(self, fact, rows)
Unpaid.apply = slowly
engine = Engine(sys.argv[1], [Unpaid()], batch=20)
for _ in range(20):
    try:
        engine.run_to_head(sys.argv[2])
        break
    except Exception as fault:
        print("again", flush=True)
"""


def test_a_frozen_worker_does_not_hold_a_book_for_ever(
    url: str, store: Store, checkout: Path
) -> None:
    """Goal: another worker goes on, and the frozen one writes nothing once it wakes. Method: a
    worker is stopped in the middle of a batch, with the book's lock in its hand."""
    events = make_book(15, 100)
    book = write_book(store, events)
    worker = subprocess.Popen(
        [sys.executable, "-c", FREEZING, url, book], cwd=checkout, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "inside\n"
    worker.send_signal(signal.SIGSTOP)
    try:
        engine = Engine(url, [UNPAID], batch=1_000)
        began = time.monotonic()
        assert engine.run_to_head(book) == len(events)
        assert time.monotonic() - began < 10
    finally:
        worker.send_signal(signal.SIGCONT)
    words, _ = worker.communicate(timeout=30)
    assert words == "again\n"
    engine.stop()
    place = Place(UNPAID, "unpaid")
    assert stored(url, book, place) == in_memory(recorded(events, book), [UNPAID])
