"""Registers as plain dicts, from memory or from their tables, so that tests can compare them.

The moments of records are left out: a book that is made up was written when a test wrote it.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, get_args
from uuid import UUID

from msgspec.structs import fields, replace

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
        row_type.table: {
            key: timeless(row) for key, row in rows[register.name].all(row_type).items()
        }
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
                found_rows = conn.execute(table.all_of_book, (UUID(book_id),))
                rows = [timeless(table.row(values)) for values in found_rows]
                found[table.row_type.table] = {key(row): row for row in rows}
    return found


def timeless(row: Row) -> Row:
    """The row without the moments in it."""
    moments = _moments_of(type(row))
    return replace(row, **dict.fromkeys(moments)) if moments else row


@cache
def _moments_of(row_type: type[Row]) -> tuple[str, ...]:
    kinds = ((each.name, each.type) for each in fields(row_type))
    return tuple(name for name, kind in kinds if datetime in (kind, *get_args(kind)))
