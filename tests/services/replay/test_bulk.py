"""Whole books folded in memory: lasting rows leave early, and nobody looks for them."""

import pytest

from projections.registers import REGISTERS
from services.replay import bulk
from services.replay.engine import Engine
from services.replay.fold import WholeFold
from services.replay.rebuild import rebuild
from services.store.store import Store
from tests.books import make_book, recorded, write_book
from tests.registers import stored

LASTING = {row for register in REGISTERS for row in register.rows if row.lasting}


def test_rows_that_leave_early_are_the_same(
    url: str, store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Goal: what is written while the book is still read equals what is written at the end.
    Method: a rebuild that looks every seven events."""
    book = write_book(store, make_book(81, 300))
    engine.run_to_head(book)
    before = stored(url, book)
    monkeypatch.setattr(bulk, "PART", 7)
    outcomes = rebuild(url, REGISTERS)
    assert all(each.comparison.same for each in outcomes)
    assert stored(url, book) == before
    assert LASTING


def test_a_long_book_that_is_read_in_turns_is_the_same(
    url: str, store: Store, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = write_book(store, make_book(87, 200))
    engine.run_to_head(book)
    before = stored(url, book)
    monkeypatch.setattr(bulk, "LONG", 100)
    assert all(each.comparison.same for each in rebuild(url, REGISTERS))
    assert stored(url, book) == before


def test_no_event_needs_a_lasting_row() -> None:
    for seed in range(82, 86):
        for event in make_book(seed, 400):
            for register in REGISTERS:
                if isinstance(event, register.events):
                    needed = {row_type for row_type, _ in register.needs(event)}
                    assert not needed & LASTING, f"{register.name} {type(event).__name__}"


def test_a_lasting_row_that_was_taken_out_is_not_held_again() -> None:
    facts = recorded(make_book(86, 300))
    whole = WholeFold(REGISTERS)
    whole.apply(facts)
    for lasting in LASTING:
        [name] = [register.name for register in REGISTERS if lasting in register.rows]
        taken = []
        parts = WholeFold(REGISTERS)
        for fact in facts:
            parts.apply([fact])
            taken += parts.books[name].take_out(lasting)
            assert not parts.books[name].held(lasting)
        assert taken == list(whole.books[name].held(lasting))
