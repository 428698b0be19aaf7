"""32 writers in two processes share one number series: no number is left out or given twice."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from services.store.pen import Command
from services.store.store import Store
from tests.faults.writers import Orders, acknowledged, assert_kept, started
from tests.services.store.slips import last_number, stamp

COMMANDS = 40


def orders(url: str, book: str, tmp_path: Path, plant: str = "", nth: int = 0) -> list[Orders]:
    """The orders of two processes of sixteen writers each."""
    seed = random.randrange(2**32)
    file = str(tmp_path / "acknowledged")
    print("seed", seed)
    return [
        Orders(
            url=url, book=book, acknowledged=file, name=f"{name}{nth}", seed=seed,
            commands=COMMANDS, plant=plant,
        )
        for name in ("a", "b")
    ]  # fmt: skip


def finished(told: list[Orders]) -> list[tuple[int, str]]:
    """How each process ended, and what it complained of."""
    processes = [started(order) for order in told]
    complaints = [process.communicate(timeout=120)[1].decode() for process in processes]
    return [
        (process.returncode, complaint)
        for process, complaint in zip(processes, complaints, strict=True)
    ]


def test_32_writers_with_a_tenth_failing(database_url: str, book: str, tmp_path: Path) -> None:
    assert finished(orders(database_url, book, tmp_path)) == [(0, ""), (0, "")]
    promised = acknowledged(tmp_path / "acknowledged")
    rows = assert_kept(database_url, book, promised)
    assert len(rows) == len(promised)
    assert 0.8 < len(rows) / (32 * COMMANDS) < 0.98, "about a tenth fails"


def test_without_the_lock_they_would_not_get_through(
    database_url: str, book: str, tmp_path: Path
) -> None:
    """A planted bug: the guard of the append is a second wall, so the book stays sound.

    Where one process is through before the other begins, they are let off again.
    """
    rounds = (
        finished(orders(database_url, book, tmp_path, plant="no lock", nth=nth)) for nth in range(5)
    )
    assert any(
        code != 0 and "moved under its lock" in complaint
        for ends in rounds
        for code, complaint in ends
    )
    assert_kept(database_url, book, acknowledged(tmp_path / "acknowledged"))


def test_a_writing_process_is_killed(
    database_url: str, store: Store, book: str, tmp_path: Path
) -> None:
    """Killed with -9 at any moment: nothing acknowledged is lost, the pen lies there for others."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    file = tmp_path / "acknowledged"
    for nth in range(4):
        before = len(acknowledged(file))
        process = started(
            Orders(
                url=database_url, book=book, acknowledged=str(file), name=f"p{nth}", seed=seed,
                threads=8,
            )
        )  # fmt: skip
        await_more(file, before)
        time.sleep(chance.uniform(0.0, 0.15))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        started_at = time.monotonic()
        written = store.write(
            book, Command(id=f"next {nth}", actor="u"), stamp("S"), last_number("S")
        )
        assert time.monotonic() - started_at < 5, f"seed {seed}: the pen was not let go"
        rows = assert_kept(database_url, book, acknowledged(file))
        assert rows[-1].number == written.answer


def await_more(file: Path, count: int) -> None:
    """Returns once there are more acknowledgements than that."""
    deadline = time.monotonic() + 60
    while len(acknowledged(file)) <= count:
        if time.monotonic() > deadline:
            pytest.fail("the writers do not write")
        time.sleep(0.01)
