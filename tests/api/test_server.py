"""The real server in a process of its own: it starts, serves many at once, and leaves politely."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest

from services.backend import Backend
from tests.api import bodies
from tests.api.conftest import Caller

CHECKOUT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(backend: Backend) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The address of `paraphe serve` on this database, and its process."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", str(port), "--no-follow"],
        cwd=CHECKOUT,
        env={**os.environ, "PARAPHE_DATABASE_URL": backend.url},
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            if httpx2.get(f"{url}/live").status_code == 200:
                break
        except httpx2.TransportError:
            time.sleep(0.1)
    try:
        yield url, process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def url(backend: Backend) -> Iterator[str]:
    """The address of a server that none of these tests stops."""
    with serving(backend) as (address, _):
        yield address


def test_a_stop_finishes_what_is_in_hand(backend: Backend, caller: Caller) -> None:
    """Goal: SIGTERM under load loses no answer and doubles nothing. Method: eight clients create
    contacts, each repeating under the same name what got no answer; afterwards all are counted."""
    before = caller.position()
    answers: list[int] = []
    unanswered: list[str] = []

    def call(url: str) -> None:
        with httpx2.Client(base_url=url) as client:
            for _ in range(1000):
                name = str(uuid4())
                headers = {"Authorization": f"Bearer {caller.key}", "Idempotency-Key": name}
                try:
                    answer = client.post(
                        f"{caller.base}/contacts", headers=headers, json=bodies.customer()
                    )
                except httpx2.TransportError:
                    unanswered.append(name)
                    return
                answers.append(answer.status_code)

    with serving(backend) as (url, process):
        threads = [threading.Thread(target=call, args=(url,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        time.sleep(1.5)
        process.send_signal(signal.SIGTERM)
        for thread in threads:
            thread.join(timeout=60)
        process.wait(timeout=30)
    assert set(answers) == {201}
    for name in unanswered:  # safe to repeat: it may have been written, or not
        assert caller.post("/contacts", bodies.customer(), Idempotency_Key=name).status_code == 201
    assert caller.position() - before == len(answers) + len(unanswered)


def test_the_server_says_nothing_of_itself_and_drops_nonsense(url: str) -> None:
    answer = httpx2.get(f"{url}/live")
    assert "server" not in answer.headers
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"GARBAGE\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(b"GET /live HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 1_000_000)
        assert connection.recv(100).startswith(b"HTTP/1.1 400")


CHUNKED = b"POST /live HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
ENDLESS = {
    "request line": b"GET /",
    "header": b"GET /live HTTP/1.1\r\nHost: x\r\nX: ",
    "line before a chunk": CHUNKED + b"1;",
    "trailer": CHUNKED + b"0\r\nX: ",
}


def test_what_never_ends_is_cut_off(url: str) -> None:
    """Method: a line goes on in pieces until the server hangs up; most of it is never taken."""
    host, port = url.removeprefix("http://").split(":")
    for what, beginning in ENDLESS.items():
        sent = 0
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(beginning)
            with suppress(BrokenPipeError, ConnectionResetError):
                for _ in range(1_000):
                    connection.sendall(b"a" * 0x10000)
                    sent += 0x10000
        assert sent < 16 * 1024 * 1024, what


def test_a_body_beyond_the_limit_is_cut_off(url: str, caller: Caller) -> None:
    """Goal: a gigabyte sent in pieces costs no memory. Method: send until the server answers."""
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    connection.putrequest("POST", f"{caller.base}/contacts")
    for name, value in {
        "Authorization": f"Bearer {caller.key}",
        "Idempotency-Key": "endless",
        "Content-Type": "application/json",
        "Transfer-Encoding": "chunked",
    }.items():
        connection.putheader(name, value)
    connection.endheaders()
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    sent = 0
    try:
        for _ in range(1_000):
            connection.send(piece)
            sent += 0x10000
    except (BrokenPipeError, ConnectionResetError):
        pass
    assert sent < 64 * 1024 * 1024
