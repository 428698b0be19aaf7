"""The unit of work: what may be touched, and what is written in the end."""

import pytest

from projections.rows import AlreadyThere, NotDeclared, Row, Rows


class Counter(Row, frozen=True):
    """A row with one value as key."""

    table = "counter"
    key = ("name",)

    name: str
    count: int


class Whole(Row, frozen=True):
    """One row a book."""

    table = "whole"
    key = ()

    total: int


@pytest.fixture
def rows() -> Rows:
    """A unit of work with one stored row."""
    made = Rows((Counter, Whole))
    made.load(Counter("a", 1))
    return made


def test_only_what_is_declared_is_read(rows: Rows) -> None:
    with pytest.raises(NotDeclared):
        rows.get(Counter, "a")
    rows.expect([(Counter, "a"), (Counter, "b")])
    assert rows.get(Counter, "a") == Counter("a", 1)
    assert rows.get(Counter, "b") is None


def test_a_need_lasts_for_one_event(rows: Rows) -> None:
    rows.expect([(Counter, "a")])
    rows.expect([])
    with pytest.raises(NotDeclared):
        rows.get(Counter, "a")


def test_what_this_event_added_is_read_without_declaring(rows: Rows) -> None:
    rows.expect([])
    rows.add(Counter("new", 1))
    assert rows.get(Counter, "new") == Counter("new", 1)
    rows.expect([])
    with pytest.raises(NotDeclared):
        rows.get(Counter, "new")


def test_nothing_undeclared_is_put_or_dropped(rows: Rows) -> None:
    with pytest.raises(NotDeclared):
        rows.put(Counter("a", 2))
    with pytest.raises(NotDeclared):
        rows.drop(Counter, "a")


def test_a_row_is_added_once(rows: Rows) -> None:
    with pytest.raises(AlreadyThere):
        rows.add(Counter("a", 5))


def test_changes_are_the_difference_to_what_was_loaded(rows: Rows) -> None:
    rows.load(Counter("gone", 1))
    rows.load(Counter("same", 1))
    rows.expect([(Counter, "a"), (Counter, "gone"), (Counter, "b"), (Whole, ())])
    rows.put(Counter("a", 2))
    rows.put(Counter("b", 1))
    rows.drop(Counter, "gone")
    rows.put(Whole(7))
    changes = rows.changes(Counter)
    assert changes == (["gone"], [Counter("a", 2)], [Counter("b", 1)])
    assert rows.changes(Whole) == ([], [], [Whole(7)])


def test_added_and_dropped_in_one_batch_leaves_no_trace(rows: Rows) -> None:
    rows.add(Counter("brief", 1))
    rows.drop(Counter, "brief")
    assert rows.changes(Counter) == ([], [], [])
