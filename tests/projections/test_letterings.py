"""Letterings: every act with who, when and why, its lines and pairs, and its undoing."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from domain.book.event import Recorded
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered
from projections.letterings import Lettering, Letterings
from projections.letterings_view import (
    SORT_COLUMNS,
    LetteringFilter,
    LetteringRow,
    list_letterings,
    summarise,
)
from services.replay.connection import connect
from services.replay.engine import Engine
from services.replay.fold import replay
from services.replay.place import live
from services.replay.tables import tables_of
from services.store.datastore import BookDatastore
from services.store.store import Store
from tests.books import make_book, write_book
from tests.domain.steps import new_line
from tests.paper import Paper
from tests.projections.scratch import asked_of
from tests.properties.test_settling import Hand, acts

ALL = 1_000


def seen(
    url: str, facts: Sequence[Recorded], wanted: LetteringFilter
) -> tuple[tuple[LetteringRow, ...], tuple[Any, ...]]:
    """The list, oldest first, and its totals."""
    with asked_of(url, Letterings(), facts) as (conn, book):
        page = list_letterings(conn, book, wanted, sort="lettered_at", limit=ALL)
        return page.rows, summarise(conn, book, wanted)[1]


@pytest.mark.feature("C7", "M45")
@settings(max_examples=10)
@given(acts)
def test_every_lettering_is_told_as_its_events_tell_it(database_url: str, steps: list[Any]) -> None:
    """Goal: nothing is lost, nothing added. Method: random books against their events."""
    hand = Hand()
    for what, *how in steps:
        hand.do(what, *how)
    facts = hand.book.facts
    undone = {
        fact.event.lettering_id: fact for fact in facts if isinstance(fact.event, EntriesUnlettered)
    }
    rows, totals = seen(database_url, facts, LetteringFilter())
    made = [fact for fact in facts if isinstance(fact.event, EntriesLettered)]
    assert len(rows) == len(made) == sum(total.letterings for total in totals)
    for row, fact in zip(rows, made, strict=True):
        event = fact.event
        assert isinstance(event, EntriesLettered)
        assert (row.lettering_id, row.lettered_at) == (event.lettering_id, fact.recorded_at)
        assert (row.code, row.date, row.reason) == (event.code, event.date, event.reason)
        parts = [(line["entry"], line["line"], line["amount"]) for line in row.lines]
        assert parts == [(part.entry, part.line, part.amount) for part in event.parts]
        assert all(line["document_number"] for line in row.lines)
        assert sum(amount for _, _, amount in row.pairs) == row.amount
        assert all(parts[debit][2] > 0 > parts[credit][2] for debit, credit, _ in row.pairs)
        gone = undone.get(event.lettering_id)
        assert row.undone_at == (None if gone is None else gone.recorded_at)
        holds = "complete" if event.complete else "partial"
        assert row.state == (holds if gone is None else "undone")


@pytest.fixture(scope="module")
def lettered() -> list[Recorded]:
    """One lettering in part, one whole, one undone, by two people on several days."""
    book = Paper.opened()
    whole, part, undone = (book.sell(new_line("100")) for _ in range(3))
    for invoice, amount in ((whole, 120_00), (part, 50_00), (undone, 120_00)):
        book.match(invoice, book.pay(amount))
    book.unletter(book.all(EntriesLettered)[-1].lettering_id)
    return [
        replace(
            fact,
            actor="anna" if isinstance(fact.event, EntriesUnlettered) else "bert",
            recorded_at=fact.recorded_at + timedelta(days=fact.position),
        )
        for fact in book.facts
    ]


@pytest.mark.feature("C7", "M45")
def test_an_undone_lettering_says_by_whom_and_why(
    database_url: str, lettered: list[Recorded]
) -> None:
    rows, _ = seen(database_url, lettered, LetteringFilter(state="undone"))
    (row,) = rows
    assert (row.lettered_by, row.undone_by, row.undone_reason) == ("bert", "anna", "erreur")
    assert row.undone_position == lettered[-1].position
    assert [line["document_kind"] for line in row.lines] == ["invoice", "payment"]
    assert row.pairs == [[0, 1, 120_00]]


@pytest.mark.feature("M45")
@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        ({"state": "complete"}, ["AAA"]),
        ({"state": "partial"}, ["aab"]),
        ({"actor": "anna"}, ["AAC"]),
        ({"actor": "bert"}, ["AAA", "aab", "AAC"]),
        ({"actor": "carl"}, []),
        ({"code": "aab", "year": 2026}, ["aab"]),
        ({"year": 2025}, []),
        ({"account": "411000", "party": "ctc_1", "currency": "EUR"}, ["AAA", "aab", "AAC"]),
        ({"account": "401000"}, []),
        ({"q": "ERREUR"}, ["AAC"]),
        ({"q": "%"}, []),
    ],
)
def test_letterings_are_filtered(
    database_url: str, lettered: list[Recorded], wanted: dict[str, Any], codes: list[str]
) -> None:
    rows, totals = seen(database_url, lettered, LetteringFilter(**wanted))
    assert [row.code for row in rows] == codes
    assert sum(total.amount for total in totals) == sum(row.amount for row in rows)


def test_days_of_acts_are_those_of_the_company(database_url: str, lettered: list[Recorded]) -> None:
    """Goal: both ends of a period count, in the company's time; an entry finds its letterings."""
    first, second, third = (f for f in lettered if isinstance(f.event, EntriesLettered))
    day = second.recorded_at.date()
    for wanted, codes in (
        (LetteringFilter(made_from=day), ["aab", "AAC"]),
        (LetteringFilter(made_to=day), ["AAA", "aab"]),
        (LetteringFilter(made_from=day + timedelta(days=1)), ["AAC"]),
        (LetteringFilter(undone_from=third.recorded_at.date()), ["AAC"]),
        (LetteringFilter(undone_to=third.recorded_at.date() - timedelta(days=1)), []),
        (LetteringFilter(as_of=first.recorded_at.date() - timedelta(days=400)), []),
        (LetteringFilter(entry=first.event.parts[0].entry), ["AAA"]),  # type: ignore[attr-defined]
    ):
        assert [row.code for row in seen(database_url, lettered, wanted)[0]] == codes


