"""`paraphe rebuild` and `paraphe registers` as a person types them: words, exit codes, streams."""

import json
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from api.cli.root import build
from projections.registers import REGISTERS
from services.replay.engine import Engine
from services.store.datastore import BookDatastore
from services.store.store import Store
from tests.books import make_book, write_book

BACK = ("unpaid", "--rollback", "--company", "any")
KNOWN = [register.name for register in REGISTERS]


class Typed:
    """Commands typed at a database of their own."""

    def __init__(self, url: str, books: list[str]) -> None:
        self.url = url
        self.books = books

    def run(self, *words: str, code: int = 0) -> str:
        """What a command prints; its exit code must be `code`, and stderr is empty if it is 0."""
        done = CliRunner().invoke(
            build([words[0]]), list(words), env={"PARAPHE_DATABASE_URL": self.url}
        )
        assert done.exit_code == code, (done.stdout, done.stderr, done.exception)
        assert code or done.stderr == ""
        return done.stdout if code in (0, 5) else done.stderr

    def json(self, *words: str, code: int = 0) -> Any:
        """The one JSON document that a command prints."""
        return json.loads(self.run(*words, "--json", code=code))

    def execute(self, statement: str) -> list[Any]:
        """Runs a statement as the owner."""
        with psycopg.connect(self.url) as conn:
            found = conn.execute(statement.encode())
            return found.fetchall() if found.description else []


@pytest.fixture
def typed(fresh_database_url: str) -> Iterator[Typed]:
    """A database with two books, taken in."""
    store, engine = Store(BookDatastore(fresh_database_url)), Engine(fresh_database_url)
    books = [write_book(store, make_book(seed, 60)) for seed in (61, 62)]
    for book in books:
        engine.run_to_head(book)
    yield Typed(fresh_database_url, books)
    engine.stop()
    store.close()


def test_registers_are_listed(typed: Typed) -> None:
    states = typed.json("registers")
    assert [state["name"] for state in states] == KNOWN
    [unpaid] = [state for state in states if state["name"] == "unpaid"]
    tables = (row.table for each in REGISTERS if each.name == "unpaid" for row in each.rows)
    rows = sum(typed.execute(f"SELECT count(*) FROM unpaid.{table}")[0][0] for table in tables)
    [(events,)] = typed.execute("SELECT sum(size) FROM book")
    assert (unpaid["rows"], unpaid["position"], unpaid["lag"]) == (rows, int(events), 0)
    assert len(unpaid["digest"]) == 64
    words = typed.run("registers")
    assert "last rebuild" in words
    assert unpaid["built_at"][:10] in words


def test_a_rebuild_by_name_for_all_and_back(typed: Typed) -> None:
    assert "unpaid: 12" in typed.run("rebuild", "unpaid", "history", "--batch", "20")
    assert "in place" in typed.run("rebuild", "--all", "--from-scratch", "--processes", "2")
    assert typed.run("rebuild", "unpaid", "--rollback") == "rolled back: unpaid\n"
    for words in (
        (),
        ("nothing",),
        ("unpaid", "--all"),
        ("unpaid", "--max-duration", "soon"),
        BACK,
    ):
        typed.run("rebuild", *words, code=2)
    assert "0 companies answer" in typed.run("rebuild", "unpaid", "-c", "Nobody", code=2)


def test_differences_come_with_their_events_and_exit_code_5(typed: Typed) -> None:
    typed.execute("UPDATE unpaid.open_item SET open = open + 1")
    [outcome] = typed.json("rebuild", "unpaid", "--dry-run", code=5)
    first = outcome["comparison"]["first"][0]
    assert first["live"]["open"] == first["rebuilt"]["open"] + 1
    assert first["events"][0]["type"] == "entry.posted.v1"
    words = typed.run("rebuild", "unpaid", "--compare", code=5)
    assert f"written by {first['events'][0]['position']} entry.posted.v1" in words
    assert "the live register stays" in words
    before = typed.execute(f"SELECT * FROM unpaid.open_item WHERE book_id = '{typed.books[1]}'")
    typed.run("rebuild", "unpaid", "--company", typed.books[0])
    [outcome] = typed.json("rebuild", "unpaid", "--dry-run", "-c", typed.books[0])
    assert outcome["books"] == 1
    assert before == typed.execute(
        f"SELECT * FROM unpaid.open_item WHERE book_id = '{typed.books[1]}'"
    )
    typed.run("rebuild", "unpaid")
    typed.run("rebuild", "unpaid", "--dry-run")


def test_refusals_have_their_exit_codes(typed: Typed) -> None:
    assert "there is no older edition" in typed.run("rebuild", "unpaid", "--rollback", code=1)
    words = typed.run("rebuild", "--all", "--max-duration", "0s", code=4)
    assert "the next rebuild goes on from there" in words
    with psycopg.connect(typed.url) as conn:
        conn.execute("SELECT pg_advisory_lock(hashtextextended('paraphe.rebuild.unpaid', 0))")
        assert "another rebuild of unpaid is running" in typed.run("rebuild", "unpaid", code=11)
    typed.execute("UPDATE unpaid.unpaid_about SET digest = 'other'")
    assert "its version is still" in typed.run("rebuild", "unpaid", code=1)
    assert "made by other code: rebuild" in typed.run("registers")
