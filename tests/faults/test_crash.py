"""PostgreSQL is killed with -9 under load, again and again: what was acknowledged is there.

Method: an own server; eight writers in two processes write without pause, one process leaving
retries to the store, the other not. The server and its children are killed 20 to 350 ms after
writing goes on, and started again. In the end the book is recomputed from its bytes and compared
with the file of acknowledgements.
"""

import random
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from services import embedded_postgres
from services.embedded_postgres import EmbeddedServer
from services.store.datastore import BookDatastore
from services.store.migrations import migrate
from services.store.store import Store
from tests.faults.test_writers import await_more
from tests.faults.writers import Orders, acknowledged, assert_kept, started


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A server of our own, to be killed."""
    home = tmp_path_factory.mktemp("crash") / "home"
    with embedded_postgres.start(home) as own:
        migrate(own.url())
        yield own
    embedded_postgres.remove(home)


@pytest.fixture
def doomed(server: EmbeddedServer) -> str:
    """A new book on the server that will be killed."""
    book = str(uuid4())
    store = Store(BookDatastore(server.url()))
    store.open_book(book)
    store.close()
    return book


def crash(
    server: EmbeddedServer, book: str, file: Path, cycles: int, plant: str = ""
) -> list[tuple[str, int]]:
    """Kills the server so many times under eight writers; returns what they were promised."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    print("seed", seed)
    writers = [
        started(
            Orders(
                url=server.url(), book=book, acknowledged=str(file), name=name, seed=seed,
                threads=4, patient=name == "patient" and not plant, plant=plant,
            )
        )
        for name in ("patient", "impatient")
    ]  # fmt: skip
    try:
        for _ in range(cycles):
            await_more(file, len(acknowledged(file)))
            time.sleep(chance.uniform(0.02, 0.35))
            server.kill()
            server.restart()
            assert [writer.poll() for writer in writers] == [None, None], "a writer gave up"
        await_more(file, len(acknowledged(file)))
    finally:
        for writer in writers:
            writer.kill()
        for writer in writers:
            print(writer.communicate()[1].decode())
    return acknowledged(file)


def assert_survived(server: EmbeddedServer, book: str, file: Path, cycles: int) -> None:
    """Crashes, and asserts that nothing was lost, doubled or left out."""
    promised = crash(server, book, file, cycles)
    rows = assert_kept(server.url(), book, promised)
    assert len({command for command, _ in promised}) == len(promised)
    assert len(promised) >= cycles
    print(f"{cycles} kills, {len(promised)} acknowledged, {len(rows)} recorded")


def test_30_kills_lose_nothing(server: EmbeddedServer, doomed: str, tmp_path: Path) -> None:
    assert_survived(server, doomed, tmp_path / "acknowledged", 30)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_1000_kills_lose_nothing(server: EmbeddedServer, doomed: str, tmp_path: Path) -> None:
    assert_survived(server, doomed, tmp_path / "acknowledged", 1_000)


def test_an_acknowledgement_before_the_commit_would_be_found(
    server: EmbeddedServer, doomed: str, tmp_path: Path
) -> None:
    """A planted bug: without it this file would prove nothing."""
    promised = crash(server, doomed, tmp_path / "acknowledged", 4, plant="acknowledge early")
    with pytest.raises(AssertionError, match="acknowledged commands are lost"):
        assert_kept(server.url(), doomed, promised)
