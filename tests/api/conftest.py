"""The application on a real database: a firm key, a company, and a caller that sends JSON."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from services.backend import Backend, open_backend
from services.settings import Settings
from tests.api import bodies


@pytest.fixture(scope="session")
def backend(database_url: str) -> Iterator[Backend]:
    """The backend on the worker's database, its engine at work."""
    with open_backend(Settings(database_url=SecretStr(database_url))) as opened:
        opened.engine.start()
        yield opened


@pytest.fixture(scope="session")
def client(backend: Backend) -> Iterator[TestClient]:
    """A client without a key; a fault of ours is an answer of 500, as it is for others."""
    with TestClient(create_app(backend), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def firm_key(backend: Backend) -> str:
    """A key for all companies and all scopes."""
    return backend.keyring.issue("firm")


class Caller:
    """Calls the API about one company, with one key."""

    def __init__(self, client: TestClient, key: str, company: str) -> None:
        self.client = client
        self.key = key
        self.company = company

    @property
    def base(self) -> str:
        """The address of the company."""
        return f"/v1/companies/{self.company}"

    def get(self, path: str, **headers: str) -> httpx2.Response:
        """A GET under the company."""
        return self.client.get(self.base + path, headers=self._headers(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        """A command under the company, under a new name unless one is given."""
        headers.setdefault("Idempotency_Key", str(uuid4()))
        sent = {} if body is None else {"json": body}
        return self.client.post(self.base + path, headers=self._headers(headers), **sent)

    def patch(self, path: str, body: Any, **headers: str) -> httpx2.Response:
        """A change under the company."""
        return self.client.patch(self.base + path, headers=self._headers(headers), json=body)

    def made(self, path: str, body: Any = None) -> Any:
        """What a command that must succeed answers."""
        answer = self.post(path, body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def made_later(self, path: str, body: Any) -> str:
        """The address, under the company, of the job that a command asks for."""
        answer = self.post(path, body)
        assert answer.status_code == 202, answer.text
        return str(answer.headers["location"].removeprefix(self.base))

    def seen(self, path: str, position: int | str = 0) -> Any:
        """What a GET that must succeed answers, standing at a position or later."""
        answer = self.get(path, Min_Position=str(position))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def position(self) -> int:
        """The newest position of the book."""
        feed = self.seen("/events?limit=1")
        return int(feed["meta"]["position"])

    def customer(self) -> str:
        """The id of a new customer."""
        return str(self.made("/contacts", bodies.customer())["id"])

    def supplier(self) -> str:
        """The id of a new supplier."""
        return str(self.made("/contacts", bodies.supplier())["id"])

    def validated(self, customer: str | None = None) -> Any:
        """A validated invoice of 121.00 EUR."""
        draft = self.made("/invoices", bodies.invoice(customer or self.customer()))
        return self.made(f"/invoices/{draft['id']}/validate")

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return {"Authorization": f"Bearer {self.key}", **named}


def open_company(client: TestClient, key: str, **changes: Any) -> Caller:
    """A new company of its own, and a caller for it."""
    answer = client.post(
        "/v1/companies",
        headers={"Authorization": f"Bearer {key}", "Idempotency-Key": str(uuid4())},
        json=bodies.company(**changes),
    )
    assert answer.status_code == 201, answer.text
    return Caller(client, key, answer.json()["id"])


@pytest.fixture
def caller(client: TestClient, firm_key: str) -> Caller:
    """A caller for a new Belgian company."""
    return open_company(client, firm_key)
