"""Connections of the replay engine: its role, its plans, its way to commit."""

from typing import Any

import psycopg
from psycopg import Connection, sql

from services.replay.wire import teach

Replaying = Connection[Any]

SETTINGS = {
    # Rows and cursor commit together: a batch that a crash takes back is taken in once more.
    "synchronous_commit": "off",
    # A book just opened has no statistics; every statement here finds its rows by a key, in the
    # order of that key, whatever the values.
    "plan_cache_mode": "force_generic_plan",
    "enable_sort": "off",
    "enable_incremental_sort": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    # A machine that is gone without a word is noticed, and what it held is let go.
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "30s",
}


def connect(url: str) -> Replaying:
    """A connection as paraphe_replay: reads every book, owns the registers."""
    # What is asked again and again trip.py prepares; psycopg would drop all of it whenever a
    # transaction is rolled back.
    conn = psycopg.connect(url, autocommit=True, prepare_threshold=None)
    teach(conn)
    settings = [
        sql.SQL("SET {} = {}").format(sql.Identifier(name), sql.Literal(value))
        for name, value in SETTINGS.items()
    ]
    conn.execute(sql.SQL("; ").join([*settings, sql.SQL("SET ROLE paraphe_replay")]), prepare=False)
    return conn
