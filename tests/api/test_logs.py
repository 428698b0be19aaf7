"""Log lines: JSON, with request, company and actor of a real server, and no canary in any."""

import json
import logging
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import psycopg
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from api.ids import book_id
from services import logs
from services.backend import Backend
from services.settings import Settings
from tests.api import bodies
from tests.api.conftest import Caller
from tests.api.test_leaving import serving

CANARY = "canary0815"
IBAN = "FR7630006000011234567890189"


@pytest.fixture
def lines() -> Iterator[StringIO]:
    """What is logged in this process as JSON, and the logging of before put back."""
    root = logging.getLogger()
    handlers, level, stream = root.handlers[:], root.level, StringIO()
    logs.configure(Settings(log_format="json", log_level="debug"), stream)
    yield stream
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def written(stream: StringIO) -> list[dict[str, Any]]:
    """The log lines, each a JSON object."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_says_when_where_and_how_bad(lines: StringIO) -> None:
    logging.getLogger("services.somewhere").warning("%d books wait", 3)
    (line,) = written(lines)
    assert (line["event"], line["level"]) == ("3 books wait", "warning")
    assert line["logger"] == "services.somewhere"
    assert line["timestamp"].endswith("Z")


def test_an_error_is_told_without_what_somebody_sent(lines: StringIO, database_url: str) -> None:
    log = logging.getLogger("services.somewhere")
    try:
        int(CANARY)
    except ValueError as error:
        log.exception("it failed: %s", error)  # noqa: TRY401  as ours sometimes do
    with psycopg.connect(database_url) as conn, pytest.raises(psycopg.Error) as wrong:
        conn.execute("SELECT %s::uuid", (CANARY,))
    log.error("it failed: %s", wrong.value, exc_info=wrong.value)
    first, second = written(lines)
    assert first["error"] == "ValueError"
    assert second["error"] == "psycopg.errors.InvalidTextRepresentation 22P02"
    assert "test_logs.py" in first["at"][0]
    assert CANARY not in lines.getvalue()


@pytest.mark.parametrize(
    "secret",
    [
        f"pk_live_{CANARY}",
        f"Authorization: Bearer {CANARY}",
        f"postgresql://app:{CANARY}@host/books",
        f"host=db password={CANARY}",
        f"{CANARY}@example.org",
        f"PRIVATE+KEY+paraphe+00000000+{CANARY}",
        IBAN,
        "FR76 3000 6000 0112 3456 7890 189",
    ],
)
def test_what_looks_like_a_secret_is_masked_wherever_it_stands(
    lines: StringIO, secret: str
) -> None:
    log = logging.getLogger("services.somewhere")
    log.info("so %s here", secret, extra={"place": secret, "password": CANARY})
    structlog.get_logger("services.other").info("so", place=secret, api_token=CANARY)
    assert CANARY not in lines.getvalue()
    assert IBAN not in lines.getvalue().replace(" ", "")
    assert len(written(lines)) == 2


@given(text=st.one_of([st.from_regex(pattern) for pattern, _ in logs.SECRETS]))
def test_no_secret_goes_by_unsuspected(text: str) -> None:
    assert logs.SUSPECT.search(text)


def test_a_real_server_logs_each_request_and_none_of_its_content(
    backend: Backend, caller: Caller, tmp_path: Path
) -> None:
    """Method: canaries wherever a caller can put one, errors of every kind, then read the log."""
    file = tmp_path / "server.log"
    base = caller.base
    with serving(backend, file, PARAPHE_LOG_LEVEL="debug") as (url, process):
        with httpx2.Client(base_url=url) as client:
            own = {"Authorization": f"Bearer {caller.key}", "Idempotency-Key": str(uuid4())}
            person = bodies.customer() | {"name": CANARY, "email": f"{CANARY}@example.org"}
            made = client.post(f"{base}/contacts", headers=own, json=person)
            assert made.status_code == 201, made.text
            client.post(f"{base}/contacts", headers=own, json={"name": CANARY, CANARY: CANARY})
            client.post(f"{base}/contacts", headers=own, content=f'{{"{CANARY}')
            client.get(f"{base}/contacts/{CANARY}", headers=own)
            client.get(f"/{CANARY}/{CANARY}?{CANARY}={CANARY}", headers=own)
            client.get(f"{base}/contacts?{CANARY}=1", headers=own)
            client.get(base, headers={"Authorization": f"Bearer pk_live_{CANARY}"})
            client.get(base, headers={"Cookie": CANARY, "User-Agent": CANARY, **own})
            client.request("CANARY", base, headers=own)
            time.sleep(0.2)
        process.terminate()
        process.wait(timeout=30)
    text = file.read_text()
    assert CANARY not in text
    assert caller.key not in text
    found = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    (creation,) = [
        line for line in found if line.get("status") == 201 and line.get("method") == "POST"
    ]
    assert creation["request_id"] == made.headers["request-id"]
    assert creation["company"] == str(book_id(caller.company))
    assert creation["actor"].startswith("key_")
    assert creation["route"] == "/v1/companies/{company_id}/contacts"
    requests = [line for line in found if line["event"] == "request"]
    assert len({line["request_id"] for line in requests}) == len(requests) >= 9
    rest = [line for line in text.splitlines() if not line.startswith("{")]
    assert rest == [f"paraphe: serving on {url}"]
