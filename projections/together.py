"""Whether registers stand at one position of a book, so that an answer may be made of them all."""

from collections.abc import Sequence
from typing import Any

from psycopg import Connection, sql

POSITION = "coalesce((SELECT position FROM {} WHERE book_id = %(book)s), 0)"


def stand_together(conn: Connection[Any], book_id: str, registers: Sequence[str]) -> bool:
    """Whether the registers of these names stand at the same position."""
    positions = [
        sql.SQL(POSITION).format(sql.Identifier(f"{register}_cursor")) for register in registers
    ]
    question = sql.SQL("SELECT ") + sql.SQL(", ").join(positions)
    found = conn.execute(question, {"book": book_id}).fetchone()
    return found is not None and len(set(found)) == 1
