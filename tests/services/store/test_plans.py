"""Every statement of the pen has one good plan, whatever PostgreSQL knows of the book.

Method: a book of 20,000 events among others in the same partition, never analysed. Each statement
of `services/store/statements.py` is prepared on a connection of the pen, in the application's
role, so that its plan is the generic one that commands use, and is explained while it runs.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection, sql

from services.store import statements
from services.store.datastore import BookDatastore
from services.store.store import Store

EVENTS = 20_000
STATEMENTS = {name: text for name, text in vars(statements).items() if name.isupper()}

# The index by which each statement finds its rows ("N" stands for the partition); none for those
# that read no table. A new statement has to be entered here.
BOOK, EVENT, TAG = "book_pkey", "event_N_pkey", "event_tag_N_pkey"
COMMAND, FILE = "event_N_book_id_command_id_ordinal_idx", "file_N_pkey"
BAD = {"Seq Scan", "Sort", "Incremental Sort", "Hash Join", "Merge Join", "Bitmap Heap Scan"}
INDEXES: dict[str, set[str]] = {
    "ENTER": set(),
    "LOCK": {BOOK},
    "HEAD": {BOOK},
    "CLOCK": set(),
    "FIRST_OF_COMMANDS": {COMMAND},
    "OF_COMMAND": {COMMAND},
    "OF_TAGS": {TAG, EVENT},
    "NEWEST_OF_TAGS": {TAG, EVENT},
    "NEWEST_OF_TAG": {TAG, EVENT},
    "AT": {EVENT},
    "PAGE": {EVENT},
    "LEAVES": {EVENT},
    "APPEND": {BOOK},
    "KEEP_SUBTREES": set(),
    "KEEP": set(),
    "FILE": {FILE},
    "OPEN": set(),
    "NOTIFY": set(),
}


@pytest.fixture(scope="module")
def database(server_url: Any, template_database: str) -> Iterator[str]:
    """A database of its own, kept from being analysed behind our back."""
    from tests.databases import TestRun

    with TestRun.joined().database(server_url, None, template_database) as url:
        with psycopg.connect(url) as conn:
            off = sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = off)")
            for table in ("book", "event_3", "event_tag_3"):
                conn.execute(off.format(sql.Identifier(table)))
        yield url


FILL = """
WITH made AS (
    INSERT INTO book (book_id, size, chain, last_recorded_at)
    VALUES (%(book)s, %(events)s, sha256(''), now()) RETURNING book_id
)
INSERT INTO event
SELECT book_id, n, now(), 't', CASE WHEN n %% 2 = 0 THEN 'S' END, CASE WHEN n %% 2 = 0 THEN n END,
    'c' || n / 2, n %% 2, sha256(''), sha256(''), decode(repeat('00', 600), 'hex')
