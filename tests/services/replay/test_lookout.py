"""The lookout finds what is behind without asking the whole shelf each time."""

import re
from datetime import UTC, datetime
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from projections.registers import REGISTERS
from services.audit.seal_keeper import LATELY
from services.replay.connection import Replaying, connect
from services.replay.engine import Engine
from services.replay.lookout import Lookout, RegistersBehind
from services.replay.place import live
from services.store.store import Store
from tests.books import make_book, write_book

MANY_BOOKS = """
INSERT INTO book (book_id, size, chain, last_recorded_at)
SELECT gen_random_uuid(), 1, sha256('a'), now() - interval '1 day' FROM generate_series(1, 300)
"""


class Rarely(RegistersBehind):
    """Counts the looks at the whole shelf, and makes each look long."""

    wholes = 0

    def all(self, conn: Replaying) -> list[UUID]:
        self.wholes += 1
        conn.execute("SELECT pg_sleep(0.05)")
        return super().all(conn)


@pytest.fixture
def book(store: Store) -> str:
    return write_book(store, make_book(1, 40))


def test_a_short_look_finds_what_grew_and_what_was_behind_before(
    store: Store, engine: Engine, url: str, book: str
) -> None:
    with engine.batcher():  # makes the registers' tables
        pass
    questions, lookout = Rarely(list(map(live, REGISTERS))), Lookout()
    with connect(url) as conn:
        assert lookout.look(conn, questions) == [UUID(book)]
        assert lookout.look(conn, questions) == [UUID(book)]
        engine.run_to_head(book)
        assert lookout.look(conn, questions) == []
        later = write_book(store, make_book(2, 20))
        assert lookout.look(conn, questions) == [UUID(later)]
        engine.run_to_head(later)
        assert lookout.look(conn, questions) == [] == engine.behind()
    assert questions.wholes == 1


def test_both_questions_agree_on_parked_and_missing_registers(
    engine: Engine, url: str, book: str
) -> None:
    engine.run_to_head(book)
    with engine.batcher() as batcher, connect(url) as conn:
        first, second, *_ = map(live, REGISTERS)
        since = conn.execute("SELECT now() - interval '1 hour'").fetchall()[0][0]

        def asked() -> tuple[list[UUID], list[UUID]]:
            return batcher.behind(), batcher.questions.lately(conn, since, [])

        assert asked() == ([], [])
        conn.execute(f"DELETE FROM {first.cursor.as_string()}".encode())
        assert asked() == ([UUID(book)], [UUID(book)])
        batcher.park(UUID(book), first.name, 1, "a fault")
        assert asked() == ([], [])
        conn.execute(f"UPDATE {second.about.as_string()} SET digest = ''".encode())
        conn.execute(f"DELETE FROM {second.cursor.as_string()}".encode())
        assert asked() == ([], [])  # other code made it: it waits for a rebuild
        batcher.unpark(None)
        assert asked() == ([UUID(book)], [UUID(book)])


def test_a_short_look_walks_the_index_of_the_books_that_grew(engine: Engine, url: str) -> None:
    """Without statistics too: its time does not grow with the shelf."""
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(MANY_BOOKS)
    with engine.batcher() as batcher, connect(url) as conn:
        for statement in (batcher.questions.short, sql.SQL(LATELY)):
            asked = {"since": datetime.now(UTC), "also": []}
            plan = conn.execute(sql.SQL("EXPLAIN {}").format(statement), asked).fetchall()
            text = "\n".join(row[0] for row in plan)
            assert "book_grown" in text
            assert not re.search(r"Seq Scan on book\b", text), text
