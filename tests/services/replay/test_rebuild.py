"""Rebuild, compare, swap and the way back; readers and writers go on meanwhile."""

import threading
import time

import psycopg
import pytest

from projections import unpaid_view
from projections.registers import REGISTERS
from projections.unpaid import Unpaid
from projections.unpaid_view import UnpaidFilter
from services.replay.connection import connect
from services.replay.engine import Engine
from services.replay.place import Place
from services.replay.reading import Readers
from services.replay.rebuild import (
    CodeChanged,
    NothingToRollBackTo,
    Plan,
    RebuildRunning,
    alone,
    rebuild,
    roll_back,
)
from services.store.store import Store
from tests.books import make_book, recorded, write_book
from tests.registers import in_memory, stored

UNPAID = next(register for register in REGISTERS if register.name == "unpaid")


def schemas(url: str) -> set[str]:
    """The schemas of the database that registers may have made."""
    with psycopg.connect(url) as conn:
        found = conn.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information|public)'"
        )
        return {row[0] for row in found}


def spoil(url: str, book: str) -> None:
    """Changes one row of the live list, takes one away and adds one."""
    with psycopg.connect(url) as conn:
        first, second = conn.execute(
            "SELECT entry, line FROM unpaid.open_item WHERE book_id = %s ORDER BY 1, 2 LIMIT 2",
            (book,),
        ).fetchall()
        key = "book_id = %s AND entry = %s AND line = %s"
        conn.execute(f"UPDATE unpaid.open_item SET open = open + 1 WHERE {key}", (book, *first))
        conn.execute(f"DELETE FROM unpaid.open_item WHERE {key}", (book, *second))
        conn.execute("INSERT INTO unpaid.unpaid_party VALUES (%s, 'con_x', 'Nobody')", (book,))


def test_a_rebuild_gives_the_rows_of_the_live_path(url: str, store: Store, engine: Engine) -> None:
    events = make_book(21, 500)
    book, other = write_book(store, events), write_book(store, make_book(22, 60))
    engine.batch = 30
    engine.run_to_head(book)
    engine.run_to_head(other)
    before = stored(url, book)
    outcomes = rebuild(url, REGISTERS)
    assert [outcome.register for outcome in outcomes] == [each.name for each in REGISTERS]
    assert all(each.comparison.same and not each.not_compared for each in outcomes)
    assert stored(url, book) == before == in_memory(recorded(events, book))
    assert engine.run_to_head(book) == len(events)
    assert schemas(url) == {name for r in REGISTERS for name in (r.name, f"{r.name}_old")}


def test_a_long_book_is_folded_in_part_and_followed_live(
    url: str, store: Store, engine: Engine
) -> None:
    """Goal: memory stays capped. Method: the cap is so low that one book exceeds it."""
    events = make_book(31, 200)
    book = write_book(store, events)
    engine.run_to_head(book)
    outcomes = rebuild(url, REGISTERS, Plan(batch=50))
    assert all(each.comparison.same and not each.not_compared for each in outcomes)
    assert stored(url, book) == in_memory(recorded(events, book))


def test_several_processes_build_the_same(url: str, store: Store, engine: Engine) -> None:
    books = [write_book(store, make_book(seed, 60)) for seed in range(200, 205)]
    for book in books:
        engine.run_to_head(book)
    before = {book: stored(url, book) for book in books}
    outcomes = rebuild(url, REGISTERS, Plan(processes=2))
    assert all(each.comparison.same and not each.not_compared for each in outcomes)
    assert {book: stored(url, book) for book in books} == before


def test_a_dry_run_names_each_difference_and_changes_nothing(
    url: str, store: Store, engine: Engine
) -> None:
    book = write_book(store, make_book(23, 200))
    engine.run_to_head(book)
    spoil(url, book)
    before = stored(url, book)
    [outcome] = rebuild(url, [UNPAID], Plan(dry_run=True))
    found = outcome.comparison
    assert (found.added, found.changed, found.removed) == (1, 1, 1)
    changed = next(each for each in found.first if each.live and each.rebuilt)
    assert changed.table == "open_item"
    assert changed.live is not None
    assert changed.rebuilt is not None
    assert changed.live["open"] == changed.rebuilt["open"] + 1
    assert stored(url, book) == before
    assert schemas(url) == {register.name for register in REGISTERS}


def test_the_older_edition_comes_back(url: str, store: Store, engine: Engine) -> None:
    events = make_book(24, 200)
    book = write_book(store, events[:100])
    engine.run_to_head(book)
    with pytest.raises(NothingToRollBackTo):
        roll_back(url, [UNPAID])
    spoil(url, book)
    spoilt = stored(url, book)
    rebuild(url, [UNPAID])
    assert stored(url, book) != spoilt
    roll_back(url, [UNPAID])
    assert stored(url, book) == spoilt
    roll_back(url, [UNPAID])
    write_book(store, events[100:], book)
    engine.run_to_head(book)
    assert stored(url, book) == in_memory(recorded(events, book))