FROM made, generate_series(1, %(events)s) AS n
"""
FILL_TAGS = """
INSERT INTO event_tag SELECT %(book)s, tag, n, nth
FROM generate_series(1, %(events)s) AS n, LATERAL (VALUES
    ('all', 0), ('entity:' || n / 3, 1), (CASE WHEN n %% 200 = 0 THEN 'hundred' END, 2)
) AS t (tag, nth) WHERE tag IS NOT NULL
"""


@pytest.fixture(scope="module")
def long_book(database: str) -> str:
    """The longest of six books in one partition."""
    with psycopg.connect(database) as conn:
        books = [same_partition(conn) for _ in range(6)]
        for book, events in zip(books, [EVENTS, *[2_000] * 5], strict=True):
            conn.execute(FILL, {"book": book, "events": events})
            conn.execute(FILL_TAGS, {"book": book, "events": events})
    return books[0]


def same_partition(conn: Connection[Any]) -> str:
    """A new book id that falls into partition 3."""
    while True:
        book = str(uuid4())
        falls = "SELECT satisfies_hash_partition('event'::regclass, 8, 3, %s::uuid)"
        if conn.execute(falls, [book]).fetchone() == (True,):
            return book


@pytest.fixture
def pen(database: str, long_book: str) -> Iterator[Connection[Any]]:
    """A connection of the pen that has entered the long book."""
    store = Store(BookDatastore(database))
    with store.entered(long_book) as conn:
        yield conn
    store.close()


def values(book: str) -> dict[str, Any]:
    """A value for every parameter of every statement."""
    position, digest = EVENTS + 1, b"\0" * 32
    read = {"tag": "entity:7", "tags": ["entity:7", "entity:8"], "command": "c5", "upto": EVENTS}
    page = {"after": 15_000, "limit": 10, "positions": [position], "commands": ["c5", "c6"]}
    head = {"old_size": EVENTS, "size": position, "chain": digest, "frontier": digest}
    event = {"recorded_at": "infinity", "types": ["t"], "series": ["S"], "numbers": [position]}
    more = {"ordinals": [0], "leaves": [digest], "chains": [digest], "bodies": [b"{}"]}
    tagged = {"tagged": [position] * 2, "nths": [0, 1], "books": [book]}
    trees = {"levels": [8], "hashes": [digest]}
    file = {"digest": "0" * 64, "media_type": "t", "name": "n", "content": b"c"}
    return {"book": book, **read, **page, **head, **event, **more, **tagged, **trees, **file}


OWN: dict[str, dict[str, Any]] = {
    "LEAVES": {"upto": 10},
    "APPEND": {"commands": ["new"]},
    "KEEP_SUBTREES": {"nths": [0]},
}


def explained(pen: Connection[Any], text: str, given: dict[str, Any]) -> dict[str, Any]:
    """The plan of a statement as it runs prepared, with what it read."""
    names = list(dict.fromkeys(re.findall(r"%\((\w+)\)[sb]", text)))
    numbered = re.sub(r"%\((\w+)\)[sb]", lambda found: f"${names.index(found[1]) + 1}", text)
    types = ", ".join(type_of(given[name]) for name in names)
    pen.execute("DEALLOCATE ALL")
    prepare = f"PREPARE it ({types}) AS {numbered}" if names else f"PREPARE it AS {numbered}"
    pen.execute(prepare.encode(), prepare=False)
    arguments = sql.SQL(", ").join(sql.Literal(given[name]) for name in names)
    execute = sql.SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE it")
    if names:
        execute += sql.SQL("({})").format(arguments)
    with pen.transaction(force_rollback=True):
        ((plans,),) = pen.execute(execute, prepare=False).fetchall()
    whole: dict[str, Any] = plans[0]["Plan"]
    return whole


def type_of(value: object) -> str:
    """The type that psycopg gives a value of that kind: the smallest integer, untyped text."""
    match value:
        case int():
            return "smallint" if value < 2**15 else "integer" if value < 2**31 else "bigint"
        case bytes():
            return "bytea"
    return "unknown"


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A node of a plan and all that are under it."""
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def buffers(plan: dict[str, Any]) -> int:
    """How many pages a statement touched."""
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


def test_every_statement_is_looked_at() -> None:
    assert set(INDEXES) == set(STATEMENTS)


def wrong_with(plan: dict[str, Any], indexes: set[str]) -> list[str]:
    """What a plan does that a statement of the pen must not do."""
    found = list(nodes(plan))
    scans = [node for node in found if "Index Name" in node]
    used = {re.sub(r"_[0-7]_", "_N_", node["Index Name"]) for node in scans}
    elsewhere = {scan["Relation Name"] for scan in scans} - {"book", "event_3", "event_tag_3"}
    filtered = sum(node.get("Rows Removed by Filter", 0) for node in found)
    says = {
        f"node {node['Node Type']}": node["Node Type"] in BAD or bool(node.get("Workers Planned"))
        for node in found
    }
    says[f"indexes {used}"] = used != indexes
    says[f"partitions {elsewhere}"] = bool(elsewhere - {"file_3"})
    says[f"{filtered} rows read and thrown away"] = filtered > 0
    says[f"{buffers(plan)} pages"] = buffers(plan) > 60
    return [complaint for complaint, holds in says.items() if holds]


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_a_statement_reads_by_its_index_and_little(
    pen: Connection[Any], long_book: str, name: str
) -> None:
    given = {**values(long_book), **OWN.get(name, {})}
    explained(pen, STATEMENTS[name], given)  # the first time also reads the catalogue
    plan = explained(pen, STATEMENTS[name], given)
    assert wrong_with(plan, INDEXES[name]) == [], json.dumps(plan, indent=1)


PLANTED = {
    "reads the whole book": "SELECT body FROM event WHERE book_id = %(book)s AND type = %(tag)s",
    "reads every tag": "SELECT tag FROM event_tag WHERE book_id = %(book)s AND position = %(upto)s",
    "sorts": "SELECT position FROM event WHERE book_id = %(book)s ORDER BY recorded_at LIMIT 1",
}


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED.keys())
def test_a_bad_statement_would_be_found(pen: Connection[Any], long_book: str, planted: str) -> None:
    plan = explained(pen, planted, values(long_book))
    used = {TAG} if "event_tag" in planted else {EVENT}
    assert wrong_with(plan, used) != []


@pytest.mark.parametrize("name", ["NEWEST_OF_TAG", "NEWEST_OF_TAGS"])
def test_the_newest_of_a_tag_costs_the_same_at_100_and_20000_events(
    pen: Connection[Any], long_book: str, name: str
) -> None:
    costs = []
    for tag in ("hundred", "all"):
        given = {**values(long_book), "tag": tag, "tags": [tag]}
        explained(pen, STATEMENTS[name], given)
        costs.append(buffers(explained(pen, STATEMENTS[name], given)))
    assert costs[0] == costs[1]
