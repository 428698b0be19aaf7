"""Rows to tables and back: the statements of one row type in one schema."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import json
from msgspec.structs import astuple
from psycopg import sql

from projections.rows import Changes, Key, Row, as_tuple, key_of
from services.replay.connection import Replaying
from services.replay.place import Place
from services.trip import Statement, Trip

FEW = 100
"""Up to so many rows, one INSERT in a pipeline costs less than the round trips of COPY."""


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
        oids = [column.type_code for column in probe.description or ()]
        types = dict(zip(fields, oids[1:], strict=True))
        registry = conn.adapters.types
        self._arrays = [i for i, oid in enumerate(types.values()) if _is_array(conn, oid)]
        self._wire_types = [registry["bytea"].oid, *types.values()]  # a book's id is sixteen bytes
        self._keys = [(name, registry[types[name]].name) for name in row_type.key]
        self._wanted_names = [f"key_{name}" for name in row_type.key]
        rendered = partial(_rendered, conn)
        self.all_of_book = rendered(self._select())
        self.find = Statement(conn, rendered(self._find()))
        self.remove = Statement(conn, rendered(self._remove()))
        self.add = Statement(conn, rendered(self._insert()))
        self.update = Statement(conn, rendered(self._update()))
        self._copy = rendered(
            sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(self.name, self._columns)
        )

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
        return [*map(list, columns), book_id]

    def copy(self, conn: Replaying, book_id: UUID, rows: Iterable[Row]) -> None:
        """Adds many rows at once."""
        with conn.cursor().copy(self._copy) as copy:
            copy.set_types(self._wire_types)
            book, write = book_id.bytes, copy.write_row
            for row in rows:
                write((book, *astuple(row)))

    def _insert(self) -> sql.Composed:
        return sql.SQL("INSERT INTO {} ({}) SELECT %s::uuid, {} FROM {} AS new").format(
            self.name, self._columns, self._fields("new"), self._given()
        )

    def _update(self) -> sql.Composed:
        """Sets every column of the rows with the given keys, found the same way as by `find`."""
        return sql.SQL(
            "UPDATE {table} AS row SET ({columns}) = ROW({fields}) FROM ("
            "SELECT found.ctid AS place, wanted.* FROM {given} AS wanted CROSS JOIN LATERAL ("
            "SELECT row.ctid FROM {table} AS row WHERE row.book_id = %s {same}) AS found"
            ") AS new WHERE row.ctid = new.place"
        ).format(
            table=self.name,
            columns=sql.SQL(", ").join(map(sql.Identifier, self.row_type.__struct_fields__)),
            fields=self._fields("new"),
            given=self._given(),
            same=self._same(self.row_type.key),
        )

    def _given(self) -> sql.Composed:
        """Rows that come as a JSON array of objects."""
        return sql.SQL("json_populate_recordset(NULL::{}, %s::json)").format(self.name)

    def _fields(self, of: str) -> sql.Composed:
        names = self.row_type.__struct_fields__
        return sql.SQL(", ").join(sql.Identifier(of, name) for name in names)

    def _select(self) -> sql.Composed:
        return sql.SQL("SELECT {} FROM {} AS row WHERE row.book_id = %s").format(
            self._fields("row"), self.name
        )

    def _find(self) -> sql.Composed:
        """Each wanted key through the primary key; parameters as `keys` makes them."""
        if not self._keys:
            return self._select()
        return sql.SQL("SELECT row.* FROM {} CROSS JOIN LATERAL ({} {}) AS row").format(
            self._wanted(), self._select(), self._same(self._wanted_names)
        )

    def _remove(self) -> sql.Composed:
        """Deletes the rows with the given keys, found the same way."""
        if not self._keys:
            return sql.SQL("DELETE FROM {} WHERE book_id = %s").format(self.name)
        return sql.SQL(
            "DELETE FROM {table} WHERE ctid = ANY(ARRAY(SELECT found.ctid FROM {wanted} "
            "CROSS JOIN LATERAL (SELECT row.ctid FROM {table} AS row "
            "WHERE row.book_id = %s {same}) AS found))"
        ).format(table=self.name, wanted=self._wanted(), same=self._same(self._wanted_names))

    def _wanted(self) -> sql.Composed:
        return sql.SQL("unnest({}) AS wanted ({})").format(
            sql.SQL(", ").join(sql.SQL("%s::{}[]").format(sql.SQL(kind)) for _, kind in self._keys),
            sql.SQL(", ").join(map(sql.Identifier, self._wanted_names)),
        )

    def _same(self, wanted: Sequence[str]) -> sql.Composed:
        """The one row whose key is wanted, by the order of the primary key.

        As long as a table has no statistics, PostgreSQL takes any index for as good that has the
        book in front, and reads the whole book through it, or sifts it. The order that is asked
        for, where nothing may be sorted, is that of the primary key alone; a plain `=` has none.
        """
        if not self._keys:
            return sql.SQL("LIMIT 1").format()
        columns = sql.SQL(", ").join(sql.Identifier("row", name) for name in self.row_type.key)
        values = sql.SQL(", ").join(sql.Identifier("wanted", name) for name in wanted)
        return sql.SQL("AND ({0}) BETWEEN ({1}) AND ({1}) ORDER BY {0} LIMIT 1").format(
            columns, values
        )


def _rendered(conn: Replaying, statement: sql.Composable) -> bytes:
    """A statement as bytes, once, for putting one together costs as much as running it."""
    return statement.as_bytes(conn)


def _is_array(conn: Replaying, oid: int) -> bool:
    found = conn.adapters.types.get(oid)
    return found is not None and found.array_oid == oid


def tables_of(conn: Replaying, place: Place) -> list[Table]:
    """The tables of a register in their order."""
    return [Table(conn, row_type, place.table(row_type.table)) for row_type in place.register.rows]


def lightest(table: Table, changes: Changes) -> Changes:
    """The same changes as they cost least: many changed rows go and come again, by COPY."""
    if len(changes.changed) <= FEW:
        return changes
    keys = map(key_of(table.row_type), changes.changed)
    return Changes([*changes.dropped, *keys], [], [*changes.changed, *changes.added])


def ask_changes(trip: Trip, book_id: UUID, changed: Sequence[tuple[Table, Changes]]) -> None:
    """Makes tables stand as the rows do, but for many new rows."""
    for table, changes in changed:
        if changes.dropped:
            trip.ask(table.remove, *table.keys(book_id, changes.dropped))
        if changes.changed:
            trip.ask(table.update, json.encode(changes.changed), book_id)
        if 0 < len(changes.added) <= FEW:
            trip.ask(table.add, book_id, json.encode(changes.added))


def copy_changes(conn: Replaying, book_id: UUID, changed: Sequence[tuple[Table, Changes]]) -> None:
    """The rest, where there are many new rows: by COPY, which no pipeline can hold."""
    for table, changes in changed:
        if len(changes.added) > FEW:
            table.copy(conn, book_id, changes.added)


def are_few(changed: Sequence[tuple[Table, Changes]]) -> bool:
    """Whether nothing is left for COPY."""
    return all(len(changes.added) <= FEW for _, changes in changed)
