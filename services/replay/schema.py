"""The schema of a register: created from its SQL twin under any name, renamed, dropped."""

from psycopg import sql
from psycopg.errors import DuplicateSchema, UniqueViolation

from projections.register import HERE
from services.replay.connection import Replaying
from services.replay.place import Place

MARK = "-- after loading"

PAGES_COUNTED = 10_000
"""A table of more pages (of 8 KB) is not counted row by row."""
_SIZE = (
    "SELECT pg_relation_size(oid) / current_setting('block_size')::int, reltuples "
    "FROM pg_class WHERE oid = to_regclass(%s)"
)


def exists(conn: Replaying, schema: str) -> bool:
    """Tells whether there is such a schema."""
    found = conn.execute("SELECT to_regnamespace(%s) IS NOT NULL", (f'"{schema}"',)).fetchone()
    return bool(found and found[0])


def create(conn: Replaying, place: Place) -> None:
    """Creates the schema with its empty tables, keys and guards, unless it is there."""
    if exists(conn, place.schema):
        return
    try:
        with conn.transaction():
            make_schema(conn, place.schema)
            create_tables(conn, place)
            finish_tables(conn, place)
    except (DuplicateSchema, UniqueViolation):
        return  # another process was first


def make_schema(conn: Replaying, schema: str) -> None:
    """Creates an empty schema that readers may look into; raises DuplicateSchema."""
    name = sql.Identifier(schema)
    conn.execute(sql.SQL("CREATE SCHEMA {}").format(name))
    conn.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO paraphe_app").format(name))


def create_tables(conn: Replaying, place: Place, *, logged: bool = True) -> None:
    """Creates the tables without keys, ready to be loaded; inside a transaction."""
    tables = place.register.twin().partition(MARK)[0]
    if not logged:
        tables = tables.replace("CREATE TABLE", "CREATE UNLOGGED TABLE")
    _run_in(conn, place.schema, tables)
    conn.execute(
        sql.SQL("INSERT INTO {} (version, digest) VALUES (%s, %s)").format(place.about),
        (place.register.version, place.register.digest()),
    )


def finish_tables(conn: Replaying, place: Place) -> None:
    """Adds keys, indexes and guards to loaded tables; inside a transaction."""
    guard = (HERE / "guard.sql").read_text(encoding="utf-8")
    after = place.register.twin().partition(MARK)[2]
    guards = "".join(guard.replace("TABLE_NAME", table) for table in table_names(place))
    _run_in(conn, place.schema, after + guards)


def is_finished(conn: Replaying, place: Place) -> bool:
    """Tells whether the tables have their keys."""
    first = f'"{place.schema}"."{place.register.rows[0].table}"'
    found = conn.execute(
        "SELECT EXISTS (SELECT FROM pg_constraint WHERE contype = 'p' "
        "AND conrelid = to_regclass(%s))",
        (first,),
    )
    return bool(found.fetchall()[0][0])


def analyse(conn: Replaying, place: Place) -> None:
    """Gives the planner its figures after a bulk load."""
    for row_type in place.register.rows:
        conn.execute(sql.SQL("ANALYZE {}").format(place.table(row_type.table)))


def table_names(place: Place) -> list[str]:
    """The tables that have rows of books: the positions first."""
    return [f"{place.name}_cursor", *(row.table for row in place.register.rows)]


def row_count(conn: Replaying, place: Place) -> int:
    """How many rows a register has: counted where that is quick, else as the planner has them."""
    total = 0
    for row_type in place.register.rows:
        table = place.table(row_type.table)
        found = conn.execute(_SIZE, (table.as_string(),)).fetchall()
        pages, about = found[0]
        if pages > PAGES_COUNTED and about >= 0:
            total += int(about)
        else:
            counted = conn.execute(sql.SQL("SELECT count(*) FROM {}").format(table))
            total += counted.fetchall()[0][0]
    return total


def made_by(conn: Replaying, place: Place) -> tuple[int, str] | None:
    """The version and code digest that made the tables of a place; None where there are none."""
    if not exists(conn, place.schema):
        return None
    found = conn.execute(sql.SQL("SELECT version, digest FROM {}").format(place.about))
    version, digest = found.fetchall()[0]
    return version, digest


def drop(conn: Replaying, schema: str) -> None:
    """Drops a schema and all in it, if it is there."""
    conn.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def rename(conn: Replaying, old: str, new: str) -> None:
    """Gives a schema another name."""
    statement = sql.SQL("ALTER SCHEMA {} RENAME TO {}")
    conn.execute(statement.format(sql.Identifier(old), sql.Identifier(new)))


def _run_in(conn: Replaying, schema: str, script: str) -> None:
    """Runs a script whose names mean this schema and no other."""
    path = sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema))
    conn.execute(path)
    conn.execute(script.encode())
    conn.execute("SET LOCAL search_path = DEFAULT")
