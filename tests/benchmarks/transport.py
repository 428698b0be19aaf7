"""Commands over HTTP while NATS is well, faulty and away: the outbox is nobody's to wait for.

A real server that keeps registers and publishes, behind a proxy that duplicates, delays, reorders,
loses and cuts, or lets nothing through. The three states take turns.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from statistics import median
from uuid import uuid4

from api.ids import company_id
from services.access import Keyring
from tests.benchmarks.doors import Caller, free_port, wait_for
from tests.benchmarks.ground import Ground
from tests.benchmarks.long_books import Calendar, LongBook
from tests.benchmarks.measure import Figure, Sample, load, percentile, race, timed
from tests.services.transport.nats_proxy import Faults, NatsProxy
from tests.services.transport.nats_server import NatsServer

WELL = "NATS well"
FAULTY = Faults(duplicate=0.3, delay=0.05, reorder=0.1, lose=0.002, cut=0.001, seconds=0.02)


class Way:
    """The way to NATS, in one of its states."""

    def __init__(self, proxy: NatsProxy, seconds: float = 1.0) -> None:
        self._proxy = proxy
        self._seconds = seconds

    def become(self, state: str) -> None:
        """Changes the state, and waits until everybody has noticed."""
        self._proxy.faults = FAULTY if state == "faulty" else Faults()
        self._proxy.outage(state == "away")
        time.sleep(self._seconds)


def run(ground: Ground) -> Iterator[Figure]:
    """The median and the 95th percentile of a validation in each state."""
    folder = ground.home / f"nats-{uuid4().hex}"
    folder.mkdir()
    each, rounds = ground.sized(10, 150), ground.sized(2, 7)
    with (
        ground.store() as store,
        NatsServer(folder) as server,
        NatsProxy(server.port, seed=4) as proxy,
        publishing(ground, proxy.url) as caller,
    ):
        way = Way(proxy)
        book = LongBook(store, Calendar(), customers=20)
        drafts = iter(book.draft(3 * each * rounds + each))
        path = f"/v1/companies/{company_id(book.book_id)}/invoices"

        def commands(state: str) -> Sample:
            way.become(state)
            return timed(
                lambda draft: caller.post(f"{path}/{draft}/validate"),
                [next(drafts) for _ in range(each)],
            )

        commands(WELL)
        states = (WELL, "faulty", "away")
        samples = race({state: partial(commands, state) for state in states}, rounds)
        way.become(WELL)
    for share in (0.5, 0.95):
        for state in states[1:]:
            yield compared(state, samples[state], samples[WELL], share)


def compared(state: str, faulty: Sequence[Sample], well: Sequence[Sample], share: float) -> Figure:
    """A percentile of a state by that of its round with NATS well; the median of the rounds."""
    pairs = [
        (percentile([a], share), percentile([b], share)) for a, b in zip(faulty, well, strict=True)
    ]
    return Figure(
        what=f"HTTP validate while NATS is {state}, p{share * 100:.0f}",
        ours=median(a for a, _ in pairs),
        unit="ms",
        reference=WELL,
        theirs=median(b for _, b in pairs),
        ratio=median(a / b for a, b in pairs),
        most=1.1 if share == 0.95 else None,
        rounds=len(pairs),
        load=load(),
    )


@contextmanager
def publishing(ground: Ground, nats_url: str) -> Iterator[Caller]:
    """A client of a server that follows the books and publishes what happens in them."""
    port = free_port()
    environment = {
        **os.environ,
        "PARAPHE_DATABASE_URL": ground.url,
        "PARAPHE_NATS_URL": nats_url,
        "PARAPHE_HOME": str(ground.home / "publishing"),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", str(port)],
        env=environment,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield Caller(port, Keyring(ground.url).issue("benchmark"))
    finally:
        server.terminate()
        server.wait(30)
