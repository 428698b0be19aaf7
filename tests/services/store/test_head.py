"""The head row follows from the stored bytes after any appends, and mends its frontier."""

from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.store.head import Unsound
from services.store.pen import Command, Pen
from services.store.store import Store
from tests.faults.soundness import complete, peaks, sound_rows
from tests.services.store.slips import NoteTaken, note, nothing

TEXT = st.text(st.characters(codec="ascii"), max_size=20)
TAGS = st.lists(st.sampled_from(["a", "b", "c é", "d"]), max_size=3).map(tuple)
NOTES = st.builds(NoteTaken, text=TEXT, about=TAGS)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(commands=st.lists(st.lists(NOTES, min_size=1, max_size=9), max_size=9))
def test_the_head_is_what_the_stored_bytes_give(
    store: Store, commands: list[list[NoteTaken]]
) -> None:
    book = str(uuid4())
    store.open_book(book)
    for nth, notes in enumerate(commands):

        def append(pen: Pen, notes: list[NoteTaken] = notes) -> None:
            pen.append([*notes])

        store.write(book, Command(id=str(nth), actor="u"), append, nothing)
    rows = sound_rows(store.datastore.url, book)
    assert len(rows) == store.head(book).size == sum(map(len, commands))
    if rows:
        assert store.head(book).root == naive_root([row.leaf for row in rows])


def naive_root(leaves: list[bytes]) -> bytes:
    """The tree head: the peaks folded from the right."""
    from hashlib import sha256

    *rest, root = peaks(leaves)
    for peak in reversed(rest):
        root = sha256(b"\x01" + peak + root).digest()
    if len(leaves).bit_count() == 1:
        assert root == complete(leaves)
    return root


@pytest.mark.parametrize("length", [0, 31, 32, 65, 96])
def test_a_frontier_that_does_not_fit_is_rebuilt(store: Store, book: str, length: int) -> None:
    frontier = b"\0" * length
    for nth in range(5):
        store.write(book, Command(id=str(nth), actor="u"), note("n"), nothing)
    kept = store.head(book)
    with psycopg.connect(store.datastore.url) as conn:
        conn.execute("ALTER TABLE book DISABLE TRIGGER USER")
        conn.execute("UPDATE book SET frontier = %s WHERE book_id = %s", [frontier, book])
        conn.execute("ALTER TABLE book ENABLE TRIGGER USER")
    assert store.head(book) == kept
    store.write(book, Command(id="next", actor="u"), note("n"), nothing)
    sound_rows(store.datastore.url, book)


def test_a_head_longer_than_its_book_is_not_written_to(store: Store, book: str) -> None:
    store.write(book, Command(id="c", actor="u"), note("n"), nothing)
    with psycopg.connect(store.datastore.url) as conn:
        conn.execute("UPDATE book SET size = 6 WHERE book_id = %s", [book])
    with pytest.raises(Unsound, match="has 1 events, its head says 6"):
        store.write(book, Command(id="d", actor="u"), note("n"), nothing)
