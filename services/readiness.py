"""Whether this process can serve: database, durability, schema, and how far registers lag."""

from collections.abc import Iterator

import psycopg
from msgspec import Struct
from psycopg_pool import PoolTimeout

from services.backend import Backend
from services.store.migrations import scripts

DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
SECONDS_OF_LAG = 60

LOOK = """
SELECT NOT pg_is_in_recovery() AND NOT current_setting('transaction_read_only')::boolean,
    current_setting('fsync'), current_setting('synchronous_commit'),
    current_setting('full_page_writes'), (SELECT max(number) FROM migration)
"""
LAG = """
SELECT coalesce(extract(epoch FROM max(clock_timestamp() - last_recorded_at)), 0)::integer
FROM public.book WHERE book_id = ANY(%s)
"""


class Check(Struct, frozen=True):
    """One thing that was looked at, whether it is as it must be, and what was found."""

    name: str
    sound: bool
    found: str


def examine(backend: Backend) -> list[Check]:
    """Every check, in order; without a database those that need none, and that it is missing."""
    here = [_staying(backend), _disk(backend)]
    try:
        return [*here, *_database(backend), _registers(backend)]
    except (psycopg.Error, PoolTimeout) as error:
        return [*here, Check("database", sound=False, found=type(error).__name__)]


def _staying(backend: Backend) -> Check:
    return Check("staying", sound=not backend.leaving, found="no" if backend.leaving else "yes")


def _disk(backend: Backend) -> Check:
    free, least = backend.disk.free_mib(), backend.disk.least_mib
    found = "not ours" if free is None else f"{free} MiB free, at least {least} wanted"
    return Check("disk", sound=backend.disk.has_room, found=found)


def _database(backend: Backend) -> Iterator[Check]:
    with backend.datastore.connection() as conn:
        row = conn.execute(LOOK).fetchone()
    writable, *durability, version = row or (False, "", "", "", 0)
    newest = int(scripts()[-1].name[:4])
    yield Check("database", sound=True, found="reachable")
    yield Check("writable", sound=bool(writable), found="yes" if writable else "no")
    for name, value in zip(DURABLE, durability, strict=True):
        # synchronous_commit may be stricter than "on"; "off" and "local" may lose what was answered
        yield Check(name, sound=value in ("on", "remote_write", "remote_apply"), found=value)
    yield Check("schema", sound=version == newest, found=f"{version} of {newest}")


def _registers(backend: Backend) -> Check:
    """How long ago the newest event was recorded that some register has not taken in."""
    behind = backend.engine.behind()
    lag = 0
    if behind:
        with backend.engine.batcher() as batcher:
            row = batcher.conn.execute(LAG, (behind,)).fetchone()
        lag = int(row[0]) if row else 0
    found = f"{len(behind)} books behind, at most {lag} s"
    return Check("registers", sound=lag <= SECONDS_OF_LAG, found=found)
