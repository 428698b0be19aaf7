"""A small book with every kind of column filled, for the checks to look at."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from uuid import uuid4

import pytest

from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted
from services.store.datastore import BookDatastore
from services.store.pen import Command, Pen
from services.store.store import Store

DAY = date(2026, 3, 3)
ORIGINAL = b"the original"


@pytest.fixture
def store(fresh_database_url: str) -> Iterator[Store]:
    """A store on a database of its own: these tests break what they look at."""
    opened = Store(BookDatastore(fresh_database_url))
    yield opened
    opened.close()


@pytest.fixture
def book(store: Store) -> str:
    """A book of ten commands, two numbered entries each, and one kept file."""
    book_id = str(uuid4())
    store.open_book(book_id)
    for nth in range(10):
        write_entries(store, book_id, nth)
    return book_id


def write_entries(store: Store, book_id: str, nth: int) -> None:
    """One command that posts two entries and keeps a file."""

    def decide(pen: Pen) -> None:
        pen.append([entry(2 * nth + 1), entry(2 * nth + 2)])
        pen.keep(ORIGINAL, "text/plain", "original.txt")

    store.write(book_id, Command(id=f"command {nth}", actor="tester"), decide, lambda _: None)


def entry(number: int) -> EntryPosted:
    """A balanced entry under a number."""
    return EntryPosted(
        journal="OD",
        series="entry:OD:2026",
        number=number,
        date=DAY,
        label="Écriture d'essai",
        currency="EUR",
        document=DocumentReference(
            kind="entry",
            id=f"ent_{number}",
            number=str(number),
            issue_date=DAY,
            files=(sha256(ORIGINAL).hexdigest(),),
        ),
        lines=(
            EntryLine(account="512000", debit=100 * number),
            EntryLine(account="471000", credit=100 * number),
        ),
    )
