"""The embedded server, really started, killed and raced for."""

import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from services import embedded_postgres
from services.embedded_postgres import EmbeddedServer
from services.postgres_binaries import MACHINE_PLACE, EmbeddedPostgresFailed
from services.postgres_place import LONGEST_SOCKET_PATH, PORT
from tests.databases import TestRun

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as nobody")

# A process that starts the server, says so, and stays until its input ends.
USER = """
import sys
from pathlib import Path
from services import embedded_postgres
server = embedded_postgres.start(Path(sys.argv[1]))
print(server.postmaster_pid(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def new_home() -> Iterator[Callable[[str], Path]]:
    """A function that names a home of this test in a folder `nobody` can pass; all are removed."""
    homes: list[Path] = []

    def name(name: str = "home") -> Path:
        place = TestRun.joined().folder / f"{os.getpid()}-{time.monotonic_ns()}"
        place.mkdir(mode=0o711)
        homes.append(place / name)
        return homes[-1]

    yield name
    for home in homes:
        embedded_postgres.remove(home)


@pytest.fixture
def home(new_home: Callable[[], Path]) -> Path:
    """One home of this test."""
    return new_home()


def another_user(home: Path) -> "subprocess.Popen[str]":
    """Start another process that uses the server of the home."""
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(home)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def pid_of(user: "subprocess.Popen[str]") -> int:
    """The server's process id, as that process sees it."""
    assert user.stdout
    return int(user.stdout.readline())


def answer(server: EmbeddedServer, question: str) -> object:
    """The first value of a query's first row."""
    with psycopg.connect(server.url()) as connection:
        row = connection.execute(question).fetchone()
    assert row
    return row[0]


def test_a_first_start_makes_a_durable_utf8_cluster(home: Path) -> None:
    with embedded_postgres.start(home) as server:
        assert answer(server, "SELECT current_setting('server_version_num')::int / 10000") == 18
        for setting in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
            assert answer(server, f"SHOW {setting}") == "on"
        assert answer(server, "SHOW server_encoding") == "UTF8"
        assert answer(server, "SHOW listen_addresses") == ""
        assert int(str(answer(server, "SHOW max_connections"))) >= 100
        provider = "SELECT datlocprovider || ' ' || datlocale FROM pg_database WHERE datname = "
        assert (
            answer(
                server, provider.replace("datlocprovider", "datlocprovider::text") + "'template1'"
            )
            == "b C.UTF-8"
        )
        assert server.sockets.stat().st_mode & 0o777 == 0o700
        assert server.data.stat().st_mode & 0o777 == 0o700


