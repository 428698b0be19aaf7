"""A loaded server is told to stop: it says so, serves on for a while, and leaves with nothing lost.

Method: two servers on one database; clients that look elsewhere when an answer does not come or is
no 2xx, with the same Idempotency-Key. One server gets SIGTERM under load.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from services.backend import Backend
from tests.api import bodies
from tests.api.conftest import Caller
from tests.api.test_server import CHECKOUT, free_port

CLIENTS = 8
Served = tuple[str, "subprocess.Popen[bytes]"]


@contextmanager
def serving(backend: Backend, log: Path, **variables: str) -> Iterator[Served]:
    """`paraphe serve` on the worker's database, and its address."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {"PARAPHE_DATABASE_URL": backend.url, "PARAPHE_LOG_FORMAT": "json", **variables}
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve", "--port", str(port), "--no-follow"],
            cwd=CHECKOUT, env={**os.environ, **settings}, stderr=written,
        )  # fmt: skip
    try:
        for _ in range(600):
            try:
                if httpx2.get(f"{url}/live").status_code == 200:
                    break
            except httpx2.TransportError:
                time.sleep(0.1)
        yield url, process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def pair(backend: Backend, tmp_path: Path) -> Iterator[tuple[Served, Served]]:
    """Two servers."""
    with ExitStack() as stack:
        first, second = (
            stack.enter_context(serving(backend, tmp_path / f"{name}.log")) for name in "ab"
        )
        yield first, second


class Client(threading.Thread):
    """Creates contacts until told to stop; goes to the other server when this one fails it."""

    def __init__(self, caller: Caller, urls: list[str], stop: threading.Event) -> None:
        super().__init__()
        self.created = 0
        self.failed: list[str] = []
        self.turned_away = 0
        self._caller = caller
        self._urls = urls
        self._stop_when = stop

    def run(self) -> None:
        with ExitStack() as stack:
            doors = [stack.enter_context(httpx2.Client(base_url=url)) for url in self._urls]
            while not self._stop_when.is_set():
                self._create(doors)

    def _create(self, doors: list[httpx2.Client]) -> None:
        headers = {
            "Authorization": f"Bearer {self._caller.key}", "Idempotency-Key": str(uuid4()),
        }  # fmt: skip
        for attempt in range(6):
            try:
                answer = doors[0].post(
                    f"{self._caller.base}/contacts", headers=headers, json=bodies.customer()
                )
            except httpx2.TransportError:
                pass
            else:
                if answer.status_code == 201:
                    self.created += 1
                    return
                if answer.status_code != 503:
                    self.failed.append(answer.text)
                    return
            self.turned_away += 1
            doors.reverse()
            time.sleep(0.02 * attempt)
        self.failed.append("no server answered")


def test_a_stop_under_load_fails_nobody_and_doubles_nothing(
    pair: tuple[Served, Served], caller: Caller, tmp_path: Path
) -> None:
    (first, process), (second, _) = pair
    before = caller.position()
    stop = threading.Event()
    clients = [Client(caller, [first, second], stop) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(1)
    told = time.monotonic()
    process.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    ready = httpx2.get(f"{first}/ready")
    checks = {check["name"]: check["sound"] for check in ready.json()["checks"]}
    assert ready.status_code == 503
    assert (ready.headers["connection"], checks["staying"]) == ("close", False)
    assert process.wait(timeout=30) == 0
    assert time.monotonic() - told < 25
    time.sleep(1)
    stop.set()
    for client in clients:
        client.join(timeout=60)
    assert [failure for client in clients for failure in client.failed] == []
    created = sum(client.created for client in clients)
    contacts = [fact for fact in _events(caller, before) if fact == "contact.created.v1"]
    assert len(contacts) == created > CLIENTS
    assert all(client.created for client in clients)
    lines = [json.loads(line) for line in _json_lines(tmp_path / "a.log")]
    assert all(line["status"] == 201 for line in lines if line.get("method") == "POST")


def _events(caller: Caller, after: int) -> Iterator[str]:
    path = f"/events?limit=200&after={after}"
    found = caller.seen(path)
    while found["data"]:
        yield from (event["type"] for event in found["data"])
        found = caller.seen(f"/events?limit=200&after={found['data'][-1]['position']}")


def _json_lines(file: Path) -> list[str]:
    return [line for line in file.read_text().splitlines() if line.startswith("{")]
