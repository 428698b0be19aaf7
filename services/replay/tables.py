"""Rows to tables and back: the statements of one row type in one schema."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from msgspec.structs import astuple
from psycopg import sql
from psycopg.types.json import Jsonb

from projections.rows import Changes, Key, Row, as_tuple
from services.replay.connection import Replaying
from services.replay.place import Place

FEW = 20
"""Up to so many rows, INSERT in a pipeline costs less than the round trips of COPY."""


class Table:
    """Where the rows of one type lie; made from the columns that the table has."""

    def __init__(self, conn: Replaying, row_type: type[Row], name: sql.Identifier) -> None:
        self.row_type = row_type
        self.name = name
        fields = row_type.__struct_fields__
        self._columns = sql.SQL(", ").join(map(sql.Identifier, ("book_id", *fields)))
        probe = conn.execute(
            sql.SQL("SELECT {} FROM {} LIMIT 0").format(self._columns, self.name), prepare=False
        )
        self._oids = [column.type_code for column in probe.description or ()]
        types = dict(zip(fields, self._oids[1:], strict=True))
        registry = conn.adapters.types
        self._arrays = [i for i, oid in enumerate(types.values()) if _is_array(conn, oid)]
        json = registry["jsonb"].oid
        self._documents = [i for i, oid in enumerate(types.values()) if oid == json]
        self._keys = [(name, registry[types[name]].name) for name in row_type.key]
        whole = sql.SQL("SELECT {} FROM {} AS row WHERE book_id = %s")
        self.all_of_book = whole.format(self._fields(), self.name)
        self.find = self._by_keys(sql.SQL("SELECT {} FROM {}").format(self._fields(), self.name))
        self.remove = self._by_keys(sql.SQL("DELETE FROM {}").format(self.name), "USING")
        self.insert = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            self.name, self._columns, sql.SQL(", ").join([sql.Placeholder()] * len(self._oids))
        )

    def values(self, book_id: UUID, row: Row) -> Sequence[Any]:
        """A row as the values of its columns."""
        values = [book_id, *astuple(row)]
        for i in self._arrays:
            values[i + 1] = list(values[i + 1])
        for i in self._documents:
            values[i + 1] = Jsonb(values[i + 1])
        return values

    def row(self, values: Sequence[Any]) -> Row:
        """A row from the values of its fields."""
        if self._arrays:
            values = list(values)
            for i in self._arrays:
                values[i] = tuple(values[i])
        return self.row_type(*values)

    def keys(self, book_id: UUID, keys: Iterable[Key]) -> list[Any]:
        """Keys as the parameters of `find` and `remove`."""
        columns = list(zip(*map(as_tuple, keys), strict=True))
        return [book_id, *map(list, columns)]

    def copy(self, conn: Replaying, book_id: UUID, rows: Iterable[Row]) -> None:
        """Adds many rows at once."""
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)")
        with conn.cursor().copy(statement.format(self.name, self._columns)) as copy:
            copy.set_types(self._oids)
            if self._arrays or self._documents:
                for row in rows:
                    copy.write_row(self.values(book_id, row))
            else:
                for row in rows:
                    copy.write_row((book_id, *astuple(row)))

    def _fields(self) -> sql.Composed:
        names = self.row_type.__struct_fields__
        return sql.SQL(", ").join(sql.Identifier("row", name) for name in names)

    def _by_keys(self, begin: sql.Composed, joining: str = ",") -> sql.Composed:
        """A statement over the rows with the given keys; parameters as `keys` makes them."""
        if not self._keys:
            return sql.SQL("{} AS row WHERE row.book_id = %s").format(begin)
        columns = [sql.Identifier(f"k{i}") for i in range(len(self._keys))]
        return sql.SQL(
            "WITH mine AS (SELECT %s::uuid AS book_id) "
            "{begin} AS row {joining} mine, unnest({arrays}) AS wanted ({columns}) "
            "WHERE row.book_id = mine.book_id AND {same}"
        ).format(
            begin=begin,
            joining=sql.SQL(joining),
            arrays=sql.SQL(", ").join(sql.SQL(f"%s::{kind}[]") for _, kind in self._keys),
            columns=sql.SQL(", ").join(columns),
            same=sql.SQL(" AND ").join(
                sql.SQL("row.{} = wanted.{}").format(sql.Identifier(name), column)
                for (name, _), column in zip(self._keys, columns, strict=True)
            ),
        )


def _is_array(conn: Replaying, oid: int) -> bool:
    found = conn.adapters.types.get(oid)
    return found is not None and found.array_oid == oid


def tables_of(conn: Replaying, place: Place) -> list[Table]:
    """The tables of a register in their order."""
    return [Table(conn, row_type, place.table(row_type.table)) for row_type in place.register.rows]


def write_changes(conn: Replaying, book_id: UUID, changed: Sequence[tuple[Table, Changes]]) -> None:
    """Makes the tables stand as the rows do: changed rows go, then all that is written comes."""
    with conn.pipeline():
        for table, changes in changed:
            if changes.replaced:
                conn.execute(table.remove, table.keys(book_id, changes.replaced))
        for table, changes in changed:
            if len(changes.written) <= FEW:
                for row in changes.written:
                    conn.execute(table.insert, table.values(book_id, row))
    for table, changes in changed:
        if len(changes.written) > FEW:
            table.copy(conn, book_id, changes.written)
