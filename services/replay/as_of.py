"""What was known at a moment: one book replayed up to there, asked with the same queries, gone.

The scratch place is a schema made in a transaction that is never committed: nothing can be left
behind, whatever happens, and nobody else ever sees it. An exported book is loaded the same way.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection, sql

from domain.book.event import Recorded
from projections.register import Register
from projections.registers import asked_with
from services.replay import schema
from services.replay.batch import claim
from services.replay.bulk import Loader
from services.replay.connection import Replaying
from services.replay.place import Place
from services.replay.source import Source

AS_THE_APPLICATION = """
SET LOCAL ROLE paraphe_app; SET LOCAL plan_cache_mode = auto;
SET LOCAL enable_sort = on; SET LOCAL enable_incremental_sort = on
"""
Moment = int | datetime
"""A position of the book, or a recorded time: the last event up to it is the last one known."""


@contextmanager
def known_at(
    conn: Replaying,
    source: Source,
    registers: Sequence[Register],
    book_id: str,
    moment: Moment,
) -> Iterator[Connection[Any]]:
    """The registers of a book as they stood at a moment; use the connection for queries only."""
    registers = asked_with(registers)
    book, source = UUID(book_id), source.narrowed(registers)
    upto = moment if isinstance(moment, int) else source.position_at(conn, book, moment)
    with loaded(conn, registers, book_id, source.stream(conn, book, upto)) as scratch:
        yield scratch


@contextmanager
def loaded(
    conn: Replaying, registers: Sequence[Register], book_id: str, facts: Iterable[Recorded]
) -> Iterator[Connection[Any]]:
    """Registers made of these events alone: a book that was exported, or cut short.

    Beside them what their questions read too. The queries run as the application and see this book;
    the connection is as before afterwards.
    """
    name = f"scratch_{uuid4().hex}"
    with conn.transaction(force_rollback=True):
        schema.make_schema(conn, name)
        places = [Place(register, name) for register in asked_with(registers)]
        for place in places:
            schema.create_tables(conn, place, logged=False)
        position = Loader(conn, places).load(UUID(book_id), facts)
        for place in places:
            claim(conn, place, UUID(book_id), position)
            schema.finish_tables(conn, place)
        conn.execute(
            sql.SQL(f"SET LOCAL search_path = {{}}; {AS_THE_APPLICATION}").format(
                sql.Identifier(name)
            ),
            prepare=False,
        )
        conn.execute("SELECT set_config('paraphe.book_id', %s, true)", (book_id,))
        yield conn