@pytest.mark.feature("M36")
def test_every_column_sorts_both_ways_in_pages(database_url: str, lettered: list[Recorded]) -> None:
    with asked_of(database_url, Letterings(), lettered) as (conn, book):
        for column in SORT_COLUMNS:
            one, wanted = [], LetteringFilter()
            after = None
            for _ in range(3):
                page = list_letterings(conn, book, wanted, sort=column, after=after, limit=1)
                one, after = [*one, *page.rows], page.next
            turned = list_letterings(conn, book, wanted, sort=f"-{column}", limit=ALL).rows
            assert [row.code for row in turned] == [row.code for row in one][::-1]
        with pytest.raises(ValueError, match="colour"):
            list_letterings(conn, book, LetteringFilter(), sort="colour")


def test_moments_are_kept_to_the_microsecond_on_every_way(fresh_database_url: str) -> None:
    """Goal: who and when, which tests of whole books leave out, is the same live and in memory."""
    url = fresh_database_url
    store, engine = Store(BookDatastore(url)), Engine(url)
    book = write_book(store, make_book(17, 250))
    engine.run_to_head(book)
    rows = replay([Letterings()], list(store.read(book)))["letterings"].all(Lettering)
    with connect(url) as conn:
        (table, *_) = tables_of(conn, live(Letterings()))
        stored = [table.row(each) for each in conn.execute(table.all_of_book, (UUID(book),))]
    assert {row.lettering_id: row for row in stored if isinstance(row, Lettering)} == rows
    assert any(row.undone_at for row in rows.values())
    engine.stop()
    store.close()
