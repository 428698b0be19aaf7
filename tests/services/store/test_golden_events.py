"""Every event of the catalogue, in every version, is read from golden bytes for ever."""

from datetime import UTC, datetime

import msgspec
import pytest

from domain.book.catalogue import CATALOGUE
from services.store.mapper import Mapper
from tests.golden.events.examples import EXAMPLES, FOLDER, golden

NOON = datetime(2025, 3, 31, 12, tzinfo=UTC)


def test_every_event_has_golden_bytes_and_no_golden_bytes_lost_their_event() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(CATALOGUE)


@pytest.mark.parametrize("stored_as", sorted(CATALOGUE))
def test_golden_bytes_are_read_and_written_again_alike(stored_as: str) -> None:
    kept = golden(stored_as).read_bytes()
    opened = Mapper().open(1, stored_as, kept)
    assert msgspec.json.encode(opened, order="sorted") == kept
    assert msgspec.json.encode(msgspec.json.decode(kept), order="sorted") == kept
    assert list(opened.tags) == list(dict.fromkeys(opened.tags))


@pytest.mark.parametrize("stored_as", sorted(EXAMPLES))
def test_golden_bytes_are_the_example(stored_as: str) -> None:
    event = EXAMPLES[stored_as]
    fact = Mapper().recorded("book", 1, NOON, stored_as, golden(stored_as).read_bytes())
    assert fact.event == event
    assert fact.tags == tuple(dict.fromkeys(event.tags))


@pytest.mark.parametrize("stored_as", sorted(CATALOGUE))
def test_golden_bytes_leave_no_member_out(stored_as: str) -> None:
    """An example that leaves a text empty, or a list, would not show a change of what it holds.

    What is sealed is empty beside its seal.
    """
    data = msgspec.json.decode(golden(stored_as).read_bytes())["data"]
    empty = {name for name, value in data.items() if value in ("", [], {}, None)}
    sealed = data.get("sealed")
    assert empty <= (sealed.keys() if isinstance(sealed, dict) else set())
