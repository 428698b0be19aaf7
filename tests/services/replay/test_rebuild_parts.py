"""Rebuilds that are killed, run out of time, are of some companies, or wait for a person's eye."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from uuid import UUID

import psycopg
import pytest

from projections.registers import REGISTERS
from services.replay.build import OutOfTime, Progress
from services.replay.compare import Cause, Difference
from services.replay.connection import connect
from services.replay.engine import Engine
from services.replay.rebuild import CodeChanged, Plan, rebuild, roll_back
from services.store.store import Store
from tests.books import make_book, recorded, write_book
from tests.registers import in_memory, stored
from tests.services.replay.test_rebuild import UNPAID, Newer, schemas, spoil

REBUILDING = """
import sys
from projections.registers import REGISTERS
from services.replay.rebuild import Plan, rebuild
if __name__ == "__main__":
    print("ready", flush=True)
    rebuild(sys.argv[1], REGISTERS, Plan(batch=int(sys.argv[2]), processes=int(sys.argv[3])))
    print("done", flush=True)
"""


ROLLING_BACK = """
import sys
from projections.registers import REGISTERS
from services.replay.rebuild import roll_back
print("ready", flush=True)
roll_back(sys.argv[1], [each for each in REGISTERS if each.name == "unpaid"])
print("done", flush=True)
"""


@pytest.mark.parametrize("how", [(40, 1), (150, 2), (250_000, 1)])
def test_killed_anywhere_and_resumed_the_tables_equal_the_live_ones(
    url: str, store: Store, engine: Engine, checkout: Path, how: tuple[int, int]
) -> None:
    """Goal: row by row the same, whatever the batch and wherever it died. Method: the process is
    killed with -9 after a little longer each time, and begun again until it comes to its end."""
    books = [write_book(store, make_book(seed, 220)) for seed in (41, 42, 43)]
    for book in books:
        engine.run_to_head(book)
    before = {book: stored(url, book) for book in books}
    with psycopg.connect(url) as conn:  # so that the rows are seen to be new ones
        conn.execute("UPDATE unpaid.open_item SET label = 'spoilt'")
    chance, words = random.Random(str(how)), ""
    for nth in range(1, 100):
        process = subprocess.Popen(
            [sys.executable, "-c", REBUILDING, url, *map(str, how)],
            cwd=checkout, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        if nth <= 4:
            time.sleep(chance.uniform(0, 0.15 * nth))
            os.kill(process.pid, signal.SIGKILL)
        words, _ = process.communicate()
        if words == "done\n":
            break
    assert words == "done\n"
    assert {book: stored(url, book) for book in books} == before
    assert schemas(url) == {name for r in REGISTERS for name in (r.name, f"{r.name}_old")}


def test_a_rebuild_that_ran_out_of_time_goes_on(url: str, store: Store, engine: Engine) -> None:
    books = [write_book(store, make_book(seed, 120)) for seed in (44, 45)]
    for book in books:
        engine.run_to_head(book)
    before = {book: stored(url, book) for book in books}
    with pytest.raises(OutOfTime, match=r"\d+ of 2\d\d events"):
        rebuild(url, REGISTERS, Plan(until=time.monotonic() - 1))
    reports: list[Progress] = []
    rebuild(url, REGISTERS, report=reports.append)
    assert [each.books for each in reports] == [2]
    assert {each.all_events for each in reports} == {sum(store.head(b).size for b in books)}
    assert {book: stored(url, book) for book in books} == before


def test_some_companies_are_rebuilt_and_the_others_left_alone(
    url: str, store: Store, engine: Engine
) -> None:
    books = [write_book(store, make_book(seed, 150)) for seed in (46, 47)]
    sound = []
    for book in books:
        engine.run_to_head(book)
        sound.append(stored(url, book))
        spoil(url, book)
    spoilt = stored(url, books[1])
    write_book(store, make_book(46, 200)[store.head(books[0]).size :], books[0])
    [outcome] = rebuild(url, [UNPAID], Plan(books=[UUID(books[0])]))
    found = outcome.comparison
    assert (outcome.books, found.added, found.changed, found.removed) == (1, 1, 1, 1)
    engine.run_to_head(books[0])
    events = make_book(46, 200)
    assert stored(url, books[0]) == in_memory(recorded(events, books[0]))
    assert stored(url, books[1]) == spoilt != sound[1]
    assert schemas(url) == {register.name for register in REGISTERS}


def test_other_code_does_not_rebuild_some_companies(url: str, store: Store, engine: Engine) -> None:
    book = write_book(store, make_book(48, 60))
    engine.run_to_head(book)
    with pytest.raises(CodeChanged, match=f"the code is version {Newer.version}"):
        rebuild(url, [Newer()], Plan(books=[UUID(book)]))


def test_with_differences_the_live_register_can_be_kept(
    url: str, store: Store, engine: Engine
) -> None:
    book = write_book(store, make_book(49, 150))
    engine.run_to_head(book)
    sound = stored(url, book)
    [outcome] = rebuild(url, [UNPAID], Plan(if_same=True))
    assert outcome.swapped
    spoil(url, book)
    spoilt = stored(url, book)
    [outcome] = rebuild(url, [UNPAID], Plan(if_same=True))
    assert not outcome.swapped
    assert stored(url, book) == spoilt
    assert "unpaid_next" in schemas(url)
    reports: list[Progress] = []
    rebuild(url, [UNPAID], report=reports.append)
    assert reports == []  # it was built
    assert stored(url, book) == sound


def test_a_difference_names_the_events_that_wrote_the_row(
    url: str, store: Store, engine: Engine
) -> None:
    events = make_book(50, 250)
    book = write_book(store, events)
    engine.run_to_head(book)
    spoil(url, book)
    [outcome] = rebuild(url, [UNPAID], Plan(dry_run=True))
    by_kind = {_kind(each): each for each in outcome.comparison.first}
    changed = by_kind["changed"]
    assert changed.live is not None
    entry, line = changed.live["entry"], changed.live["line"]
    touching = [
        Cause(position=position, type=event.stored_as)
        for position, event in enumerate(events, 1)
        if position == entry
        or (entry, line) in {(p.entry, p.line) for p in getattr(event, "parts", ())}
    ]
    assert changed.events == touching
    assert touching[0] == Cause(position=entry, type="entry.posted.v1")
    assert by_kind["added"].events
    assert by_kind["removed"].events == []  # nobody wrote what was put in by hand


def _kind(difference: Difference) -> str:
    if difference.live is None:
        return "added"
    return "removed" if difference.rebuilt is None else "changed"


def test_the_way_back_takes_less_than_a_second(url: str, store: Store, engine: Engine) -> None:
    events = make_book(51, 2_000)
    book = write_book(store, events[:1_500])
    engine.run_to_head(book)
    rebuild(url, REGISTERS)
    write_book(store, events[1_500:], book)
    engine.run_to_head(book)
    took = []
    for _ in range(3):  # there, back and there again: a machine may be busy for once
        began = time.perf_counter()
        roll_back(url, REGISTERS)
        took.append(time.perf_counter() - began)
    assert min(took) < 1
    engine.run_to_head(book)
    assert stored(url, book) == in_memory(recorded(events, book))


def test_a_swap_waits_for_a_question_and_finds_its_moment(
    url: str, store: Store, engine: Engine, checkout: Path
) -> None:
    """Goal: a question that found its first table finds the others of the same edition. Method: a
    reader holds the cursor of the live register while a rollback wants to swap."""
    book = write_book(store, make_book(52, 60))
    engine.run_to_head(book)
    rebuild(url, [UNPAID])
    with psycopg.connect(url) as reader:
        reader.execute("SELECT position FROM unpaid.unpaid_cursor")
        back = subprocess.Popen(
            [sys.executable, "-c", ROLLING_BACK, url],
            cwd=checkout, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert back.stdout is not None
        assert back.stdout.readline() == "ready\n"
        time.sleep(0.4)
        old = reader.execute("SELECT 'unpaid_old.open_item'::regclass::oid").fetchone()
        reader.rollback()
    words, _ = back.communicate(timeout=20)
    assert words == "done\n"
    with connect(url) as conn:
        assert conn.execute("SELECT 'unpaid.open_item'::regclass::oid").fetchone() == old
