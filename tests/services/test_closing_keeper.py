"""Days, months and years are closed by themselves, in order, after midnight of the company."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from domain.ledger.closing import PeriodClosed
from services.audit.keys import SigningKey
from services.audit.seals import Sealer, seals
from services.audit.signer import Signer
from services.backend import Backend
from services.closing_keeper import ClosingKeeper, open_closing_keeper
from services.settings import Settings
from services.store.datastore import BookDatastore
from services.store.mapper import Mapper
from services.store.store import Store
from services.store.vault import Vault
from tests.services.use_cases.conftest import Clock, Desk

KEY = SigningKey("paraphe", bytes(range(32)))
VAULT = Vault(lambda: b"k" * 32)


@pytest.fixture
def desk(fresh_database_url: str) -> Iterator[Desk]:
    """A desk in a database of its own: a round looks at every book."""
    clock = Clock()
    store = Store(BookDatastore(fresh_database_url), clock=clock, mapper=Mapper(vault=VAULT))
    yield Desk(store, clock)
    store.close()


def closings(desk: Desk) -> list[tuple[str, date]]:
    facts = desk.store.read(desk.book, types=[PeriodClosed.stored_as])
    events = [fact.event for fact in facts if isinstance(fact.event, PeriodClosed)]
    return [(one.level, one.until) for one in events]


def keeper(desk: Desk, folder: Path) -> ClosingKeeper:
    sealer = Sealer(desk.store, Signer(lambda: KEY, folder))
    return ClosingKeeper(desk.store, desk.store.datastore.url, sealer.seal)


def test_a_day_is_closed_after_midnight_in_the_companys_zone(desk: Desk, tmp_path: Path) -> None:
    """16 March 2026 ends in Paris an hour before it ends in UTC, and is sealed when closed."""
    keeps = keeper(desk, tmp_path)
    assert keeps.round() == 0
    desk.clock.now = datetime(2026, 3, 16, 22, 59, tzinfo=UTC)
    assert keeps.round() == 0
    assert closings(desk) == []
    desk.clock.now = datetime(2026, 3, 16, 23, 0, 1, tzinfo=UTC)
    assert keeps.round() == 1
    assert closings(desk) == [("day", date(2026, 3, 16))]
    assert [seal.size for seal in seals(desk.store, desk.book)] == [desk.size]
    assert keeps.round() == 0


def test_months_and_years_follow_their_last_day_in_order(desk: Desk, tmp_path: Path) -> None:
    keeps = keeper(desk, tmp_path)
    desk.clock.now = datetime(2027, 1, 2, 0, 30, tzinfo=UTC)
    made = keeps.round()
    levels = [level for level, _ in closings(desk)]
    assert made == len(levels) == 292 + 10 + 1  # days until 1 January, months and the year
    assert closings(desk)[-4:] == [
        ("day", date(2026, 12, 31)),
        ("month", date(2026, 12, 31)),
        ("year", date(2026, 12, 31)),
        ("day", date(2027, 1, 1)),
    ]


def test_two_processes_close_nothing_twice(desk: Desk, tmp_path: Path) -> None:
    one, other = keeper(desk, tmp_path), keeper(desk, tmp_path)
    desk.clock.now = datetime(2026, 3, 19, 9, tzinfo=UTC)
    assert (one.round(), other.round()) == (3, 0)
    assert len(closings(desk)) == 3


def test_it_makes_rounds_until_it_is_told_to_stop(desk: Desk, tmp_path: Path) -> None:
    """And goes on after a round that met no database."""
    days = iter([1, 2, 3])

    def pause(_: float) -> bool:
        day = next(days, None)
        if day is not None:
            desk.clock.now += timedelta(days=1)
        return day is None

    sealer = Sealer(desk.store, Signer(lambda: KEY, tmp_path))
    url = desk.store.datastore.url
    ClosingKeeper(desk.store, url, sealer.seal, pause=pause).run()
    assert len(closings(desk)) == 3
    with pytest.raises(psycopg.OperationalError):
        ClosingKeeper(desk.store, url.replace("/paraphe", "/none"), sealer.seal).round()


def test_a_book_that_cannot_be_closed_is_named_and_the_others_go_on(
    desk: Desk, tmp_path: Path
) -> None:
    other = Desk(desk.store, desk.clock)
    desk.clock.now = datetime(2026, 3, 18, 9, tzinfo=UTC)

    def seal(book_id: str) -> None:
        if book_id == desk.book:
            raise RuntimeError("no signer")

    keeps = ClosingKeeper(desk.store, desk.store.datastore.url, seal)
    keeps.round()
    assert keeps.refused == {desk.book: "no signer"}
    assert len(closings(other)) == 2


def test_a_setting_turns_it_off(
    fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARAPHE_CLOSINGS", "false")
    backend = Backend(Settings(home=tmp_path), fresh_database_url, fresh_database_url)
    assert backend.closer is None
    backend.close()
    on = Settings(home=tmp_path, closings=True)
    assert isinstance(open_closing_keeper(backend.store, on, fresh_database_url), ClosingKeeper)
