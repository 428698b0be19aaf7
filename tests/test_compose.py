"""The container set-up, as far as it is proved without an engine: schema, NATS, login, image."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import pytest
import typer
import yaml
from typer.core import TyperGroup

from api.cli.root import build
from services import embedded_postgres
from services.embedded_postgres import EmbeddedServer
from services.store.migrations import migrate
from tests.databases import TestRun

CHECKOUT = Path(__file__).resolve().parent.parent
SCHEMA_CHECK = ("-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec")
NATS_SERVER = Path(sys.executable).parent / "nats-server"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The parsed compose file, merges applied."""
    loaded = yaml.safe_load((CHECKOUT / "compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(loaded, dict)
    return loaded


@pytest.fixture(scope="module")
def dockerfile() -> str:
    """The recipe of the image, continued lines joined."""
    return (CHECKOUT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")


def content_of(compose: dict[str, Any], name: str) -> str:
    """The text of a config as the container sees it."""
    content = compose["configs"][name]["content"]
    assert isinstance(content, str)
    assert "$" not in content.replace("$$", "")
    return content.replace("$$", "$")


def test_compose_keeps_to_the_specification() -> None:
    done = subprocess.run(
        [sys.executable, *SCHEMA_CHECK, "compose.yaml"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_postgresql_is_18_and_nats_at_least_2_12(compose: dict[str, Any]) -> None:
    images = {name: service["image"] for name, service in compose["services"].items()}
    assert re.match(r"postgres:18\b", images["postgres"])
    version = re.match(r"nats:(\d+)\.(\d+)", images["nats"])
    assert version
    assert (int(version[1]), int(version[2])) >= (2, 12)


def test_everything_has_a_health_check_and_what_it_needs_is_declared(
    compose: dict[str, Any],
) -> None:
    for name, service in compose["services"].items():
        assert service["healthcheck"]["test"][0] == "CMD", name
        for volume in service["volumes"]:
            assert volume.split(":")[0] in compose["volumes"]
        for config in service.get("configs", []):
            assert config["source"] in compose["configs"]


def test_no_secret_is_written_down(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name:
                assert value.startswith("${"), name
            if "://" in value and "@" in value:
                assert re.search(r":\$\{[A-Z_]+\}@", value), name


def test_only_the_api_can_be_reached_and_only_from_this_machine(compose: dict[str, Any]) -> None:
    ports = {name: service.get("ports", []) for name, service in compose["services"].items()}
    api = ports.pop("api")
    assert all(port.startswith("127.0.0.1:") for port in api)
    assert not any(ports.values())


def test_the_commands_exist_with_these_options(compose: dict[str, Any], dockerfile: str) -> None:
    services = [compose["services"][name] for name in ("api", "worker")]
    called = [service["command"] for service in services]
    checks = [service["healthcheck"]["test"] for service in services]
    called += [check[2:] for check in checks if check[1] == "paraphe"]
    called += map(json.loads, re.findall(r"^CMD (.+)$", dockerfile, re.MULTILINE))
    assert len(called) == 4
    for name, *options in called:
        command = typer.main.get_command(build([name]))
        assert isinstance(command, TyperGroup)
        command.commands[name].make_context(name, options)


def test_the_image_is_hashed_complete_and_without_rights(dockerfile: str) -> None:
    assert "--require-hashes" in dockerfile
    assert re.search(r"^USER paraphe$", dockerfile, re.MULTILINE)
    copied = {
        word
        for line in re.findall(r"^COPY (.+)$", dockerfile, re.MULTILINE)
        for word in line.split()[:-1]
    }
    assert {"paraphe", "requirements.txt", "domain", "projections", "services", "api"} <= copied
    ignored = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {f"!{name}" for name in copied} <= set(ignored)
    assert [name for name in copied if not (CHECKOUT / name).exists()] == []


def test_the_nats_configuration_is_valid(compose: dict[str, Any], tmp_path: Path) -> None:
    configuration = tmp_path / "nats.conf"
    configuration.write_text(content_of(compose, "nats").replace("/data", str(tmp_path / "data")))
    done = subprocess.run(
        [NATS_SERVER, "--config", configuration, "-t"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_jetstream_writes_through_before_it_acknowledges(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    text = content_of(compose, "nats").replace("/data", str(tmp_path / "data"))
    with running_nats(text.replace("8222", "-1"), tmp_path) as monitor:
        with urlopen(f"{monitor}/varz", timeout=10) as answer:
            known = json.load(answer)
        with urlopen(f"{monitor}/healthz", timeout=10) as answer:
            assert json.load(answer) == {"status": "ok"}
    assert known["jetstream"]["config"]["sync_always"] is True


@contextmanager
def running_nats(configuration: str, place: Path) -> Iterator[str]:
    """A NATS server on free ports; gives the address of its monitoring."""
    (place / "nats.conf").write_text(configuration)
    server = subprocess.Popen(
        [NATS_SERVER, "--config", "nats.conf", "--port", "-1", "--ports_file_dir", "."],
        cwd=place,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 20
        while not (ports := list(place.glob("nats-server_*.ports"))):
            assert time.monotonic() < deadline
            assert server.poll() is None
            time.sleep(0.05)
        yield json.loads(ports[0].read_text())["monitoring"][0].replace("0.0.0.0", "127.0.0.1")
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def cluster(compose: dict[str, Any], tmp_path: Path) -> Iterator[EmbeddedServer]:
    """A server of its own on which the image's start-up script ran, with the real psql."""
    home = TestRun.joined().folder / f"login-{os.getpid()}"
    script = tmp_path / "10-login.sh"
    script.write_text(content_of(compose, "make-login"))
    with embedded_postgres.start(home) as server:
        environment = {
            "PATH": f"{server.programs}:/usr/bin:/bin",
            "PGHOST": str(server.sockets),
            "POSTGRES_USER": embedded_postgres.OWNER,
            "POSTGRES_DB": "postgres",
            "PARAPHE_PASSWORD": "it's secret",
        }
        subprocess.run(["/bin/bash", "-e", script], env=environment, check=True)
        yield server
    embedded_postgres.remove(home)


def as_login(url: str) -> str:
    """The URL for the application's login."""
    return url.replace(f"//{embedded_postgres.OWNER}@", "//paraphe_login@")


def test_the_login_of_the_application_can_read_and_add_but_owns_nothing(
    cluster: EmbeddedServer,
) -> None:
    migrate(cluster.url())
    with psycopg.connect(as_login(cluster.url()), autocommit=True) as connection:
        for refused in ("DROP TABLE event", "CREATE TABLE mine ()"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(refused)
        connection.execute("SET ROLE paraphe_app")
        connection.execute("SELECT count(*) FROM event")
        for refused in ("UPDATE event SET type = ''", "DELETE FROM event"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(refused)


def test_the_api_and_the_worker_run_with_that_login(
    compose: dict[str, Any], cluster: EmbeddedServer, tmp_path: Path
) -> None:
    """The commands of the file by hand, with the addresses of this machine."""
    environment = os.environ | {
        "PARAPHE_DATABASE_URL": as_login(cluster.url()),
        "PARAPHE_OWNER_DATABASE_URL": cluster.url(),
        "PARAPHE_LOG_FORMAT": "json",
    }
    port = free_port()
    words = compose["services"]["api"]["command"]
    words = [{"0.0.0.0": "127.0.0.1", "8000": str(port)}.get(word, word) for word in words]
    api = paraphe(*words, environment=environment)
    worker = paraphe(*compose["services"]["worker"]["command"], environment=environment)
    try:
        wait_until_ready(f"http://127.0.0.1:{port}/ready", api)
        check = compose["services"]["worker"]["healthcheck"]["test"][2:]
        assert paraphe(*check, environment=environment).wait(timeout=60) == 0
        assert worker.poll() is None
    finally:
        for process in (api, worker):
            process.terminate()
            process.wait(timeout=30)


def paraphe(*words: str, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Start a command of ours as the image does."""
    return subprocess.Popen(
        [sys.executable, "-m", "api.cli", *words],
        cwd=CHECKOUT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )


def wait_until_ready(address: str, process: "subprocess.Popen[bytes]") -> None:
    """Ask until the answer is 200, as the health check does."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "it ended"
        try:
            with urlopen(address, timeout=3) as answer:
                assert answer.status == 200
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"{address} never became ready")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
