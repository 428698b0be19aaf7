"""Imports at the door: rehearsed, taken in, seen, undone; what is wrong is named line by line."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.api import bodies
from tests.api.conftest import Caller

CSV = "Nom;Type;Pays;Référence\nCafé Émile;client;BE;C-1\nPapier;fournisseur;BE;C-2\n"


def send(caller: Caller, path: str, content: bytes, kind: str = "text/csv", **more: Any) -> Any:
    """Sends a file."""
    headers = {
        "Authorization": f"Bearer {caller.key}",
        "Idempotency-Key": str(uuid4()),
        "Content-Type": kind,
        **more,
    }
    return caller.client.post(caller.base + path, headers=headers, content=content)


def names(caller: Caller) -> list[str]:
    """The contacts that are listed."""
    return [row["name"] for row in caller.seen("/contacts", caller.position())["data"]]


@pytest.mark.feature("M2")
def test_a_file_is_rehearsed_taken_in_and_undone(caller: Caller) -> None:
    said: httpx2.Response = send(caller, "/imports/contacts?dry_run=true", CSV.encode())
    assert len(said.json()["events"]) == 3
    assert said.json()["answer"]["batch"]["lines"] == 2
    assert names(caller) == []

    done = send(caller, "/imports/contacts", CSV.encode("cp1252"))
    assert done.status_code == 201, done.text
    batch = done.json()["batch"]
    assert [line["status"] for line in done.json()["lines"]] == ["made", "made"]
    assert names(caller) == ["Café Émile", "Papier"]
    assert caller.seen(f"/imports/{batch['id']}") == batch
    assert caller.get(f"/files/{batch['file']}").status_code == 404, "it would outlive an erasure"
    (first, _) = caller.seen(f"/contacts?file={batch['file']}")["data"]
    assert first["id"] == batch["made"][0]

    again = send(caller, "/imports/contacts", CSV.encode("cp1252"))
    assert (again.status_code, again.json()["status"]) == (200, "already")

    caller.made("/invoices", bodies.invoice(batch["made"][0]))
    undone = caller.made(f"/imports/{batch['id']}/undo")
    assert undone["undone"]
    assert undone["archived"] == [batch["made"][1]]
    assert [(kept["id"], kept["why"]) for kept in undone["kept"]] == [(batch["made"][0], "used")]
    assert caller.post(f"/imports/{batch['id']}/undo").json()["code"] == "import_undone"


@pytest.mark.feature("M2")
def test_a_wrong_line_is_named_in_the_readers_language(caller: Caller) -> None:
    wrong = CSV + "=1+1;client;BE;C-3\nSans pays;client;Belgique;C-4\n"
    answer = send(caller, "/imports/contacts", wrong.encode(), **{"Accept-Language": "fr"})
    assert (answer.status_code, answer.json()["code"]) == (422, "import_refused")
    first, second = answer.json()["errors"]
    assert (first["pointer"], first["code"]) == ("/lines/4/Nom", "import_formula")
    assert "formule" in first["detail"]
    assert (second["pointer"], second["code"]) == ("/lines/5/Pays", "contact_incomplete")
    assert names(caller) == []
    part = send(caller, "/imports/contacts?partial=true", wrong.encode())
    assert [line["line"] for line in part.json()["batch"]["refused"]] == [4, 5]


@pytest.mark.feature("M7")
def test_articles_come_in_by_the_same_door(caller: Caller) -> None:
    content = "Code,Omschrijving,Prijs,Btw\nA1,Kaart,2.5,21\n"
    done = send(caller, "/imports/articles", content.encode())
    article = caller.seen(f"/articles/{done.json()['batch']['made'][0]}")
    assert (article["label"], article["unit_price"], article["vat_rate"]) == ("Kaart", "2.5", "21")


@pytest.mark.feature("M2")
@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"\x00\x01", "text/csv", 422, "import_not_a_table"),
        (b"PK\x03\x04x", "text/csv", 422, "import_not_a_table"),
        (b"Ville\nMons", "text/csv", 422, "import_heading"),
        (b"Nom\n" + b"x\n" * 5001, "text/csv", 422, "import_too_large"),
        (b"{}", "application/json", 415, "unsupported_media_type"),
        (b"x" * (21 * 1024 * 1024), "text/csv", 413, "body_too_large"),
    ],
)
def test_what_is_no_list_is_told_so(
    caller: Caller, content: bytes, kind: str, status: int, code: str
) -> None:
    answer = send(caller, "/imports/contacts", content, kind)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.feature("M6", "M7")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_lists_leave_whole_or_selected_and_come_in_again(caller: Caller, form: str) -> None:
    for name, more in (("Émile", {"email": "e@example.org"}), ("=Zoé", {"nature": "private"})):
        caller.made("/contacts", bodies.customer(name=name, vat_number="", **more))
    caller.made("/articles", {"code": "A1", "label": "Carte", "unit_price": "2.50"})
    asked = {"Accept_Language": "fr", "Min_Position": str(caller.position())}
    part = caller.get(f"/contacts/export?format={form}&nature=private", **asked)
    whole = caller.get(f"/contacts/export?format={form}&shown=all", **asked)
    goods = caller.get(f"/articles/export?format={form}", **asked)
    for answer in (part, whole, goods):
        assert answer.status_code == 200, answer.text
    kind = whole.headers["content-type"].partition(";")[0]
    assert f".{form}" in whole.headers["content-disposition"]
    if form == "csv":
        text = whole.content.decode("utf-8-sig")
        assert text.startswith("Identifiant;Nom;Type")
        assert ";'=Zoé;" in text
        assert "e@example.org" in text
        assert len(part.content.splitlines()) == 2
    again = send(caller, "/imports/contacts?update=true", whole.content, kind).json()
    assert (again["batch"]["known"], again["ignored"]) == (2, [])
    again = send(caller, "/imports/articles?update=true", goods.content, kind).json()
    assert again["batch"]["known"] == 1
    types = [event["type"] for event in caller.seen("/events?limit=200")["data"]]
    assert types.count("report.exported.v1") == 3
