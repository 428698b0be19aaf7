"""The schema of a register: created from its SQL twin under any name, renamed, dropped."""

from psycopg import sql
from psycopg.errors import DuplicateSchema, UniqueViolation

from projections.register import HERE, Register
from services.replay.connection import Replaying

MARK = "-- after loading"


def exists(conn: Replaying, schema: str) -> bool:
    """Tells whether there is such a schema."""
    found = conn.execute("SELECT to_regnamespace(%s) IS NOT NULL", (f'"{schema}"',)).fetchone()
    return bool(found and found[0])


def create(conn: Replaying, register: Register, schema: str) -> None:
    """Creates the schema with its empty tables, keys and guards, unless it is there."""
    if exists(conn, schema):
        return
    try:
        with conn.transaction():
            make_schema(conn, schema)
            create_tables(conn, register, schema)
            finish_tables(conn, register, schema)
    except (DuplicateSchema, UniqueViolation):
        return  # another process was first


def make_schema(conn: Replaying, schema: str) -> None:
    """Creates an empty schema that readers may look into; raises DuplicateSchema."""
    name = sql.Identifier(schema)
    conn.execute(sql.SQL("CREATE SCHEMA {}").format(name))
    conn.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO paraphe_app").format(name))


def create_tables(conn: Replaying, register: Register, schema: str, *, logged: bool = True) -> None:
    """Creates the tables without keys, ready to be loaded; inside a transaction."""
    tables = register.twin().partition(MARK)[0]
    if not logged:
        tables = tables.replace("CREATE TABLE", "CREATE UNLOGGED TABLE")
    _run_in(conn, schema, tables)
    conn.execute(
        sql.SQL("INSERT INTO {} (version, digest) VALUES (%s, %s)").format(
            sql.Identifier(schema, f"{register.name}_about")
        ),
        (register.version, register.digest()),
    )


def finish_tables(conn: Replaying, register: Register, schema: str) -> None:
    """Adds keys, indexes and guards to loaded tables; inside a transaction."""
    guard = (HERE / "guard.sql").read_text(encoding="utf-8")
    tables = [f"{register.name}_cursor", *(row.table for row in register.rows)]
    after = register.twin().partition(MARK)[2]
    _run_in(conn, schema, after + "".join(guard.replace("TABLE_NAME", each) for each in tables))


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
