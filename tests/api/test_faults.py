"""When something behind the door breaks: 503 or a problem with an id, never a stack trace."""

import threading
from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.ids import book_id
from api.routers import events
from services.backend import Backend, open_backend
from services.readiness import examine
from services.settings import Settings
from services.store.store import StoreUnavailable
from tests.api import bodies
from tests.api.conftest import Caller, open_company

CANARY = "canary-0815"


def test_a_fault_of_ours_is_a_problem_without_details(
    caller: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise ValueError(CANARY)

    monkeypatch.setattr(events, "event_out", fail)
    answer = caller.get("/events", Accept_Language="nl")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert answer.json()["title"] == "Onze fout"
    assert CANARY not in answer.text
    assert "content-security-policy" in answer.headers
    assert answer.headers["request-id"] in caplog.text


def test_a_store_that_does_not_answer_is_a_503(
    caller: Caller, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreUnavailable(CANARY)

    monkeypatch.setattr(backend.store, "write", fail)
    answer = caller.post("/contacts", bodies.customer())
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    assert answer.headers["retry-after"] == "1"
    assert CANARY not in answer.text


@pytest.fixture
def alone(fresh_database_url: str) -> Iterator[tuple[Backend, Caller]]:
    """A backend on a database of its own, whose connections may be cut, and a caller."""
    with (
        open_backend(Settings(database_url=SecretStr(fresh_database_url))) as opened,
        TestClient(create_app(opened), raise_server_exceptions=False) as client,
    ):
        opened.engine.start()
        yield opened, open_company(client, opened.keyring.issue("firm"))


def test_connections_that_are_cut_give_no_500(alone: tuple[Backend, Caller]) -> None:
    """Goal: a database that cuts connections costs a 503 at most. Method: cut all of them again and
    again while reading and writing; repeat what got a 503 under the same name; count the events."""
    backend, caller = alone
    before = caller.position()
    stop = threading.Event()

    def cut() -> None:
        with psycopg.connect(backend.owner_url, autocommit=True) as conn:
            while not stop.wait(0.25):
                conn.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

    cutter = threading.Thread(target=cut)
    cutter.start()
    seen = set()
    try:
        for _ in range(60):
            name = str(uuid4())
            for path in ("", "/events", "/unpaid"):
                seen.add(caller.get(path).status_code)
            while True:
                answer = caller.post("/contacts", bodies.customer(), Idempotency_Key=name)
                seen.add(answer.status_code)
                if answer.status_code == 201:
                    break
    finally:
        stop.set()
        cutter.join()
    assert seen <= {200, 201, 503}
    while caller.get("").status_code == 503:
        pass  # connections that were cut while they lay in a pool
    assert backend.store.head(str(book_id(caller.company))).size - before == 60


def test_without_a_database_nothing_is_ready(
    caller: Caller, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise psycopg.OperationalError(CANARY)

    monkeypatch.setattr(backend.datastore, "connection", fail)
    *_, check = examine(backend)
    assert (check.name, check.sound) == ("database", False)
    answer = caller.client.get("/ready")
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert CANARY not in answer.text
    assert caller.client.get("/live").status_code == 200


def test_a_database_that_may_lose_what_it_said_is_not_ready(fresh_database_url: str) -> None:
    with psycopg.connect(fresh_database_url, autocommit=True) as conn:
        (name,) = conn.execute("SELECT quote_ident(current_database())").fetchone() or ("",)
        conn.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
    with open_backend(Settings(database_url=SecretStr(fresh_database_url))) as opened:
        unsound = [check for check in examine(opened) if not check.sound]
    assert [(check.name, check.found) for check in unsound] == [("synchronous_commit", "off")]