def test_what_was_written_is_there_after_a_stop(home: Path) -> None:
    with embedded_postgres.start(home) as server, psycopg.connect(server.url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS value")
    assert server.postmaster_pid() is None
    with embedded_postgres.start(home) as server:
        assert answer(server, "SELECT value FROM kept") == 42


def test_a_second_start_in_the_same_process_attaches(home: Path) -> None:
    with embedded_postgres.start(home) as first:
        pid = first.postmaster_pid()
        with embedded_postgres.start(home) as second:
            assert second.postmaster_pid() == pid
        assert first.postmaster_pid() == pid
    assert first.postmaster_pid() is None


def test_processes_that_start_at_once_share_one_server(home: Path) -> None:
    users = [another_user(home) for _ in range(4)]
    assert len({pid_of(user) for user in users}) == 1
    for user in users:
        user.communicate()
        assert user.returncode == 0
    assert EmbeddedServer(home, home / "postgres").postmaster_pid() is None


def test_the_last_one_out_stops_the_server(home: Path) -> None:
    with embedded_postgres.start(home) as server:
        other = another_user(home)
        pid = pid_of(other)
    assert server.postmaster_pid() == pid
    other.communicate()
    assert server.postmaster_pid() is None


def test_a_server_left_by_a_killed_process_is_attached_to_and_stopped(home: Path) -> None:
    killed = another_user(home)
    pid = pid_of(killed)
    killed.kill()
    killed.wait()
    with embedded_postgres.start(home) as server:
        assert server.postmaster_pid() == pid
    assert server.postmaster_pid() is None


def test_a_killed_server_starts_again_with_what_was_committed(home: Path) -> None:
    with embedded_postgres.start(home) as server:
        with psycopg.connect(server.url()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS value")
        first = server.postmaster_pid()
        server.kill()
        with embedded_postgres.start(home) as again:
            assert again.postmaster_pid() not in {None, first}
            assert answer(again, "SELECT value FROM kept") == 42


def test_a_killed_postmaster_whose_backends_still_work_is_replaced(home: Path) -> None:
    with embedded_postgres.start(home) as server, psycopg.connect(server.url()) as connection:
        pid = server.postmaster_pid()
        assert pid
        os.kill(pid, signal.SIGKILL)
        with embedded_postgres.start(home) as again:
            assert answer(again, "SELECT 1") == 1
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_a_pid_file_that_names_another_process_is_no_server(home: Path) -> None:
    with embedded_postgres.start(home) as server:
        pid_file = (server.data / "postmaster.pid").read_text()
        server.kill()
    lines = [str(os.getpid()), *pid_file.splitlines()[1:]]
    (server.data / "postmaster.pid").write_text("\n".join(lines) + "\n")
    assert server.postmaster_pid() is None
    with embedded_postgres.start(home) as again:
        assert answer(again, "SELECT 1") == 1


def test_an_immediate_restart_loses_nothing(home: Path) -> None:
    with embedded_postgres.start(home) as server:
        with psycopg.connect(server.url()) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS value")
        server.restart("immediate")
        assert answer(server, "SELECT value FROM kept") == 42


def test_an_interrupted_first_start_is_begun_again(home: Path) -> None:
    with embedded_postgres.start(home) as server:
        server.kill()
        server.data.rename(server.data.with_name("postgres.unfinished"))
    with embedded_postgres.start(home) as again:
        assert answer(again, "SELECT 1") == 1
    assert not again.data.with_name("postgres.unfinished").exists()


def test_two_homes_run_side_by_side(new_home: Callable[[], Path]) -> None:
    with embedded_postgres.start(new_home()) as one, embedded_postgres.start(new_home()) as other:
        with psycopg.connect(one.url()) as connection:
            connection.execute("CREATE TABLE only_here ()")
        assert answer(other, "SELECT to_regclass('only_here')") is None
        assert one.postmaster_pid() != other.postmaster_pid()


def test_a_path_too_long_for_a_socket_works(new_home: Callable[[str], Path]) -> None:
    home = new_home("a-long-name-" * 10)
    with embedded_postgres.start(home) as server:
        assert len(os.fsencode(server.sockets / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH
        assert answer(server, "SELECT 1") == 1


def test_a_name_with_spaces_and_quotes_works(new_home: Callable[[str], Path]) -> None:
    with embedded_postgres.start(new_home('l\'été à 50 % & "co"')) as server:
        assert answer(server, "SELECT 1") == 1


def test_data_of_another_version_is_refused_by_name(home: Path) -> None:
    with embedded_postgres.start(home) as server:
        pass
    (server.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedPostgresFailed, match="made by PostgreSQL 17, this is 18"):
        embedded_postgres.start(home)


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root can write everywhere")
    tmp_path.chmod(0o500)
    with pytest.raises(EmbeddedPostgresFailed, match="set PARAPHE_HOME"):
        embedded_postgres.start(tmp_path / "home")


def test_a_server_that_cannot_start_says_why_in_its_own_words(home: Path) -> None:
    with embedded_postgres.start(home) as server:
        pass
    with (server.data / "postgresql.conf").open("a") as configuration:
        configuration.write("shared_buffers = 'nonsense'\n")
    with pytest.raises(EmbeddedPostgresFailed, match="nonsense"):
        embedded_postgres.start(home)


@as_root
def test_as_root_the_server_and_its_data_belong_to_nobody(home: Path) -> None:
    with embedded_postgres.start(home) as server:
        nobody = pwd.getpwnam("nobody").pw_uid
        assert server.data.stat().st_uid == nobody
        assert Path(f"/proc/{server.postmaster_pid()}").stat().st_uid == nobody


@as_root
def test_as_root_a_private_home_is_linked_to_a_place_nobody_can_enter(tmp_path: Path) -> None:
    home = tmp_path / "home"
    tmp_path.chmod(0o700)
    try:
        with embedded_postgres.start(home) as server:
            assert answer(server, "SELECT 1") == 1
        assert (home / "postgres").readlink().parent.parent == MACHINE_PLACE / "by-home"
        assert tmp_path.stat().st_mode & 0o777 == 0o700
        with embedded_postgres.start(home) as again:
            assert again.data == server.data
    finally:
        embedded_postgres.remove(home)
    assert not server.data.parent.exists()


@as_root
def test_other_accounts_of_the_machine_are_kept_out(home: Path) -> None:
    """Even with the socket in reach, only those named at the cluster's making get in."""
    with embedded_postgres.start(home) as server:
        server.sockets.chmod(0o711)
        socket = server.sockets / f".s.PGSQL.{PORT}"
        socket.chmod(0o777)
        tried = subprocess.run(
            [server.programs / "psql", server.url(), "-c", "SELECT 1"],
            user="daemon",
            group="daemon",
            extra_groups=[],
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Peer authentication failed" in tried.stderr
