"""Connections for readers of the live registers: the application's role, one book at a time."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from psycopg import Connection, IsolationLevel, sql
from psycopg_pool import ConnectionPool

from projections.registers import SEARCH_PATH
from services.store.datastore import SECONDS_FOR_A_CONNECTION, borrowed

IDLE = 2
MOST = 16
NO_OPTIONS: Mapping[str, Any] = {}
# A page is cut from an index that has its order. Without statistics PostgreSQL thinks that a book
# is small, and would rather read and sort all of it.
NO_SIFTING = ("enable_seqscan", "enable_bitmapscan", "enable_sort")

# Planning a page takes longer than reading it, and PostgreSQL would do so each time: it cannot know
# how little LIMIT lets through. What goes on for long is planned for its book.
ENTER = "SELECT set_config('paraphe.book_id', %s, true)"
ENTER_AT_LENGTH = f"{ENTER}, set_config('plan_cache_mode', 'auto', true)"
PLANS_ARE_KEPT = sql.SQL("SET plan_cache_mode = force_generic_plan")


class Readers:
    """A pool whose connections find tables in the registers alone and see one book alone."""

    def __init__(
        self,
        url: str,
        *,
        seconds: float = SECONDS_FOR_A_CONNECTION,
        reconnect_seconds: float = 300.0,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> None:
        self._pool = ConnectionPool(
            url, min_size=IDLE, max_size=MOST, open=False, configure=_configure, name="readers",
            timeout=seconds, reconnect_timeout=reconnect_seconds, kwargs=dict(options),
        )  # fmt: skip

    @contextmanager
    def of(self, book_id: str) -> Iterator[Connection[Any]]:
        """A connection in a transaction that sees this book and no other."""
        self._pool.open()
        with borrowed(self._pool) as conn, conn.transaction():
            conn.execute(ENTER, (book_id,))
            yield conn

    @contextmanager
    def still(self, book_id: str) -> Iterator[Connection[Any]]:
        """Like `of`, but whatever is read stands where the first question found it."""
        self._pool.open()
        with borrowed(self._pool) as conn:
            conn.isolation_level = IsolationLevel.REPEATABLE_READ
            try:
                with conn.transaction():
                    conn.execute(ENTER_AT_LENGTH, (book_id,))
                    yield conn
            finally:
                conn.isolation_level = None

    def close(self) -> None:
        """Gives the connections back."""
        self._pool.close()


def _configure(conn: Connection[Any]) -> None:
    conn.autocommit = True
    conn.prepare_threshold = 2
    settings = [
        sql.SQL("SET {} = off").format(sql.Identifier(each)) for each in (*NO_SIFTING, "jit")
    ]
    path = sql.SQL("SET search_path = {}").format(sql.SQL(SEARCH_PATH))
    role = sql.SQL("SET ROLE paraphe_app")
    conn.execute(sql.SQL("; ").join([*settings, PLANS_ARE_KEPT, path, role]), prepare=False)
