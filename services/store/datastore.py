"""Connections to the book: the library's pool, with our roles, guards and planner settings."""

import select
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

import psycopg
from eventsourcing.postgres import PostgresDatastore
from psycopg import Connection, sql
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool

SECONDS_FOR_A_CONNECTION = 3.0
Role = Literal["paraphe_app", "paraphe_replay"]

# Without statistics, partitions and a generic plan lead PostgreSQL to read a whole book or to start
# workers; the statements of the pen have one good plan each, so the others are switched off.
GUARDED_PLANS = {
    "plan_cache_mode": "force_generic_plan",
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_bitmapscan": "off",
    "enable_sort": "off",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
}


class BookDatastore(PostgresDatastore):
    """A pool of connections that act in one role, with plans that do not depend on statistics."""

    def __init__(
        self, url: str, *, role: Role = "paraphe_app", pool_size: int = 2, max_overflow: int = 30
    ) -> None:
        if psycopg.pq.__impl__ == "python":
            raise RuntimeError("psycopg runs in pure Python: install psycopg[binary]")
        self._role = role
        super().__init__(
            dbname="", host="", port="", user="", password="",
            pool_size=pool_size, max_overflow=max_overflow,
            connect_timeout=SECONDS_FOR_A_CONNECTION,
        )  # fmt: skip
        patience = {"connect_timeout": int(SECONDS_FOR_A_CONNECTION)}
        # Trips prepare what is asked again and again; psycopg would drop theirs with its own
        # whenever a transaction is rolled back.
        own = {**conninfo_to_dict(url), "prepare_threshold": None}
        self.pool.kwargs = {**patience, **own}
        self.pool.reconnect_timeout = SECONDS_FOR_A_CONNECTION  # then the next caller tries anew
        self.url = url

    def after_connect_func(self) -> Callable[[Connection[Any]], None]:
        """What each new connection is told, once."""
        role = self._role

        def after_connect(conn: Connection[Any]) -> None:
            conn.autocommit = True
            settings = [
                sql.SQL("SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
                for name, value in GUARDED_PLANS.items()
            ]
            take_role = sql.SQL("SET ROLE {}").format(sql.Identifier(role))
            conn.execute(sql.SQL("; ").join([*settings, take_role]), prepare=False)

        return after_connect

    @contextmanager
    def connection(self) -> Iterator[Connection[Any]]:
        """A connection of the pool; psycopg's errors pass as they are, PoolTimeout among them."""
        self.pool.open(wait=False)
        with borrowed(self.pool) as conn:
            yield conn


@contextmanager
def borrowed(pool: ConnectionPool[Connection[Any]]) -> Iterator[Connection[Any]]:
    """A living connection of a pool. Those that a restart of the server left dead are weeded out.

    (The pool's own check costs a round trip each time, and sleeps between dead connections.)
    """
    conn = pool.getconn()
    for _ in range(pool.max_size):
        if not _is_dead(conn):
            break
        conn.close()
        pool.putconn(conn)
        conn = pool.getconn()
    try:
        with conn:
            yield conn
    finally:
        pool.putconn(conn)


def _is_dead(conn: Connection[Any]) -> bool:
    """Whether the server has hung up; an idle connection that can be read from most often has."""
    try:
        poll = select.poll()
        poll.register(conn.fileno(), select.POLLIN)
        if poll.poll(0):
            ConnectionPool.check_connection(conn)
    except psycopg.Error:
        return True
    return False
