"""The FEC at the door: asked for as a job, fetched by its own name, refused abroad."""

import hashlib
from typing import Any

import pytest

from services.backend import Backend
from services.files.fec.line import COLUMNS
from tests.api import bodies
from tests.api.conftest import Caller, open_company

WISH = {"kind": "fec", "exercise": 2026}
HERE = {"street": "1, rue A", "postal_code": "75001", "city": "Paris", "country": "FR"}


@pytest.fixture(scope="module")
def french(client: Any, firm_key: str) -> Caller:
    """A French company with an invoice and a payment that settles it."""
    caller = open_company(
        client,
        firm_key,
        country="FR",
        address=HERE,
        registration="732829320",
        vat_number="FR44732829320",
        ibans=[],
    )
    lines = [{"description": "Conseil", "quantity": "1", "unit_price": "100", "vat_rate": "20"}]
    customer = caller.made("/contacts", bodies.customer(name="Évrard | Fils", vat_number=""))["id"]
    draft = caller.made("/invoices", bodies.invoice(customer, lines=lines))
    caller.made(f"/invoices/{draft['id']}/validate")
    return caller


def fetched(caller: Caller, backend: Backend, wish: dict[str, Any]) -> tuple[Any, bytes]:
    """How the job ended, and its file."""
    address = caller.made_later("/exports", wish)
    backend.worker.run_due()
    done = caller.seen(address)
    assert done["status"] == "done", done
    return done, caller.get(f"{address}/file").content


@pytest.mark.feature("M53", "V19", "V21")
def test_a_fec_is_fetched_with_its_description_and_noted(french: Caller, backend: Backend) -> None:
    year = french.seen("/ledger?limit=1", french.position())["data"][0]["date"][:4]
    wish = {**WISH, "exercise": int(year)}
    position = french.position()
    done, content = fetched(french, backend, wish)
    assert done["file"]["name"] == f"732829320FEC{year}1231.txt"
    heading, *lines = content.decode("iso-8859-15").split("\r\n")[:-1]
    assert tuple(heading.split("\t")) == COLUMNS
    assert len(lines) == 3
    assert "Évrard / Fils" in lines[0]
    noted = french.seen("/events?types=report.exported.v1&limit=200")["data"]
    assert [each["data"]["kind"] for each in noted[-2:]] == ["fec", "fec_description"]
    assert noted[-2]["data"]["sha256"] == hashlib.sha256(content).hexdigest()
    later, again = fetched(french, backend, {**wish, "known_at": position})
    assert (again, later["file"]["sha256"]) == (content, done["file"]["sha256"])
    said, description = fetched(french, backend, {**wish, "kind": "fec_description"})
    assert done["file"]["sha256"] in description.decode("iso-8859-15")
    assert said["file"]["name"] == f"732829320-description-{year}1231.txt"


def test_a_year_without_entries_fails_with_its_words(french: Caller, backend: Backend) -> None:
    address = french.made_later("/exports", {**WISH, "exercise": 2001})
    backend.worker.run_due()
    assert french.seen(address)["failure"]["code"] == "exercise_empty"


def test_a_company_abroad_has_no_fec(caller: Caller) -> None:
    refused = caller.post("/exports", WISH)
    assert (refused.status_code, refused.json()["code"]) == (409, "fec_is_french")


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"exercise": 1}, "/exercise"),
        ({"encoding": "ebcdic"}, "/encoding"),
        ({"known_at": 0}, "/known_at"),
        ({"list": "unpaid"}, "/list"),
        ({"kind": "ghost"}, "/kind"),
    ],
)
def test_what_is_no_fec_is_refused(french: Caller, changes: Any, pointer: str) -> None:
    refused = french.post("/exports", {**WISH, **changes})
    assert refused.status_code == 422
    assert pointer in [each["pointer"] for each in refused.json()["errors"]]
