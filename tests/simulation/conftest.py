"""The two demonstration companies after their year, on real PostgreSQL: lived once a worker."""

from collections.abc import Iterator
from datetime import date

import pytest

from services.demonstration import LivedClock, fill
from services.key_encryption import open_vault
from services.settings import Settings
from services.store.datastore import BookDatastore
from services.store.mapper import Mapper
from services.store.store import Store

TODAY = date(2026, 11, 20)
OF_SALES = tuple(
    f"domain.{room}." for room in ("articles", "deposits", "orders", "quotes", "reminders", "sales")
)
"""The rooms of the domain that sell: all of their events happen, all of their refusals are met."""


class Lived:
    """A store in which both years are over, and its clock."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.clock = LivedClock()
        mapper = Mapper(vault=open_vault(Settings()))
        self.store = Store(BookDatastore(url), clock=self.clock, mapper=mapper)
        fill(self.store, self.clock, TODAY)


@pytest.fixture(scope="session")
def lived(server_url, template_database: str) -> Iterator[Lived]:  # type: ignore[no-untyped-def]
    """Both companies after their year."""
    from tests.databases import TestRun

    with TestRun.joined().database(server_url, None, template_database) as url:
        made = Lived(url)
        yield made
        made.store.close()
