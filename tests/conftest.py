"""One PostgreSQL for a whole test run, one migrated template in it, and databases copied from that.

By default the server is the embedded one, in a folder of the run that is removed at its end; with
PARAPHE_DATABASE_URL set it is that server. What a killed run left is removed by the next one.
"""

import os
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from api.cli import _test_machine
from tests.databases import TestRun

settings.register_profile("paraphe", deadline=None, print_blob=True)
settings.load_profile("paraphe")

CHECKOUT = Path(__file__).resolve().parent.parent


def pytest_configure(config: pytest.Config) -> None:
    """Open the run in the process that starts the workers, before it starts them."""
    # One for all databases of a run, so that no test leaves a key in this machine's home.
    key = b64encode(b"a key of tests only".ljust(32)).decode()
    os.environ.setdefault("PARAPHE_KEY_ENCRYPTION_KEY", key)
    # Many tests open the same company, each in a book of its own.
    os.environ.setdefault("PARAPHE_UNIQUE_COMPANIES", "false")
    if not hasattr(config, "workerinput"):
        config.stash[RUN] = TestRun.begin()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove every database and folder of the run once the workers have gone."""
    if (run := config.stash.get(RUN, None)) is not None:
        run.end()


RUN = pytest.StashKey[TestRun]()


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of this checkout."""
    return CHECKOUT


@pytest.fixture(scope="session")
def server_url() -> Iterator[Callable[[str], str]]:
    """A function from a database name to its URL on the server of this run, as its owner."""
    with TestRun.joined().server() as url:
        yield url


@pytest.fixture(scope="session")
def template_database(server_url: Callable[[str], str]) -> str:
    """The name of the migrated, empty database that the others are copied from."""
    return TestRun.joined().template(server_url)


@pytest.fixture(scope="session")
def database_url(
    server_url: Callable[[str], str], template_database: str, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A migrated database shared by the tests of one worker: open your own book in it."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with TestRun.joined().database(server_url, f"shared_{worker}", template_database) as url:
        yield url


@pytest.fixture
def fresh_database_url(server_url: Callable[[str], str], template_database: str) -> Iterator[str]:
    """A migrated database for this test alone, dropped after it."""
    with TestRun.joined().database(server_url, None, template_database) as url:
        yield url


@pytest.fixture
def empty_database_url(server_url: Callable[[str], str]) -> Iterator[str]:
    """A database for this test alone with nothing in it, not even our tables."""
    with TestRun.joined().database(server_url, None, "template0") as url:
        yield url


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """The folder of rules and sample files beside the checkout, which not every checkout has."""
    folder = Path(os.environ.get("PARAPHE_SHARED") or CHECKOUT.parent / "shared")
    if not folder.is_dir():
        pytest.skip("no folder of shared sample files: put it at ../shared or set PARAPHE_SHARED")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a chromium; start it with `--no-sandbox`, which root needs."""
    missing = {"chromium", "libatomic1"} & set(_test_machine.missing_packages())
    if (path := _test_machine.chromium()) is None or missing:
        pytest.skip(f"no browser on this machine: apt-get install {' '.join(sorted(missing))}")
    return path


@pytest.fixture(scope="session")
def pdf_libraries() -> None:
    """The libraries and a font that WeasyPrint needs: ask for this before importing it."""
    browser = ("chromium", "libatomic1")
    missing = [name for name in _test_machine.missing_packages() if name not in browser]
    if missing:
        pytest.skip(f"no PDF libraries on this machine: apt-get install {' '.join(missing)}")
