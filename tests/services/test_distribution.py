"""The schema can be distributed by book: every key and every statement of the hot path names it."""

import re
from datetime import UTC, datetime

import psycopg
import pytest

from projections import archives_view, history_view, unpaid_view, vat_view
from projections.registers import REGISTERS
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.replicas import POSITION
from services.store import statements
from services.store.datastore import BookDatastore
from services.store.store import Store
from tests.benchmarks.commands import pay, validate
from tests.benchmarks.long_books import Calendar, LongBook
from tests.faults.proxy import Proxy

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


HAVING_BOOKS = """
SELECT table_name FROM information_schema.columns
WHERE column_name = 'book_id' AND table_schema = ANY(%s)
"""
WRITTEN = re.compile(r'\b(?:INSERT INTO|COPY) ("?\w+"?\.)?"?(\w+)"?(?: AS \w+)? \("?(\w+)"?')
READ = re.compile(r'\b(?:(?<!INSERT )INTO|FROM|JOIN|UPDATE) (?:"?\w+"?\.)?"?(\w+)"?')
BY_PLACE = re.compile(r'^(?:DELETE FROM|UPDATE) "?\w+"?\."?\w+"?(?= .*\bctid = )')
"""The one exception, told in ADR 0011: rows found by their book, then named by their place."""
CONDITION = re.compile(r"\bbook_id = (?:\$\d+|%\(book\)s|\w+\.book_id)")
NAMED = re.compile(r"\bbook_id = (?:\$\d+|%\(book\)s)")


def test_every_table_is_of_a_book_or_of_the_installation(database: psycopg.Connection) -> None:
    """Goal: a new table without book_id is found, and has to be a reference table knowingly."""
    with database:
        every = database.execute(
            "SELECT table_name FROM information_schema.tables "
            "WHERE table_schema = ANY(%s) AND table_type = 'BASE TABLE'",
            (SCHEMAS,),
        ).fetchall()
        having = set(database.execute(HAVING_BOOKS, (SCHEMAS,)).fetchall())
    others = {name for (name,) in set(every) - having if not is_about(name)}
    assert others == OF_NO_BOOK


def test_the_hot_path_reaches_each_table_by_its_book(fresh_database_url: str) -> None:
    """Goal: as a distributed database routes them, statements go to the one node of their book.

    Method: a proxy notes what commands, a live batch and pages really send; every reading of a
    book's table stands beside a `book_id = …` of its own, every writing begins with book_id.
    """
    noted, tables = on_the_wire(fresh_database_url)
    assert len(noted) > 40
    assert [text for text in noted if astray(text, tables)] == []


def astray(text: str, tables: set[str]) -> bool:
    """Whether a statement reaches a book's table without naming the book there."""
    written = WRITTEN.findall(text)
    if any(first != "book_id" for _, table, first in written if table in tables):
        return True
    read = [table for table in READ.findall(BY_PLACE.sub("", text)) if table in tables]
    if read and not NAMED.search(text):
        return True
    return len(read) > len(CONDITION.findall(text))


def on_the_wire(url: str) -> tuple[list[str], set[str]]:
    """The statements of the hot path, and the tables that have books in them."""
    with Proxy(url) as proxy:
        store, engine = Store(BookDatastore(proxy.url)), Engine(proxy.url)
        readers = Readers(proxy.url)
        book = LongBook(store, Calendar(), customers=2)
        book.live(100, still_open=10)
        engine.run_to_head(book.book_id)  # makes the tables, which is nobody's hot path
        for draft in book.draft(2):
            validate(store, book.book_id, draft)
        proxy.statements.clear()
        for draft in book.draft(2):
            validate(store, book.book_id, draft)
        pay(store, book.book_id, book.still_owed()[0])
        engine.run_to_head(book.book_id)
        engine.position(book.book_id)
        look(readers, book.book_id)
        noted = sorted({" ".join(text.split()) for text in proxy.statements})
        for opened in (engine.stop, readers.close, store.close):
            opened()
    with psycopg.connect(url) as conn:
        tables = {name for (name,) in conn.execute(HAVING_BOOKS, (SCHEMAS,))}
        return [*noted, POSITION.as_string(conn)], tables


def look(readers: Readers, book: str) -> None:
    """Asks each kind of question once."""
    today = datetime.now(UTC).date()
    with readers.of(book) as conn:
        unpaid_view.list_items(conn, book, unpaid_view.UnpaidFilter(), limit=10)
        unpaid_view.summarise(conn, book, unpaid_view.UnpaidFilter())
        unpaid_view.age(conn, book, unpaid_view.UnpaidFilter(), on=today)
        archives_view.list_documents(conn, book, archives_view.ArchiveFilter(), limit=10)
        archives_view.summarise(conn, book, archives_view.ArchiveFilter())
        history_view.list_lines(conn, book, history_view.HistoryFilter(), limit=10)
        history_view.balance_parties(conn, book, history_view.HistoryFilter())
        vat_view.list_details(conn, book, vat_view.VatFilter(), limit=10)
        vat_view.total_rates(conn, book, vat_view.VatFilter())
