"""Brings a database to the newest schema: numbered SQL files, each once, in order, unchanged."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import psycopg
from psycopg import sql

FOLDER = Path(__file__).with_name("migrations")
ROLES = ("paraphe_app", "paraphe_replay")
LOCK = 0x70617261706865  # "paraphe", as an advisory lock of this database

LEDGER = """
CREATE TABLE IF NOT EXISTS migration (
    number integer PRIMARY KEY,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


class ChangedMigration(Exception):
    """A migration that was applied has another text today; the database was not touched."""


def migrate(url: str) -> list[str]:
    """Applies what is missing and returns the names applied; safe to run by several at once."""
    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        for role in ROLES:
            ensure_role(conn, role)
        let_replay_create_schemas(conn)
        conn.execute(LEDGER)
        done = dict(known(conn))
        return [path.stem for path in scripts() if apply(conn, path, done)]


def scripts() -> list[Path]:
    """The migrations in their order."""
    return sorted(FOLDER.glob("[0-9][0-9][0-9][0-9]_*.sql"))


def known(conn: psycopg.Connection) -> list[tuple[int, str]]:
    """The number and checksum of each migration that this database has."""
    return conn.execute("SELECT number, checksum FROM migration ORDER BY number").fetchall()


def apply(conn: psycopg.Connection, path: Path, done: dict[int, str]) -> bool:
    """Applies one script in its own transaction, or checks that it is the one applied before."""
    number, text = int(path.name[:4]), path.read_text("utf-8")
    checksum = sha256(text.encode()).hexdigest()
    if number in done:
        if done[number] != checksum:
            raise ChangedMigration(f"{path.name} is not the script that was applied")
        return False
    with conn.transaction():
        conn.execute(text.encode())
        conn.execute(
            "INSERT INTO migration (number, name, checksum) VALUES (%s, %s, %s)",
            (number, path.stem, checksum),
        )
    return True


def ensure_role(conn: psycopg.Connection, role: str) -> None:
    """Creates a role of the cluster if need be, and lets this login take it on."""
    name = sql.Identifier(role)
    with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        conn.execute(sql.SQL("CREATE ROLE {} NOLOGIN NOBYPASSRLS").format(name))
    try:
        conn.execute(sql.SQL("SET ROLE {}").format(name))
    except psycopg.errors.InsufficientPrivilege:  # from 16 on, its maker may not take it on yet
        conn.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
    conn.execute("RESET ROLE")


def let_replay_create_schemas(conn: psycopg.Connection) -> None:
    """Grants what a copy of a database does not inherit: registers are schemas of their own."""
    database = sql.Identifier(conn.info.dbname)
    conn.execute(sql.SQL("GRANT CREATE ON DATABASE {} TO paraphe_replay").format(database))
