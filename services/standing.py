"""How the installation stands, read when Prometheus asks: lag, parked books, seals, outbox, disk.

Given away on an address of its own, which only machines of the operator should reach.
"""

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import psycopg
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from psycopg import sql
from psycopg_pool import PoolTimeout

from projections.registers import REGISTERS
from services.metrics import COUNTED
from services.replay.connection import Replaying
from services.replay.place import live
from services.replicas import MOST_LAG_SECONDS
from services.transport.lag import outbox_lag

if TYPE_CHECKING:
    from services.backend import Backend

LAG = sql.SQL("""
SELECT count(*) FILTER (WHERE parked_at IS NOT NULL),
    coalesce(sum(size - coalesce(position, 0)), 0)::bigint,
    coalesce(extract(epoch FROM max(clock_timestamp() - last_recorded_at)), 0)::float8
FROM public.book LEFT JOIN {} AS held USING (book_id) WHERE size > coalesce(position, 0)
""")
UNSEALED = """
SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min((
    SELECT recorded_at FROM public.event
    WHERE event.book_id = changed.book_id AND event.position = sealed + 1))), 0)::float8
FROM (
    SELECT book_id, size, coalesce((
        SELECT seal.size FROM public.seal
        WHERE seal.book_id = book.book_id ORDER BY nth DESC LIMIT 1), 0) AS sealed
    FROM public.book
) AS changed WHERE size > sealed
"""
WAITING = """
SELECT (SELECT count(*) FROM printing.issued_document WHERE original = ''),
    (SELECT count(*) FROM public.job WHERE state IN ('queued', 'running')),
    (SELECT coalesce(extract(epoch FROM clock_timestamp() - min(asked_at)), 0)::float8
        FROM public.job WHERE state IN ('queued', 'running'))
"""
# The connection is made for reading one book by its keys; here every book is read once.
ALL_BOOKS = "SET LOCAL enable_seqscan = on; SET LOCAL enable_hashjoin = on"

log = logging.getLogger(__name__)


class Standing(Collector):
    """Asks the database at each collection; without a database it says only that."""

    def __init__(self, backend: "Backend") -> None:
        self._backend = backend

    def collect(self) -> Iterator[Metric]:
        """The gauges."""
        backend = self._backend
        up = 1
        try:
            with backend.engine.batcher() as batcher, batcher.conn.transaction():
                batcher.conn.execute(ALL_BOOKS, prepare=False)
                found = [*_registers(batcher.conn), *_seals(batcher.conn), *_waiting(batcher.conn)]
                if backend.settings.nats_url is not None:
                    found += _outbox(batcher.conn)
        except (psycopg.Error, PoolTimeout) as error:
            log.warning("no metrics from the database: %s", error)
            found, up = [], 0
        yield from found
        yield _gauge("paraphe_database_up", "Whether the database answered.", up)
        yield _gauge("paraphe_ready", "0 once this process was told to stop.", not backend.leaving)
        refused = len(backend.keeper.refused)
        yield _gauge("paraphe_seal_refused_books", "Books that cannot be sealed.", refused)
        if backend.archivist is not None:
            refused = len(backend.archivist.refused)
            yield _gauge("paraphe_archive_refused_books", "Books not archived.", refused)
        yield from _replicas(backend.replicas.lags())
        if (free := backend.disk.free_mib()) is not None:
            yield _gauge("paraphe_disk_free_bytes", "Free on the data's disk.", free * 1024 * 1024)


def publish(backend: "Backend") -> None:
    """Answers Prometheus on the address of the settings, if any, until the process ends."""
    address = backend.settings.metrics
    if address is None:
        return
    host, _, port = address.rpartition(":")
    registry = CollectorRegistry()
    registry.register(COUNTED)
    registry.register(Standing(backend))
    start_http_server(int(port), host.strip("[]") or "127.0.0.1", registry)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _registers(conn: Replaying) -> Iterator[Metric]:
    events, seconds, parked = (
        GaugeMetricFamily(f"paraphe_register_{name}", words, labels=["register"])
        for name, words in (
            ("lag_events", "Events that a register has not taken in."),
            ("lag_seconds", "How long ago a book grew that a register has not taken in."),
            ("parked_books", "Books in which a register has stopped at an event."),
        )
    )
    for register in REGISTERS:
        ((stopped, lag, age),) = conn.execute(LAG.format(live(register).cursor)).fetchall()
        for gauge, value in ((events, lag), (seconds, age), (parked, stopped)):
            gauge.add_metric([register.name], float(value))
    yield from (events, seconds, parked)


def _seals(conn: Replaying) -> Iterator[Metric]:
    ((books, age),) = conn.execute(UNSEALED).fetchall()
    yield _gauge("paraphe_unsealed_books", "Books with events that no seal covers.", books)
    yield _gauge("paraphe_seal_age_seconds", "Age of the oldest event without a seal.", max(0, age))


def _waiting(conn: Replaying) -> Iterator[Metric]:
    ((documents, jobs, age),) = conn.execute(WAITING).fetchall()
    yield _gauge("paraphe_unprinted_documents", "Issued, and without an original yet.", documents)
    yield _gauge("paraphe_waiting_jobs", "Jobs that have not ended.", jobs)
    yield _gauge("paraphe_waiting_jobs_age_seconds", "Age of the oldest of them.", max(0, age))


def _replicas(lags: Sequence[float | None]) -> Iterator[Metric]:
    """None without replicas."""
    if lags:
        known = [lag for lag in lags if lag is not None]
        yield _gauge("paraphe_replicas", "Read replicas in the settings.", len(lags))
        in_use = sum(lag <= MOST_LAG_SECONDS for lag in known)
        yield _gauge("paraphe_replicas_in_use", "Replicas that answer.", in_use)
        yield _gauge("paraphe_replica_lag_seconds", "How far one is behind.", max(known, default=0))


def _outbox(conn: Replaying) -> Iterator[Metric]:
    lag = outbox_lag(conn)
    yield _gauge("paraphe_outbox_books", "Books with unpublished events.", lag.books)
    yield _gauge("paraphe_outbox_events", "Unpublished events.", lag.events)
    yield _gauge("paraphe_outbox_age_seconds", "Age of the oldest of them.", lag.seconds)
