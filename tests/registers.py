"""Registers as plain dicts, from memory or from their tables, so that tests can compare them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from domain.book.event import Recorded
from projections.register import Register
from projections.registers import REGISTERS
from projections.rows import Row, key_of
from services.replay.connection import connect
from services.replay.fold import replay
from services.replay.place import Place
from services.replay.tables import tables_of

Tables = dict[str, dict[Any, Row]]


def in_memory(facts: Sequence[Recorded], registers: Sequence[Register] = REGISTERS) -> Tables:
    """Every table of the registers after a fold over a dict, by table name and key."""
    rows = replay(registers, facts)
    return {
        row_type.table: dict(rows[register.name].all(row_type))
        for register in registers
        for row_type in register.rows
    }


def stored(url: str, book_id: str, *places: Place) -> Tables:
    """The same from the tables of a book in PostgreSQL; by default of the live registers."""
    wanted = places or tuple(Place(register, register.name) for register in REGISTERS)
    found: Tables = {}
    with connect(url) as conn:
        for place in wanted:
            for table in tables_of(conn, place):
                key = key_of(table.row_type)
                rows = map(table.row, conn.execute(table.all_of_book, (UUID(book_id),)))
                found[table.row_type.table] = {key(row): row for row in rows}
    return found
