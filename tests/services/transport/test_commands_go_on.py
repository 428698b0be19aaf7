"""No command waits for NATS: with it faulty, away or frozen, callers of the API notice nothing.

Method: a real server that follows the books and publishes, behind a faulty proxy. The states take
turns. A command that waited for NATS would take a second or more: its publisher waits so long for
an acknowledgement. (`python -m tests.benchmarks transport` has the percentiles.)
"""

import json
import signal
from collections.abc import Callable
from itertools import count
from pathlib import Path
from statistics import median

import pytest

from services.store.store import Store
from tests.api import bodies
from tests.benchmarks.doors import Caller
from tests.benchmarks.ground import Ground
from tests.benchmarks.measure import timed
from tests.benchmarks.transport import Way, publishing
from tests.services.transport.nats_proxy import NatsProxy
from tests.services.transport.nats_server import NatsServer
from tests.services.transport.test_outbox import published, wait_until_published

COMMANDS, ROUNDS = 12, 3


@pytest.mark.timeout(120)
def test_commands_take_no_longer_while_nats_is_faulty_away_or_frozen(
    url: str, store: Store, nats_server: NatsServer, proxy: NatsProxy, tmp_path: Path
) -> None:
    ground = Ground(url, tmp_path, quick=True, large=False)
    way, took = Way(proxy, seconds=0.3), dict[str, list[float]]()
    with publishing(ground, proxy.url) as caller:
        create = creating(caller)
        timed(create, range(COMMANDS))
        for _ in range(ROUNDS):
            for state in ("well", "faulty", "away", "frozen"):
                nats_server.send(signal.SIGSTOP if state == "frozen" else signal.SIGCONT)
                way.become(state)
                took.setdefault(state, []).extend(timed(create, range(COMMANDS)).milliseconds)
        nats_server.send(signal.SIGCONT)
        way.become("well")
        wait_until_published(url)
    assert len(published(nats_server.url)) >= COMMANDS * ROUNDS * 4
    well = median(took["well"])
    for state in ("faulty", "away", "frozen"):
        assert median(took[state]) < 2 * well, (state, took)
        assert sorted(took[state])[-2] < max(700, 10 * well), (state, took)


def creating(caller: Caller) -> Callable[[int], None]:
    """A command: a contact is created in a company of its own."""
    company = json.loads(caller.post("/v1/companies", bodies.company()))
    names, path = count(), f"/v1/companies/{company['id']}/contacts"

    def create(_: int) -> None:
        caller.post(path, bodies.customer(name=f"Client {next(names)}"))

    return create
