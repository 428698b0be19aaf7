"""A NATS server, a proxy before it, a database of its own with a store."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.store.datastore import BookDatastore
from services.store.store import Store
from services.transport.outbox import Outbox
from tests.services.transport.nats_proxy import NatsProxy
from tests.services.transport.nats_server import NatsServer


@pytest.fixture
def nats_server(tmp_path: Path) -> Iterator[NatsServer]:
    """A NATS server of this test."""
    with NatsServer(tmp_path) as server:
        yield server


@pytest.fixture
def proxy(nats_server: NatsServer) -> Iterator[NatsProxy]:
    """A proxy before it, faultless until told otherwise."""
    with NatsProxy(nats_server.port, seed=4) as opened:
        yield opened


@pytest.fixture
def url(fresh_database_url: str) -> str:
    """A database of this test alone, for an outbox publishes all of its books."""
    return fresh_database_url


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A store as the application opens it."""
    opened = Store(BookDatastore(url))
    yield opened
    opened.close()


MakeOutbox = Callable[[str], Outbox]


@pytest.fixture
def make_outbox(url: str) -> Iterator[MakeOutbox]:
    """Starts outboxes that are quick to notice and to try again; stops them at the end."""
    made: list[Outbox] = []

    def make(servers: str) -> Outbox:
        outbox = Outbox(url, servers, poll_seconds=0.5, pause_seconds=0.1, ack_seconds=1.0)
        made.append(outbox)
        outbox.start()
        return outbox

    yield make
    for outbox in made:
        outbox.stop()
