"""Two editions of a register side by side: joined on the key, so that differences have names."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from msgspec import Struct
from psycopg import sql

from projections.rows import Row
from services.replay.connection import Replaying
from services.replay.place import Place

SHOWN = 20
"""Differences given in full."""


class Cause(Struct, frozen=True, kw_only=True):
    """An event that wrote a row."""

    position: int
    type: str


class Difference(Struct, kw_only=True):
    """A row that is not the same in both; None where it is missing.

    `events` wrote it, by today's code, as far as somebody asked for them.
    """

    book_id: str
    table: str
    live: dict[str, Any] | None
    rebuilt: dict[str, Any] | None
    events: list[Cause] = []


class Comparison(Struct, kw_only=True):
    """How many rows the rebuilt edition has more, other and less; the first ones in full.

    `columns` names those that only one edition has, which are not compared.
    """

    added: int = 0
    changed: int = 0
    removed: int = 0
    first: list[Difference] = []
    columns: list[str] = []

    @property
    def same(self) -> bool:
        """Whether no row differs."""
        return not (self.added or self.changed or self.removed)


def compare_book(
    conn: Replaying, live: Place, rebuilt: Place, book_id: UUID, found: Comparison
) -> None:
    """Adds what differs in one book between two places; both must stand at one position."""
    conn.execute("SET LOCAL enable_hashjoin = on; SET LOCAL enable_seqscan = on", prepare=False)
    for row_type in rebuilt.register.rows:
        ours, theirs = (_columns(conn, each.table(row_type.table)) for each in (live, rebuilt))
        if not ours or not theirs or not {*row_type.key} <= {*ours} & {*theirs}:
            found.columns.append(f"{row_type.table}: another table, not compared")
            continue
        alone = {f"{row_type.table}.{name}" for name in {*ours} ^ {*theirs}}
        found.columns += sorted(alone - {*found.columns})
        common = [name for name in ours if name in theirs]
        _compare_table(
            conn, row_type, (live, rebuilt), columns=common, book_id=book_id, found=found
        )


def _compare_table(
    conn: Replaying,
    row_type: type[Row],
    places: tuple[Place, Place],
    *,
    columns: Sequence[str],
    book_id: UUID,
    found: Comparison,
) -> None:
    differing = _DIFFERING.format(
        live=places[0].table(row_type.table),
        rebuilt=places[1].table(row_type.table),
        same_key=sql.SQL(" AND ").join(
            sql.SQL("l.{0} = r.{0}").format(sql.Identifier(name))
            for name in ("book_id", *row_type.key)
        ),
        ours=sql.SQL(", ").join(sql.Identifier("l", name) for name in columns),
        theirs=sql.SQL(", ").join(sql.Identifier("r", name) for name in columns),
    )
    book = {"book": book_id}
    counts = conn.execute(_COUNTS.format(differing), book, prepare=False).fetchall()[0]
    found.added += counts[0]
    found.changed += counts[1]
    found.removed += counts[2]
    if any(counts) and len(found.first) < SHOWN:
        rows = conn.execute(_SAMPLES.format(differing), book, prepare=False).fetchall()
        found.first += [
            Difference(book_id=str(book_id), table=row_type.table, live=live, rebuilt=rebuilt)
            for live, rebuilt in rows[: SHOWN - len(found.first)]
        ]


_DIFFERING = sql.SQL(
    "(SELECT l, r, l.book_id IS NULL AS added, r.book_id IS NULL AS removed FROM "
    "(SELECT * FROM {live} WHERE book_id = %(book)s) AS l FULL JOIN "
    "(SELECT * FROM {rebuilt} WHERE book_id = %(book)s) AS r ON {same_key} "
    "WHERE l.book_id IS NULL OR r.book_id IS NULL OR ({ours}) IS DISTINCT FROM ({theirs})) AS pair"
)
_COUNTS = sql.SQL(
    "SELECT count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added AND NOT removed), "
    "count(*) FILTER (WHERE removed) FROM {}"
)
_SAMPLES = sql.SQL(
    "SELECT CASE WHEN NOT added THEN to_jsonb(l) END, CASE WHEN NOT removed THEN to_jsonb(r) END "
    "FROM {} LIMIT 20"
)


def _columns(conn: Replaying, table: sql.Identifier) -> list[str]:
    found = conn.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(%s) "
        "AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
        (table.as_string(),),
    )
    return [row[0] for row in found.fetchall()]
