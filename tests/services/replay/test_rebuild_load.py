"""The real server is asked all through rebuilds and swaps, while commands come in."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
from pydantic import SecretStr

from projections.registers import REGISTERS
from services.backend import open_backend
from services.replay.rebuild import rebuild, roll_back
from services.settings import Settings
from tests.api import bodies
from tests.api.test_server import free_port

LISTS = ("archives", "history", "unpaid")
READ = [register for register in REGISTERS if register.name in LISTS]
SECONDS = 2.0
CHECKED = 3


@contextmanager
def serving(url: str, checkout: Path) -> Iterator[str]:
    """The address of `paraphe serve` on this database, which also follows the books."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", str(port)],
        cwd=checkout,
        env={**os.environ, "PARAPHE_DATABASE_URL": url},
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                httpx2.get(f"{address}/live")
                break
            except httpx2.TransportError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


class Client:
    """Somebody who asks and commands until told to stop, and keeps every answer."""

    def __init__(self, address: str, key: str) -> None:
        self.http = httpx2.Client(
            base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=30
        )
        self.answers: list[tuple[str, dict[str, Any]]] = []
        self.failed: list[str] = []

    def post(self, path: str, body: Any = None) -> Any:
        """What a command that must succeed answers."""
        headers = {"Idempotency-Key": str(uuid4())}
        answer = self.http.post(path, headers=headers, json=body or {})
        if answer.status_code not in (200, 201):
            self.failed.append(f"POST {path}: {answer.status_code} {answer.text}")
        return answer.json()

    def get(self, path: str) -> dict[str, Any]:
        """What a question answers."""
        answer = self.http.get(path)
        if answer.status_code != 200:
            self.failed.append(f"GET {path}: {answer.status_code} {answer.text}")
        found: dict[str, Any] = answer.json()
        return found

    def read(self, company: str, stop: threading.Event) -> None:
        """Asks for every list in turn."""
        while not stop.is_set():
            for name in LISTS:
                path = f"/v1/companies/{company}/{name}?limit=200"
                self.answers.append((path, self.get(path)))

    def write(self, company: str, customer: str, stop: threading.Event) -> None:
        """Sends invoices."""
        base = f"/v1/companies/{company}/invoices"
        while not stop.is_set():
            draft = self.post(base, bodies.invoice(customer))
            self.post(f"{base}/{draft['id']}/validate")
            time.sleep(0.02)


def test_no_answer_fails_or_mixes_two_editions(fresh_database_url: str, checkout: Path) -> None:
    """Goal: no read or command fails, and each answer is what the book said at its position.
    Method: readers and a writer over HTTP while these registers are rebuilt again and again, and
    rolled back; afterwards answers are asked for once more, as known at the position they named."""
    url = fresh_database_url
    with (
        open_backend(Settings(database_url=SecretStr(url))) as backend,
        serving(url, checkout) as address,
    ):
        key = backend.keyring.issue("firm")
        writer, readers = Client(address, key), [Client(address, key) for _ in range(2)]
        company = writer.post("/v1/companies", bodies.company())["id"]
        customer = writer.post(f"/v1/companies/{company}/contacts", bodies.customer())["id"]
        stop, swaps, end = threading.Event(), 0, time.monotonic() + SECONDS
        threads = [threading.Thread(target=each.read, args=(company, stop)) for each in readers]
        threads.append(threading.Thread(target=writer.write, args=(company, customer, stop)))
        for thread in threads:
            thread.start()
        try:
            while swaps < 2 or time.monotonic() < end:
                outcomes = rebuild(url, READ)
                assert all(each.comparison.same for each in outcomes)
                swaps += 1
            roll_back(url, READ)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        assert [each.failed for each in (writer, *readers)] == [[], [], []]
        for reader in readers:
            for name in LISTS:
                told = [found for path, found in reader.answers if f"/{name}?" in path]
                positions = [found["meta"]["position"] for found in told]
                assert positions == sorted(positions)
                assert positions[-1] > positions[0]
                for found in told[:: max(1, len(told) // CHECKED)]:
                    at = found["meta"]["position"]
                    path = f"/v1/companies/{company}/{name}?limit=200&known_at={at}"
                    assert reader.get(path)["data"] == found["data"], f"{name} at {at}"
