"""The pen: what a command sees, what it leaves, and what combined commands do to each other."""

from collections.abc import Callable
from typing import Any, ClassVar

import psycopg
import pytest

from domain.book.refusal import Refusals, Refused
from services.store.head import UnknownBook
from services.store.mapper import Mapper, NotNormalised, UnknownEvent
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written
from tests.faults.soundness import sound_rows
from tests.services.store.crowd import combined, outcomes
from tests.services.store.slips import (
    Decide,
    NoteTaken,
    SlipStamped,
    last_number,
    note,
    nothing,
    stamp,
    texts,
)


class NotToday(Refused, frozen=True, kw_only=True):
    """No."""

    code = "not_today"
    text: ClassVar[dict[str, str]] = {"en": "Not today."}


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


def test_32_commands_are_one_transaction(store: Store, book: str) -> None:
    url = store.datastore.url
    writes: list[Callable[[], Written[Any]]] = [
        lambda nth=nth: store.write(book, command(nth), stamp("S"), last_number("S"))
        for nth in range(32)
    ]
    done = combined(store, book, writes)
    assert [one.answer for one in done if isinstance(one, Written)] == list(range(1, 33))
    assert len({row.recorded_at for row in sound_rows(url, book)}) == 1


@pytest.mark.parametrize("declared", [False, True], ids=["undeclared", "declared"])
@pytest.mark.parametrize("fault", ["refusal", "exception", "unwritable"])
def test_one_bad_command_among_32_leaves_no_trace(
    store: Store, book: str, fault: str, declared: bool
) -> None:
    def bad(pen: Pen) -> None:
        stamp("S")(pen)
        pen.append([NoteTaken(text="trace", about=("t",))])
        assert texts(pen, "t")[-1] == "trace"
        pen.keep(b"trace " + fault.encode(), "text/plain")
        if fault == "refusal":
            pen.append(NotToday())
        if fault == "unwritable":
            pen.append([NoteTaken(text="whole"), NoteTaken(text="e\u0301")])
        raise ZeroDivisionError

    def good(pen: Pen) -> None:
        pen.append([NoteTaken(text="good", about=("t",))])
        stamp("S")(pen)

    def answer(reader: Reader) -> tuple[int, list[str]]:
        return last_number("S")(reader), texts(reader, "t")

    reads = ["t", "series:S"] if declared else []
    decisions = [bad if nth % 5 == 2 else good for nth in range(32)]
    done = combined(
        store,
        book,
        [
            lambda nth=nth, decide=decide: store.write(book, command(nth), decide, answer, reads)
            for nth, decide in enumerate(decisions)
        ],
    )
    errors = [one for one in done if not isinstance(one, Written)]
    expected = {"refusal": Refusals, "exception": ZeroDivisionError, "unwritable": NotNormalised}
    assert {type(error) for error in errors} == {expected[fault]}
    assert len(errors) == decisions.count(bad) == 6
    answers = [one.answer for one in done if isinstance(one, Written)]
    assert answers == [(nth, ["good"] * nth) for nth in range(1, 27)]
    rows = sound_rows(store.datastore.url, book)
    assert len(rows) == 52
    assert len({row.recorded_at for row in rows}) == 1, "they did not share a transaction"
    with psycopg.connect(store.datastore.url) as conn:
        found = conn.execute("SELECT count(*) FROM file WHERE book_id = %s", [book]).fetchone()
    assert found == (0,)


def test_a_database_error_of_one_is_no_error_of_the_others(store: Store, book: str) -> None:
    write(store, book, "first", stamp("S"))

    def again(pen: Pen) -> None:
        pen.append([SlipStamped(series="S", number=1, day=1)])

    decisions = [stamp("S"), again, stamp("S"), again, note("n")]
    done = combined(
        store,
        book,
        [
            lambda nth=nth, decide=decide: write(store, book, nth, decide)
            for nth, decide in enumerate(decisions)
        ],
    )
    errors = [type(one) for one in done if not isinstance(one, Written)]
    assert errors == [psycopg.errors.UniqueViolation] * 2
    assert len(sound_rows(store.datastore.url, book)) == 4


def test_an_unreadable_event_stops_only_those_who_read_it(store: Store, book: str) -> None:
    write(store, book, "slip", stamp("S"))
    blind = Store(store.datastore, mapper=Mapper({NoteTaken.stored_as: NoteTaken}))
    done = combined(
        blind,
        book,
        [
            lambda: blind.write(book, command(1), note("n"), nothing),
            lambda: blind.write(book, command(2), note("n"), nothing, reads=["series:S"]),
            lambda: blind.write(book, command(3), note("n"), last_number("S")),
            lambda: blind.write(book, command("slip"), note("n"), nothing),
            lambda: blind.write(book, command(5), note("n"), nothing),
        ],
    )
    blind._notifier.close()
    assert [type(one) for one in done] == [
        Written, UnknownEvent, UnknownEvent, UnknownEvent, Written,
    ]  # fmt: skip
    assert [row.command for row in sound_rows(store.datastore.url, book)] == ["slip", "1", "5"]


def test_an_answer_that_fails_on_replay_fails_alone(store: Store, book: str) -> None:
    write(store, book, "c", note("n"))

    def answer(reader: Reader) -> None:
        raise ZeroDivisionError

    done = combined(
        store,
        book,
        [
            lambda: write(store, book, 1, note("n")),
            lambda: store.write(book, command("c"), note("n"), answer),
            lambda: write(store, book, 2, note("n")),
        ],
    )
    assert [type(one) for one in done] == [Written, ZeroDivisionError, Written]
    assert len(sound_rows(store.datastore.url, book)) == 3


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


def test_many_at_once_on_many_books(store: Store) -> None:
    from uuid import uuid4

    books = [str(uuid4()) for _ in range(4)]
    for book in books:
        store.open_book(book)
    done = outcomes(
        [lambda nth=nth: write(store, books[nth % 4], nth, stamp("S")) for nth in range(32)]
    )
    assert all(isinstance(one, Written) for one in done), done
    assert [len(sound_rows(store.datastore.url, book)) for book in books] == [8] * 4


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
