"""Properties of the registers over random books: they add up, whatever the way they were made."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.book.event import Event
from domain.ledger.entry import EntryPosted
from projections.archives import ArchivedDocument
from projections.history import HistoryLine
from projections.registers import REGISTERS
from projections.unpaid import OpenItem, Settlement
from services.replay.as_of import loaded
from services.replay.batch import Batcher
from services.replay.connection import connect
from services.replay.engine import Engine
from services.replay.passes import LiveBook
from services.store.datastore import BookDatastore
from services.store.migrations import migrate
from services.store.store import Store
from tests.books import make_book, recorded, write_book
from tests.registers import in_memory, stored

books = st.builds(make_book, st.integers(0, 10**9), st.integers(10, 250))
CONTROL = {"411000", "401000"}


def control_balances(events: list[Event]) -> dict[Any, int]:
    """Debit minus credit of every control account, third party and currency, from the entries."""
    balances = defaultdict[Any, int](int)
    for event in events:
        if isinstance(event, EntryPosted):
            for line in event.lines:
                if line.account in CONTROL:
                    key = line.account, line.party, event.currency
                    balances[key] += line.debit - line.credit
    return balances


@given(books)
def test_history_and_unpaid_add_up_to_the_control_accounts(events: list[Event]) -> None:
    """Σ history per third party = control account; Σ unpaid = Σ open balances."""
    tables = in_memory(recorded(events))
    history, unpaid = defaultdict[Any, int](int), defaultdict[Any, int](int)
    for line in tables["history_line"].values():
        assert isinstance(line, HistoryLine)
        history[line.account, line.party, line.currency] += line.debit - line.credit
    for item in tables["open_item"].values():
        assert isinstance(item, OpenItem)
        unpaid[item.account, item.party, item.currency] += item.open
    assert history == unpaid == control_balances(events)


@given(books)
def test_nothing_is_settled_beyond_its_amount(events: list[Event]) -> None:
    tables = in_memory(recorded(events))
    taken = defaultdict[Any, int](int)
    for row in tables["open_item_settlement"].values():
        assert isinstance(row, Settlement)
        taken[row.entry, row.line] += row.amount
    unsettled = defaultdict[Any, int](int)
    for key, item in tables["open_item"].items():
        assert isinstance(item, OpenItem)
        assert item.open == item.amount - taken[key]
        assert abs(item.open) <= abs(item.amount)
        assert item.open * item.amount >= 0
        unsettled[item.entry] += abs(item.open)
    for document in tables["archive_document"].values():
        assert isinstance(document, ArchivedDocument)
        assert (document.unsettled or 0) == unsettled[document.entry]


@given(books)
def test_archives_hold_each_entry_once(events: list[Event]) -> None:
    posted = {n for n, event in enumerate(events, 1) if isinstance(event, EntryPosted)}
    assert set(in_memory(recorded(events))["archive_document"]) == posted


@pytest.fixture(scope="module")
def url(database_url: str) -> str:
    """The worker's database, with the right to make schemas."""
    migrate(database_url)
    return database_url


@pytest.fixture(scope="module")
def store(url: str) -> Iterator[Store]:
    """A store on it."""
    opened = Store(BookDatastore(url))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def engine(url: str) -> Iterator[Engine]:
    """An engine moved by hand."""
    made = Engine(url)
    yield made
    made.stop()


def in_steps(batcher: Batcher, book: str, sizes: Callable[[], int]) -> None:
    """Brings a book to its head in batches of these sizes."""
    while LiveBook(batcher, UUID(book), sizes()).step():
        pass


@settings(max_examples=15)
@given(st.data(), books)
def test_every_way_gives_the_same_tables(
    url: str, store: Store, engine: Engine, data: st.DataObject, events: list[Event]
) -> None:
    """Goal: batches of random sizes, memory, and a bulk load agree row by row. Method: all three
    on real tables; rebuild and live together are compared in test_rebuild."""
    book = write_book(store, events)
    size = st.one_of(st.just(1), st.integers(1, 80))
    sizes = cycle(data.draw(st.lists(size, min_size=1, max_size=20)))
    with engine.batcher() as batcher:
        in_steps(batcher, book, lambda: next(sizes))
    expected = in_memory(list(store.read(book)))
    assert stored(url, book) == expected
    exported = str(uuid4())
    with connect(url) as conn, loaded(conn, REGISTERS, exported, recorded(events)) as scratch:
        for table, rows in expected.items():
            [count] = scratch.execute(f"SELECT count(*) FROM {table}").fetchall()
            assert count == (len(rows),)
