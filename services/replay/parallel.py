"""Books loaded by several processes: a share of the books at a time goes to whoever is free.

This process takes its part.
"""

from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from queue import SimpleQueue
from uuid import UUID

from services.replay.bulk import IN_MEMORY, Loader
from services.replay.connection import connect
from services.replay.mate import Failed, Mate, Share, Task
from services.replay.place import Place
from services.replay.source import Source

SHARE = 10_000
"""Events given to a process at once: books are short, and asking for each would take time."""

Done = SimpleQueue[UUID | Failed]


def load_books(
    url: str,
    processes: int,
    places: Sequence[Place],
    books: Mapping[UUID, int],
    cap: int = IN_MEMORY,
) -> Generator[UUID, None, None]:
    """Loads books up to a position each; gives each one when it is done."""
    shares, done = deque(_shares(books)), Done()
    task = Task(url=url, places=places, cap=cap)
    with ExitStack() as stack:
        mates = [
            stack.enter_context(Mate(task, shares, done.put))
            for _ in range(min(processes, len(shares)) - 1)
        ]
        conn, reader = (stack.enter_context(connect(url)) for _ in range(2))
        for mate in mates:
            mate.start()
        loader, source = Loader(conn, places, cap, reader), Source()
        with suppress(IndexError):  # a mate took the last share
            while shares:
                for book_id in loader.load_books(source, shares.popleft()):
                    yield book_id
                    yield from _so_far(done)
        for mate in mates:
            mate.wait()
        yield from _so_far(done)


def _shares(books: Mapping[UUID, int]) -> Iterator[Share]:
    """The books in shares of about as many events, those with the longest book first."""
    share: Share = {}
    for book_id, upto in sorted(books.items(), key=lambda each: -each[1]):
        share[book_id] = upto
        if sum(share.values()) >= SHARE:
            yield share
            share = {}
    if share:
        yield share


def _so_far(done: Done) -> Iterator[UUID]:
    while not done.empty():
        each = done.get()
        if isinstance(each, Failed):
            raise each
        yield each
