"""Articles at the door: made, listed, composed, changed in bulk with a preview, put away."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest

from api.article_examples import ARTICLE, BILLED, STOCKING
from tests.api import bodies
from tests.api.conftest import Caller


def article(code: str = "DESK", **changes: Any) -> dict[str, Any]:
    """An article at 21 %."""
    return {
        "code": code,
        "label": f"Article {code}",
        "unit_price": "10",
        "vat_rate": "21",
        **changes,
    }


@pytest.fixture
def stocked(caller: Caller) -> dict[str, str]:
    """Three articles by code: goods at 21 and 6 %, an hour of work."""
    bodies = [
        article(
            "DESK", nature="goods", unit_price="250.50", unit_cost="99", sales_account="700100"
        ),
        article("BOOK", nature="goods", vat_rate="6.00", label="Livre d'Été"),
        article("HOUR", unit="HUR", unit_price="9"),
    ]
    return {body["code"]: caller.made("/articles", body)["id"] for body in bodies}


def codes(caller: Caller, query: str) -> list[str]:
    """The codes of a list."""
    return [row["code"] for row in caller.seen(f"/articles{query}", caller.position())["data"]]


@pytest.mark.feature("M7", "M36")
@pytest.mark.usefixtures("stocked")
def test_articles_are_listed_by_any_filter_and_column(caller: Caller) -> None:
    assert codes(caller, "") == ["BOOK", "DESK", "HOUR"]
    assert codes(caller, "?sort=-unit_price") == ["DESK", "BOOK", "HOUR"]
    assert codes(caller, "?nature=goods&vat_rate=6.0") == ["BOOK"]
    assert codes(caller, "?q=livre%20d'ete") == ["BOOK"]
    assert codes(caller, "?account=700100") == ["DESK"]
    assert codes(caller, "?composed=true") == []
    first = caller.seen("/articles?limit=2&sort=label")
    assert first["has_more"]
    rest = caller.seen(f"/articles?limit=2&sort=label&cursor={first['next_cursor']}")
    assert [x["code"] for x in (*first["data"], *rest["data"])] == ["DESK", "HOUR", "BOOK"]
    assert caller.get("/articles?sort=secret").json()["code"] == "parameter_invalid"


@pytest.mark.feature("M7")
def test_an_article_is_changed_put_away_and_taken_back(caller: Caller) -> None:
    made = caller.post("/articles", article(external_id="shop-1"))
    assert made.status_code == 201, made.text
    where = f"/articles/{made.json()['id']}"
    changed = caller.patch(where, article(unit_price="11"), If_Match=made.headers["etag"])
    assert changed.json()["unit_price"] == "11"
    assert caller.patch(where, article(), If_Match=made.headers["etag"]).status_code == 412
    assert caller.made(f"{where}/archive")["archived"] is True
    assert codes(caller, "") == []
    assert codes(caller, "?shown=archived") == ["DESK"]
    assert caller.post("/articles", article()).json()["code"] == "article_code_taken"
    assert caller.made(f"{where}/restore")["archived"] is False
    types = [event["type"] for event in caller.seen(f"{where}/events")["data"]]
    assert types == [
        "article.created.v1",
        "article.changed.v1",
        "article.archived.v1",
        "article.restored.v1",
    ]


@pytest.mark.feature("M8")
def test_articles_are_composed(caller: Caller, stocked: dict[str, str]) -> None:
    kit = caller.made("/articles", {"code": "KIT", "label": "Bureau posé"})["id"]
    parts = [
        {"article_id": stocked["DESK"], "quantity": "1"},
        {"article_id": stocked["HOUR"], "quantity": "2.50"},
    ]
    made = caller.made(f"/articles/{kit}/compose", {"components": parts})
    assert [each["quantity"] for each in made["components"]] == ["1", "2.5"]
    assert codes(caller, "?composed=true") == ["KIT"]
    back = {"components": [{"article_id": kit, "quantity": "1"}]}
    refused = caller.post(f"/articles/{stocked['DESK']}/compose", back)
    assert (refused.status_code, refused.json()["code"]) == (422, "composition_cyclic")


@pytest.mark.feature("M9")
def test_vat_and_account_change_in_bulk_after_a_preview(
    caller: Caller, stocked: dict[str, str]
) -> None:
    body = {"where": {"vat_rate": "21"}, "vat_rate": "12", "vat_code": "02"}
    caller.seen("/articles", caller.position())
    preview = caller.made("/articles/change_vat?dry_run=true", body)
    assert [event["type"] for event in preview["events"]] == ["article.vat_changed.v1"] * 2
    assert [each["vat_rate"] for each in preview["answer"]["data"]] == ["12", "12"]
    assert caller.seen(f"/articles/{stocked['DESK']}")["vat_rate"] == "21"

    key = str(uuid4())
    done = caller.post("/articles/change_vat", body, Idempotency_Key=key)
    assert {each["code"] for each in done.json()["data"]} == {"DESK", "HOUR"}
    caller.seen("/articles", done.headers["event-position"])
    again = caller.post("/articles/change_vat", body, Idempotency_Key=key)
    assert again.json() == done.json()
    assert again.headers["idempotent-replayed"] == "true"

    ids = list(stocked.values())
    booked = {"article_ids": ids, "side": "sales", "account": "700200"}
    assert len(caller.made("/articles/change_account", booked)["data"]) == 3
    assert caller.made("/articles/change_account", booked)["data"] == []
    booked["article_ids"] = [ids[0], "art_01kanq4t3g7f5r8x2m6v9c1d0e"]
    booked["account"] = "700300"
    assert caller.post("/articles/change_account", booked).status_code == 404
    assert caller.seen(f"/articles/{ids[0]}")["sales_account"] == "700200"
    for wrong in ({}, {"article_ids": ids, "where": {}}):
        answer = caller.post("/articles/change_vat", {"vat_rate": "6", **wrong})
        assert answer.json()["code"] == "body_invalid"


@pytest.mark.feature("M7", "M20")
def test_a_line_of_a_document_becomes_an_article(caller: Caller) -> None:
    draft = caller.made("/invoices", bodies.invoice(caller.customer()))
    asked = {"document_kind": "invoice", "document_id": draft["id"], "line": 0, "code": "CARD"}
    made = caller.made("/articles/from_line", asked)
    assert (made["label"], made["unit_price"], made["vat_rate"]) == ("Cartes de visite", "50", "21")
    again = caller.post("/articles/from_line", asked)
    assert (again.status_code, again.json()["code"]) == (409, "article_code_taken")
    missing = caller.post("/articles/from_line", {**asked, "line": 7, "code": "OTHER"})
    assert (missing.status_code, missing.json()["code"]) == (422, "no_such_line")


def test_every_example_works(caller: Caller) -> None:
    """Sends each example in an order that makes sense, with the ids that this book gave."""
    draft = caller.made("/invoices", bodies.invoice(caller.customer()))
    ids = {BILLED: draft["id"]}
    sent = set()

    def send(operation: str, path: str, **headers: str) -> Any:
        body = json.loads(
            re.sub(r"(art|inv)_\w+", lambda found: ids[found[0]], json.dumps(STOCKING[operation]))
        )
        answer = caller.patch(path, body, **headers) if headers else caller.post(path, body)
        assert answer.status_code in (200, 201), (operation, answer.text)
        sent.add(operation)
        return answer

    made = send("articles_create", "/articles")
    ids[ARTICLE] = made.json()["id"]
    send("articles_change", f"/articles/{ids[ARTICLE]}", If_Match=made.headers["etag"])
    kit = caller.made("/articles", article("KIT"))["id"]
    send("articles_compose", f"/articles/{kit}/compose")
    caller.seen("/articles", caller.position())
    send("articles_change_vat", "/articles/change_vat")
    send("articles_change_account", "/articles/change_account")
    send("articles_from_line", "/articles/from_line")
    assert sent == STOCKING.keys()
