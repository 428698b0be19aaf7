"""A FEC at the door: rehearsed, taken in with its comparison, seen, undone; refusals by line."""

from typing import Any
from uuid import uuid4

import pytest

from tests.api.conftest import Caller, open_company
from tests.api.test_fec_jobs import HERE
from tests.api.test_imports import send
from tests.services.imports.fec_samples import NAME, changed, fec

TEXT = "text/plain"
PATH = "/imports/fec"


@pytest.fixture
def french(client: Any, firm_key: str) -> Caller:
    """Somebody who keeps the books of a French company."""
    return open_company(
        client,
        firm_key,
        country="FR",
        address=HERE,
        registration="900000019",
        vat_number="FR25900000019",
        ibans=[],
    )


def euros(cents: int) -> dict[str, Any]:
    """An amount as it goes out."""
    return {"amount": cents, "currency": "EUR"}


@pytest.mark.feature("M53")
def test_a_fec_is_rehearsed_taken_in_compared_and_undone(french: Caller) -> None:
    said = send(french, f"{PATH}?dry_run=true", fec(), TEXT).json()
    assert [event["type"] for event in said["events"]].count("entry.posted.v1") == 7
    assert said["answer"]["batch"]["status"] == "standing"
    assert said["answer"]["comparison"] is None
    before = french.position()

    key = str(uuid4())
    done = send(french, PATH, fec(encoding="iso-8859-15"), TEXT, **{"Idempotency-Key": key})
    assert done.status_code == 201, done.text
    answer = done.json()
    assert (answer["status"], answer["report"]["encoding"]) == ("taken", "iso-8859-15")
    assert answer["report"]["debit"] == answer["report"]["credit"] == euros(188_000)
    assert answer["comparison"] == {
        "accounts": 7,
        "difference": euros(0),
        "differences": [],
        "open_items": 2,
        "open_difference": euros(0),
        "open_differences": [],
    }
    batch = answer["batch"]
    assert french.seen(f"{PATH}/{batch['id']}") == batch
    assert done.headers["location"].endswith(f"{PATH}/{batch['id']}")
    assert int(done.headers["event-position"]) > before
    again = send(french, PATH, fec(encoding="iso-8859-15"), TEXT, **{"Idempotency-Key": key})
    assert (again.status_code, again.headers["idempotent-replayed"]) == (201, "true")
    open_items = french.seen("/unpaid", french.position())["data"]
    assert {(x["document_number"], x["open"]["amount"]) for x in open_items} == {
        ("F25-2", 20_000),
        ("HA1", -6_000),
    }
    undone = french.made(f"{PATH}/{batch['id']}/undo")
    assert (undone["status"], len(undone["archived"])) == ("undone", 3)
    assert french.seen("/unpaid", french.position())["data"] == []
    assert french.post(f"{PATH}/{batch['id']}/undo").json()["code"] == "import_undone"


@pytest.mark.feature("M53")
def test_a_form_with_a_file_opens_a_year_with_balances(french: Caller) -> None:
    form = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n' % NAME.encode()
    )
    body = form + fec() + b"\r\n--b--\r\n"
    kind = "multipart/form-data; boundary=b"
    done = send(french, f"{PATH}?mode=opening", body, kind).json()
    assert (done["batch"]["mode"], done["batch"]["entries"]) == ("opening", 1)
    assert done["batch"]["name"] == NAME
    assert done["comparison"]["difference"] == euros(0)


@pytest.mark.feature("M53")
def test_wrong_lines_are_named_in_the_readers_language(french: Caller) -> None:
    wrong = fec(changed(3, 11, "120.00"))
    answer = send(french, PATH, wrong, TEXT, **{"Accept-Language": "fr"})
    assert (answer.status_code, answer.json()["code"]) == (422, "import_refused")
    (error,) = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == ("/lines/5/Debit", "fec_amount_wrong")
    assert "virgule" in error["detail"]
    assert send(french, PATH, fec(), "text/csv").status_code == 415
    assert french.post(f"{PATH}/imp_00000000000000000000000000/undo").status_code == 404
