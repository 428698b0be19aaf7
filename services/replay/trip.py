"""One round trip: statements that go out together and are answered together.

Over libpq itself: psycopg's pipeline sends each statement by itself, and takes four times as long
over it as a batch of one event spends on everything else.
"""

import re
from collections.abc import Sequence
from itertools import count
from select import POLLIN, POLLOUT, poll
from typing import Any

from psycopg import OperationalError, abc, errors
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

from services.replay.connection import Replaying

_NUMBERS = count(1)
_FAULTS = ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED


class Statement:
    """A statement of one connection, prepared when it is first asked; parameters are `%s`."""

    def __init__(self, conn: Replaying, text: bytes) -> None:
        places = count(1)
        self.text = re.sub(rb"%s", lambda _: b"$%d" % next(places), text)
        self.name = b""
        self._conn = conn
        self._loading: abc.Transformer | None = None

    def rows(self, result: PGresult) -> list[tuple[Any, ...]]:
        """The rows of a result; their types are those of the first one."""
        first = self._loading is None
        loading = self._loading or Transformer(self._conn)
        loading.set_pgresult(result, set_loaders=first)
        self._loading = loading
        return loading.load_rows(0, result.ntuples, tuple)


class Answer:
    """What a statement will have found once its trip is over."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.result: PGresult | None = None

    def rows(self) -> list[tuple[Any, ...]]:
        """The rows; none before the trip is over."""
        return self.statement.rows(self.result) if self.result else []


class Trip:
    """Statements for one round trip; its end gives the server's idle clocks a start."""

    def __init__(self, conn: Replaying) -> None:
        self._conn = conn
        self._asked: list[tuple[Answer, list[bytes]]] = []

    def ask(self, statement: Statement, *values: object) -> Answer:
        """Adds a statement; bytes and text go as they are, a list as an array."""
        answer = Answer(statement)
        self._asked.append((answer, [*map(_as_text, values)]))
        return answer

    def run(self) -> None:
        """Sends all and waits for the answers; raises the first error, as psycopg would."""
        if not self._asked:
            return
        try:
            results = self._exchange(self._conn.pgconn)
        except BaseException:
            self._conn.close()  # what is still under way nobody can tell apart any more
            raise
        for result in results:
            if result.status in _FAULTS:
                raise errors.error_from_result(result)

    def _exchange(self, pg: PGconn) -> list[PGresult]:
        """Every result in order. What is prepared gets its name only once it is."""
        pg.enter_pipeline_mode()
        expected: list[tuple[Answer, bytes]] = []
        named: dict[Statement, bytes] = {}
        for answer, values in self._asked:
            statement = answer.statement
            name = statement.name or named.get(statement)
            if not name:
                name = named[statement] = b"trip_%d" % next(_NUMBERS)
                pg.send_prepare(name, statement.text)
                expected.append((answer, name))
            pg.send_query_prepared(name, values, result_format=Format.BINARY)
            expected.append((answer, b""))
        pg.pipeline_sync()
        results = _results(pg)
        pg.exit_pipeline_mode()
        for (answer, name), result in zip(expected, results, strict=True):
            if result.status in _FAULTS:
                break
            if name:
                answer.statement.name = name
            else:
                answer.result = result
        return results


def _results(pg: PGconn) -> list[PGresult]:
    """Waits until all is sent and answered, reading meanwhile, so that neither side is blocked."""
    ready = poll()
    while pg.flush():
        ready.register(pg.socket, POLLIN | POLLOUT)
        if any(event & POLLIN for _, event in ready.poll()):
            pg.consume_input()
    ready.register(pg.socket, POLLIN)
    results: list[PGresult] = []
    while True:
        while pg.is_busy():
            ready.poll()
            pg.consume_input()
        result = pg.get_result()
        if result is None:
            if pg.status == ConnStatus.BAD:
                raise OperationalError("the connection is lost")
        elif result.status == ExecStatus.PIPELINE_SYNC:
            return results
        else:
            results.append(result)


def _as_text(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, list):
        return _array(value)
    return str(value).encode()


def _array(values: Sequence[object]) -> bytes:
    """An array of any type in PostgreSQL's own notation."""
    quoted = (str(each).replace("\\", "\\\\").replace('"', '\\"') for each in values)
    return ('{"' + '","'.join(quoted) + '"}').encode() if values else b"{}"
