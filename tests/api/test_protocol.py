"""Idempotency, preconditions, pages, positions and problems: the same on every route."""

import threading
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from api.problems import KINDS
from tests.api import bodies
from tests.api.conftest import Caller


def test_a_repeat_gives_the_first_answer(caller: Caller) -> None:
    name = str(uuid4())
    first = caller.post("/contacts", bodies.customer(), Idempotency_Key=name)
    size = caller.position()
    again = caller.post("/contacts", bodies.customer(), Idempotency_Key=name)
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    for header in ("event-position", "location", "etag"):
        assert again.headers[header] == first.headers[header]
    assert caller.position() == size


def test_the_order_of_members_makes_no_other_request(caller: Caller) -> None:
    name = str(uuid4())
    first = caller.post("/contacts", bodies.customer(), Idempotency_Key=name)
    turned = dict(reversed(bodies.customer().items()))
    assert caller.post("/contacts", turned, Idempotency_Key=name).content == first.content


def test_a_name_is_not_used_for_another_request(caller: Caller) -> None:
    name = str(uuid4())
    caller.post("/contacts", bodies.customer(), Idempotency_Key=name)
    other_body = caller.post("/contacts", bodies.supplier(), Idempotency_Key=name)
    assert (other_body.status_code, other_body.json()["code"]) == (422, "idempotency_key_reused")
    draft = caller.made("/invoices", bodies.invoice(caller.customer()))
    other_path = caller.post(f"/invoices/{draft['id']}/validate", Idempotency_Key=name)
    assert (other_path.status_code, other_path.json()["code"]) == (422, "idempotency_key_reused")


def test_the_first_answer_outlives_what_came_after(caller: Caller) -> None:
    name = str(uuid4())
    customer = caller.customer()
    first = caller.post("/invoices", bodies.invoice(customer), Idempotency_Key=name)
    caller.made(f"/invoices/{first.json()['id']}/validate")
    again = caller.post("/invoices", bodies.invoice(customer), Idempotency_Key=name)
    assert again.content == first.content
    assert again.json()["status"] == "draft"


def test_opening_a_company_twice_opens_one(client: TestClient, firm_key: str) -> None:
    headers = {"Authorization": f"Bearer {firm_key}", "Idempotency-Key": str(uuid4())}
    first = client.post("/v1/companies", headers=headers, json=bodies.company())
    again = client.post("/v1/companies", headers=headers, json=bodies.company())
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert again.headers["idempotent-replayed"] == "true"


def test_a_refusal_is_not_remembered(caller: Caller) -> None:
    name = str(uuid4())
    draft = caller.made("/invoices", bodies.invoice(caller.customer()))
    path = f"/invoices/{draft['id']}/credit_notes"
    refused = caller.post(path, {"reason": "Retour"}, Idempotency_Key=name)
    assert (refused.status_code, refused.json()["code"]) == (409, "invoice_not_validated")
    caller.made(f"/invoices/{draft['id']}/validate")
    assert caller.post(path, {"reason": "Retour"}, Idempotency_Key=name).status_code == 201


