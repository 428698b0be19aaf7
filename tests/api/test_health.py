"""Liveness and readiness."""

from fastapi.testclient import TestClient


def test_a_process_that_answers_is_alive(client: TestClient) -> None:
    answer = client.get("/live")
    assert answer.status_code == 200
    assert answer.json() == {"status": "alive"}


def test_readiness_says_what_was_looked_at(client: TestClient) -> None:
    answer = client.get("/ready")
    assert answer.status_code == 200, answer.text
    checks = {check["name"]: check for check in answer.json()["checks"]}
    assert all(check["sound"] for check in checks.values())
    assert [checks[name]["found"] for name in ("fsync", "full_page_writes")] == ["on", "on"]