def test_reads_and_live_work_go_on_during_a_rebuild(
    url: str, store: Store, engine: Engine, readers: Readers
) -> None:
    """Goal: no read fails or goes back in time, no event is lost, while registers are swapped
    three times. Method: a reader and a writer at work in their threads."""
    events = make_book(25, 1_200)
    book = write_book(store, events[:600])
    engine.run_to_head(book)
    engine.start()
    stop, faults, positions = threading.Event(), list[Exception](), list[int]()

    def read() -> None:
        while not stop.is_set():
            try:
                with readers.of(book) as conn:
                    standing, _ = unpaid_view.summarise(conn, book, UnpaidFilter())
                positions.append(standing.position)
            except Exception as fault:  # noqa: BLE001 - whatever it is, the test shows it
                faults.append(fault)

    def write() -> None:
        for start in range(600, len(events), 20):
            write_book(store, events[start : start + 20], book)
            time.sleep(0.02)

    threads = [threading.Thread(target=read), threading.Thread(target=write)]
    for thread in threads:
        thread.start()
    outcomes = [each for _ in range(3) for each in rebuild(url, REGISTERS)]
    threads[1].join()
    engine.wait_for(book, len(events), timeout=20)
    stop.set()
    threads[0].join()
    assert faults == []
    assert positions == sorted(positions)
    assert all(each.comparison.same and not each.not_compared for each in outcomes)
    assert stored(url, book) == in_memory(recorded(events, book))


class Changed(Unpaid):
    """The unpaid register with other code."""

    def digest(self) -> str:
        return "another"


class Newer(Changed):
    """The same, and it says so."""

    version = Unpaid.version + 1


def test_changed_code_must_have_a_new_version(url: str, store: Store, engine: Engine) -> None:
    events = make_book(26, 120)
    book = write_book(store, events)
    engine.run_to_head(book)
    with pytest.raises(CodeChanged):
        rebuild(url, [Changed()])
    rebuild(url, [Newer()])
    newer = Engine(url, [Newer()])
    [state] = newer.states()
    newer.stop()
    assert (state.version, state.current) == (Newer.version, True)
    assert stored(url, book) == in_memory(recorded(events, book))


def test_one_rebuild_of_a_register_at_a_time(url: str, engine: Engine) -> None:
    engine.states()
    with connect(url) as conn, alone(conn, [UNPAID]), pytest.raises(RebuildRunning):
        rebuild(url, REGISTERS)


def test_a_build_that_was_stopped_goes_on_where_it_was(
    url: str, store: Store, engine: Engine
) -> None:
    first = write_book(store, make_book(27, 80))
    second = write_book(store, make_book(28, 80))
    for book in (first, second):
        engine.run_to_head(book)

    class Stopped(Exception):
        pass

    def stop_after_one(progress: object) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        rebuild(url, [UNPAID], report=stop_after_one)
    built = [
        stored(url, book, Place(UNPAID, "unpaid_next"))["open_item"] for book in (first, second)
    ]
    assert sorted(map(bool, built)) == [False, True]
    reports: list[object] = []
    [outcome] = rebuild(url, [UNPAID], report=reports.append)
    assert outcome.comparison.same
    assert len(reports) == 1


def test_a_poisoned_book_does_not_stop_a_rebuild(url: str, store: Store, engine: Engine) -> None:
    """Goal: the rebuilt register is parked in that book, as the live one is, and complete
    elsewhere."""
    good, bad = write_book(store, make_book(29, 80)), write_book(store, make_book(30, 80))
    with psycopg.connect(url) as conn:
        conn.execute(
            "INSERT INTO event (book_id, position, recorded_at, type, leaf, chain, body) "
            "SELECT book_id, size + 1, last_recorded_at, 'comet.seen.v1', "
            "sha256(''), sha256(''), '{}' FROM book WHERE book_id = %s",
            (bad,),
        )
        conn.execute("UPDATE book SET size = size + 1 WHERE book_id = %s", (bad,))
    for book in (good, bad):
        engine.run_to_head(book)
    before = {book: stored(url, book) for book in (good, bad)}
    rebuild(url, REGISTERS)
    assert {book: stored(url, book) for book in (good, bad)} == before
    parked = {str(k): s.parked_at for k, s in engine.states()[0].books.items()}
    assert parked == {good: None, bad: store.head(bad).size}
