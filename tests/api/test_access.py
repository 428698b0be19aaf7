"""Who may do what: a matrix made from the OpenAPI description, and two walls, each alone."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from fastapi import APIRouter, FastAPI, Response
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api import visit
from api.app import create_app, refuse_undeclared
from api.ids import book_id
from api.route import Route, UndeclaredScope, needs
from domain.operations.technical import KeyUsed
from services.access import SCOPES
from services.backend import Backend
from services.technical import read_journal
from tests.api.conftest import Caller, open_company

SAMPLES = {
    "contact_id": "ctc_" + "0" * 26,
    "invoice_id": "inv_" + "0" * 26,
    "credit_note_id": "crn_" + "0" * 26,
    "bill_id": "bil_" + "0" * 26,
    "payment_id": "pay_" + "0" * 26,
    "statement_id": "stm_" + "0" * 26,
    "lettering_id": "let_" + "0" * 26,
    "entry_id": "ent_" + "0" * 26,
    "article_id": "art_" + "0" * 26,
    "batch_id": "imp_" + "0" * 26,
    "quote_id": "qte_" + "0" * 26,
    "deposit_id": "dep_" + "0" * 26,
    "order_id": "ord_" + "0" * 26,
    "delivery_id": "dlv_" + "0" * 26,
    "template_id": "tpl_" + "0" * 26,
    "job_id": "job_" + "0" * 26,
    "write_off_id": "wof_" + "0" * 26,
    "mandate_id": "mdt_" + "0" * 26,
    "remittance_id": "col_" + "0" * 26,
    "cheque_deposit_id": "chd_" + "0" * 26,
    "reminder_id": "rem_" + "0" * 26,
    "late_fee_id": "fee_" + "0" * 26,
    "period": "2026-07",
    "grid": "03",
    "year": "2026",
    "digest": "0" * 64,
    "role": "sales",
    "option": "quotes",
}

Operation = tuple[str, str, str]

OPEN = {"/live", "/ready", "/v1/document_links/{link}"}
"""Without a key; a mailed link is signed, and the only key to its document."""


def operations(client: TestClient) -> Iterator[Operation]:
    """Method, path and scope of every operation of the description."""
    document = client.get("/openapi.json").json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            scopes = [scope for each in operation["security"] for scope in each["key"]]
            yield method.upper(), path, scopes[0] if scopes else ""


def call(client: TestClient, operation: Operation, company: str, key: str | None) -> Any:
    """Calls an operation with nothing but a key."""
    method, path, _ = operation
    place = re.sub(r"{(\w+)}", lambda name: {**SAMPLES, "company_id": company}[name[1]], path)
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return client.request(method, place, headers=headers)


def anonymous(body: dict[str, Any]) -> dict[str, Any]:
    """A problem without what names its occurrence."""
    return {name: body[name] for name in body if name not in {"instance", "request_id"}}


@pytest.fixture
def foreign(client: TestClient, backend: Backend, firm_key: str) -> str:
    """A key for another company, with every scope."""
    other = open_company(client, firm_key)
    return backend.keyring.issue("foreign", books=[str(book_id(other.company))])


def test_every_route_is_closed_to_whoever_has_no_right(
    client: TestClient, backend: Backend, caller: Caller, foreign: str
) -> None:
    book = str(book_id(caller.company))
    own = backend.keyring.issue("own", books=[book])
    nowhere = "com_" + "0" * 26
    checked = 0
    for operation in operations(client):
        _, path, scope = operation
        if not scope:
            assert path in OPEN, f"{path} is open to everybody"
            continue
        lacking = backend.keyring.issue("lacking", books=[book], scopes=set(SCOPES) - {scope})
        assert call(client, operation, caller.company, None).status_code == 401, path
        assert call(client, operation, caller.company, "pk_live_wrong").status_code == 401, path
        denied = call(client, operation, caller.company, lacking)
        assert (denied.status_code, denied.json()["scope"]) == (403, scope), path
        if "{company_id}" in path:
            strange = call(client, operation, caller.company, foreign)
            absent = call(client, operation, nowhere, foreign)
            assert strange.status_code == absent.status_code == 404, path
            assert anonymous(strange.json()) == anonymous(absent.json()), path
            assert strange.headers.keys() == absent.headers.keys(), path
        allowed = call(client, operation, caller.company, own)
        assert allowed.status_code not in {401, 403, 405}, (path, allowed.text)
        checked += 1
    assert checked >= 40


def test_a_route_without_a_scope_stops_the_start() -> None:
    def endpoint() -> Response:
        return Response()

    with pytest.raises(UndeclaredScope):
        APIRouter(route_class=Route).add_api_route("/open", endpoint)
    with pytest.raises(UndeclaredScope):
        needs("invoices:everything")
    with pytest.raises(UndeclaredScope):
        refuse_undeclared([APIRoute("/plain", endpoint)])


def test_every_route_of_the_application_declares_itself(client: TestClient) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    assert all(isinstance(route, Route) for route in app.router.routes)


def test_a_key_dies_at_once_when_it_is_revoked(caller: Caller, backend: Backend) -> None:
    secret = backend.keyring.issue("short-lived")
    mine = Caller(caller.client, secret, caller.company)
    assert mine.get("").status_code == 200
    (key,) = [key for key in backend.keyring.issued() if key.name == "short-lived"]
    assert secret.startswith(key.prefix)
    assert key.last_used_at is not None
    assert backend.keyring.revoke(key.key_id)
    assert mine.get("").status_code == 401
    assert not backend.keyring.revoke(key.key_id)


def test_an_expired_key_is_no_key(caller: Caller, backend: Backend) -> None:
    yesterday = datetime.now(UTC) - timedelta(days=1)
    secret = backend.keyring.issue("late", expires_at=yesterday)
    assert Caller(caller.client, secret, caller.company).get("").status_code == 401


def test_no_secret_is_stored(backend: Backend) -> None:
    secret = backend.keyring.issue("canary")
    with psycopg.connect(backend.owner_url) as conn:
        (stored,) = conn.execute("SELECT string_agg(k::text, ' ') FROM api_key k").fetchone() or (
            "",
        )
    assert secret.removeprefix("pk_live_")[4:] not in stored


def test_the_application_cannot_read_the_keys(backend: Backend) -> None:
    with (
        backend.datastore.connection() as conn,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        conn.execute("SELECT digest FROM api_key")


def test_only_a_firm_key_opens_companies(
    client: TestClient, backend: Backend, foreign: str
) -> None:
    answer = client.post(
        "/v1/companies",
        headers={"Authorization": f"Bearer {foreign}", "Idempotency-Key": str(uuid4())},
        json={},
    )
    assert answer.status_code == 422
    from tests.api import bodies

    answer = client.post(
        "/v1/companies",
        headers={"Authorization": f"Bearer {foreign}", "Idempotency-Key": str(uuid4())},
        json=bodies.company(),
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "firm_key_required")


def test_a_key_lists_the_companies_it_reaches(
    client: TestClient, backend: Backend, caller: Caller, firm_key: str
) -> None:
    own = backend.keyring.issue("own", books=[str(book_id(caller.company))])
    listed = client.get("/v1/companies", headers={"Authorization": f"Bearer {own}"}).json()
    assert [company["id"] for company in listed["data"]] == [caller.company]
    reached = sorted([caller.company, open_company(client, firm_key).company])
    both = backend.keyring.issue("both", books=[str(book_id(company)) for company in reached])
    firm = {"Authorization": f"Bearer {both}"}
    first = client.get("/v1/companies?limit=1", headers=firm).json()
    assert first["has_more"] is True
    second = client.get(f"/v1/companies?limit=1&cursor={first['next_cursor']}", headers=firm).json()
    assert [page["data"][0]["id"] for page in (first, second)] == reached


READS = ("", "/accounts", "/events", "/archives", "/history", "/unpaid", "/vat_register")


def test_without_authorisation_row_level_security_still_blocks(
    caller: Caller, foreign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """First wall down: nobody is refused any more; the database still gives a stranger nothing."""
    caller.validated()
    strange = Caller(caller.client, foreign, caller.company)
    monkeypatch.setattr(visit, "authorise", lambda *_, **__: None)
    for path in READS:
        answer = strange.get(path)
        rows = answer.json().get("data", []) if answer.status_code == 200 else []
        assert rows == [], (path, answer.text)
    assert strange.post("/contacts", {}).status_code >= 400


def test_without_row_level_security_authorisation_still_blocks(
    fresh_database_url: str,
) -> None:
    """Second wall down: the tables show every row; the door still gives a stranger nothing."""
    from pydantic import SecretStr

    from services.backend import open_backend
    from services.settings import Settings

    with (
        open_backend(Settings(database_url=SecretStr(fresh_database_url))) as backend,
        TestClient(create_app(backend)) as client,
    ):
        firm = backend.keyring.issue("firm")
        owner = open_company(client, firm)
        owner.validated()
        backend.engine.run_to_head(str(book_id(owner.company)))
        other = open_company(client, firm)
        foreign = backend.keyring.issue("foreign", books=[str(book_id(other.company))])
        with psycopg.connect(backend.owner_url, autocommit=True) as conn:
            tables = conn.execute(
                "SELECT oid::regclass::text FROM pg_class WHERE relrowsecurity"
            ).fetchall()
            assert len(tables) >= 4 + 4
            for (table,) in tables:
                conn.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        strange = Caller(client, foreign, owner.company)
        for path in READS:
            assert strange.get(path).status_code == 404, path


def test_a_forgotten_condition_shows_nothing_of_another_book(
    backend: Backend, caller: Caller, client: TestClient, firm_key: str
) -> None:
    """Every table kept by book, the registers' included, read without a WHERE."""
    caller.validated()
    other = open_company(client, firm_key)
    other.validated()
    backend.engine.run_to_head(str(book_id(other.company)))
    mine = book_id(caller.company)
    assert isinstance(mine, UUID)
    with psycopg.connect(backend.owner_url) as conn:
        tables = [
            table
            for (table,) in conn.execute(
                "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_attribute a "
                "ON a.attrelid = c.oid AND a.attname = 'book_id' "
                "JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition "
                "AND n.nspname NOT LIKE 'pg_%' "
                "AND has_table_privilege('paraphe_app', c.oid, 'SELECT')"
            )
        ]
    assert {"event", "book", "unpaid.open_item"} <= set(tables)
    with backend.store.entered(str(mine)) as conn:
        for table in tables:
            found = conn.execute(f"SELECT DISTINCT book_id FROM {table}").fetchall()
            assert {book for (book,) in found} <= {mine}, table
    with backend.datastore.connection() as conn:
        for table in tables:
            assert conn.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table


def test_the_first_use_of_a_key_stands_in_the_book(caller: Caller, backend: Backend) -> None:
    own = backend.keyring.issue("own", books=[str(book_id(caller.company))])
    visitor = Caller(caller.client, own, caller.company)
    for path in ("", "/contacts?external_id=x", ""):
        assert visitor.get(path).status_code == 200
    key = [key.key_id for key in backend.keyring.issued() if key.prefix == own[:12]][-1]
    uses = [
        fact.event
        for fact in read_journal(backend.store, str(book_id(caller.company)))
        if isinstance(fact.event, KeyUsed) and fact.event.key_id == key
    ]
    assert len(uses) == 1
