"""What commands, events and registers cost in processor time, WAL and disk; and a billion of them.

Costs are processor time, of our process and of PostgreSQL's, because that does not depend on what
else the machine does. The last lines work them through for the installation of docs/capacity.md.
"""

import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct
from psycopg import Connection, sql

from projections.register import Register
from projections.registers import REGISTERS
from services.audit.seal_keeper import SealKeeper, Unsealed
from services.audit.seal_keys import open_sealer
from services.replay.connection import connect
from services.replay.engine import Engine
from services.replay.place import live
from services.replay.rebuild import rebuild
from services.settings import Settings
from services.store.store import Store
from tests.benchmarks.commands import pay, validate
from tests.benchmarks.ground import Ground
from tests.benchmarks.long_books import Calendar, LongBook
from tests.benchmarks.measure import Figure, load

TICKS = os.sysconf("SC_CLK_TCK")
LOG = ("event", "event_tag", "subtree")
COMPANIES, EVENTS = 100_000, 1_000_000_000
WORKING_SECONDS, PEAK = 250 * 10 * 3600, 5
"""A year's events come in 250 days of ten hours; the busiest hour has five times the average."""
EVENTS_A_COMMAND = 1.35
"""A draft is one event, a validation two, a payment two and a lettering one for five invoices."""
BUSY = 0.5
"""A core is planned for half of its time."""

SIZES = """
SELECT sum(pg_table_size(relid)), sum(pg_indexes_size(relid)),
    sum((SELECT reltuples FROM pg_class WHERE oid = relid))
FROM pg_partition_tree(%s::regclass) WHERE isleaf
"""
INDEXES = """
SELECT (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = indexrelid) AS name,
    sum(pg_relation_size(indexrelid))
FROM pg_index WHERE indrelid IN (
    SELECT relid FROM pg_partition_tree(%s::regclass) WHERE isleaf
) GROUP BY name ORDER BY name
"""
OF_SCHEMA = """
SELECT coalesce(sum(pg_table_size(oid)), 0), coalesce(sum(pg_indexes_size(oid)), 0),
    coalesce(sum(reltuples), 0)
FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r'
"""


MANY_BOOKS = """
INSERT INTO book (book_id, size, chain, last_recorded_at)
SELECT gen_random_uuid(), 1, sha256('a'), now() - interval '1 day' FROM generate_series(1, %s)
"""


class Cost(Struct, frozen=True):
    """Of one piece of work: milliseconds of processor time, ours and PostgreSQL's; bytes of WAL."""

    ours: float
    database: float
    wal: float

    @property
    def both(self) -> float:
        """All milliseconds of processor time."""
        return self.ours + self.database


class Meter:
    """Reads processor time and WAL before and after some work."""

    def __init__(self, conn: Connection[Any]) -> None:
        self._conn = conn
        _, words = stat(conn.info.backend_pid)
        self._postmaster = int(words[1])

    def of(self, pieces: int, work: Callable[[], Any]) -> Cost:
        """What each piece of the work cost."""
        self._conn.execute("CHECKPOINT")
        own, spent, wal = sum(os.times()[:4]), self._spent(), self._wal()
        work()
        own, spent, wal = sum(os.times()[:4]) - own, self._spent() - spent, self._wal() - wal
        return Cost(1000 * own / pieces, 1000 * spent / pieces, wal / pieces)

    def _wal(self) -> int:
        row = self._conn.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn").fetchone()
        return int(row[0]) if row else 0

    def _spent(self) -> float:
        """Seconds of every process that the server has or had, but the one that asks."""
        asking = self._conn.info.backend_pid
        found = [stat(int(place.name)) for place in Path("/proc").glob("[0-9]*")]
        living = sum(
            int(words[11]) + int(words[12])
            for pid, words in found
            if words and words[1] == str(self._postmaster) and pid != asking
        )
        _, words = stat(self._postmaster)
        return (living + sum(map(int, words[11:15]))) / TICKS


