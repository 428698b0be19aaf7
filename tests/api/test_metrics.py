"""Metrics of a real server as Prometheus reads them: they move with events, and name nobody."""

import time
from pathlib import Path
from uuid import UUID

import httpx2
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr

from api.ids import book_id
from projections.registers import REGISTERS
from services.backend import Backend, open_backend
from services.metrics import COUNTED
from services.settings import Settings
from services.standing import Standing
from tests.api import bodies
from tests.api.conftest import Caller
from tests.api.test_leaving import serving
from tests.api.test_server import free_port
from tests.books import make_book, write_book

Samples = dict[str, dict[tuple[tuple[str, str], ...], float]]


def scraped(text: str) -> Samples:
    """The samples of an exposition, by name and labels."""
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return found


def standing(backend: Backend) -> Samples:
    """The gauges of a backend."""
    return {
        sample.name: {tuple(one.labels.items()): one.value for one in family.samples}
        for family in Standing(backend).collect()
        for sample in family.samples
    }


def test_a_real_server_counts_and_times_what_it_does(
    backend: Backend, caller: Caller, tmp_path: Path
) -> None:
    port = free_port()
    with serving(backend, tmp_path / "log", PARAPHE_METRICS=str(port)) as (url, _):
        headers = {"Authorization": f"Bearer {caller.key}", "Idempotency-Key": "one"}
        for _ in range(2):
            httpx2.post(f"{url}{caller.base}/contacts", headers=headers, json=bodies.customer())
        headers["Idempotency-Key"] = "two"
        refused = bodies.invoice("ctc_" + "0" * 26)
        httpx2.post(f"{url}{caller.base}/invoices", headers=headers, json=refused)
        text = httpx2.get(f"http://127.0.0.1:{port}/metrics").text
        assert httpx2.get(f"{url}/metrics").status_code == 404, "not on the public door"
    found = scraped(text)
    outcomes = {labels[0][1]: value for labels, value in found["paraphe_commands_total"].items()}
    assert outcomes["replayed"] == 1
    assert outcomes.get("refused", 0) + outcomes.get("failed", 0) == 1
    assert 1 <= found["paraphe_commit_commands_count"][()] <= outcomes["written"]
    assert found["paraphe_pen_wait_seconds_count"][()] == sum(outcomes.values()) >= 3
    times = found["paraphe_http_request_seconds_count"]
    route = "/v1/companies/{company_id}/contacts"
    assert times[("method", "POST"), ("route", route), ("status", "201")] == 2
    assert {labels[0][1] for labels in found["paraphe_register_lag_events"]} == {
        register.name for register in REGISTERS
    }
    assert found["paraphe_database_up"][()] == 1
    book = str(book_id(caller.company))
    assert caller.company not in text
    assert book not in text


def test_lag_parked_books_and_seal_age_are_those_of_the_database(fresh_database_url: str) -> None:
    with open_backend(Settings(database_url=SecretStr(fresh_database_url))) as backend:
        book = write_book(backend.store, make_book(seed=1, size=60))
        size = backend.store.head(book).size
        time.sleep(0.05)
        found = standing(backend)
        lag = found["paraphe_register_lag_events"]
        assert set(lag.values()) == {size}
        assert min(found["paraphe_register_lag_seconds"].values()) > 0.04
        assert found["paraphe_unsealed_books"][()] == 1
        assert found["paraphe_seal_age_seconds"][()] > 0.04
        backend.engine.run_to_head(book)
        found = standing(backend)
        assert set(found["paraphe_register_lag_events"].values()) == {0}
        with backend.engine.batcher() as batcher:
            batcher.conn.execute("UPDATE unpaid.unpaid_cursor SET position = position - 1")
            batcher.park(UUID(book), "unpaid", size, "for a test")
        found = standing(backend)
        parked = found["paraphe_register_parked_books"]
        assert parked[("register", "unpaid"),] == sum(parked.values()) == 1


def test_metrics_without_a_database_say_so(fresh_database_url: str) -> None:
    with open_backend(Settings(database_url=SecretStr(fresh_database_url))) as backend:
        backend.engine.url = "postgresql://nobody@127.0.0.1:1/none"
        found = standing(backend)
        assert found["paraphe_database_up"][()] == 0
        assert "paraphe_register_lag_events" not in found


def test_no_metric_has_a_label_that_could_be_a_book() -> None:
    labels = {name for family in COUNTED.collect() for one in family.samples for name in one.labels}
    assert labels <= {"kind", "outcome", "method", "route", "status", "le"}
