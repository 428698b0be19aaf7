"""Commands combined in one transaction: each its own answer, and no harm to the others."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import uuid4

import psycopg
import pytest

from domain.book.refusal import Refusals, Refused
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
    text: ClassVar[dict[str, str]] = {
        "en": "Not today.",
        "fr": "Pas aujourd'hui.",
        "nl": "Niet vandaag.",
    }


def command(name: object, **rest: str) -> Command:
    return Command(id=str(name), actor="u", **rest)


def write(store: Store, book: str, name: object, decide: Decide) -> Written[Any]:
    return store.write(book, command(name), decide, nothing)


def test_32_commands_are_one_transaction(store: Store, book: str) -> None:
    url = store.datastore.url
    writes: list[Callable[[], Written[Any]]] = [
        lambda nth=nth: store.write(book, command(nth), stamp("S"), last_number("S"))
        for nth in range(32)
    ]
    done = combined(store, book, writes)
    assert [one.answer for one in done if isinstance(one, Written)] == list(range(1, 33))
    assert len({row.recorded_at for row in sound_rows(url, book)}) == 1


def bad(fault: str) -> Decide:
    """Writes, keeps, and then goes wrong."""

    def decide(pen: Pen) -> None:
        stamp("S")(pen)
        pen.append([NoteTaken(text="trace", about=("t",))])
        assert texts(pen, "t")[-1] == "trace"
        pen.keep(b"trace " + fault.encode(), "text/plain")
        if fault == "refusal":
            pen.append(NotToday())
        if fault == "unwritable":
            pen.append([NoteTaken(text="whole"), NoteTaken(text="e\u0301")])
        raise ZeroDivisionError

    return decide


def good(pen: Pen) -> None:
    """Writes what `standing` counts."""
    pen.append([NoteTaken(text="good", about=("t",))])
    stamp("S")(pen)


def standing(reader: Reader) -> tuple[int, list[str]]:
    """The last number, and all notes."""
    return last_number("S")(reader), texts(reader, "t")


@pytest.mark.parametrize("declared", [False, True], ids=["undeclared", "declared"])
@pytest.mark.parametrize("fault", ["refusal", "exception", "unwritable"])
def test_one_bad_command_among_32_leaves_no_trace(
    store: Store, book: str, fault: str, declared: bool
) -> None:
    reads = ["t", "series:S"] if declared else []
    decisions = [bad(fault) if nth % 5 == 2 else good for nth in range(32)]
    done = combined(
        store,
        book,
        [
            lambda nth=nth, decide=decide: store.write(book, command(nth), decide, standing, reads)
            for nth, decide in enumerate(decisions)
        ],
    )
    errors = [one for one in done if not isinstance(one, Written)]
    expected = {"refusal": Refusals, "exception": ZeroDivisionError, "unwritable": NotNormalised}
    assert {type(error) for error in errors} == {expected[fault]}
    assert len(errors) == 6
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


def test_many_at_once_on_many_books(store: Store) -> None:
    books = [str(uuid4()) for _ in range(4)]
    for book in books:
        store.open_book(book)
    done = outcomes(
        [lambda nth=nth: write(store, books[nth % 4], nth, stamp("S")) for nth in range(32)]
    )
    assert all(isinstance(one, Written) for one in done), done
    assert [len(sound_rows(store.datastore.url, book)) for book in books] == [8] * 4
