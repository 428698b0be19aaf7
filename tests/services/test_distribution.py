"""The schema can be distributed by book: every key and every statement of the hot path names it."""

import re

import psycopg
import pytest

from projections.registers import REGISTERS
from services.replay.engine import Engine
from services.store import statements

# What belongs to the installation, not to a book: reference tables in a distributed database.
OF_NO_BOOK = {"migration", "installation", "api_key", "cursor_secret", "key_encryption_key"}

KEYS = """
SELECT n.nspname, t.relname, c.conname, c.contype::text, a.attname
FROM pg_constraint c
JOIN pg_class t ON t.oid = c.conrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
WHERE c.contype IN ('p', 'u', 'f') AND n.nspname = ANY(%s) AND NOT t.relispartition
"""

UNIQUE_INDEXES = """
SELECT n.nspname, t.relname, i.relname, a.attname
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid
JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
WHERE x.indisunique AND n.nspname = ANY(%s) AND NOT t.relispartition
"""

SCHEMAS = ["public", *(register.name for register in REGISTERS)]
HOT_PATH = {
    name: text
    for name, text in vars(statements).items()
    if name.isupper() and isinstance(text, str) and name not in ("CLOCK", "NOTIFY")
}


@pytest.fixture
def database(fresh_database_url: str) -> psycopg.Connection:
    """A database with every table there is, those of the registers included."""
    engine = Engine(fresh_database_url)
    engine.behind()
    engine.stop()
    return psycopg.connect(fresh_database_url)


def test_every_key_begins_with_the_book(database: psycopg.Connection) -> None:
    with database:
        found = database.execute(KEYS, (SCHEMAS,)).fetchall()
        found += [
            (schema, table, index, "unique index", first)
            for schema, table, index, first in database.execute(UNIQUE_INDEXES, (SCHEMAS,))
        ]
    of_books = [row for row in found if row[1] not in OF_NO_BOOK and not is_about(row[1])]
    elsewhere = [row for row in of_books if row[4] != "book_id" and not names_no_book(row)]
    assert len(of_books) > 20
    assert elsewhere == []


def is_about(table: str) -> bool:
    """A register's one row about its own code."""
    return table.endswith("_about")


def names_no_book(row: tuple[str, str, str, str, str]) -> bool:
    """A foreign key from a book's table to one of the installation: a key to a reference table."""
    return row[3] == "f" and row[4] == "key_id"


@pytest.mark.parametrize("name", HOT_PATH)
def test_every_statement_of_the_hot_path_names_the_book(name: str) -> None:
    assert re.search(r"%\(book\)s", HOT_PATH[name]), f"{name} reaches more than one book"
