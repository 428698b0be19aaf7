"""Dry runs: what they say is what the command then writes, and they write nothing themselves."""

import json
import re
from typing import Any
from uuid import uuid4

import httpx2
import psycopg
import pytest
from fastapi.testclient import TestClient
from psycopg import sql

from api.dry_run import PARAMETER
from api.examples import CUSTOMER, EXAMPLES, SUPPLIER
from services.backend import Backend
from tests.api import bodies, test_orders, test_quotes, test_walk
from tests.api.conftest import Caller, open_company

DRAWN = re.compile(r'"[a-z]{3}_[0-9a-z]{26}"|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z')
"""Ids are drawn anew and clocks go on: nothing else may differ."""


class Rehearsing(Caller):
    """Rehearses each command before it is sent, and compares."""

    rehearsed = 0

    def post(self, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        headers.setdefault("Idempotency_Key", str(uuid4()))
        said = super().post(with_dry_run(path), body, **headers)
        return self._compared(said, super().post(path, body, **headers))

    def patch(self, path: str, body: Any, **headers: str) -> httpx2.Response:
        said = super().patch(with_dry_run(path), body, **headers)
        return self._compared(said, super().patch(path, body, **headers))

    def _compared(self, said: httpx2.Response, done: httpx2.Response) -> httpx2.Response:
        self.rehearsed += 1
        assert said.status_code == 200, said.text
        run = said.json()
        if done.status_code >= 400:
            assert run["events"] == [] == run["entries"]
            assert run["answer"] is None
            same = {"code", "detail", "status", "rule", "position", "errors"}
            problem = done.json()
            assert {name: run["refusal"].get(name) for name in same} == {
                name: problem.get(name) for name in same
            }
            return done
        assert run["refusal"] is None
        assert undrawn(run["answer"]) == undrawn(done.json())
        position = int(done.headers["event-position"])
        written = self.seen(f"/events?after={position - len(run['events'])}")["data"]
        assert [event["type"] for event in run["events"]] == [event["type"] for event in written]
        assert [event["position"] for event in run["events"]] == [
            event["position"] for event in written
        ]
        if "contact" not in written[0]["type"]:  # sealed under other keys
            assert undrawn([event["data"] for event in run["events"]]) == undrawn(
                [event["data"] for event in written]
            )
        return done


def with_dry_run(path: str) -> str:
    """The same command, only said."""
    return f"{path}{'&' if '?' in path else '?'}{PARAMETER}=true"


def undrawn(value: Any) -> str:
    """JSON without what no two runs have in common."""
    return DRAWN.sub("*", json.dumps(value, sort_keys=True))


@pytest.fixture
def rehearsing(client: TestClient, firm_key: str) -> Rehearsing:
    """A caller for a new company that rehearses everything."""
    return Rehearsing(client, firm_key, open_company(client, firm_key).company)


@pytest.mark.parametrize(
    "walk",
    [
        test_walk.test_a_credit_note_takes_an_invoice_back,
        test_walk.test_a_bill_is_recorded_once,
        test_walk.test_a_draft_can_be_given_up,
        test_walk.test_entries_periods_and_dates,
        test_walk.test_a_company_and_its_settings,
        test_walk.test_a_contact_is_found_and_changed,
        test_quotes.test_a_quote_from_draft_to_answer,
        test_quotes.test_a_deposit_from_request_to_balance_invoice,
        test_quotes.test_situations_at_the_door,
        test_orders.test_from_an_order_to_one_invoice_of_its_deliveries,
        test_orders.test_what_is_taken_back_and_given_up,
    ],
)
def test_what_is_said_is_what_is_done(walk: Any, rehearsing: Rehearsing) -> None:
    """Goal: events, positions, answer and refusal of a dry run are those of the command. Method:
    the walks of the other tests, each command rehearsed under the very key it is then sent with."""
    walk(rehearsing)
    assert rehearsing.rehearsed > 0


def contents(backend: Backend) -> dict[str, Any]:
    """Every table that there is: how many rows, and a sum over what they say."""
    tables = (
        "SELECT schemaname, tablename FROM pg_tables "
        "WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'api_key'"
    )
    count = "SELECT count(*), coalesce(sum(hashtext(each::text)::bigint), 0) FROM {} AS each"
    found = {}
    with psycopg.connect(backend.owner_url) as conn:
        for table in conn.execute(tables).fetchall():
            statement = sql.SQL(count).format(sql.Identifier(*table))
            found[".".join(table)] = conn.execute(statement).fetchone()
    return found


def test_no_command_writes_when_it_is_rehearsed(
    client: TestClient, backend: Backend, caller: Caller
) -> None:
    """Goal: no dry run of any command leaves a trace in any table. Method: every operation that
    takes `dry_run`, with its example, in a company that has one of everything."""
    ids = {CUSTOMER: caller.customer(), SUPPLIER: caller.supplier()}
    draft = caller.made("/invoices", bodies.invoice(ids[CUSTOMER]))
    names = {
        "company_id": caller.company,
        "contact_id": ids[CUSTOMER],
        "invoice_id": draft["id"],
        "bill_id": caller.made("/bills", bodies.bill(ids[SUPPLIER]))["id"],
        "role": "sales",
    }
    caller.seen("/unpaid", caller.position())
    before, commands = contents(backend), 0
    for path, method, operation in dry_runnable(client):
        address = re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], "none"), path)
        example = json.dumps(EXAMPLES.get(operation, {}))
        body = json.loads(re.sub(r"ctc_\w+", lambda found: ids.get(found[0], found[0]), example))
        answer = client.request(
            method,
            with_dry_run(address),
            headers={
                "Authorization": f"Bearer {caller.key}",
                "Idempotency-Key": str(uuid4()),
                "If-Match": '"1"',
            },
            json=body,
        )
        assert answer.status_code < 500, (operation, answer.text)
        commands += 1
    assert commands > 15
    assert contents(backend) == before