def stat(pid: int) -> tuple[int, list[str]]:
    """What the kernel says of a process: state, parent, …, and its ticks from the 12th word on."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return pid, []  # it has just ended
    return pid, text.rpartition(")")[2].split()


def run(ground: Ground) -> Iterator[Figure]:
    """The costs, one by one, and then what they come to."""
    invoices = ground.sized(200, 10_000)
    calendar = Calendar()
    with ground.store(calendar) as past:
        book = LongBook(past, calendar)
        book.live(invoices, still_open=400)
        size = past.head(book.book_id).size
    with ground.connection() as conn:
        meter = Meter(conn)
        yield figure("events an invoice, paid five at once", size / invoices, "events")
        bytes_of_log = 0.0
        for what, each in log_bytes(conn, size):
            bytes_of_log += each
            yield figure(f"log: {what}", each, "bytes/event")
        engine = Engine(ground.url)
        live = meter.of(size, lambda: engine.run_to_head(book.book_id))
        yield from cost("live registers, an event", live)
        bytes_of_registers = 0.0
        for register in REGISTERS:
            rows, table, indexes = register_bytes(conn, register, size)
            bytes_of_registers += table + indexes
            yield figure(f"{register.name}: rows", rows, "rows/event")
            yield figure(f"{register.name}: table", table, "bytes/event")
            yield figure(f"{register.name}: keys and indexes", indexes, "bytes/event")
            alone = meter.of(size, lambda: rebuild(ground.url, [register]))  # noqa: B023
            yield figure(f"{register.name}: rebuild alone", 1000 * alone.both, "µs/event")
        rebuilt = meter.of(size, lambda: rebuild(ground.url, REGISTERS))
        yield from cost("rebuild of all registers, an event", rebuilt)
        with ground.store() as store:
            command = command_cost(ground, store, meter)
            yield from seals(ground, store, meter)
        yield from shelf(ground, conn, engine)
        engine.stop()
        yield from cost("command (half validations, half payments and letterings)", command)
        yield from worked_through(
            Model(
                log=bytes_of_log, registers=bytes_of_registers,
                command=command, live=live, rebuild=rebuilt,
            )
        )  # fmt: skip


def log_bytes(conn: Connection[Any], events: int) -> Iterator[tuple[str, float]]:
    """Tables and indexes of the log, in bytes an event."""
    conn.execute("VACUUM ANALYZE")
    for table in LOG:
        [(size, _, rows)] = conn.execute(SIZES, (table,)).fetchall()
        yield f"{table}, {rows / events:.2f} rows an event", float(size) / events
        for name, bytes_ in conn.execute(INDEXES, (table,)).fetchall():
            yield f"index {name}", float(bytes_) / events


def register_bytes(
    conn: Connection[Any], register: Register, events: int
) -> tuple[float, float, float]:
    """Rows, bytes of tables and bytes of indexes of a register, an event of the book."""
    conn.execute("VACUUM ANALYZE")
    [(table, indexes, rows)] = conn.execute(OF_SCHEMA, (register.name,)).fetchall()
    return float(rows) / events, float(table) / events, float(indexes) / events


def command_cost(ground: Ground, store: Store, meter: Meter) -> Cost:
    """What a command costs over many books: validations, payments and letterings in turn."""
    count = ground.sized(10, 300)
    calendar = Calendar()
    with ground.store(calendar) as past:
        book = LongBook(past, calendar, customers=20)
        book.live(count + 100, still_open=100 * count)
        drafts = book.draft(2 * count)
    owed = book.still_owed()[:count]
    validate(store, book.book_id, drafts.pop())

    def work() -> None:
        for item, first, second in zip(owed, drafts[:count], drafts[count:], strict=False):
            validate(store, book.book_id, first)
            validate(store, book.book_id, second)
            pay(store, book.book_id, item)

    return meter.of(4 * min(count, len(drafts) - count), work)


def seals(ground: Ground, store: Store, meter: Meter) -> Iterator[Figure]:
    """What it costs to seal a changed book, and how many one keeper seals in a second."""
    settings = Settings(home=ground.home / "sealing")
    settings.home.mkdir(exist_ok=True)
    sealer = open_sealer(store, settings)
    books = [LongBook(store, Calendar(), customers=2) for _ in range(ground.sized(3, 100))]
    keeper = SealKeeper(sealer, ground.url)
    keeper.round()
    for book in books:
        book.draft(1)
    began = time.perf_counter()
    each = meter.of(len(books), keeper.round)
    rate = len(books) / (time.perf_counter() - began)
    yield from cost("seal of a changed book", each)
    yield figure("  by one keeper, which waits for the disk", rate, "seals/s")


def shelf(ground: Ground, conn: Connection[Any], engine: Engine) -> Iterator[Figure]:
    """What the two questions over all books cost, with as many books as in the model."""
    count = ground.sized(1_000, COMPANIES)
    conn.execute(MANY_BOOKS, (count,))
    for register in REGISTERS:
        conn.execute(
            sql.SQL(
                "INSERT INTO {} (book_id, position) SELECT book_id, size FROM public.book "
                "ON CONFLICT DO NOTHING"
            ).format(live(register).cursor)
        )
    conn.execute("ANALYZE")
    with engine.batcher() as batcher, connect(ground.url) as asking:
        for what, questions in (("behind", batcher.questions), ("unsealed", Unsealed())):
            [(now,)] = asking.execute("SELECT now()").fetchall()
            for which, ask in (
                ("of all", partial(questions.all, asking)),
                ("of those that grew lately", partial(questions.lately, asking, now, [])),
            ):
                ask()
                began = time.perf_counter()
                ask()
                took = 1000 * (time.perf_counter() - began)
                yield figure(f"{count:,} books: which {which} are {what}", took, "ms")


class Model(Struct, frozen=True, kw_only=True):
    """What was measured: bytes an event, and costs."""

    log: float
    registers: float
    command: Cost
    live: Cost
    rebuild: Cost


def worked_through(model: Model) -> Iterator[Figure]:
    """A hundred thousand companies, a billion events, written in one year."""
    terabyte = 1e12
    rate = EVENTS / WORKING_SECONDS * PEAK
    commands = rate / EVENTS_A_COMMAND
    what = f"{COMPANIES:,} companies, {EVENTS:,} events"
    yield figure(f"{what}: the log", EVENTS * model.log / terabyte, "TB")
    yield figure("  the registers", EVENTS * model.registers / terabyte, "TB")
    yield figure("  an event a second on average, in the year", EVENTS / (365 * 86_400), "events/s")
    yield figure("  in the busiest hour", rate, "events/s")
    yield figure("  commands then", commands, "commands/s")
    wal = commands * model.command.wal + rate * model.live.wal
    yield figure("  WAL then", wal / 1e6, "MB/s")
    database = commands * model.command.database + rate * model.live.database
    yield figure("  cores of PostgreSQL then, half busy", database / 1000 / BUSY, "cores")
    ours = commands * model.command.ours + rate * model.live.ours
    yield figure("  cores of Python then, without HTTP, half busy", ours / 1000 / BUSY, "cores")
    hours = EVENTS * model.rebuild.both / 1000 / 3600
    yield figure("  rebuild of everything", hours, "core hours")


def figure(what: str, value: float, unit: str) -> Figure:
    """A figure without reference."""
    return Figure(what=what, ours=value, unit=unit, load=load())


def cost(what: str, each: Cost) -> Iterator[Figure]:
    """The three figures of a cost."""
    yield figure(f"{what}: Python", each.ours * 1000, "µs")
    yield figure("  PostgreSQL", each.database * 1000, "µs")
    yield figure("  WAL", each.wal, "bytes")
