"""Registers of a book of any length: the rows of a real one, copied with shifted keys.

Some thousand invoices are written through the store and folded by the engine, and then their rows
are multiplied by INSERT … SELECT, each copy with customers of its own; sums by month are too. The
log stays as it is: no page reads it.
"""

from typing import Any

from psycopg import Connection, sql

from projections.archives import ArchivedDocument, ArchiveSettlement
from projections.history import HistoryLine, HistoryParty
from projections.ledger import LedgerLine, LedgerParty
from projections.registers import REGISTERS
from projections.rows import Row
from projections.unpaid import OpenItem, Settlement, UnpaidParty

MULTIPLIED: tuple[type[Row], ...] = (
    OpenItem, Settlement, UnpaidParty, HistoryLine, HistoryParty, ArchivedDocument,
    ArchiveSettlement, LedgerLine, LedgerParty,
)  # fmt: skip
POSITIONS = {"entry", "settled_at"}
NAMES = {"party", "document_id", "lettering_id"}
COPY = """
INSERT INTO {table} ({columns}) SELECT {copied}
FROM {table}, generate_series(%(done)s, %(times)s - 1) AS copy
WHERE book_id = %(book)s AND {original}
"""
MONTHS = """
UPDATE ledger.ledger_month SET debit = debit / %(done)s * %(times)s,
    credit = credit / %(done)s * %(times)s, lines = lines / %(done)s * %(times)s
WHERE book_id = %(book)s
"""


def multiply(conn: Connection[Any], book_id: str, size: int, done: int, times: int) -> None:
    """Brings a book of `size` events, whose rows are there `done` times, to `times` times."""
    asked = {"book": book_id, "size": size, "done": done, "times": times}
    schemas = {row: register.name for register in REGISTERS for row in register.rows}
    for row in MULTIPLIED:
        fields = ("book_id", *row.__struct_fields__)
        original = "entry <= %(size)s" if "entry" in fields else "strpos(party, '-') = 0"
        statement = sql.SQL(COPY).format(
            table=sql.Identifier(schemas[row], row.table),
            columns=sql.SQL(", ").join(map(sql.Identifier, fields)),
            copied=sql.SQL(", ").join(map(_copied, fields)),
            original=sql.SQL(original),
        )
        conn.execute(statement, asked)
    conn.execute(MONTHS, asked)


def _copied(column: str) -> sql.Composable:
    if column in POSITIONS:
        return sql.SQL("{} + copy * %(size)s").format(sql.Identifier(column))
    if column in NAMES:
        text = "CASE {0} WHEN '' THEN '' ELSE {0} || '-' || copy END"
        return sql.SQL(text).format(sql.Identifier(column))
    return sql.Identifier(column)
