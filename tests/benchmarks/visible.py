"""From a command's answer to the moment a reader finds it in every register."""

import time
from collections.abc import Iterator
from statistics import median

from services.replay.engine import Engine
from tests.benchmarks.commands import validate
from tests.benchmarks.ground import Ground
from tests.benchmarks.long_books import Calendar, LongBook
from tests.benchmarks.measure import Figure, load

A_SECOND = 50


def run(ground: Ground) -> Iterator[Figure]:
    """Fifty commands a second on one book, each waited for by asking the cursors in turn."""
    commands = ground.sized(1, 20) * A_SECOND
    engine = Engine(ground.url)
    with ground.store() as store:
        book = LongBook(store, Calendar())
        drafts = book.draft(commands)
        engine.start()
        engine.wait_for(book.book_id, store.head(book.book_id).size, timeout=30)
        took = []
        begin = time.perf_counter()
        for nth, draft in enumerate(drafts):
            time.sleep(max(0.0, begin + nth / A_SECOND - time.perf_counter()))
            validate(store, book.book_id, draft)
            answered = time.perf_counter()
            head = store.head(book.book_id).size
            while engine.position(book.book_id) < head:
                time.sleep(0.0002)
            took.append((time.perf_counter() - answered) * 1000)
        engine.stop()
    took.sort()
    done = f"{A_SECOND} commands a second"
    yield Figure(
        what=f"answer to visible, p50, {done}", ours=median(took), unit="ms", most=5, load=load()
    )
    slowest = took[int(len(took) * 0.99)]
    yield Figure(what=f"answer to visible, p99, {done}", ours=slowest, unit="ms", most=50)