def dry_runnable(client: TestClient) -> list[tuple[str, str, str]]:
    """Every operation that takes `dry_run`: path, method, name."""
    return [
        (path, method.upper(), operation["operationId"])
        for path, methods in client.get("/openapi.json").json()["paths"].items()
        for method, operation in methods.items()
        if any(each["name"] == PARAMETER for each in operation.get("parameters", ()))
    ]


def test_every_command_can_be_rehearsed(client: TestClient) -> None:
    commands = {
        operation["operationId"]
        for methods in client.get("/openapi.json").json()["paths"].values()
        for method, operation in methods.items()
        if method in ("post", "patch")
    }
    assert commands == {name for _, _, name in dry_runnable(client)}


def test_a_question_has_no_dry_run(caller: Caller) -> None:
    refused = caller.get(with_dry_run("/unpaid"))
    assert (refused.status_code, refused.json()["code"]) == (400, "unknown_parameter")


def test_another_wish_than_true_or_false_writes_nothing(caller: Caller) -> None:
    size = caller.position()
    refused = caller.post("/contacts?dry_run=yes", bodies.customer())
    assert (refused.status_code, refused.json()["code"]) == (400, "parameter_invalid")
    assert caller.position() == size


def test_a_company_is_rehearsed_without_a_book(client: TestClient, firm_key: str) -> None:
    headers = {"Authorization": f"Bearer {firm_key}", "Idempotency-Key": str(uuid4())}
    said = client.post(with_dry_run("/v1/companies"), headers=headers, json=bodies.company())
    assert said.status_code == 200, said.text
    (event,) = said.json()["events"]
    assert (event["position"], event["type"]) == (1, "company.opened.v1")
    company = said.json()["answer"]["id"]
    assert client.get(f"/v1/companies/{company}", headers=headers).status_code == 404
    opened = client.post("/v1/companies", headers=headers, json=bodies.company())
    assert (opened.status_code, opened.json()["id"]) == (201, company)


def test_a_dry_run_of_what_was_done_says_so_again(caller: Caller) -> None:
    name = str(uuid4())
    done = caller.post("/contacts", bodies.customer(), Idempotency_Key=name)
    said = caller.post(with_dry_run("/contacts"), bodies.customer(), Idempotency_Key=name).json()
    assert said["answer"] == done.json()
    assert said["events"][0]["position"] == int(done.headers["event-position"])
    reused = caller.post(with_dry_run("/contacts"), bodies.supplier(), Idempotency_Key=name)
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
