"""One round trip: statements that go out together and are answered together.

Over libpq itself: psycopg's pipeline sends each statement by itself, and takes four times as long
over it as a batch of one event spends on everything else.
"""

import re
import struct
from collections.abc import Sequence
from itertools import count
from select import POLLIN, POLLOUT, poll
from typing import Any

from psycopg import Connection, OperationalError, abc, errors
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, ExecStatus, Format
from psycopg.pq.abc import PGconn, PGresult

_NUMBERS = count(1)
_FAULTS = ExecStatus.FATAL_ERROR, ExecStatus.PIPELINE_ABORTED
_PLACES = re.compile(rb"%(?:s|\((\w+)\)[sb])")
_LENGTH = struct.Struct("!i")
_BYTEAS = struct.Struct("!5i")
_BYTEA = 17


class Binary(bytes):
    """A value in PostgreSQL's own form: of a bytea, its bytes."""


class Statement:
    """A statement of one connection, prepared when it is first asked.

    Its parameters are `%s` in their order, or all `%(name)s`.
    """

    def __init__(self, conn: Connection[Any], text: bytes) -> None:
        self.names: dict[str, int] = {}
        places = count(1)

        def numbered(place: re.Match[bytes]) -> bytes:
            if place[1] is None:
                return b"$%d" % next(places)
            name = place[1].decode()
            if name not in self.names:
                self.names[name] = next(places)
            return b"$%d" % self.names[name]

        self.text = _PLACES.sub(numbered, text)
        self.name = b""
        self.conn = conn
        self._loading: abc.Transformer | None = None

    def rows(self, result: PGresult) -> list[tuple[Any, ...]]:
        """The rows of a result; their types are those of the first one."""
        first = self._loading is None
        loading = self._loading or Transformer(self.conn)
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


def prepared(conn: Connection[Any], text: str) -> Statement:
    """The statement of this text on a connection: it lives as long as that does."""
    known: dict[str, Statement] = vars(conn).setdefault("_statements_by_text", {})
    statement = known.get(text)
    if statement is None:
        statement = known[text] = Statement(conn, text.encode())
    return statement


class Trip:
    """Statements for one round trip; its end gives the server's idle clocks a start."""

    def __init__(self, conn: Connection[Any]) -> None:
        self._conn = conn
        self._asked: list[tuple[Answer, list[bytes | None]]] = []

    def ask(self, statement: Statement, *values: object, **named: object) -> Answer:
        """Adds a statement; bytes and text go as they are, a list as an array, None as NULL."""
        answer = Answer(statement)
        given = [named[name] for name in statement.names] if statement.names else values
        self._asked.append((answer, [*map(_written, given)]))
        return answer

    def ask_text(self, text: str, **named: object) -> Answer:
        """Adds a statement by its text, with parameters by name."""
        return self.ask(prepared(self._conn, text), **named)

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
            formats = [isinstance(value, Binary) for value in values]
            pg.send_query_prepared(name, values, formats, Format.BINARY)
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


def byteas(values: Sequence[bytes]) -> Binary:
    """An array of bytea: written as text it would be twice as long."""
    parts = [_BYTEAS.pack(1, 0, _BYTEA, len(values), 1)]
    for value in values:
        parts += _LENGTH.pack(len(value)), value
    return Binary(b"".join(parts))


def _written(value: object) -> bytes | None:
    if value is None or isinstance(value, bytes):
        return value
    if isinstance(value, list | tuple):
        return _array(value)
    return str(value).encode()


def _array(values: Sequence[object]) -> bytes:
    """An array of any type in PostgreSQL's own notation."""
    return ("{" + ",".join(map(_element, values)) + "}").encode()


def _element(value: object) -> str:
    if value is None:
        return "NULL"
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
