"""The databases that tests get: migrated, their own, and gone afterwards, even after a kill."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg

from services.postgres_processes import is_alive
from tests.databases import TestRun

# A run of its own: starts the server, says where it is, and waits to be killed.
RUN = """
import sys
from tests.databases import TestRun
run = TestRun.begin()
with run.server() as url:
    with run.database(url, None, "template0"):
        pid = (run.folder / "home" / "postgres" / "postmaster.pid").read_text().split()[0]
        print(run.folder, pid, flush=True)
        sys.stdin.read()
"""

NEXT_RUN = "from tests.databases import TestRun; TestRun.begin().end()"


def tables(url: str) -> set[str]:
    """The names of the public tables of a database."""
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchall()
    return {name for (name,) in rows}


def test_a_fresh_database_is_migrated_and_not_shared(
    fresh_database_url: str, database_url: str
) -> None:
    with psycopg.connect(fresh_database_url) as connection:
        connection.execute("CREATE TABLE only_here ()")
    assert {"event", "only_here"} <= tables(fresh_database_url)
    assert "only_here" not in tables(database_url)
    assert "event" in tables(database_url)


def test_an_empty_database_has_nothing(empty_database_url: str) -> None:
    assert tables(empty_database_url) == set()


def test_a_database_is_dropped_even_while_somebody_is_connected(
    server_url: Callable[[str], str], template_database: str
) -> None:
    with TestRun.joined().database(server_url, None, template_database) as url:
        connection = psycopg.connect(url)
        name = connection.info.dbname
    connection.close()
    with psycopg.connect(server_url("postgres")) as asking:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        assert asking.execute(query, [name]).fetchone() is None


def test_what_a_killed_run_left_is_cleared_by_the_next() -> None:
    environment = {name: value for name, value in os.environ.items() if "PARAPHE" not in name}
    environment |= {"PYTHONPATH": os.pathsep.join(sys.path)}
    killed = subprocess.Popen(
        [sys.executable, "-c", RUN],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert killed.stdout
    folder, pid = killed.stdout.readline().split()
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert is_alive(int(pid))
    subprocess.run([sys.executable, "-c", NEXT_RUN], env=environment, check=True)
    assert not is_alive(int(pid))
    assert not Path(folder).exists()
