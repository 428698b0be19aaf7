"""A register of a book that exists nowhere but in a scratch place, to be asked like a live one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from psycopg import Connection

from domain.book.event import Recorded
from projections.register import Register
from services.replay.as_of import loaded
from services.replay.connection import connect


@contextmanager
def asked_of(
    url: str, register: Register, facts: Sequence[Recorded]
) -> Iterator[tuple[Connection[Any], str]]:
    """A connection that sees the register of these events, and the id of their book."""
    book = facts[0].book_id
    with connect(url) as conn, loaded(conn, [register], book, facts) as scratch:
        yield scratch, book
