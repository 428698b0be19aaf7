"""The connection is cut around COMMIT: the caller gets the one true answer, the book one event."""

import pytest

from services.store.pen import Command
from services.store.store import Store, Written
from tests.faults.proxy import HOWS, How, Proxy
from tests.faults.soundness import sound_rows
from tests.services.store.crowd import combined
from tests.services.store.slips import last_number, nothing, stamp


def is_commit(nth: int, text: str) -> bool:
    return text == "COMMIT"


@pytest.mark.parametrize("how", HOWS)
def test_a_command_whose_commit_is_cut_off(
    store: Store, proxy: Proxy, book: str, database_url: str, how: How
) -> None:
    store.write(book, Command(id="first", actor="u"), stamp("S"), nothing)
    for nth in range(2, 7):
        proxy.arm(how, is_commit)
        command = Command(id=f"c{nth}", actor="u")
        written = store.write(book, command, stamp("S"), last_number("S"))
        assert proxy.cuts == 1
        assert (written.answer, written.position) == (nth, nth)
        assert [fact.command for fact in written.events] == [command.id]
        assert written.replayed is (how != "before")
        assert store.write(book, command, stamp("S"), last_number("S")).answer == nth
    assert len(sound_rows(database_url, book)) == 6


@pytest.mark.parametrize("how", HOWS)
def test_combined_commands_whose_commit_is_cut_off(
    store: Store, proxy: Proxy, book: str, database_url: str, how: How
) -> None:
    armed = []

    def after_the_holder(nth: int, text: str) -> bool:
        armed.append(text == "COMMIT")
        return sum(armed) == 2

    proxy.arm(how, after_the_holder)
    done = combined(
        store,
        book,
        [
            lambda nth=nth: store.write(
                book, Command(id=str(nth), actor="u"), stamp("S"), last_number("S")
            )
            for nth in range(8)
        ],
    )
    assert proxy.cuts == 1
    assert [one.answer for one in done if isinstance(one, Written)] == list(range(1, 9)), done
    assert len(sound_rows(database_url, book)) == 8
