"""The description against the application: thousands of requests made from it by schemathesis."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient

from api.server import config
from services.backend import Backend
from tests.api import bodies
from tests.api.conftest import Caller

SECONDS = int(os.environ.get("PARAPHE_FUZZ_SECONDS", "45"))
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,"
    "response_headers_conformance,response_schema_conformance,negative_data_rejection,"
    "ignored_auth,unsupported_method"
)
# Left out: missing_required_header, which does not know that a missing If-Match is a 428.


@pytest.fixture(scope="module")
def server(backend: Backend) -> Iterator[str]:
    """The address of a real server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = uvicorn.Server(config(backend, "127.0.0.1", port))
    thread = threading.Thread(target=running.run)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join(timeout=30)


def sharpened(document: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    """The description with ids that exist, so that requests go deeper than a 404, and without
    Min-Position, which asks for a 503 by waiting for the future."""
    for methods in document["paths"].values():
        for operation in methods.values():
            parameters = operation.get("parameters", [])
            parameters[:] = [each for each in parameters if each["name"] != "Min-Position"]
            for parameter in parameters:
                if parameter["in"] == "path" and parameter["name"] in ids:
                    parameter["schema"] = {"type": "string", "enum": [ids[parameter["name"]]]}
    contact = {"type": "string", "enum": [ids["contact_id"]]}
    for schema, name in (("InvoiceIn", "customer_id"), ("BillIn", "supplier_id")):
        document["components"]["schemas"][schema]["properties"][name] = contact
    return document


def test_no_request_finds_a_fault(
    server: str, client: TestClient, caller: Caller, tmp_path: Path
) -> None:
    """Goal: no 5xx and no undocumented status. Method: every operation, right and wrong data,
    within a time box (PARAPHE_FUZZ_SECONDS), against a company that has one of everything."""
    customer = caller.customer()
    invoice = caller.validated(customer)
    note = caller.made(f"/invoices/{invoice['id']}/credit_notes", {"reason": "Retour"})
    ids = {
        "company_id": caller.company,
        "contact_id": customer,
        "invoice_id": caller.made("/invoices", bodies.invoice(customer))["id"],
        "credit_note_id": note["id"],
        "bill_id": caller.made("/bills", bodies.bill(caller.supplier()))["id"],
        "payment_id": caller.made("/payments", bodies.payment(customer))["id"],
    }
    description = tmp_path / "openapi.json"
    description.write_text(json.dumps(sharpened(client.get("/openapi.json").json(), ids)))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run", str(description)),
            *("--url", server, "--header", f"Authorization: Bearer {caller.key}"),
            *("--checks", CHECKS, "--phases", "examples,coverage,fuzzing"),
            # One worker: threads that parse at once crash Python 3.11 (AST recursion depth).
            *("--max-time", str(SECONDS), "--workers", "1", "--no-shrink"),
            *("--continue-on-failure", "--suppress-health-check", "all", "--warnings", "off"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=SECONDS * 3 + 60,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
