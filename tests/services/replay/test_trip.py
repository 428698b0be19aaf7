"""Round trips: what goes out together is answered together, or refused as by psycopg."""

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import psycopg
import pytest
from psycopg.errors import DivisionByZero, InFailedSqlTransaction

from services.replay.connection import Replaying, connect
from services.trip import Statement, Trip


@pytest.fixture
def conn(url: str) -> Iterator[Replaying]:
    with connect(url) as opened:
        yield opened


def ask(conn: Replaying, statement: Statement, *values: object) -> list[tuple[object, ...]]:
    trip = Trip(conn)
    answer = trip.ask(statement, *values)
    trip.run()
    return answer.rows()


def test_values_arrive_as_they_were_sent(conn: Replaying) -> None:
    words = ["", "é", 'a "b"', "back\\slash", "{x,y}", "NULL", "two\nlines", " "]
    book = uuid4()
    statement = Statement(conn, b"SELECT %s::uuid, %s::text[], %s::date[], %s::int8[], %s::text")
    for days in [[date(2026, 2, 28)], []]:
        found = ask(conn, statement, book, words, days, [1, -(2**62)], "100 %")
        assert found == [(book, words, days, [1, -(2**62)], "100 %")]


def test_one_trip_may_be_longer_than_every_buffer(conn: Replaying) -> None:
    """Goal: neither side waits for the other to read. Method: megabytes there and back at once."""
    echo = Statement(conn, b"SELECT %s::text")
    trip = Trip(conn)
    answers = [trip.ask(echo, str(nth) * 2_000_000) for nth in range(8)]
    trip.run()
    assert [answer.rows()[0][0][0] for answer in answers] == list("01234567")


def test_the_first_error_is_raised_and_the_connection_goes_on(conn: Replaying) -> None:
    begin, divide = Statement(conn, b"BEGIN"), Statement(conn, b"SELECT 1 / %s::int")
    trip = Trip(conn)
    trip.ask(begin)
    before, after = trip.ask(divide, 1), trip.ask(divide, 0)
    never = trip.ask(Statement(conn, b"SELECT 2"))
    with pytest.raises(DivisionByZero):
        trip.run()
    assert (before.rows(), after.rows(), never.rows()) == ([(1,)], [], [])
    with pytest.raises(InFailedSqlTransaction):
        ask(conn, divide, 1)
    conn.rollback()
    assert ask(conn, divide, 1) == [(1,)]


def test_a_statement_is_prepared_once_and_outlives_a_rollback(conn: Replaying) -> None:
    statement = Statement(conn, b"SELECT %s::int")
    for nth in range(3):
        with conn.transaction(force_rollback=True):
            assert ask(conn, statement, nth) == [(nth,)]
    prepared = conn.execute("SELECT count(*) FROM pg_prepared_statements").fetchall()
    assert prepared == [(1,)]


def test_a_connection_that_has_ended_is_closed(url: str, conn: Replaying) -> None:
    statement = Statement(conn, b"SELECT 1")
    assert ask(conn, statement) == [(1,)]
    with psycopg.connect(url) as owner:
        owner.execute("SELECT pg_terminate_backend(%s, 5000)", (conn.info.backend_pid,))
    with pytest.raises(psycopg.OperationalError):
        ask(conn, statement)
    assert conn.closed
