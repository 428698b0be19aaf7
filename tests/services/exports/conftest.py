"""A desk whose books leave as files, and the same files made again from events alone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from pydantic import SecretStr

from domain.operations.exported import ReportExported
from services.backend import Backend, open_backend
from services.exports.kinds import FILES
from services.exports.reproducing import reproducers
from services.settings import Settings
from services.store.pen import Command
from tests.domain.steps import FRENCH
from tests.services.use_cases.conftest import Clock
from tests.services.vat.conftest import VatDesk


class Leaving:
    """Exports of the book of a desk."""

    def __init__(self, backend: Backend, book: str) -> None:
        self.backend = backend
        self.book = book

    def export(self, name: str, position: int | None = None, **wish: Any) -> bytes:
        """A file as it leaves."""
        kind = FILES[name]
        command = Command(id=str(uuid4()), actor="test")
        asked = kind.wish(**wish)
        with self.backend.exporter.export(
            self.book, kind, asked, command, position=position
        ) as exported:
            return exported.made.path.read_bytes()

    def noted(self) -> ReportExported:
        """The newest export."""
        facts = self.backend.store.read(self.book, types=[ReportExported.stored_as])
        event = list(facts)[-1].event
        assert isinstance(event, ReportExported)
        return event

    def again(self, exported: ReportExported) -> bytes:
        """What an audit makes of it."""
        make = reproducers(self.backend.url)[exported.kind]
        read = self.backend.store.read
        return make(exported, lambda: read(self.book, upto=exported.position))


@pytest.fixture(scope="module")
def office(database_url: str) -> Iterator[Backend]:
    """The backend on the worker's database, with a clock that tests set."""
    settings = Settings(database_url=SecretStr(database_url))
    with open_backend(settings, clock=Clock()) as opened:
        yield opened


@pytest.fixture
def desk(office: Backend) -> VatDesk:
    """The desk of a new Belgian company."""
    clock = office.store.clock
    assert isinstance(clock, Clock)
    clock.now = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    return VatDesk(office, clock)


@pytest.fixture
def french(desk: VatDesk) -> VatDesk:
    """The desk of a new French company."""
    return VatDesk(desk.backend, desk.clock, FRENCH)


@pytest.fixture
def leaving(desk: VatDesk) -> Leaving:
    """Exports of the Belgian company."""
    return Leaving(desk.backend, desk.book)
