"""Bank statements through the door: taken in once, listed, what waits proposed and assigned."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from api.banking_examples import BANKING
from tests.api import bodies
from tests.api.conftest import Caller
from tests.services.files.statement_samples import (
    OURS,
    THEIRS,
    Move,
    camt,
    camt_entry,
    coda,
    mt940,
)


def send(
    caller: Caller, content: bytes | str, kind: str = "text/plain", query: str = "", name: str = ""
) -> httpx2.Response:
    """Sends a file as it is."""
    headers = {
        "Authorization": f"Bearer {caller.key}",
        "Idempotency-Key": name or str(uuid4()),
        "Content-Type": kind,
    }
    url = f"{caller.base}/bank_statements{query}"
    return caller.client.post(url, headers=headers, content=content)


@pytest.fixture
def bank(caller: Caller) -> Caller:
    """A company whose account is linked to its journal."""
    linked = caller.made("/bank_accounts/link", {"account": OURS, "journal": "BNK"})
    assert linked == {"data": [{"account": OURS, "journal": "BNK"}]}
    assert caller.seen("/bank_accounts") == linked
    return caller


def test_every_example_works(caller: Caller) -> None:
    caller.made("/bank_accounts/link", BANKING["bank_accounts_link"])
    caller.made("/bank_accounts/csv_layout", BANKING["bank_accounts_csv_layout"])
    (result,) = send(caller, coda([Move(-1_210, "FRAIS", family="35")])).json()["data"]
    payment = result["statement"]["lines"][0]["payment"]
    caller.made(f"/bank_lines/{payment}/assign", BANKING["bank_lines_assign"])


@pytest.mark.feature("C3", "C11")
def test_a_statement_comes_in_once(bank: Caller) -> None:
    content = coda([Move(12_100, "avance", name="X", iban=THEIRS), Move(-500, "frais")])
    taken = send(bank, content)
    assert taken.status_code == 201, taken.text
    (result,) = taken.json()["data"]
    assert (result["status"], result["payments"], result["waiting"]) == ("taken", 2, 2)
    statement = result["statement"]
    assert statement["closing"] == bodies.eur(511_600)
    assert bank.seen(f"/bank_statements/{statement['id']}") == statement
    position = taken.headers["event-position"]
    listed = bank.seen("/bank_statements", position)["data"]
    assert listed == [{k: v for k, v in statement.items() if k != "lines"}]
    again = send(bank, content)
    assert again.status_code == 200
    assert again.json()["data"][0]["status"] == "already"
    waiting = bank.seen("/bank_lines", position)["data"]
    assert [(each["amount"]["amount"], each["name"]) for each in waiting] == [
        (12_100, "X"),
        (-500, ""),
    ]
    assert waiting[0]["id"] == statement["lines"][0]["payment"]
    assert bank.seen(f"/payments/{waiting[0]['id']}")["role"] == "suspense"


def test_a_repeated_request_gives_the_first_answer(bank: Caller) -> None:
    content, name = camt([camt_entry(1_000)], 1_000), str(uuid4())
    first = send(bank, content, "application/xml", name=name)
    again = send(bank, content, "application/xml", name=name)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"


def test_a_dry_run_writes_nothing(bank: Caller) -> None:
    said = send(bank, mt940(), query="?dry_run=true")
    assert said.status_code == 200, said.text
    body = said.json()
    kinds = [event["type"] for event in body["events"]]
    assert kinds == ["statement.imported.v1", *["payment.recorded.v1", "entry.posted.v1"] * 2]
    assert len(body["entries"]) == 2
    assert bank.seen("/bank_statements")["data"] == []


@pytest.mark.parametrize(
    ("content", "kind", "line", "reason"),
    [
        (b"hello", "text/plain", "line 0", "no CODA"),
        (coda([Move(5)]).replace("COMPTE A VUE ", "COMPTE A VUE"), "text/plain", "line 2", "128"),
        (b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "application/xml", "line 1", "not allowed"),
        (camt([camt_entry(5)], 6), "application/xml", "line 7", "make"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(
    bank: Caller, content: Any, kind: str, line: str, reason: str
) -> None:
    refused = send(bank, content, kind)
    assert refused.status_code == 422, refused.text
    body = refused.json()
    assert (body["code"], body["errors"][0]["pointer"]) == ("statement_file_wrong", "/file")
    assert line in body["detail"]
    assert reason in body["detail"]
    assert bank.seen("/bank_statements")["data"] == []


def test_a_list_of_movements_is_read_by_its_layout(bank: Caller) -> None:
    csv = "Date;Libellé;Montant\n12/03/2026;Virement;1.234,56\n13/03/2026;Frais;-1,00\n".encode()
    assert send(bank, csv, "text/csv").status_code == 422
    columns = {"date": "Date", "communication": "Libellé", "amount": "Montant"}
    layout = bank.made("/bank_accounts/csv_layout", {"account": OURS, "columns": columns})
    assert (layout["columns"], layout["dates"]) == (columns, "dmy")
    taken = send(bank, csv, "text/csv", f"?account={OURS}")
    assert taken.status_code == 201, taken.text
    (result,) = taken.json()["data"]
    assert [each["amount"]["amount"] for each in result["statement"]["lines"]] == [123_456, -100]
    overlapping = send(bank, csv.replace(b"Virement", b"Autre"), "text/csv")
    assert (overlapping.status_code, overlapping.json()["code"]) == (409, "statement_overlap")


@pytest.mark.feature("C4", "C7", "M45")
def test_a_proposal_is_accepted(bank: Caller) -> None:
    customer = bank.customer()
    invoice = bank.validated(customer)
    text = f"acompte facture {invoice['number']}"
    (result,) = send(bank, coda([Move(10_000, text, iban=THEIRS)])).json()["data"]
    payment = result["statement"]["lines"][0]["payment"]
    found = bank.get(f"/bank_lines/{payment}/proposals", Accept_Language="fr").json()
    assert found["status"] == "waiting"
    (proposal,) = found["data"]
    assert (proposal["rule"], proposal["certain"]) == ("numbers_in_part", False)
    assert "peut être visé" in proposal["explanation"]
    settles = [
        {"entry": item["entry"], "line": item["line"], "amount": item["amount"]}
        for item in proposal["items"]
    ]
    part = {
        "role": proposal["role"],
        "party": proposal["party"],
        "amount": bodies.eur(10_000),
        "settles": settles,
    }
    answer = bank.post(f"/bank_lines/{payment}/assign", {"parts": [part]})
    assert answer.status_code == 200, answer.text
    assert answer.json()["parts"][0]["party"] == customer
    position = answer.headers["event-position"]
    assert bank.seen("/bank_lines", position)["data"] == []
    (item,) = bank.seen(f"/unpaid?party={customer}", position)["data"]
    assert item["open"] == bodies.eur(2_100)
    again = bank.post(f"/bank_lines/{payment}/assign", {"parts": [part]})
    assert (again.status_code, again.json()["code"]) == (409, "payment_not_waiting")
    assert bank.get(f"/bank_lines/{payment}/proposals").json()["status"] == "assigned"


@pytest.mark.feature("C4")
def test_a_period_is_not_locked_while_something_waits(bank: Caller) -> None:
    (result,) = send(bank, coda([Move(10_000, "?")])).json()["data"]
    payment = result["statement"]["lines"][0]["payment"]
    refused = bank.post("/period_lock/advance", {"until": "2026-03-31", "reason": "mars"})
    assert (refused.status_code, refused.json()["code"]) == (409, "suspense_not_empty")
    assert refused.json()["errors"][0]["pointer"] == f"/bank_lines/{payment}"


def test_amounts_in_another_currency_are_refused(bank: Caller) -> None:
    (result,) = send(bank, coda([Move(10_000, "?")])).json()["data"]
    payment = result["statement"]["lines"][0]["payment"]
    dollars = {"amount": 10_000, "currency": "USD"}
    part = {"role": "account", "account": "658000", "amount": dollars}
    refused = bank.post(f"/bank_lines/{payment}/assign", {"parts": [part]})
    assert (refused.status_code, refused.json()["code"]) == (422, "assigned_currency")


@pytest.mark.feature("C12")
def test_journals_are_diagnosed(caller: Caller) -> None:
    """The account that the company prints has the only journal; another one has none."""
    assert caller.seen("/journals/diagnostics") == {"data": []}
    caller.made("/bank_accounts/link", {"account": OURS, "journal": "BNK"})
    (found,) = caller.seen("/journals/diagnostics")["data"]
    assert (found["fault"], found["account"]) == ("no_journal", "BE71096123456769")
