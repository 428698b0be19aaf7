"""The pen: what a command sees, what it leaves, and what combined commands do to each other."""

from typing import Any

import pytest

from services.store.head import UnknownBook
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written
from tests.faults.soundness import sound_rows
from tests.services.store.slips import (
    Decide,
    NoteTaken,
    note,
    nothing,
    stamp,
    texts,
)


def command(name: object, **rest: str) -> Command:
    return Command(id=str(name), actor="u", **rest)


def write(store: Store, book: str, name: object, decide: Decide) -> Written[Any]:
    return store.write(book, command(name), decide, nothing)


def test_a_command_sees_what_it_appends(store: Store, book: str) -> None:
    write(store, book, "before", note("old", "t"))
    seen: list[object] = []

    def decide(pen: Pen) -> None:
        assert pen.next_position == 2
        assert texts(pen, "t") == ["old"]
        (first,) = pen.append([NoteTaken(text="one", about=("t", "u"))])
        (second,) = pen.append([NoteTaken(text="two", about=("u",))])
        assert (first.position, second.position, pen.next_position) == (2, 3, 4)
        seen.extend([texts(pen, "t"), texts(pen, "u"), pen.last("t"), pen.last("u")])
        assert pen.at([3, 1]) == [*pen.at([1]), second]
        assert seen == [["old", "one"], ["one", "two"], first, second]

    written = write(store, book, "c", decide)
    assert seen
    assert (written.position, len(written.events), written.replayed) == (3, 2, False)
    assert tuple(store.read(book, after=1)) == written.events
    assert len(sound_rows(store.datastore.url, book)) == 3


def test_declared_reads_are_what_undeclared_reads_would_be(store: Store, book: str) -> None:
    write(store, book, 1, note("a", "t", "u"))
    write(store, book, 2, note("b", "u"))

    def decide(pen: Pen) -> None:
        pen.append([NoteTaken(text="c", about=("u", "v"))])

    def answer(reader: Reader) -> list[object]:
        read = [texts(reader, tag) for tag in ("t", "u", "v", "w")]
        return [read, [reader.last(tag) for tag in ("t", "u", "v", "w")]]

    plain = store.write(book, command(3), decide, answer)
    assert plain.answer[0] == [["a"], ["a", "b", "c"], ["c"], []]
    reads = ["t", "u", "v", "w", "t"]
    declared = store.write(book, command(4), lambda pen: None, answer, reads=reads)
    assert declared.answer == plain.answer


def test_the_past_is_read_as_it_stood(store: Store, book: str) -> None:
    for nth in range(1, 6):
        write(store, book, nth, note(str(nth), "t"))
    past = store.past(book, 3)
    assert texts(past, "t") == ["1", "2", "3"]
    newest = past.last("t")
    assert newest is not None
    assert newest.position == 3
    assert [fact.position for fact in past.at([5, 3, 1, 4])] == [1, 3]
    assert past.last("nothing") is None


def test_events_are_read_in_order_by_pages_types_and_limits(store: Store, book: str) -> None:
    def many(pen: Pen) -> None:
        for nth in range(5_003):
            pen.append([NoteTaken(text=str(nth), about=())])

    write(store, book, "many", many)
    write(store, book, "slip", stamp("S"))
    assert [fact.position for fact in store.read(book)] == list(range(1, 5_005))
    assert [fact.position for fact in store.read(book, after=4_999, limit=2)] == [5_000, 5_001]
    assert [fact.position for fact in store.read(book, types=["slip.stamped.v1"])] == [5_004]
    assert list(store.read(book, upto=0)) == []


def test_a_thread_that_is_stopped_leaves_the_pen_to_the_next(store: Store, book: str) -> None:
    def stopped(pen: Pen) -> None:
        note("trace")(pen)
        raise SystemExit

    with pytest.raises(SystemExit):
        write(store, book, 1, stopped)
    assert write(store, book, 2, note("n")).position == 1
    assert len(sound_rows(store.datastore.url, book)) == 1


def test_a_command_may_decide_nothing(store: Store, book: str) -> None:
    before = store.head(book)
    written = store.write(book, command("c"), lambda pen: None, lambda reader: "done")
    assert (written.answer, written.position, written.events) == ("done", 0, ())
    assert store.head(book) == before


def test_a_book_that_nobody_opened_is_unknown(store: Store) -> None:
    stranger = "00000000-0000-4000-8000-000000000000"
    for ask in (
        lambda: store.head(stranger),
        lambda: store.past(stranger),
        lambda: list(store.read(stranger)),
        lambda: write(store, stranger, "c", note("n")),
    ):
        with pytest.raises(UnknownBook):
            ask()
    with pytest.raises(UnknownBook):
        write(store, "no uuid", "c", note("n"))


def test_opening_a_book_again_changes_nothing(store: Store, book: str) -> None:
    write(store, book, "c", note("n"))
    head = store.head(book)
    store.open_book(book)
    assert store.head(book) == head


def test_a_file_is_kept_once(store: Store, book: str) -> None:
    digests: list[str] = []

    def keep(pen: Pen) -> None:
        digests.append(pen.keep(b"%PDF", "application/pdf", "bill.pdf"))
        digests.append(pen.keep(b"%PDF", "text/plain", "other name"))
        note("n")(pen)

    write(store, book, 1, keep)
    write(store, book, 2, keep)
    assert len(set(digests)) == 1
    kept = store.file(book, digests[0])
    assert kept is not None
    assert (kept.content, kept.media_type, kept.name) == (b"%PDF", "application/pdf", "bill.pdf")
    assert store.file(book, "0" * 64) is None


def test_a_large_command_is_written_whole(store: Store, book: str) -> None:
    """In a pipeline a socket that is full would let both sides wait for ever."""
    content = bytes(range(256)) * 40_000

    def large(pen: Pen) -> None:
        assert pen.keep(content, "application/pdf")
        for nth in range(2_000):
            pen.append([NoteTaken(text=str(nth) * 100, about=(f"t{nth}", "all"))])

    written = write(store, book, "large", large)
    assert written.position == 2_000
    assert len(sound_rows(store.datastore.url, book)) == 2_000
