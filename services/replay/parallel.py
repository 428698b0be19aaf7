"""Books loaded by several processes, each with its own connection: a book is a unit of its own."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from uuid import UUID

from projections.registers import REGISTERS
from services.replay.bulk import Loader
from services.replay.connection import connect
from services.replay.place import Place
from services.replay.source import Source

SHARES = 8
"""Shares of the books for each process, so that none waits long for the last one."""


def load_books(
    url: str, processes: int, places: Sequence[Place], books: Mapping[UUID, int]
) -> Iterator[UUID]:
    """Loads books up to a position each; gives each one when its share is done.

    The registers must be among REGISTERS, for other processes know no others.
    """
    longest_first = sorted(books, key=lambda book_id: -books[book_id])
    count = min(len(books), processes * SHARES)
    shares = [{each: books[each] for each in longest_first[i::count]} for i in range(count)]
    names = [(place.name, place.schema) for place in places]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        try:
            for done in as_completed([pool.submit(_load, url, names, each) for each in shares]):
                yield from done.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _load(url: str, names: Sequence[tuple[str, str]], books: dict[UUID, int]) -> list[UUID]:
    known = {register.name: register for register in REGISTERS}
    places = [Place(known[name], schema) for name, schema in names]
    with connect(url) as conn:
        return list(Loader(conn, places).load_books(Source(), books))
