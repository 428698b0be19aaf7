"""A process of writers on one number series, and what they swear was acknowledged.

`python -m tests.faults.writers '{"url": …}'` runs until its commands are done or it is killed. Each
writer is a thread; a tenth of the commands fails inside `decide`. An acknowledgement is one line
in the file of acknowledgements, written only after `write` has returned.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

from msgspec import Struct
from psycopg_pool import base

from services.store import line, statements
from services.store import store as store_module
from services.store.datastore import BookDatastore
from services.store.pen import Command, Pen
from services.store.store import Store, StoreUnavailable
from tests.faults.soundness import Row, sound_rows
from tests.services.store.slips import MAPPER, last_number, stamp

SERIES = "S"


class Orders(Struct, frozen=True, kw_only=True):
    """What a process of writers is told. `plant` is a bug that the tests must find."""

    url: str
    book: str
    acknowledged: str
    name: str
    seed: int
    threads: int = 16
    commands: int = 10**9
    patient: bool = True
    plant: str = ""


class Planned(Exception):
    """A command fails because it was to fail."""


class Writer:
    """One thread of writers."""

    def __init__(self, orders: Orders, store: Store, nth: int) -> None:
        self._orders = orders
        self._store = store
        self._name = f"{orders.name}.{nth}"
        self._chance = random.Random(f"{orders.seed}/{nth}")
        self._file = os.open(orders.acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def run(self) -> None:
        """Sends the commands; one whose outcome is unknown is sent again, or is given up."""
        for nth in range(self._orders.commands):
            command = Command(id=f"{self._name}.{nth}", actor=self._name)
            fails = self._chance.random() < 0.1
            while True:
                try:
                    self._send(command, fails=fails)
                except Planned:
                    break
                except StoreUnavailable:
                    if self._orders.plant or self._chance.random() < 0.5:
                        break
                else:
                    break

    def _send(self, command: Command, *, fails: bool) -> None:
        early = self._orders.plant == "acknowledge early"

        def decide(pen: Pen) -> None:
            stamp(SERIES, self._name)(pen)
            if fails:
                raise Planned
            if early:
                self._acknowledge(command, last_number(SERIES)(pen))
                time.sleep(0.02)  # so that a kill falls between this and the commit

        written = self._store.write(
            self._orders.book, command, decide, last_number(SERIES), reads=[f"series:{SERIES}"]
        )
        if not early:
            self._acknowledge(command, written.answer)

    def _acknowledge(self, command: Command, number: int) -> None:
        os.write(self._file, f"{command.id} {number}\n".encode())


def main(orders: Orders) -> None:
    """Runs the writers of this process."""
    # A pool that finds no server looks again after 1, 2, 4… seconds: too long for 30 crashes.
    for name, value in {"INITIAL_DELAY": 0.05, "DELAY_BACKOFF": 1.0}.items():
        setattr(base.AttemptWithBackoff, name, value)
    if not orders.patient:
        store_module.PAUSES = (0.0,)
    if orders.plant == "no lock":
        statements.LOCK = statements.LOCK.replace("FOR UPDATE", "")
    if orders.plant == "acknowledge early":
        line.MOST_COMBINED = 1  # combined commands are run again, each alone
    datastore = BookDatastore(orders.url)
    store = Store(datastore, mapper=MAPPER)
    threading.excepthook = give_up
    threads = [
        threading.Thread(target=Writer(orders, store, nth).run) for nth in range(orders.threads)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    store.close()


def give_up(args: threading.ExceptHookArgs) -> None:
    """Ends the whole process when one of its writers dies, and says of what."""
    threading.__excepthook__(args)
    sys.stderr.flush()
    os._exit(3)


def started(orders: Orders) -> subprocess.Popen[bytes]:
    """A process of writers at work."""
    told = json.dumps({name: getattr(orders, name) for name in orders.__struct_fields__})
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.writers", told],
        cwd=Path(__file__).parents[2],
        stderr=subprocess.PIPE,
    )


def acknowledged(file: Path) -> list[tuple[str, int]]:
    """The command and number of each acknowledgement; a line cut by a kill is none."""
    lines = file.read_text().split("\n")[:-1] if file.exists() else []
    return [(command, int(number)) for command, number in (line.split() for line in lines)]


def assert_kept(url: str, book: str, promised: list[tuple[str, int]]) -> list[Row]:
    """The book is sound and holds what was acknowledged, once, under the number that was said."""
    rows = sound_rows(url, book)
    kept = {row.command: row.number for row in rows}
    assert len(kept) == len(rows), "a command is there twice"
    lost = [(command, number) for command, number in promised if kept.get(command) != number]
    assert lost == [], f"{len(lost)} of {len(promised)} acknowledged commands are lost"
    days = [json.loads(row.body)["data"]["day"] for row in rows]
    assert days == sorted(days), "dates run back"
    return rows


if __name__ == "__main__":
    main(Orders(**json.loads(sys.argv[1])))
