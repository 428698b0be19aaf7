"""The application on a real database, with keys that may do everything or little."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from services.backend import Backend, open_backend
from services.settings import Settings


@pytest.fixture(scope="session")
def backend(database_url: str) -> Iterator[Backend]:
    """The backend on the worker's database, its engine at work."""
    with open_backend(Settings(database_url=SecretStr(database_url))) as opened:
        opened.engine.start()
        yield opened


@pytest.fixture(scope="session")
def client(backend: Backend) -> Iterator[TestClient]:
    """A client without a key."""
    with TestClient(create_app(backend)) as opened:
        yield opened


@pytest.fixture(scope="session")
def firm_key(backend: Backend) -> str:
    """A key for all companies and all scopes."""
    return backend.keyring.issue("firm")