def test_fifty_at_once_under_one_name_make_one(caller: Caller) -> None:
    draft = caller.made("/invoices", bodies.invoice(caller.customer()))
    name, answers = str(uuid4()), []

    def call() -> None:
        answers.append(caller.post(f"/invoices/{draft['id']}/validate", Idempotency_Key=name))

    threads = [threading.Thread(target=call) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1


def test_a_command_without_a_name_is_refused(caller: Caller) -> None:
    answer = caller.client.post(
        caller.base + "/contacts",
        headers={"Authorization": f"Bearer {caller.key}"},
        json=bodies.customer(),
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    answer = caller.post("/contacts", bodies.customer(), Idempotency_Key="two words")
    assert (answer.status_code, answer.json()["code"]) == (400, "parameter_invalid")


def test_a_change_stands_on_what_was_read(caller: Caller) -> None:
    draft = caller.post("/invoices", bodies.invoice(caller.customer()))
    path, body = f"/invoices/{draft.json()['id']}", bodies.invoice(draft.json()["customer_id"])
    blind = caller.patch(path, body)
    assert (blind.status_code, blind.json()["code"]) == (428, "precondition_required")
    first = caller.patch(path, body, If_Match=draft.headers["etag"])
    assert first.status_code == 200
    assert first.headers["etag"] != draft.headers["etag"]
    for stale in (draft.headers["etag"], "*", "nonsense", 'W/"1"'):
        answer = caller.patch(path, body, If_Match=stale)
        assert (answer.status_code, answer.json()["code"]) == (412, "precondition_failed"), stale


def test_a_repeated_change_gives_the_first_answer(caller: Caller) -> None:
    draft = caller.post("/invoices", bodies.invoice(caller.customer()))
    path, body = f"/invoices/{draft.json()['id']}", bodies.invoice(draft.json()["customer_id"])
    headers = {"If_Match": draft.headers["etag"], "Idempotency_Key": str(uuid4())}
    first = caller.patch(path, body, **headers)
    again = caller.patch(path, body, **headers)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again.headers["idempotent-replayed"] == "true"


def test_pages_follow_one_another_and_miss_nothing(caller: Caller) -> None:
    customer = caller.customer()
    numbers = [caller.validated(customer)["number"] for _ in range(5)]
    position = caller.position()
    seen, path = [], "/unpaid?limit=2&side=customers"
    while path:
        answer = caller.get(path, Min_Position=str(position))
        body = answer.json()
        seen += [row["document_number"] for row in body["data"]]
        path = ""
        if body["has_more"]:
            link = answer.headers["link"]
            assert link.endswith('; rel="next"')
            path = link[1 : link.index(">")].removeprefix(caller.base)
            assert body["next_cursor"] in path
    assert seen == numbers


@pytest.mark.parametrize("register", ["archives", "history", "unpaid", "vat_register"])
def test_a_cursor_belongs_to_its_list(caller: Caller, register: str) -> None:
    customer = caller.customer()
    for _ in range(2):
        caller.validated(customer)
    position = caller.position()
    cursor = caller.seen(f"/{register}?limit=1", position)["next_cursor"]
    assert caller.seen(f"/{register}?limit=2&cursor={cursor}")["data"]
    other = caller.get(f"/{register}?limit=1&currency=EUR&cursor={cursor}")
    assert (other.status_code, other.json()["code"]) == (400, "cursor_mismatch")
    elsewhere = "unpaid" if register != "unpaid" else "archives"
    other = caller.get(f"/{elsewhere}?cursor={cursor}")
    assert (other.status_code, other.json()["code"]) == (400, "cursor_mismatch")
    forged = caller.get(f"/{register}?cursor={cursor[:-2]}AA")
    assert (forged.status_code, forged.json()["code"]) == (400, "cursor_invalid")


def test_a_list_says_where_it_stands(caller: Caller) -> None:
    caller.validated()
    position = caller.position()
    answer = caller.get("/unpaid", Min_Position=str(position))
    assert answer.json()["meta"]["position"] == position
    assert answer.headers["etag"] == f'"{position}"'
    unchanged = caller.get("/unpaid", If_None_Match=answer.headers["etag"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_who_waits_for_the_future_is_told_to_come_back(caller: Caller) -> None:
    answer = caller.get("/unpaid", Min_Position=str(caller.position() + 1000))
    assert (answer.status_code, answer.json()["code"]) == (503, "projection_behind")
    assert answer.headers["retry-after"] == "1"


def test_what_was_known_then_is_answered_by_replay(caller: Caller) -> None:
    customer = caller.customer()
    caller.validated(customer)
    then = caller.position()
    recorded_at = caller.seen(f"/events?after={then - 1}")["data"][0]["recorded_at"]
    caller.validated(customer)
    now = caller.position()
    assert len(caller.seen("/unpaid", now)["data"]) == 2
    for moment in (str(then), recorded_at):
        for register in ("archives", "history", "unpaid", "vat_register"):
            known = caller.seen(f"/{register}?known_at={moment}")
            assert known["meta"]["position"] == then, register
            assert len(known["data"]) == 1, register
        summary = caller.seen(f"/unpaid/summary?known_at={moment}")
        assert summary["data"][0]["open"] == bodies.eur(12100)


def test_a_value_date_leaves_later_entries_out(caller: Caller) -> None:
    caller.validated()
    position = caller.position()
    assert caller.seen("/unpaid?as_of=2020-01-01", position)["data"] == []
    assert caller.seen("/history?as_of=2020-01-01", position)["data"] == []
    assert len(caller.seen("/unpaid?as_of=2099-01-01", position)["data"]) == 1


def test_the_feed_goes_on_for_ever_by_position(caller: Caller) -> None:
    caller.validated()
    newest = caller.position()
    seen, after = [], 0
    while True:
        page = caller.seen(f"/events?after={after}&limit=2")
        seen += [event["position"] for event in page["data"]]
        after = page["next_after"]
        if not page["has_more"]:
            break
    assert seen == list(range(1, newest + 1))
    validated = caller.seen("/events?types=invoice.validated.v1,contact.created.v1")
    assert [event["type"] for event in validated["data"]] == [
        "contact.created.v1",
        "invoice.validated.v1",
    ]
    assert caller.seen(f"/events?after={newest + 9}")["data"] == []


@pytest.mark.parametrize(
    ("language", "title"),
    [("fr-BE,fr;q=0.9", "Introuvable"), ("nl", "Niet gevonden"), ("de, en;q=0.1", "Not found")],
)
def test_a_problem_speaks_the_readers_language(caller: Caller, language: str, title: str) -> None:
    answer = caller.get("/invoices/inv_" + "0" * 26, Accept_Language=language)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == title
    assert answer.headers["content-language"] == language[:2].replace("de", "en")
    assert answer.json()["request_id"] == answer.headers["request-id"]


def test_a_refusal_speaks_the_readers_language(caller: Caller) -> None:
    draft = caller.made("/invoices", bodies.invoice(caller.customer()))
    caller.made(f"/invoices/{draft['id']}/validate")
    answer = caller.post(f"/invoices/{draft['id']}/validate", Accept_Language="fr")
    assert answer.status_code == 409
    assert "garde son numéro" in answer.json()["detail"]
    assert answer.json()["position"] > 0


def test_every_problem_has_its_page(client: TestClient) -> None:
    from api.pages.problem_pages import refusals

    codes = [*KINDS, *refusals()]
    assert len(codes) == len(set(codes))
    for code in codes:
        page = client.get(f"/problems/{code}")
        assert page.status_code == 200, code
        assert code in page.text
    assert client.get("/problems/no_such_problem").status_code == 404
